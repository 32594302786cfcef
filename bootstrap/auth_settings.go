package bootstrap

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/ports"
)

// derived gives the settings with what BETTER_AUTH_URL says in the place of
// what is not set. Better Auth puts the origin of its baseURL, without a path
// and without a slash, into both iss and aud.
func (c Config) derived() Config {
	if c.BetterAuthURL == "" {
		return c
	}
	origin, api := c.BetterAuthURL.split()
	if len(c.Issuers) == 0 {
		c.Issuers = List{origin}
	}
	if len(c.Audiences) == 0 {
		c.Audiences = List{origin}
	}
	if c.JWKSURL == "" && c.JWKSFile == "" && !bool(c.JWKSTable) {
		c.JWKSURL = WebURL(origin + api + "/jwks")
	}
	return c
}

// split gives the origin of Better Auth's baseURL and the path of its API: a
// baseURL without a path has it below /api/auth.
func (w WebURL) split() (origin, api string) {
	base, err := url.Parse(string(w))
	if err != nil { // cannot be: WebURL has parsed it
		return "", ""
	}
	return base.Scheme + "://" + base.Host, cmp.Or(strings.TrimRight(base.Path, "/"), "/api/auth")
}

// tokens says which JWTs are accepted, or what is wrong with the settings that
// should say so. The table is where keys are if they are in Better Auth's.
func (c Config) tokens(table ports.KeySource) (jwtauth.Options, Problems) {
	options := jwtauth.Options{
		Leeway:          c.Leeway,
		WithoutIssuedAt: !bool(c.RequireIssuedAt),
		MaxAge:          c.MaxTokenAge,
		Cooldown:        c.JWKSCooldown,
		MaxStale:        c.JWKSMaxStale,
	}
	problems := c.checkAuthTables()
	if c.MaxTokenAge > 0 && options.WithoutIssuedAt {
		problems.add("TASKWARD_MAX_TOKEN_AGE", "needs TASKWARD_REQUIRE_IAT=on: without iat a token's age is not known")
	}
	secret, secretProblems := c.sharedSecret()
	options.Secret = secret
	servers, serverProblems := c.servers(table)
	options.Servers = servers
	problems = append(append(problems, secretProblems...), serverProblems...)
	if len(problems) == 0 && secret == nil && len(servers) == 0 && !bool(c.SessionTokens) {
		problems.add("BETTER_AUTH_URL", "is not set, and neither is BETTER_AUTH_SECRET nor TASKWARD_JWKS_URL: there is no way to verify tokens")
	}
	return options, problems
}
