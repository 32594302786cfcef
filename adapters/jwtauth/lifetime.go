package jwtauth

import (
	"cmp"
	"time"

	"github.com/taskward/taskward/domain"
)

// lifetime is what a token says of when it holds.
type lifetime struct {
	expiresAt time.Time
	issuedAt  domain.Optional[time.Time]
	notBefore domain.Optional[time.Time]
}

// parseLifetime reads exp, iat and nbf (RFC 7519 section 4.1). Every error is
// a refusal.
func parseLifetime(members object) (lifetime, error) {
	expiry, expiryErr := optional(members, "exp", members.time, errInvalidExpiry)
	issuedAt, issuedAtErr := optional(members, "iat", members.time, errInvalidIssuedAt)
	notBefore, notBeforeErr := optional(members, "nbf", members.time, errInvalidStart)
	if err := cmp.Or(expiryErr, issuedAtErr, notBeforeErr); err != nil {
		return lifetime{}, err
	}
	expiresAt, present := expiry.Get()
	if !present {
		return lifetime{}, errMissingExpiry
	}
	return lifetime{expiresAt, issuedAt, notBefore}, nil
}

// lifetimeRules say which lifetimes are accepted.
type lifetimeRules struct {
	leeway          time.Duration
	maxAge          time.Duration // 0: none
	withoutIssuedAt bool
}

func (r lifetimeRules) check(l lifetime, now time.Time) error {
	latest := now.Add(r.leeway)
	issuedAt, present := l.issuedAt.Get()
	notBefore, _ := l.notBefore.Get()
	switch {
	case !now.Before(l.expiresAt):
		return errExpired
	case !present && !r.withoutIssuedAt:
		return errMissingIssuedAt
	case issuedAt.After(latest):
		return errIssuedInFuture
	case notBefore.After(latest):
		return errNotYetValid
	// Whatever has not expired and lives no longer than maxAge is no older than that either.
	case r.maxAge > 0 && l.expiresAt.Sub(issuedAt) > r.maxAge:
		return errLivesTooLong
	}
	return nil
}
