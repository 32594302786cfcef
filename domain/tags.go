package domain

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// The bounds of [Tags].
const (
	MaxTags     = 20
	MaxTagRunes = 50
)

// Tags are the names that an owner has put on a task, in their order, each
// once. Like a task they are a value.
type Tags struct{ joined string }

// tagEnd ends each name; no name contains it.
const tagEnd = "\n"

// ParseTags trims white space off each name and accepts up to [MaxTags]
// different ones of 1 to [MaxTagRunes] runes each, on one line and with
// something to see in them. The error is [Invalid].
func ParseTags(names []string) (Tags, error) {
	if len(names) > MaxTags {
		return Tags{}, Invalidity(Violation{"tags", fmt.Sprintf("must be at most %d", MaxTags)})
	}
	trimmed := make([]string, len(names))
	for i, name := range names {
		trimmed[i] = strings.TrimSpace(name)
		if utf8.RuneCountInString(trimmed[i]) > MaxTagRunes {
			return Tags{}, Invalidity(Violation{"tags", fmt.Sprintf("must have at most %d characters each", MaxTagRunes)})
		}
	}
	return RestoreTags(trimmed)
}

// RestoreTags takes tags back from a store. It holds to every rule but the
// bounds, which may have been lowered since.
func RestoreTags(names []string) (Tags, error) {
	if len(names) == 0 {
		return Tags{}, nil
	}
	for i, name := range names {
		switch _, err := RestoreTitle(name); { // a tag is one line of text, as a title is
		case err != nil:
			return Tags{}, Invalidity(Violation{"tags", "must each be one line of text that is not blank"})
		case slices.Contains(names[:i], name):
			return Tags{}, Invalidity(Violation{"tags", "must be different from each other"})
		}
	}
	return Tags{strings.Join(names, tagEnd) + tagEnd}, nil
}

// Names gives the tags in their order.
func (t Tags) Names() []string {
	if t.joined == "" {
		return []string{}
	}
	return strings.Split(strings.TrimSuffix(t.joined, tagEnd), tagEnd)
}

// HasAll reports whether all of other are among the tags, compared byte for byte.
func (t Tags) HasAll(other Tags) bool {
	for _, name := range other.Names() {
		if !strings.Contains(tagEnd+t.joined, tagEnd+name+tagEnd) {
			return false
		}
	}
	return true
}
