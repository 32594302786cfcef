package bootstrap

import (
	"net/url"
	"slices"
	"strings"

	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/ports"
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
	if c.JWKSURL == "" && c.JWKSFile == "" && !bool(c.JWKSTable) {
		api := strings.TrimRight(base.Path, "/")
		if api == "" {
			api = "/api/auth"
		}
		c.JWKSURL = WebURL(origin + api + "/jwks")
	}
	return c
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
		Cookies:   bool(c.CookieTokens),
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

// servers says which auth servers' tokens are accepted.
func (c Config) servers(table ports.KeySource) ([]jwtauth.AuthServer, Problems) {
	var servers []jwtauth.AuthServer
	var problems Problems
	owner := map[string]string{}
	add := func(prefix string, server AuthServer, keys ports.KeySource) {
		if len(server.Issuers) == 0 {
			problems.add(prefix+"ISSUERS", "is not set"+orBetterAuthURL(prefix)+": with a key set the iss claim has to be checked")
		}
		if len(server.Audiences) == 0 {
			problems.add(prefix+"AUDIENCES", "is not set"+orBetterAuthURL(prefix)+": with a key set the aud claim has to be checked")
		}
		for _, issuer := range server.Issuers {
			if other, taken := owner[issuer]; taken && other != prefix {
				problems.add(prefix+"ISSUERS", "has "+issuer+", which is an issuer of "+other+"ISSUERS already")
			}
			owner[issuer] = prefix
		}
		servers = append(servers, jwtauth.AuthServer{Issuers: server.Issuers, Audiences: server.Audiences, Keys: keys})
	}

	all := c.derived()
	main := AuthServer{Issuers: all.Issuers, Audiences: all.Audiences, JWKSURL: all.JWKSURL, JWKSFile: all.JWKSFile}
	switch keys, err := keySource(main, bool(c.InsecureJWKS)); {
	case bool(c.JWKSTable) && (c.JWKSURL != "" || c.JWKSFile != ""):
		problems.add("TASKWARD_JWKS_TABLE", "is on beside TASKWARD_JWKS_URL or TASKWARD_JWKS_FILE; keep one of them")
	case bool(c.JWKSTable):
		add("TASKWARD_", main, table)
	case c.JWKSURL != "" && c.JWKSFile != "":
		problems.add("TASKWARD_JWKS_FILE", "is set beside TASKWARD_JWKS_URL; keep one of them")
	case err != nil:
		problems.addError(c.keySetting(), err)
	case keys != nil:
		add("TASKWARD_", main, keys)
	}
	for _, other := range c.Others {
		prefix := other.Prefix
		keys, err := keySource(other, bool(c.InsecureJWKS))
		problems.addError(prefix+"JWKS_URL", err)
		if (other.JWKSURL == "") == (other.JWKSFile == "") {
			problems.add(prefix+"JWKS_URL", "or "+prefix+"JWKS_FILE has to be set, and not both")
		}
		add(prefix, other, keys)
	}
	return servers, problems
}

// keySource gives where a server's keys are, nil if nothing is said.
func keySource(server AuthServer, insecure bool) (ports.KeySource, error) {
	switch {
	case server.JWKSFile != "":
		return jwtauth.NewFileSource(server.JWKSFile), nil
	case server.JWKSURL != "":
		return jwtauth.NewURLSource(string(server.JWKSURL), jwtauth.URLOptions{PlainHTTP: insecure})
	}
	return nil, nil
}

// keySetting names the setting that the JWKS URL comes from.
func (c Config) keySetting() string {
	if c.JWKSURL == "" {
		return "BETTER_AUTH_URL"
	}
	return "TASKWARD_JWKS_URL"
}

// orBetterAuthURL completes a sentence where BETTER_AUTH_URL would do as well.
func orBetterAuthURL(prefix string) string {
	if prefix == "TASKWARD_" {
		return ", nor is BETTER_AUTH_URL"
	}
	return ""
}

// authDatabase is where Better Auth's tables are.
func (c Config) authDatabase() Database {
	if c.AuthDatabase.Engine != "" {
		return c.AuthDatabase
	}
	return c.Database
}

// readers names the settings that have Better Auth's tables read.
func (c Config) readers() []string {
	var names []string
	for name, on := range map[string]bool{
		"TASKWARD_JWKS_TABLE=on":      bool(c.JWKSTable),
		"TASKWARD_SESSION_TOKENS=on":  bool(c.SessionTokens),
		"TASKWARD_USERS=on":           bool(c.Users),
		"TASKWARD_REVOCATION=session": c.Revocation == application.RevokeSessions,
	} {
		if on {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (c Config) checkAuthTables() Problems {
	var problems Problems
	if readers := c.readers(); len(readers) > 0 && c.authDatabase().Engine != Postgres {
		problems.add("TASKWARD_AUTH_DATABASE_URL", "must name the Postgres with Better Auth's tables, for "+strings.Join(readers, ", "))
	}
	_, err := betterauth.ParseNames(c.AuthTables)
	problems.addError("TASKWARD_AUTH_TABLES", err)
	return problems
}
