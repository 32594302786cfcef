package jwtauth

import (
	"context"
	"crypto/sha256"
	"slices"
	"sync/atomic"

	"github.com/taskward/taskward/domain"
)

// Secrets are the shared secrets of HS256 tokens, which do not tell which one
// they are signed with: each is tried. They can be replaced at any time, and
// so rotated without a restart.
type Secrets struct{ keys atomic.Pointer[[]*key] }

var _ keyring = (*Secrets)(nil)

// NewSecrets makes Secrets, the current one first. Each is used as its raw
// bytes and has to pass [CheckSecret].
func NewSecrets(secrets ...string) (*Secrets, error) {
	s := &Secrets{}
	if err := s.Replace(secrets...); err != nil {
		return nil, err
	}
	return s, nil
}

// Replace has these secrets in the place of all that were. What was accepted
// under a secret that is not among them is refused from now on. If there is
// none, or one that does not pass [CheckSecret], nothing is replaced and the
// error is [domain.Invalid].
func (s *Secrets) Replace(secrets ...string) error {
	errs := make([]error, len(secrets), len(secrets)+1)
	keys := make([]*key, len(secrets))
	for i, secret := range secrets {
		errs[i] = CheckSecret(secret)
		keys[i] = &key{shape: secretShape, material: []byte(secret), fingerprint: sha256.Sum256([]byte(secret))}
	}
	if len(secrets) == 0 {
		errs = append(errs, domain.Invalidity(domain.Violation{Field: "secret", Detail: "must be given"}))
	}
	if err := domain.Violated(errs...); err != nil {
		return err
	}
	s.keys.Store(&keys)
	return nil
}

// current gives the secrets as keys, the current one first.
func (s *Secrets) current() []*key {
	if keys := s.keys.Load(); keys != nil {
		return *keys
	}
	return nil
}

// verify implements [keyring].
func (s *Secrets) verify(_ context.Context, t token) (fingerprint, error) {
	for _, k := range s.current() {
		if k.check(t) == nil {
			return k.fingerprint, nil
		}
	}
	return fingerprint{}, errInvalidSignature
}

// has implements [keyring].
func (s *Secrets) has(_ header, signer fingerprint) bool {
	return slices.ContainsFunc(s.current(), func(k *key) bool { return k.fingerprint == signer })
}
