package bootstrap

import (
	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/adapters/jwtauth"
)

// bearers verify the tokens that are accepted, of each kind that a setting
// asks for.
type bearers struct {
	jwtauth.ByShape
	jwt *jwtauth.Verifier // nil: session tokens are all that is accepted
}

// newBearers makes what the settings ask for, with the options that
// [Config.tokens] gives. It fetches no keys yet.
func newBearers(config Config, options jwtauth.Options, tables *authTables) (*bearers, error) {
	b := &bearers{}
	if config.SessionTokens {
		b.Opaque = betterauth.NewSessionVerifier(tables.db, tables.names, nil)
		if options.Secret == nil && len(options.Servers) == 0 {
			b.JWT = b.Opaque // which names the mistake in whatever is none of its tokens
			return b, nil
		}
	}
	if config.CookieTokens {
		cookie, err := jwtauth.NewCookieVerifier(jwtauth.CookieOptions{Secrets: options.Secret.Secrets, Leeway: options.Leeway, MaxAge: options.MaxAge})
		if err != nil {
			return nil, err
		}
		b.Cookie = cookie
	}
	var err error
	if b.jwt, err = jwtauth.New(options); err != nil {
		return nil, err
	}
	b.JWT = b.jwt
	return b, nil
}

// close ends the fetching of keys.
func (b *bearers) close() {
	if b.jwt != nil {
		b.jwt.Close()
	}
}
