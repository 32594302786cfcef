package jwtauth

import (
	"context"
	"errors"
	"time"

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
	cookie     *authority            // the same secrets for session cookies; nil: none are accepted
	servers    map[string]*authority // by issuer
	serverKeys []*serverKeys
	lifetimes  lifetimeRules
	accepted   *tokenCache
	now        func() time.Time
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
	v := &Verifier{
		servers:   map[string]*authority{},
		lifetimes: lifetimeRules{options.Leeway, options.MaxAge, options.WithoutIssuedAt},
		now:       options.Clock,
	}
	if secret := options.Secret; secret != nil {
		v.secret = &authority{secret.Issuers, secret.Audiences, secret.Secrets}
		if secret.Cookies {
			v.cookie = &authority{keys: secret.Secrets}
		}
	}
	gate := newGate()
	for _, server := range options.Servers {
		log := options.Log.With("issuer", server.Issuers[0])
		fetcher := newKeyFetcher(server.Keys, schedule{options.Refresh, options.Cooldown, options.MaxStale}, v.now, log)
		keys := &serverKeys{fetcher, server.Issuers, gate, options.Leeway}
		v.serverKeys = append(v.serverKeys, keys)
		a := &authority{Expected{server.Issuers, true}, Expected{server.Audiences, true}, keys}
		for _, issuer := range server.Issuers {
			v.servers[issuer] = a
		}
	}
	if options.CacheSize > 0 {
		var err error
		if v.accepted, err = newTokenCache(options.CacheSize); err != nil {
			return nil, err
		}
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
	var key digest
	if len(text) <= maxTokenBytes {
		key = digestOf(text)
		if accepted, known := v.accepted.get(key); known {
			if v.stillHolds(accepted) {
				return accepted.actor, nil
			}
			v.accepted.drop(key)
		}
	}
	x := examination{verifier: v, text: text}
	for _, check := range checks {
		if err := check.pass(&x, ctx); err != nil {
			return domain.AuthenticatedUserContext{}, err
		}
	}
	accepted, err := x.accept()
	if err != nil {
		return domain.AuthenticatedUserContext{}, err
	}
	v.accepted.put(key, accepted)
	return accepted.actor, nil
}

// stillHolds checks of an accepted token all that can have changed since: the
// time, and the key.
func (v *Verifier) stillHolds(a *acceptance) bool {
	return v.lifetimes.check(a.lifetime, v.now()) == nil && a.authority.keys.has(a.header, a.signer)
}
