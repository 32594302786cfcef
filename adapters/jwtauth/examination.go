package jwtauth

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
)

// examination is the course of one token through all that it has to pass.
type examination struct {
	verifier  *Verifier
	text      string
	parts     struct{ header, claims []byte }
	header    object // nil until it was read
	claims    object // nil until they were read
	token     token
	authority *authority // nil until it was found
	signer    fingerprint
}

// check is one of the things that a token has to pass, and what there is to
// tell about it to whoever wants to know why.
type check struct {
	name string
	pass func(*examination, context.Context) error
	tell func(*examination) string
}

// checks leave the signature for the end: what would be refused anyhow costs
// neither cryptography nor a fetch.
var checks = []check{
	{"form", (*examination).split, (*examination).tellForm},
	{"header", (*examination).readHeader, (*examination).tellHeader},
	{"claims", (*examination).readClaims, (*examination).tellClaims},
	{"issuer", (*examination).findAuthority, (*examination).tellIssuer},
	{"audience", (*examination).checkAudience, (*examination).tellAudience},
	{"times", (*examination).checkLifetime, (*examination).tellLifetime},
	{"signature", (*examination).checkSignature, (*examination).tellSignature},
}

func (x *examination) split(context.Context) (err error) {
	x.parts.header, x.parts.claims, x.token.signature, err = splitToken(x.text)
	x.token.signed = x.text[:max(0, strings.LastIndexByte(x.text, '.'))]
	return err
}

func (x *examination) readHeader(context.Context) (err error) {
	if x.header, err = parseObject(x.parts.header); err != nil {
		return malformed(err, errMalformedHeader)
	}
	x.token.header, err = parseHeader(x.header)
	return err
}

func (x *examination) readClaims(context.Context) (err error) {
	if x.claims, err = parseObject(x.parts.claims); err != nil {
		return malformed(err, errMalformedClaims)
	}
	if x.verifier.cookie != nil && x.isSecret() && looksLikeCookie(x.claims) {
		x.token.claims, err = parseCookie(x.claims)
	} else {
		x.token.claims, err = parseClaims(x.claims)
	}
	if x.isSecret() && errors.Is(err, errMissingSubject) {
		return nameless(x.claims)
	}
	return err
}

// isSecret reports whether the token says that a shared secret signed it.
func (x *examination) isSecret() bool { return x.token.header.algorithm.shape == secretShape }

// findAuthority finds the one that has to vouch for the token. The token's alg
// and iss choose it, and no other is tried.
func (x *examination) findAuthority(context.Context) error {
	issuer, present := x.token.claims.issuer.Get()
	switch v := x.verifier; {
	case x.isSecret() && v.secret == nil:
		return errNoSecret
	case !x.isSecret() && len(v.servers) == 0:
		return errNoServer
	case x.token.claims.isCookie:
		x.authority = v.cookie
	case x.isSecret():
		x.authority = v.secret
	default:
		x.authority = v.servers[issuer]
	}
	if x.authority == nil || !x.authority.issuers.accepts([]string{issuer}, present) {
		return x.stray(errWrongIssuer)
	}
	return nil
}

func (x *examination) checkAudience(context.Context) error {
	if audiences, present := x.token.claims.audiences.Get(); !x.authority.audiences.accepts(audiences, present) {
		return x.stray(errWrongAudience)
	}
	return nil
}

// stray refuses a token that is from or for others. An ID token usually is for
// others; one that names this service is as good as any other.
func (x *examination) stray(refusal error) error {
	if looksLikeIDToken(x.header, x.claims) {
		return errIDToken
	}
	return refusal
}

func (x *examination) checkLifetime(context.Context) error {
	return x.verifier.lifetimes.check(x.token.claims.lifetime, x.verifier.now())
}

func (x *examination) checkSignature(ctx context.Context) (err error) {
	x.signer, err = x.authority.keys.verify(ctx, x.token)
	return err
}

// accept gives what the token comes to that has passed all checks.
func (x *examination) accept() (*acceptance, error) {
	c := x.token.claims
	actor, err := domain.Authenticate(c.user, domain.Session{
		UserID: c.user.ID, ID: c.sessionID, TokenID: c.tokenID,
		IssuedAt: c.lifetime.issuedAt.Or(time.Time{}), ExpiresAt: c.lifetime.expiresAt,
	})
	if err != nil {
		return nil, err
	}
	return &acceptance{actor, x.token.header, c.lifetime, x.authority, x.signer}, nil
}
