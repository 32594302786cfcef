package bootstrap

import (
	"github.com/taskward/taskward/adapters/webpage"
	"github.com/taskward/taskward/ports"
)

// newPage makes the page on which people sign in where their tokens come from:
// at the auth server of development if it is this process, and at Better Auth
// otherwise.
func newPage(config Config, verifier ports.TokenVerifier) (*webpage.Page, error) {
	if auth, ok := verifier.(*devAuth); ok {
		return webpage.New(webpage.Options{Users: devUserIDs(), Mint: auth.mintForPage})
	}
	origin, api := config.BetterAuthURL.split()
	return webpage.New(webpage.Options{AuthURL: origin + api})
}
