package jwtauth

import (
	"encoding/base64"
	"strings"

	"github.com/taskward/taskward/domain"
)

// token is a JWT taken apart. Nothing in it is to be believed before its
// signature has been checked.
type token struct {
	header    header
	claims    claims
	signed    string // header and claims as they were sent
	signature []byte
}

// header is what a token says of its own signature.
type header struct {
	algorithm algorithm
	keyID     domain.Optional[string] // kid
}

// maxTokenBytes bounds all that is done with a token before it is refused.
const maxTokenBytes = 8 << 10

// parseToken takes apart a JWS in compact serialisation (RFC 7515 section
// 3.1). Every error is a refusal.
func parseToken(text string) (token, error) {
	if len(text) > maxTokenBytes {
		return token{}, errTokenTooLong
	}
	parts := strings.SplitN(text, ".", 6)
	if len(parts) != 3 {
		return token{}, notThree(text, len(parts))
	}
	headerText, err := decodePart(parts[0])
	if err != nil {
		return token{}, err
	}
	claimsText, err := decodePart(parts[1])
	if err != nil {
		return token{}, err
	}
	signature, err := decodePart(parts[2])
	if err != nil {
		return token{}, err
	}
	header, err := parseHeader(headerText)
	if err != nil {
		return token{}, err
	}
	claims, err := parseClaims(claimsText)
	if err != nil {
		return token{}, err
	}
	return token{header, claims, text[:len(parts[0])+1+len(parts[1])], signature}, nil
}

// notThree says what a text of another number of parts seems to be. Better
// Auth's session token has one part, or two when signed as in its cookie.
func notThree(text string, parts int) error {
	const jsonObject = "eyJ" // how base64url of {" begins, and so every JWT
	switch {
	case parts == 5:
		return errEncryptedToken
	case parts < 3 && text != "" && !strings.HasPrefix(text, jsonObject):
		return errOpaqueToken
	}
	return errMalformedToken
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

// refusedMembers change what a signature means, or bring keys of their own.
var refusedMembers = []string{"crit", "b64", "zip", "cty", "jwk", "jku", "x5u", "x5c"}

func parseHeader(text []byte) (header, error) {
	members, err := parseObject(text)
	if err != nil {
		return header{}, errMalformedHeader
	}
	for _, name := range refusedMembers {
		if members.has(name) {
			return header{}, errUnsupportedHeader
		}
	}
	if kind, ok := members.text("typ"); members.has("typ") &&
		(!ok || !strings.EqualFold(kind, "JWT") && !strings.EqualFold(kind, "at+jwt")) {
		return header{}, errUnsupportedType
	}
	name, _ := members.text("alg")
	algorithm, ok := algorithms[name]
	if !ok {
		return header{}, errUnsupportedAlgorithm
	}
	if !members.has("kid") {
		return header{algorithm: algorithm}, nil
	}
	keyID, ok := members.text("kid")
	if !ok {
		return header{}, errMalformedHeader
	}
	return header{algorithm, domain.Some(keyID)}, nil
}
