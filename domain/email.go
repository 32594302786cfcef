package domain

import "net/mail"

// Email is a mail address. Its zero value is no address.
type Email struct{ address string }

// maxEmailBytes is the longest address that mail can be sent to, RFC 5321
// section 4.5.3.1.3 with erratum 1690.
const maxEmailBytes = 254

// ParseEmail accepts a bare address as RFC 5322 has it (addr-spec, no display
// name, no comment, no quoting). The error is [Invalid].
func ParseEmail(text string) (Email, error) {
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text || len(text) > maxEmailBytes {
		return Email{}, Invalidity(Violation{"email", "must be a mail address"})
	}
	return Email{text}, nil
}

// String gives the address, empty if there is none.
func (e Email) String() string { return e.address }
