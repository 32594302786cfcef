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

// isSecret reports whether the token says that a shared secret signed it.
func (h header) isSecret() bool { return h.algorithm.shape == secretShape }

// refusedMembers change what a signature means, bring keys of their own, or
// say that the claims are none.
var refusedMembers = []struct {
	name    string
	refusal error
}{
	{"crit", errCriticalHeader},
	{"b64", errCriticalHeader},
	{"jwk", errEmbeddedKey},
	{"jku", errEmbeddedKey},
	{"x5u", errEmbeddedKey},
	{"x5c", errEmbeddedKey},
	{"zip", errUnsupportedHeader},
	{"cty", errUnsupportedHeader},
}

// parseHeader reads the header of RFC 7515 section 4. Every error is a refusal.
func parseHeader(members object) (header, error) {
	for _, refused := range refusedMembers {
		if members.has(refused.name) {
			return header{}, refused.refusal
		}
	}
	if err := checkType(members); err != nil {
		return header{}, err
	}
	name, _ := members.text("alg")
	algorithm, ok := algorithms[name]
	switch {
	case strings.EqualFold(name, "none"):
		return header{}, errUnsignedToken
	case !ok:
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
