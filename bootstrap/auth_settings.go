package bootstrap

import (
	"net/url"
	"strings"

	"github.com/taskward/taskward/adapters/jwtauth"
)

// derived gives the settings with what BETTER_AUTH_URL says in the place of
// what is not set. Better Auth puts the origin of its baseURL, without a path
// and without a slash, into both iss and aud; a baseURL without a path has
// its API below /api/auth.
func (c Config) derived() Config {
	if c.BetterAuthURL == "" {
		return c
	}
	base, err := url.Parse(string(c.BetterAuthURL))
	if err != nil { // cannot be: WebURL has parsed it
		return c
	}
	origin := base.Scheme + "://" + base.Host
	if len(c.Issuers) == 0 {
		c.Issuers = List{origin}
	}
	if len(c.Audiences) == 0 {
		c.Audiences = List{origin}
	}
	if c.JWKSURL == "" {
		api := strings.TrimRight(base.Path, "/")
		if api == "" {
			api = "/api/auth"
		}
		c.JWKSURL = WebURL(origin + api + "/jwks")
	}
	return c
}

// tokens says which tokens are accepted, or what is wrong with the settings
// that should say so.
func (c Config) tokens() (jwtauth.Options, Problems) {
	var options jwtauth.Options
	var problems Problems
	all := c.derived()
	if all.Secret == "" && all.JWKSURL == "" {
		problems.add("BETTER_AUTH_URL", "is not set, and neither is BETTER_AUTH_SECRET nor TASKWARD_JWKS_URL: there is no way to verify tokens")
	}
	if all.Secret != "" {
		problems.addError("BETTER_AUTH_SECRET", jwtauth.CheckSecret(all.Secret))
		options.Secret = &jwtauth.SharedSecret{
			Secrets: []string{all.Secret},
			// What was only derived binds the tokens that carry the claim: many
			// applications leave both out where they mint for their own back end.
			Issuers:   jwtauth.Expected{Values: all.Issuers, Demanded: len(c.Issuers) > 0},
			Audiences: jwtauth.Expected{Values: all.Audiences, Demanded: len(c.Audiences) > 0},
		}
	}
	if all.JWKSURL != "" {
		if len(all.Issuers) == 0 {
			problems.add("TASKWARD_ISSUERS", "is not set, nor is BETTER_AUTH_URL: with a key set the iss claim has to be checked")
		}
		if len(all.Audiences) == 0 {
			problems.add("TASKWARD_AUDIENCES", "is not set, nor is BETTER_AUTH_URL: with a key set the aud claim has to be checked")
		}
		keys, err := jwtauth.NewURLSource(string(all.JWKSURL), jwtauth.URLOptions{PlainHTTP: bool(all.InsecureJWKS)})
		problems.addError(c.keySetting(), err)
		options.Servers = []jwtauth.AuthServer{{Issuers: all.Issuers, Audiences: all.Audiences, Keys: keys}}
	}
	return options, problems
}

// keySetting names the setting that the JWKS URL comes from.
func (c Config) keySetting() string {
	if c.JWKSURL == "" {
		return "BETTER_AUTH_URL"
	}
	return "TASKWARD_JWKS_URL"
}
