package bootstrap

import (
	"slices"

	"github.com/taskward/taskward/adapters/jwtauth"
)

// sharedSecret says which HS256 tokens are accepted, nil if none are.
func (c Config) sharedSecret() (*jwtauth.SharedSecret, Problems) {
	texts, problems := c.secrets()
	if len(texts) == 0 {
		if c.CookieTokens {
			problems.add("TASKWARD_COOKIE_TOKENS", "needs BETTER_AUTH_SECRET: the cookie is signed with it")
		}
		return nil, problems
	}
	secrets, err := jwtauth.NewSecrets(texts...)
	problems.addError("BETTER_AUTH_SECRET", err)
	all := c.derived()
	return &jwtauth.SharedSecret{
		Secrets: secrets,
		// What was only derived binds the tokens that carry the claim: many
		// applications leave both out where they mint for their own back end.
		Issuers:   jwtauth.Expected{Values: all.Issuers, Demanded: len(c.Issuers) > 0},
		Audiences: jwtauth.Expected{Values: all.Audiences, Demanded: len(c.Audiences) > 0},
	}, problems
}

// secrets gives those that HS256 tokens may be signed with, the current one
// first. BETTER_AUTH_SECRET beside BETTER_AUTH_SECRETS is the oldest one, as it
// is for Better Auth.
func (c Config) secrets() ([]string, Problems) {
	var texts []string
	var problems Problems
	if c.Secrets != "" {
		var err error
		texts, err = jwtauth.ParseSecrets(c.Secrets)
		problems.addError("BETTER_AUTH_SECRETS", err)
	}
	if c.Secret != "" && !slices.Contains(texts, c.Secret) {
		texts = append(texts, c.Secret)
	}
	return texts, problems
}
