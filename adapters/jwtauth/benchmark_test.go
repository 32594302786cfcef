package jwtauth_test

import (
	"crypto"
	"slices"
	"strings"
	"testing"
)

// BenchmarkVerify measures a whole verification, and beside it the bare
// signature check of golang-jwt, for each algorithm.
func BenchmarkVerify(b *testing.B) {
	verifier := newVerifier(b, everything(b))
	for _, alg := range slices.Concat([]string{"HS256"}, algs) {
		draft := newDraft(alg)
		token := draft.sign(b)
		if got := code(verifier.Verify(b.Context(), token)); got != "" {
			b.Fatalf("%s: %s", alg, got)
		}
		b.Run(alg, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := verifier.Verify(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(alg+"/signature alone", func(b *testing.B) {
			b.ReportAllocs()
			dot := strings.LastIndexByte(token, '.')
			text, signature, key := token[:dot], decode(token[dot+1:]), draft.key
			if signer, ok := key.(crypto.Signer); ok {
				key = signer.Public()
			}
			for b.Loop() {
				if err := draft.method.Verify(text, signature, key); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
