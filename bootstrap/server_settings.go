package bootstrap

import (
	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/ports"
)

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
