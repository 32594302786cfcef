package ports

import "context"

// KeySource gives the public keys that an auth server signs its tokens with.
// Who asks keeps what it got, asks again when it needs newer keys, and ends
// the context when it is tired of waiting: an adapter neither caches nor
// retries, and returns soon after its context ended.
//
// Every sentence from here on is a rule that portstest.TestKeySource checks
// under the same words.
type KeySource interface {
	// KeySet returns all keys that are published now, and no other, as a JWK
	// set (RFC 7517 section 5). It fails as long as they cannot be had. It
	// returns an error if the context has ended. Key sets are asked for
	// concurrently.
	KeySet(ctx context.Context) ([]byte, error)
}
