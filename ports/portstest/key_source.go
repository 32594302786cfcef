package portstest

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/taskward/taskward/ports"
)

// TestKeySource checks every sentence of [ports.KeySource] against the source
// of the harness.
func TestKeySource(t *testing.T, harness KeyHarness) {
	t.Helper()
	for _, rule := range keyRules {
		t.Run(rule.sentence, func(t *testing.T) { rule.check(t, harness) })
	}
}

// KeyHarness is a source, and what it takes to test it: the other side, which
// publishes keys. All rules share it.
type KeyHarness struct {
	Source ports.KeySource

	// Publish makes these the keys that are published, and no other.
	Publish func(ctx context.Context, keys ...PublicKey) error

	// Fail makes it impossible to get the keys, or possible again.
	Fail func(ctx context.Context, failing bool) error
}

// PublicKey is a public JWK (RFC 7517 section 4) by its members: kid, kty, crv
// and what these demand. It has no alg.
type PublicKey map[string]string

// keyRule is one sentence of the contract and how to find out whether it holds.
type keyRule struct {
	sentence string
	check    func(t reporter, h KeyHarness)
}

var keyRules = []keyRule{
	{"KeySet returns all keys that are published now, and no other, as a JWK set (RFC 7517 section 5)", func(t reporter, h KeyHarness) {
		one, two, three := ed25519Key("1"), p256Key("ü/\"🙂"), ed25519Key("3")
		for _, keys := range [][]PublicKey{
			{one}, {one, two}, {one, two, three}, {two, three}, {}, {ed25519Key("1")}, // the last reuses a kid
		} {
			h.publish(t, keys...)
			h.want(t, keys...)
		}
		var many []PublicKey
		for i := range 100 {
			many = append(many, ed25519Key("key "+strconv.Itoa(i)))
		}
		h.publish(t, many...)
		h.want(t, many...)
	}},
	{"It fails as long as they cannot be had", func(t reporter, h KeyHarness) {
		key := ed25519Key("1")
		h.publish(t, key)
		h.want(t, key)
		for range 2 {
			h.fail(t, true)
			for range 2 {
				if document, err := h.Source.KeySet(t.Context()); err == nil || document != nil {
					t.Errorf("KeySet gave %d bytes and error %v, want an error alone", len(document), err)
				}
			}
			h.fail(t, false)
			h.publish(t, key)
			h.want(t, key)
		}
	}},
	{"It returns an error if the context has ended", func(t reporter, h KeyHarness) {
		h.publish(t, ed25519Key("1"))
		for _, ctx := range ended(t) {
			if document, err := h.Source.KeySet(ctx); err == nil || document != nil {
				t.Errorf("KeySet gave %d bytes and error %v, want an error alone", len(document), err)
			}
		}
	}},
	{"Key sets are asked for concurrently", func(t reporter, h KeyHarness) {
		const times = 5
		keys := []PublicKey{ed25519Key("1"), p256Key("2")}
		h.publish(t, keys...)
		errs := make([]error, crowd)
		start := make(chan struct{})
		var done sync.WaitGroup
		for member := range crowd {
			done.Go(func() {
				<-start
				for range times {
					errs[member] = errors.Join(errs[member], h.differs(t.Context(), keys))
				}
			})
		}
		close(start)
		done.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Errorf("at the same time: %v", err)
		}
	}},
}

func (h KeyHarness) publish(t reporter, keys ...PublicKey) {
	t.Helper()
	if err := h.Publish(t.Context(), keys...); err != nil {
		t.Fatalf("publish keys: %v", err)
	}
}

func (h KeyHarness) fail(t reporter, failing bool) {
	t.Helper()
	if err := h.Fail(t.Context(), failing); err != nil {
		t.Fatalf("make it fail (%v): %v", failing, err)
	}
}

func (h KeyHarness) want(t reporter, keys ...PublicKey) {
	t.Helper()
	if err := h.differs(t.Context(), keys); err != nil {
		t.Errorf("%v", err)
	}
}

// differs says how what the source gives is not these keys in any order. Keys
// may have members more, such as alg.
func (h KeyHarness) differs(ctx context.Context, want []PublicKey) error {
	document, err := h.Source.KeySet(ctx)
	if err != nil {
		return fmt.Errorf("KeySet: %w", err)
	}
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal(document, &set); err != nil {
		return fmt.Errorf("KeySet gave what is no JWK set: %w", err)
	}
	if set.Keys == nil || len(set.Keys) != len(want) {
		return fmt.Errorf("KeySet gave %d keys, want %d", len(set.Keys), len(want))
	}
	for _, key := range want {
		if !slices.ContainsFunc(set.Keys, key.isIn) {
			return fmt.Errorf("KeySet gave no key %v among %v", key, set.Keys)
		}
	}
	return nil
}

func (k PublicKey) isIn(found map[string]any) bool {
	for name, value := range k {
		if found[name] != value {
			return false
		}
	}
	return true
}

func ed25519Key(kid string) PublicKey {
	public, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return PublicKey{"kid": kid, "kty": "OKP", "crv": "Ed25519", "x": base64.RawURLEncoding.EncodeToString(public)}
}

func p256Key(kid string) PublicKey {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	point, err := private.PublicKey.Bytes()
	if err != nil {
		panic(err)
	}
	return PublicKey{
		"kid": kid, "kty": "EC", "crv": "P-256",
		"x": base64.RawURLEncoding.EncodeToString(point[1:33]), "y": base64.RawURLEncoding.EncodeToString(point[33:]),
	}
}
