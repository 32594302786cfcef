package jwtauth

import "context"

// authority is who can vouch for a token, and what its tokens have to say.
type authority struct {
	issuers   Expected
	audiences Expected
	keys      keyring
}

// keyring checks signatures with the keys of one authority, which change.
type keyring interface {
	// verify checks the token's signature and says which key it is from.
	verify(ctx context.Context, t token) (fingerprint, error)

	// has reports whether that key is still the one for tokens of this header.
	has(h header, signer fingerprint) bool

	// tell says for the operator what there is to check such a token with.
	tell(h header) string
}
