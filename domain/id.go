package domain

import (
	"strings"
	"unicode/utf8"
)

// checkID holds an opaque id to what every store can keep and find again: 1 to
// most bytes of valid UTF-8 without NUL. The error is [Invalid].
func checkID(field, text string, most int) error {
	switch {
	case text == "":
		return Invalidity(Violation{field, "must not be empty"})
	case len(text) > most:
		return Invalidity(Violation{field, "is too long"})
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return Invalidity(Violation{field, "must be text without NUL"})
	}
	return nil
}
