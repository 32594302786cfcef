package jwtauth

import (
	"context"
	"errors"
	"time"
)

// serverKeys is the keyring of an auth server: its last good key set.
type serverKeys struct {
	*keyFetcher
	issuers []string
	gate    *gate
	leeway  time.Duration
}

var _ keyring = (*serverKeys)(nil)

// publicationSlack is what may lie between the second that a token says it
// was issued in and the moment its new key is published.
const publicationSlack = time.Second

// verify checks a token with the last good key set, and if that does not
// vouch for it with the next: an auth server publishes a new key no sooner
// than it signs with it, and one whose database was reset may give an old kid
// to another key.
//
// A kid that a fetch did not show is remembered, but only against tokens that
// were issued before that fetch. It may be the next key's (serial kids can be
// guessed), whose tokens are newer, and nobody must be able to keep them out.
func (s *serverKeys) verify(ctx context.Context, t token) (fingerprint, error) {
	arrived := s.now()
	s.start()
	known := s.current()
	signer, err := s.verifyWith(ctx, known, t)
	if err == nil || errors.Is(err, errOverload) || errors.Is(err, errUnknownKey) && s.isGone(t) {
		return signer, err
	}
	keys := s.next(ctx)
	if keys == nil {
		return fingerprint{}, s.unavailable(ctx.Err())
	}
	if keys != known {
		signer, err = s.verifyWith(ctx, keys, t)
	}
	if errors.Is(err, errUnknownKey) {
		switch {
		case !keys.fetched.Before(arrived): // a fetch that began after the token came
			s.absent.note(t.header.keyID.Or(""), keys.fetched)
		case s.mayBeNewer(t, keys.fetched):
			err = s.retriable(errKeyNotFetched, ctx.Err())
		}
	}
	return signer, err
}

func (s *serverKeys) verifyWith(ctx context.Context, keys *keySet, t token) (fingerprint, error) {
	if keys == nil {
		return fingerprint{}, errKeysUnavailable
	}
	k, err := keys.find(t.header)
	switch {
	case err != nil:
	case t.header.algorithm.costly:
		err = s.gate.do(ctx, func() error { return k.check(t) })
	default:
		err = k.check(t)
	}
	if err != nil {
		return fingerprint{}, err
	}
	return k.fingerprint, nil
}

// isGone reports whether a fetch for the token's key, which was in vain, began
// when the key should have been published, so that it is not going to appear. A
// token without iat may have been issued at any time, also after that fetch.
func (s *serverKeys) isGone(t token) bool {
	_, dated := t.claims.lifetime.issuedAt.Get()
	fetched, remembered := s.absent.since(t.header.keyID.Or(""), s.now())
	return dated && remembered && !s.mayBeNewer(t, fetched)
}

// mayBeNewer reports whether the token may have been issued after a set was
// fetched, and so with a key that the set could not have.
func (s *serverKeys) mayBeNewer(t token, fetched time.Time) bool {
	issuedAt, _ := t.claims.lifetime.issuedAt.Get()
	return !issuedAt.Before(fetched.Add(-s.leeway - publicationSlack))
}

// has implements [keyring].
func (s *serverKeys) has(h header, signer fingerprint) bool {
	keys := s.current()
	if keys == nil {
		return false
	}
	k, err := keys.find(h)
	return err == nil && k.fingerprint == signer
}
