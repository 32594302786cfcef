package domain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits bounds the texts of a task, in runes.
type Limits struct {
	Title       int
	Description int
}

// DefaultLimits are those that existing front ends were written for.
var DefaultLimits = Limits{Title: 200, Description: 1000}

// Title is what a task is called: one line with something to see in it and no
// white space around it. Its zero value is no title.
type Title struct{ text string }

// ParseTitle trims white space and accepts what is left if it is a title of 1
// to l.Title runes. The error is [Invalid].
func (l Limits) ParseTitle(text string) (Title, error) {
	title, err := RestoreTitle(strings.TrimSpace(text))
	if err != nil {
		return Title{}, err
	}
	if utf8.RuneCountInString(title.text) > l.Title {
		return Title{}, Invalidity(Violation{"title", fmt.Sprintf("must have at most %d characters", l.Title)})
	}
	return title, nil
}

// RestoreTitle takes a title back from a store. It holds to every rule but
// the limit, which may have been lowered since the title was written.
func RestoreTitle(text string) (Title, error) {
	switch {
	case !utf8.ValidString(text):
		return Title{}, Invalidity(Violation{"title", "must be valid UTF-8"})
	case strings.ContainsFunc(text, breaksLine):
		return Title{}, Invalidity(Violation{"title", "must not contain control characters or line breaks"})
	case !strings.ContainsFunc(text, isVisible):
		return Title{}, Invalidity(Violation{"title", "must not be blank"})
	case strings.TrimSpace(text) != text:
		return Title{}, Invalidity(Violation{"title", "must not begin or end with white space"})
	}
	return Title{text}, nil
}

// String gives the title's text.
func (t Title) String() string { return t.text }

// breaksLine is true for control characters and for what else ends a line.
func breaksLine(r rune) bool {
	const lineSeparator, paragraphSeparator = '\u2028', '\u2029' // all there is of Zl and Zp
	return unicode.IsControl(r) || r == lineSeparator || r == paragraphSeparator
}

// isVisible is false for white space and for what only joins, marks or orders
// other characters (a zero-width space alone is a blank title).
func isVisible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.IsMark(r) }
