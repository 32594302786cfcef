package domain

import (
	"net/mail"
	"strings"
	"unicode"
)

// Email is a mail address. Its zero value is no address.
type Email struct{ address string }

// maxEmailBytes is the longest address that mail can be sent to, RFC 5321
// section 4.5.3.1.3 with erratum 1690.
const maxEmailBytes = 254

// ParseEmail accepts a bare address as RFC 5322 has it, in UTF-8 as of RFC 6532
// (addr-spec, no display name, no comment, no quoting), with nothing in it that
// cannot be seen. The error is [Invalid].
func ParseEmail(text string) (Email, error) {
	if len(text) > maxEmailBytes || strings.ContainsFunc(text, isInvisible) {
		return Email{}, Invalidity(Violation{"email", "must be a mail address"})
	}
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text {
		return Email{}, Invalidity(Violation{"email", "must be a mail address"})
	}
	return Email{text}, nil
}

func isInvisible(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) }

// String gives the address, empty if there is none.
func (e Email) String() string { return e.address }
