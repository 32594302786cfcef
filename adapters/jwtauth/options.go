package jwtauth

import (
	"cmp"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
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

	// MaxAge is the longest life, from iat to exp, that a token may have. 0
	// means any. It needs iat, so it rules out WithoutIssuedAt.
	MaxAge time.Duration

	// Refresh is the time between two fetches of a key set for upkeep, 0 means
	// [DefaultRefresh] or a longer Cooldown. Cooldown is the least time between
	// two fetches of a set that was loaded, however many tokens ask for one, 0
	// means [DefaultCooldown]. As long as fetches fail they are tried again
	// after 4 s or less.
	Refresh  time.Duration
	Cooldown time.Duration

	// MaxStale is how long tokens are checked with a key set after it was
	// fetched, while no newer one can be had. 0 means [DefaultMaxStale].
	MaxStale time.Duration

	// CacheSize is how many accepted tokens are remembered, which spares the
	// next request with the same token its cryptography. One takes about 1 KiB
	// of memory. 0 means [DefaultCacheSize], less means none.
	CacheSize int

	Clock func() time.Time // nil: time.Now
	Log   *slog.Logger     // told of trouble with key sets; nil: nobody
}

// What the options are that are not given.
const (
	DefaultLeeway    = 30 * time.Second
	DefaultRefresh   = 5 * time.Minute
	DefaultCooldown  = 30 * time.Second
	DefaultMaxStale  = 24 * time.Hour
	DefaultCacheSize = 10_000
)

func (o Options) withDefaults() Options {
	o.Leeway = cmp.Or(o.Leeway, DefaultLeeway)
	o.Cooldown = cmp.Or(o.Cooldown, DefaultCooldown)
	o.Refresh = cmp.Or(o.Refresh, max(DefaultRefresh, o.Cooldown))
	o.MaxStale = cmp.Or(o.MaxStale, DefaultMaxStale)
	o.CacheSize = cmp.Or(o.CacheSize, DefaultCacheSize)
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

// SharedSecret is how HS256 tokens are checked.
type SharedSecret struct {
	Secrets   *Secrets
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
	Keys      ports.KeySource
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
	errs = append(errs, checkSpans(
		span{"leeway", o.Leeway}, span{"max age", o.MaxAge}, span{"refresh", o.Refresh}, span{"cooldown", o.Cooldown}, span{"max stale", o.MaxStale},
	))
	if o.MaxAge > 0 && o.WithoutIssuedAt {
		violate("max age", "cannot be checked if tokens need not say when they were issued")
	}
	if o.Refresh < o.Cooldown {
		violate("refresh", "must not be shorter than the cooldown")
	}
	if o.MaxStale < o.Refresh {
		violate("max stale", "must not be shorter than the time between two fetches")
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

// span is a length of time that an option says.
type span struct {
	name  string
	value time.Duration
}

func checkSpans(spans ...span) error {
	var errs []error
	for _, span := range spans {
		if span.value < 0 {
			errs = append(errs, domain.Invalidity(domain.Violation{Field: span.name, Detail: "must not be negative"}))
		}
	}
	return domain.Violated(errs...)
}

func (s SharedSecret) check() error {
	var errs []error
	violate := func(field, detail string) {
		errs = append(errs, domain.Invalidity(domain.Violation{Field: field, Detail: detail}))
	}
	if s.Secrets == nil || len(s.Secrets.current()) == 0 {
		violate("secret", "must be given")
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
