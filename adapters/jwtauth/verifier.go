package jwtauth

import (
	"context"
	"errors"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Verifier is the [ports.TokenVerifier] for JWTs. It is safe for concurrent
// use. Make one with [New].
//
// From Start, Load or the first token on it keeps the key sets fresh in the
// background, until Close.
type Verifier struct {
	secret     *authority            // nil: none is configured
	servers    map[string]*authority // by issuer
	serverKeys []*serverKeys
	examiner   *examiner
}

var _ ports.TokenVerifier = (*Verifier)(nil)

// New makes the verifier that the options describe. Options that would accept
// no token, or more than they should, get a [domain.Invalid] error that names
// all that is wrong with them.
func New(options Options) (*Verifier, error) {
	options = options.withDefaults()
	if err := options.check(); err != nil {
		return nil, err
	}
	v := &Verifier{servers: map[string]*authority{}}
	if secret := options.Secret; secret != nil {
		v.secret = &authority{secret.Issuers, secret.Audiences, secret.Secrets}
	}
	gate := newGate()
	for _, server := range options.Servers {
		log := options.Log.With("issuer", server.Issuers[0])
		fetcher := newKeyFetcher(server.Keys, schedule{options.Refresh, options.Cooldown, options.MaxStale}, options.Clock, log)
		keys := &serverKeys{fetcher, server.Issuers, gate, options.Leeway}
		v.serverKeys = append(v.serverKeys, keys)
		a := &authority{Expected{server.Issuers, true}, Expected{server.Audiences, true}, keys}
		for _, issuer := range server.Issuers {
			v.servers[issuer] = a
		}
	}
	var err error
	v.examiner, err = newExaminer(v.checks(), lifetimeRules{options.Leeway, options.MaxAge, options.WithoutIssuedAt}, options.CacheSize, options.Clock)
	if err != nil {
		return nil, err
	}
	return v, nil
}

// Start begins to fetch the key sets, without waiting for them.
func (v *Verifier) Start() {
	for _, keys := range v.serverKeys {
		keys.start()
	}
}

// Load is Start, and waits for each key set that there is none of yet until
// one fetch of it has ended, or ctx. It returns what [Verifier.Ready] then
// returns.
func (v *Verifier) Load(ctx context.Context) error {
	v.Start()
	for _, keys := range v.serverKeys {
		if keys.current() == nil {
			keys.next(ctx)
		}
	}
	return v.Ready()
}

// Close ends all that goes on in the background, and waits for it.
func (v *Verifier) Close() {
	for _, keys := range v.serverKeys {
		keys.close()
	}
}

// Ready returns nil while there is a key set of each auth server that is not
// too old to check tokens with, and otherwise a [domain.Unavailable] error
// with the cause.
func (v *Verifier) Ready() error {
	errs := make([]error, len(v.serverKeys))
	for i, keys := range v.serverKeys {
		errs[i] = keys.ready()
	}
	return errors.Join(errs...)
}

// Verify implements [ports.TokenVerifier]. Beside refusals it returns
// [domain.Unavailable] with a RetryAfter: as long as there is no key set that
// is not too old, for a token whose key may be newer than the set, and when
// too many costly signatures wait to be checked. It waits for one fetch of a
// key set at most, and no longer than the context lives.
func (v *Verifier) Verify(ctx context.Context, text string) (domain.AuthenticatedUserContext, error) {
	return v.examiner.verify(ctx, text)
}

// checks leave the signature for the end: what would be refused anyhow costs
// neither cryptography nor a fetch.
func (v *Verifier) checks() []check {
	return []check{
		{"form", (*examination).split, (*examination).tellForm},
		{"header", (*examination).readHeader, (*examination).tellHeader},
		{"claims", v.readClaims, (*examination).tellClaims},
		{"issuer", v.findAuthority, v.tellIssuer},
		{"audience", (*examination).checkAudience, (*examination).tellAudience},
		{"times", (*examination).checkLifetime, (*examination).tellLifetime},
		{"signature", (*examination).checkSignature, (*examination).tellSignature},
	}
}

func (v *Verifier) readClaims(x *examination, _ context.Context) error {
	return x.readClaims(func(h header, members object) (claims, error) {
		claims, err := parseClaims(members)
		if h.isSecret() && errors.Is(err, errMissingSubject) {
			err = nameless(members)
		}
		return claims, err
	})
}

// findAuthority finds the one that has to vouch for the token. The token's alg
// and iss choose it, and no other is tried.
func (v *Verifier) findAuthority(x *examination, _ context.Context) error {
	issuer, present := x.token.claims.issuer.Get()
	var found *authority
	switch secret := x.token.header.isSecret(); {
	case secret && v.secret == nil:
		return errNoSecret
	case !secret && len(v.servers) == 0:
		return errNoServer
	case secret:
		found = v.secret
	default:
		found = v.servers[issuer]
	}
	if found == nil || !found.issuers.accepts([]string{issuer}, present) {
		return x.stray(errWrongIssuer)
	}
	x.audiences, x.keys = found.audiences, found.keys
	return nil
}
