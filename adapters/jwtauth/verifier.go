package jwtauth

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Verifier is the [ports.TokenVerifier] for JWTs. It is safe for concurrent
// use. Make one with [New].
//
// From Start or the first token on it keeps the key sets fresh in the
// background, until Close.
type Verifier struct {
	secret          *authority // nil: none is configured
	secretIssuers   Expected
	servers         map[string]*authority // by issuer
	keySets         []*keyCache
	leeway          time.Duration
	withoutIssuedAt bool
	now             func() time.Time
}

var _ ports.TokenVerifier = (*Verifier)(nil)

// authority is who can vouch for a token: the holder of the shared secret, or
// one auth server.
type authority struct {
	audiences      Expected
	checkSignature func(context.Context, token) error
}

// New makes the verifier that the options describe. Options that would accept
// no token, or more than they should, get a [domain.Invalid] error that names
// all that is wrong with them.
func New(options Options) (*Verifier, error) {
	if err := options.check(); err != nil {
		return nil, err
	}
	v := &Verifier{
		servers:         map[string]*authority{},
		leeway:          cmp.Or(options.Leeway, DefaultLeeway),
		withoutIssuedAt: options.WithoutIssuedAt,
		now:             options.Clock,
	}
	if v.now == nil {
		v.now = time.Now
	}
	log := cmp.Or(options.Log, slog.New(slog.DiscardHandler))
	if secret := options.Secret; secret != nil {
		v.secret = &authority{secret.Audiences, checkSecrets(secret.Secrets)}
		v.secretIssuers = secret.Issuers
	}
	for _, server := range options.Servers {
		keys := newKeyCache(server.Keys, v.leeway, v.now, log)
		v.keySets = append(v.keySets, keys)
		for _, issuer := range server.Issuers {
			v.servers[issuer] = &authority{Expected{server.Audiences, true}, keys.checkSignature}
		}
	}
	return v, nil
}

// Start begins to fetch the key sets, without waiting for them.
func (v *Verifier) Start() {
	for _, keys := range v.keySets {
		keys.start()
	}
}

// Close ends all that goes on in the background, and waits for it.
func (v *Verifier) Close() {
	for _, keys := range v.keySets {
		keys.close()
	}
}

// Ready returns nil once each key set that tokens are checked with has been
// loaded, and until then a [domain.Unavailable] error with the cause.
func (v *Verifier) Ready() error {
	errs := make([]error, len(v.keySets))
	for i, keys := range v.keySets {
		errs[i] = keys.ready()
	}
	return errors.Join(errs...)
}

// Verify implements [ports.TokenVerifier]. Beside refusals it returns
// [domain.Unavailable] with a RetryAfter: as long as the key set it needs was
// never loaded, and for a token whose key may be newer than the set. It waits
// for one fetch of a key set at most, and no longer than the context lives.
func (v *Verifier) Verify(ctx context.Context, text string) (domain.AuthenticatedUserContext, error) {
	token, err := parseToken(text)
	if err == nil {
		err = v.check(ctx, token)
	}
	if err != nil {
		return domain.AuthenticatedUserContext{}, err
	}
	return domain.Authenticate(token.claims.user, token.claims.expiresAt)
}

// check leaves the signature for the end: what would be refused anyhow costs
// neither cryptography nor a fetch.
func (v *Verifier) check(ctx context.Context, t token) error {
	authority, err := v.authority(t)
	if err != nil {
		return err
	}
	if audiences, present := t.claims.audiences.Get(); !authority.audiences.accepts(audiences, present) {
		return errWrongAudience
	}
	if err := v.checkTimes(t.claims); err != nil {
		return err
	}
	return authority.checkSignature(ctx, t)
}

// authority finds the one that has to vouch for the token. The token's alg and
// iss choose it, and no other is tried.
func (v *Verifier) authority(t token) (*authority, error) {
	issuer, present := t.claims.issuer.Get()
	if t.header.algorithm.shape == secretShape {
		switch {
		case v.secret == nil:
			return nil, errNoSecret
		case !v.secretIssuers.accepts([]string{issuer}, present):
			return nil, errWrongIssuer
		}
		return v.secret, nil
	}
	if len(v.servers) == 0 {
		return nil, errNoServer
	}
	server, known := v.servers[issuer]
	if !known {
		return nil, errWrongIssuer
	}
	return server, nil
}

func (v *Verifier) checkTimes(c claims) error {
	now := v.now()
	latest := now.Add(v.leeway)
	issuedAt, present := c.issuedAt.Get()
	notBefore, _ := c.notBefore.Get()
	switch {
	case !now.Before(c.expiresAt):
		return errExpired
	case !present && !v.withoutIssuedAt:
		return errMissingIssuedAt
	case issuedAt.After(latest):
		return errIssuedInFuture
	case notBefore.After(latest):
		return errNotYetValid
	}
	return nil
}
