package jwtauth

import (
	"crypto/sha256"
	"fmt"
	"sync/atomic"

	// It never takes one key for another and drops no entry on the way in, as
	// faster caches do; and a flood of tokens that are sent once does not push
	// out those that are sent all the time, as it would with a plain LRU.
	"github.com/maypok86/otter/v2"

	"github.com/taskward/taskward/domain"
)

// tokenCache keeps which tokens were accepted, so that the next request with
// the same token needs no cryptography. It is bounded, and holds no token:
// a key is the digest of all its bytes. A nil cache is always empty.
type tokenCache struct {
	accepted     *otter.Cache[digest, *acceptance]
	hits, misses atomic.Uint64
}

// digest is the SHA-256 of a token.
type digest [sha256.Size]byte

// digestOf costs no allocation for a token of usual length.
func digestOf(token string) digest {
	var usual [1024]byte
	return sha256.Sum256(append(usual[:0], token...))
}

// acceptance is what a token came to, and all that can end it.
type acceptance struct {
	actor    domain.AuthenticatedUserContext
	header   header
	lifetime lifetime
	keys     keyring
	signer   fingerprint
}

// newTokenCache makes a cache of so many tokens.
func newTokenCache(size int) (*tokenCache, error) {
	accepted, err := otter.New(&otter.Options[digest, *acceptance]{MaximumSize: size})
	if err != nil {
		return nil, fmt.Errorf("verified tokens: %w", err)
	}
	return &tokenCache{accepted: accepted}, nil
}

func (c *tokenCache) get(token digest) (*acceptance, bool) {
	if c == nil {
		return nil, false
	}
	accepted, known := c.accepted.GetIfPresent(token)
	if known {
		c.hits.Add(1)
	} else {
		c.misses.Add(1)
	}
	return accepted, known
}

func (c *tokenCache) put(token digest, accepted *acceptance) {
	if c != nil {
		c.accepted.Set(token, accepted)
	}
}

func (c *tokenCache) drop(token digest) {
	if c != nil {
		c.accepted.Invalidate(token)
	}
}
