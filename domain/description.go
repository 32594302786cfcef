package domain

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Description is the longer text of a task, kept exactly as it came. Its zero
// value is absent, which is not the same as empty.
type Description struct {
	text    string
	present bool
}

// ParseDescription accepts up to l.Description runes, the empty text
// included. The error is [Invalid].
func (l Limits) ParseDescription(text string) (Description, error) {
	description, err := RestoreDescription(text)
	if err != nil {
		return Description{}, err
	}
	if utf8.RuneCountInString(text) > l.Description {
		return Description{}, Invalidity(Violation{"description", fmt.Sprintf("must have at most %d characters", l.Description)})
	}
	return description, nil
}

// RestoreDescription takes a description back from a store. It holds to every
// rule but the limit, which may have been lowered since.
func RestoreDescription(text string) (Description, error) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return Description{}, Invalidity(Violation{"description", "must be text without NUL"})
	}
	return Description{text: text, present: true}, nil
}

// Text gives the description, and false if it is absent.
func (d Description) Text() (string, bool) { return d.text, d.present }
