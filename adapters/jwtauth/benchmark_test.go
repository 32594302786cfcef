package jwtauth_test

import (
	"crypto"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
)

// BenchmarkVerify measures for each algorithm the first verification of a
// token (miss) and every other (hit). Beside each stands how many times as
// long it takes as golang-jwt's bare check of the signature.
func BenchmarkVerify(b *testing.B) {
	options := everything(b)
	options.CacheSize = -1
	remembering, forgetful := newVerifier(b, everything(b)), newVerifier(b, options)
	for _, alg := range slices.Concat([]string{"HS256"}, algs) {
		draft := newDraft(alg)
		token := draft.sign(b)
		for name, verifier := range map[string]*jwtauth.Verifier{"hit": remembering, "miss": forgetful} {
			if got := code(verifier.Verify(b.Context(), token)); got != "" {
				b.Fatalf("%s: %s", alg, got)
			}
			b.Run(alg+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if _, err := verifier.Verify(b.Context(), token); err != nil {
						b.Fatal(err)
					}
				}
				each := b.Elapsed() / time.Duration(b.N)
				b.ReportMetric(float64(each)/float64(draft.timeSignature(b, token)), "x-signature")
			})
		}
	}
}

// timeSignature takes the time of one bare check of the token's signature.
func (d *draft) timeSignature(b *testing.B, token string) time.Duration {
	b.Helper()
	dot := strings.LastIndexByte(token, '.')
	text, signature, key := token[:dot], decode(token[dot+1:]), d.key
	if signer, ok := key.(crypto.Signer); ok {
		key = signer.Public()
	}
	const enough = 50 * time.Millisecond
	checks, began := 0, time.Now()
	for ; time.Since(began) < enough; checks++ {
		if err := d.method.Verify(text, signature, key); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began) / time.Duration(checks)
}
