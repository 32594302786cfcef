package ports

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// TokenVerifier decides whom a bearer token speaks for.
//
// Every sentence from here on is a rule that portstest.TestTokenVerifier
// checks under the same words.
type TokenVerifier interface {
	// Verify returns the context of the token's subject, authenticated, with
	// the token's email and expiry. It refuses what it does not accept with
	// [domain.Unauthenticated], a code that names the mistake and a context
	// that authenticates nobody. A token ceases to be accepted at its expiry.
	// A refusal never repeats the token. Any text at all is answered without
	// a panic. Tokens are verified concurrently.
	Verify(ctx context.Context, token string) (domain.AuthenticatedUserContext, error)
}
