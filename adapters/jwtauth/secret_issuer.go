package jwtauth

import (
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/taskward/taskward/domain"
)

// SecretIssuer mints HS256 tokens with the shared secret, as a server route
// mints them for its own back end: sub, iat and exp, and what else is known.
type SecretIssuer struct {
	Secret   string           // as [CheckSecret] wants it
	Issuer   string           // iss; left out if empty
	Audience string           // aud; left out if empty
	Clock    func() time.Time // nil: time.Now
}

// Mint makes a token that speaks for the user and lives so long from now, in
// whole seconds. A bad secret and a life under a second are [domain.Invalid].
func (i SecretIssuer) Mint(user domain.User, life time.Duration) (string, error) {
	if err := CheckSecret(i.Secret); err != nil {
		return "", err
	}
	claims, err := newClaims(user, i.Clock, life)
	if err != nil {
		return "", err
	}
	if i.Issuer != "" {
		claims["iss"] = i.Issuer
	}
	if i.Audience != "" {
		claims["aud"] = i.Audience
	}
	token, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString([]byte(i.Secret))
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return token, nil
}

// newClaims gives the claims that every minted token has.
func newClaims(user domain.User, clock func() time.Time, life time.Duration) (jwt.MapClaims, error) {
	if life < time.Second {
		return nil, domain.Invalidity(domain.Violation{Field: "life", Detail: "must be at least a second"})
	}
	if clock == nil {
		clock = time.Now
	}
	now := clock()
	claims := jwt.MapClaims{"sub": string(user.ID), "iat": now.Unix(), "exp": now.Add(life).Unix()}
	if email := user.Email.String(); email != "" {
		claims["email"] = email
	}
	return claims, nil
}
