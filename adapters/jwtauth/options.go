package jwtauth

import (
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/taskward/taskward/domain"
)

// Options says which tokens a [Verifier] accepts. A shared secret, a server or
// both are needed; with both, the token's alg decides which of them counts.
type Options struct {
	Secret  *SharedSecret // nil: HS256 tokens are refused
	Servers []AuthServer  // none: all but HS256 tokens are refused

	// Leeway is how far ahead of our clock a token's iat and nbf may be:
	// clocks of two machines differ. 0 means [DefaultLeeway]. The expiry has
	// no leeway.
	Leeway time.Duration

	// WithoutIssuedAt accepts tokens that do not say when they were issued
	// (iat), as Better Auth's auth.api.signJWT makes them.
	WithoutIssuedAt bool

	Clock func() time.Time // nil: time.Now
	Log   *slog.Logger     // told of trouble with key sets; nil: nobody
}

// DefaultLeeway is the leeway of a [Verifier] whose options give none.
const DefaultLeeway = 30 * time.Second

// SharedSecret is how HS256 tokens are checked.
type SharedSecret struct {
	// Secrets are used as their raw bytes and have to pass [CheckSecret]. Each
	// is tried: put the current one first.
	Secrets []string

	Issuers   Expected
	Audiences Expected
}

// Expected says which values a claim of an HS256 token may have. Many
// applications leave iss and aud out of such tokens. The zero value accepts
// all.
type Expected struct {
	Values   []string // none: any
	Demanded bool     // refuse tokens without the claim
}

// accepts reports whether the claim holds one of the expected values.
func (e Expected) accepts(values []string, present bool) bool {
	switch {
	case !present:
		return !e.Demanded
	case len(e.Values) == 0:
		return true
	}
	return slices.ContainsFunc(values, func(value string) bool { return slices.Contains(e.Values, value) })
}

// AuthServer is an auth server that signs with keys of its own. Its tokens
// must carry one of the issuers (aliases of one server: no two servers may
// share one) and one of the audiences, compared byte for byte: without these
// checks any token that the server signs for anybody would do.
type AuthServer struct {
	Issuers   []string
	Audiences []string
	Keys      KeySource
}

// check names all that is wrong, with [domain.Invalid].
func (o Options) check() error {
	var errs []error
	violate := func(field, detail string) {
		errs = append(errs, domain.Invalidity(domain.Violation{Field: field, Detail: detail}))
	}
	if o.Secret == nil && len(o.Servers) == 0 {
		violate("tokens", "cannot be verified without a shared secret or an auth server")
	}
	if o.Leeway < 0 {
		violate("leeway", "must not be negative")
	}
	if o.Secret != nil {
		errs = append(errs, o.Secret.check())
	}
	owner := map[string]int{}
	for i, server := range o.Servers {
		name := "auth server " + strconv.Itoa(i+1) + " "
		if lacks(server.Issuers) {
			violate(name+"issuers", "must be given and not be empty")
		}
		if lacks(server.Audiences) {
			violate(name+"audiences", "must be given and not be empty")
		}
		if server.Keys == nil {
			violate(name+"keys", "must have a source")
		}
		for _, issuer := range server.Issuers {
			if other, taken := owner[issuer]; taken && other != i {
				violate(name+"issuers", "must not name the issuer of another auth server")
			}
			owner[issuer] = i
		}
	}
	return domain.Violated(errs...)
}

func (s SharedSecret) check() error {
	var errs []error
	violate := func(field, detail string) {
		errs = append(errs, domain.Invalidity(domain.Violation{Field: field, Detail: detail}))
	}
	if len(s.Secrets) == 0 {
		violate("secret", "must be given")
	}
	for _, secret := range s.Secrets {
		errs = append(errs, CheckSecret(secret))
	}
	if s.Issuers.Demanded && lacks(s.Issuers.Values) {
		violate("secret issuers", "must be given and not be empty")
	}
	if s.Audiences.Demanded && lacks(s.Audiences.Values) {
		violate("secret audiences", "must be given and not be empty")
	}
	return domain.Violated(errs...)
}

// lacks reports whether a list that something has to be in lets nothing
// through, or what is empty.
func lacks(values []string) bool { return len(values) == 0 || slices.Contains(values, "") }
