package jwtauth

import (
	"context"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
)

// examination is the course of one token through all that it has to pass.
type examination struct {
	examiner  *examiner
	text      string
	parts     struct{ header, claims []byte }
	header    object // nil until it was read
	claims    object // nil until they were read
	token     token
	audiences Expected
	keys      keyring // of whoever has to vouch for the token; nil until that is known
	signer    fingerprint
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

// readClaims has the claims read by those rules that the token is under.
func (x *examination) readClaims(parse func(header, object) (claims, error)) (err error) {
	if x.claims, err = parseObject(x.parts.claims); err != nil {
		return malformed(err, errMalformedClaims)
	}
	x.token.claims, err = parse(x.token.header, x.claims)
	return err
}

func (x *examination) checkAudience(context.Context) error {
	if audiences, present := x.token.claims.audiences.Get(); !x.audiences.accepts(audiences, present) {
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
	return x.examiner.lifetimes.check(x.token.claims.lifetime, x.examiner.now())
}

func (x *examination) checkSignature(ctx context.Context) (err error) {
	x.signer, err = x.keys.verify(ctx, x.token)
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
	return &acceptance{actor, x.token.header, c.lifetime, x.keys, x.signer}, nil
}
