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
		signature := draft.signatureCheck(b, token)
		for name, verifier := range map[string]*jwtauth.Verifier{"hit": remembering, "miss": forgetful} {
			verify := func() {
				if _, err := verifier.Verify(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
			verify()
			b.Run(alg+"/"+name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					verify()
				}
				b.ReportMetric(timesAsLong(verify, signature), "x-signature")
			})
		}
	}
}

// signatureCheck gives a bare check of the token's signature.
func (d *draft) signatureCheck(b *testing.B, token string) func() {
	b.Helper()
	dot := strings.LastIndexByte(token, '.')
	text, signature, key := token[:dot], decode(token[dot+1:]), d.key
	if signer, ok := key.(crypto.Signer); ok {
		key = signer.Public()
	}
	return func() {
		if err := d.method.Verify(text, signature, key); err != nil {
			b.Fatal(err)
		}
	}
}

// timesAsLong gives the median ratio of what one and the other take. They take
// turns, so that what else the machine does slows down both.
func timesAsLong(one, other func()) float64 {
	const rounds, turn = 9, 10 * time.Millisecond
	each := func(run func()) float64 {
		times, began := 0, time.Now()
		for ; time.Since(began) < turn; times++ {
			run()
		}
		return float64(time.Since(began)) / float64(times)
	}
	ratios := make([]float64, rounds)
	for i := range ratios {
		ratios[i] = each(one) / each(other)
	}
	slices.Sort(ratios)
	return ratios[rounds/2]
}
