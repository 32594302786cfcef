package jwtauth

import (
	"strings"

	"github.com/taskward/taskward/domain"
)

// header is what a token says of its own signature.
type header struct {
	algorithm algorithm
	keyID     domain.Optional[string] // kid
}

// refusedMembers change what a signature means, or bring keys of their own.
var refusedMembers = []string{"crit", "b64", "zip", "cty", "jwk", "jku", "x5u", "x5c"}

// parseHeader reads the header of RFC 7515 section 4. Every error is a refusal.
func parseHeader(members object) (header, error) {
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
