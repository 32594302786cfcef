package jwtauth

import (
	"cmp"
	"context"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// CookieVerifier is the [ports.TokenVerifier] for the JWT of Better Auth's
// session cookie (session_data, with the cookie cache's strategy "jwt"), sent
// as a bearer token. It is signed with the shared secret, names neither issuer
// nor audience, and outlives a sign-out until its exp. Make one with
// [NewCookieVerifier]. It is safe for concurrent use.
type CookieVerifier struct {
	secrets  *Secrets
	examiner *examiner
}

var _ ports.TokenVerifier = (*CookieVerifier)(nil)

// CookieOptions says which cookies a [CookieVerifier] accepts. Each is as in
// [Options].
type CookieOptions struct {
	Secrets   *Secrets
	Leeway    time.Duration
	MaxAge    time.Duration
	CacheSize int
	Clock     func() time.Time
}

// NewCookieVerifier makes the verifier that the options describe. Options that
// would accept no cookie get a [domain.Invalid] error that names all that is
// wrong with them.
func NewCookieVerifier(options CookieOptions) (*CookieVerifier, error) {
	options = options.withDefaults()
	if err := options.check(); err != nil {
		return nil, err
	}
	c := &CookieVerifier{secrets: options.Secrets}
	var err error
	if c.examiner, err = newExaminer(c.checks(), lifetimeRules{leeway: options.Leeway, maxAge: options.MaxAge}, options.CacheSize, options.Clock); err != nil {
		return nil, err
	}
	return c, nil
}

func (o CookieOptions) withDefaults() CookieOptions {
	o.Leeway = cmp.Or(o.Leeway, DefaultLeeway)
	o.CacheSize = cmp.Or(o.CacheSize, DefaultCacheSize)
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return o
}

func (o CookieOptions) check() error {
	return domain.Violated(SharedSecret{Secrets: o.Secrets}.check(), checkSpans(span{"leeway", o.Leeway}, span{"max age", o.MaxAge}))
}

// Verify implements [ports.TokenVerifier].
func (c *CookieVerifier) Verify(ctx context.Context, text string) (domain.AuthenticatedUserContext, error) {
	return c.examiner.verify(ctx, text)
}

// Explain verifies a cookie as [CookieVerifier.Verify] does and tells of each
// check, as [Verifier.Explain] does.
func (c *CookieVerifier) Explain(ctx context.Context, text string) []Step {
	return c.examiner.explain(ctx, text)
}

func (c *CookieVerifier) checks() []check {
	return []check{
		{"form", (*examination).split, (*examination).tellForm},
		{"header", (*examination).readHeader, (*examination).tellHeader},
		{"claims", c.readClaims, (*examination).tellClaims},
		{"times", (*examination).checkLifetime, (*examination).tellLifetime},
		{"signature", (*examination).checkSignature, (*examination).tellSignature},
	}
}

func (c *CookieVerifier) readClaims(x *examination, _ context.Context) error {
	x.keys = c.secrets
	return x.readClaims(parseCookie)
}
