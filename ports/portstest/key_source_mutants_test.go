package portstest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/taskward/taskward/ports"
)

// TestKeyMutants runs each rule over a sound source, which has to pass, and
// over sources that break the rule, which all have to fail.
func TestKeyMutants(t *testing.T) {
	var kills kills
	for _, rule := range keyRules {
		t.Run(rule.sentence, func(t *testing.T) {
			if failure := keyVerdict(t, rule, func(b *keyBoard) ports.KeySource { return b }); failure != "" {
				t.Errorf("a sound source fails: %s", failure)
			}
			try(t, &kills, rule.sentence, keyMutants[rule.sentence], func(t *testing.T, mutant keyMutant) string {
				t.Helper()
				return keyVerdict(t, rule, mutant)
			})
		})
	}
	if len(keyMutants) != len(keyRules) {
		t.Errorf("there are mutants for %d rules, want %d", len(keyMutants), len(keyRules))
	}
	kills.print(t)
}

type keyMutant = func(*keyBoard) ports.KeySource

// keyMutants breaks the rules, each in several ways.
var keyMutants = map[string]map[string]keyMutant{
	"KeySet returns all keys that are published now, and no other, as a JWK set (RFC 7517 section 5)": {
		"remembers the first set": func(b *keyBoard) ports.KeySource {
			once := sync.OnceValues(func() ([]byte, error) { return b.KeySet(context.Background()) })
			return keyFunc(func(context.Context) ([]byte, error) { return once() })
		},
		"keeps what was withdrawn": func(b *keyBoard) ports.KeySource {
			var all []PublicKey
			return keyFunc(func(context.Context) ([]byte, error) {
				all = append(all, b.keys...)
				return encodeKeys(all)
			})
		},
		"gives the newest alone":     keyChange(func(keys []PublicKey) []PublicKey { return keys[max(0, len(keys)-1):] }),
		"gives a page":               keyChange(func(keys []PublicKey) []PublicKey { return keys[:min(len(keys), 50)] }),
		"gives every key twice":      keyChange(func(keys []PublicKey) []PublicKey { return append(keys, keys...) }),
		"gives null without keys":    keyAfter(func(document []byte) []byte { return bytes.ReplaceAll(document, []byte("[]"), []byte("null")) }),
		"forgets the object":         keyAfter(func(document []byte) []byte { return document[len(`{"keys":`) : len(document)-1] }),
		"drops kids":                 keyAfter(func(document []byte) []byte { return bytes.ReplaceAll(document, []byte(`"kid"`), []byte(`"id"`)) }),
		"gives the keys of old kids": keyFirst(),
	},
	"It fails as long as they cannot be had": {
		"gives the last good set": func(b *keyBoard) ports.KeySource {
			var last []byte
			return keyFunc(func(ctx context.Context) ([]byte, error) {
				if document, err := b.KeySet(ctx); err == nil {
					last = document
				}
				return last, nil
			})
		},
		"gives a set without keys": keyFailing(func(error) ([]byte, error) { return []byte(`{"keys":[]}`), nil }),
		"gives a set and an error": keyFailing(func(err error) ([]byte, error) { return []byte(`{"keys":[]}`), err }),
		"never comes back": func(b *keyBoard) ports.KeySource {
			var broken error
			return keyFunc(func(ctx context.Context) ([]byte, error) {
				document, err := b.KeySet(ctx)
				if broken = errors.Join(broken, err); broken != nil {
					return nil, broken
				}
				return document, nil
			})
		},
	},
	"It returns an error if the context has ended": {
		"ignores the context": func(b *keyBoard) ports.KeySource {
			return keyFunc(func(ctx context.Context) ([]byte, error) { return b.KeySet(context.WithoutCancel(ctx)) })
		},
		"gives a set and an error": keyFailing(func(err error) ([]byte, error) { return []byte(`{"keys":[]}`), err }),
	},
	"Key sets are asked for concurrently": {
		"can give one at a time": func(b *keyBoard) ports.KeySource {
			var inside atomic.Int32
			return keyFunc(func(ctx context.Context) ([]byte, error) {
				defer inside.Add(-1)
				if inside.Add(1) > 1 {
					return nil, errors.New("busy")
				}
				runtime.Gosched()
				return b.KeySet(ctx)
			})
		},
	},
}

// keyBoard is a sound source that has its keys in memory.
type keyBoard struct {
	keys    []PublicKey
	failing bool
}

func (b *keyBoard) KeySet(ctx context.Context) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if b.failing {
		return nil, errors.New("the board is gone")
	}
	return encodeKeys(b.keys)
}

func encodeKeys(keys []PublicKey) ([]byte, error) {
	return json.Marshal(map[string][]PublicKey{"keys": append([]PublicKey{}, keys...)})
}

// keyVerdict gives what a rule says against the source that mutate makes of a
// sound one.
func keyVerdict(t *testing.T, rule keyRule, mutate keyMutant) string {
	t.Helper()
	board := &keyBoard{}
	harness := KeyHarness{
		Source: mutate(board),
		Publish: func(_ context.Context, keys ...PublicKey) error {
			board.keys = keys
			return nil
		},
		Fail: func(_ context.Context, failing bool) error {
			board.failing = failing
			return nil
		},
	}
	return verdict(t, func(t reporter) { rule.check(t, harness) })
}

type keyFunc func(context.Context) ([]byte, error)

func (f keyFunc) KeySet(ctx context.Context) ([]byte, error) { return f(ctx) }

// keyChange breaks what is published.
func keyChange(change func([]PublicKey) []PublicKey) keyMutant {
	return func(b *keyBoard) ports.KeySource {
		return keyFunc(func(context.Context) ([]byte, error) { return encodeKeys(change(b.keys)) })
	}
}

// keyFirst gives the first key that ever had a kid.
func keyFirst() keyMutant {
	return func(b *keyBoard) ports.KeySource {
		first := map[string]PublicKey{}
		return keyFunc(func(context.Context) ([]byte, error) {
			var keys []PublicKey
			for _, key := range b.keys {
				if _, known := first[key["kid"]]; !known {
					first[key["kid"]] = key
				}
				keys = append(keys, first[key["kid"]])
			}
			return encodeKeys(keys)
		})
	}
}

// keyAfter breaks the document.
func keyAfter(change func([]byte) []byte) keyMutant {
	return func(b *keyBoard) ports.KeySource {
		return keyFunc(func(ctx context.Context) ([]byte, error) {
			document, err := b.KeySet(ctx)
			if err != nil {
				return nil, err
			}
			return change(document), nil
		})
	}
}

// keyFailing breaks how it fails.
func keyFailing(change func(error) ([]byte, error)) keyMutant {
	return func(b *keyBoard) ports.KeySource {
		return keyFunc(func(ctx context.Context) ([]byte, error) {
			document, err := b.KeySet(ctx)
			if err != nil {
				return change(err)
			}
			return document, nil
		})
	}
}

func keySourceSentences() []string {
	var sentences []string
	for _, rule := range keyRules {
		sentences = append(sentences, rule.sentence)
	}
	return sentences
}
