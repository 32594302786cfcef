package jwtauth

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// MinSecretBytes is the length of the shortest secret that HS256 may have
// (RFC 7518 section 3.2), and of those that Better Auth asks for.
const MinSecretBytes = 32

// builtInSecret is what Better Auth signs with when nobody configured a
// secret. Everybody knows it.
const builtInSecret = "better-auth-secret-12345678901234567890" //nolint:gosec // refused, never used

// CheckSecret returns a [domain.Invalid] error for a secret that tokens cannot
// be trusted under: Better Auth's built-in default, or one that is too short.
func CheckSecret(secret string) error {
	switch {
	case secret == builtInSecret:
		return domain.Invalidity(domain.Violation{Field: "secret", Detail: "must not be Better Auth's built-in default, which everybody knows; make one with: openssl rand -base64 32"})
	case len(secret) < MinSecretBytes:
		return domain.Invalidity(domain.Violation{Field: "secret", Detail: "must have at least 32 bytes; make one with: openssl rand -base64 32"})
	}
	return nil
}

// checkSecrets checks a signature with each secret in turn: HS256 tokens do
// not tell which one they were signed with.
func checkSecrets(secrets []string) func(context.Context, token) error {
	keys := make([][]byte, len(secrets))
	for i, secret := range secrets {
		keys[i] = []byte(secret)
	}
	return func(_ context.Context, t token) error {
		for _, key := range keys {
			if t.header.algorithm.method.Verify(t.signed, t.signature, key) == nil {
				return nil
			}
		}
		return errInvalidSignature
	}
}
