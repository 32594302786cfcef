package jwtauth

import (
	"encoding/base64"
	"strings"
)

// token is a JWT taken apart. Nothing in it is to be believed before its
// signature has been checked.
type token struct {
	header    header
	claims    claims
	signed    string // header and claims as they were sent
	signature []byte
}

// maxTokenBytes bounds all that is done with a token before it is refused.
const maxTokenBytes = 8 << 10

// splitToken decodes the three parts of a JWS in compact serialisation (RFC
// 7515 section 3.1). Every error is a refusal.
func splitToken(text string) (header, claims, signature []byte, err error) {
	if len(text) > maxTokenBytes {
		return nil, nil, nil, errTokenTooLong
	}
	parts := strings.SplitN(text, ".", 6)
	if len(parts) != 3 {
		return nil, nil, nil, notThree(text, len(parts))
	}
	for i, into := range []*[]byte{&header, &claims, &signature} {
		if *into, err = decodePart(parts[i]); err != nil {
			return nil, nil, nil, err
		}
	}
	return header, claims, signature, nil
}

// notThree says what a text of another number of parts seems to be.
func notThree(text string, parts int) error {
	switch {
	case parts == 5:
		return errEncryptedToken
	case isOpaque(text):
		return errOpaqueToken
	}
	return errMalformedToken
}

// isOpaque reports whether a text has the shape of Better Auth's session
// token: one part, or two when signed as in its cookie.
func isOpaque(text string) bool {
	const jsonObject = "eyJ" // how base64url of {" begins, and so every JWT
	return text != "" && strings.Count(text, ".") < 2 && !strings.HasPrefix(text, jsonObject)
}

// decodePart decodes base64url without padding, and in one way only: no loose
// trailing bits, and none of the line breaks that the decoder would skip.
func decodePart(part string) ([]byte, error) {
	decoded, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil || strings.ContainsAny(part, "\r\n") {
		return nil, errMalformedEncoding
	}
	return decoded, nil
}
