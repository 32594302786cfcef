package portstest

import (
	"context"
	"errors"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var revocationConcurrencyRules = []revocationRule{
	{"Of several who spend a token at the same time, one is the first", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		for _, at := range []time.Time{noon, later} { // the second time, the entry is over
			token := domain.TokenID("contended")
			first := together(scene{t: t}, func(int) (bool, error) {
				return revocations.Spend(t.Context(), r.owner, ports.TokenEntry{Token: token, At: at, Until: at.Add(later.Sub(noon))})
			})
			if count := countTrue(first); count != 1 {
				t.Fatalf("%d were the first to spend one token, want 1", count)
			}
		}
	}},
	{"Of several moments set at the same time, the latest stays", func(t reporter, revocations ports.Revocations) {
		for range 8 {
			r := newRegister(t, revocations)
			r.revokeBefore(earlier)
			together(scene{t: t}, func(member int) (struct{}, error) {
				moment := noon.Add(time.Duration(member%crowd) * time.Microsecond)
				return struct{}{}, revocations.RevokeBefore(t.Context(), r.owner, moment)
			})
			latest := noon.Add((crowd - 1) * time.Microsecond)
			r.wantIssued(true, latest.Add(-time.Microsecond))
			r.wantIssued(false, latest)
		}
	}},
	{"Revocations at the same time all happen", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		tokens := manyTokens()
		for _, token := range tokens {
			r.revokeAt(earlier, token, noon) // all to be forgotten below, by whoever comes first
		}
		together(scene{t: t}, func(member int) (struct{}, error) {
			for _, token := range tokens[member : member+3] { // of which others revoke some as well
				if err := revocations.Revoke(t.Context(), r.owner, ports.TokenEntry{Token: token, At: noon, Until: later}); err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, nil
		})
		for i, token := range tokens {
			r.wantToken(i < crowd+2, token)
		}
	}},
}

func countTrue(values []bool) (count int) {
	for _, value := range values {
		if value {
			count++
		}
	}
	return count
}

var revocationFaultRules = []revocationRule{
	{"Every method returns the context's error if the context has ended", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		for want, ctx := range ended(t) {
			for method, err := range everyCall(ctx, r) {
				if !errors.Is(err, want) {
					t.Errorf("%s gave error %v, want %v", method, err, want)
				}
			}
		}
	}},
	{"Nothing is written if the context has ended", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		old := freshToken()
		r.revokeAt(earlier, old, noon)
		for _, ctx := range ended(t) {
			for method, err := range everyCall(ctx, r) {
				if err == nil {
					t.Errorf("%s did not fail", method)
				}
			}
		}
		r.wantToken(true, old)
		r.wantToken(false, theToken)
		r.wantIssued(false, earlier)
		r.wantFirst(true, theToken)
	}},
}

var closedRevocationsRule = revocationRule{"A closed store answers with domain.Unavailable", func(t reporter, revocations ports.Revocations) {
	for method, err := range everyCall(t.Context(), newRegister(t, revocations)) {
		if domain.KindOf(err) != domain.Unavailable {
			t.Errorf("%s gave error %v", method, err)
		}
	}
}}

var revocationsTwiceRule = struct {
	sentence string
	check    func(t reporter, one, other ports.Revocations)
}{"Two handles on one store see each other's entries", func(t reporter, one, other ports.Revocations) {
	here := newRegister(t, one)
	there := register{t, other, here.owner}
	for _, pair := range [][2]register{{here, there}, {there, here}} {
		token := freshToken()
		pair[1].wantToken(false, token)
		pair[0].revoke(token)
		pair[1].wantToken(true, token)
		spent := freshToken()
		pair[1].wantSpent(false, spent)
		pair[0].wantFirst(true, spent)
		pair[1].wantSpent(true, spent)
		pair[1].wantFirst(false, spent)
	}
	there.wantIssued(false, earlier)
	here.revokeBefore(noon)
	there.wantIssued(true, earlier)
	there.revokeBefore(later)
	here.wantIssued(true, noon)
	first := together(scene{t: t}, func(member int) (bool, error) {
		handle := []ports.Revocations{one, other}[member%2]
		return handle.Spend(t.Context(), here.owner, ports.TokenEntry{Token: "contended", At: noon, Until: later})
	})
	if count := countTrue(first); count != 1 {
		t.Errorf("through two handles %d were the first to spend one token, want 1", count)
	}
}}

// theToken is what everyCall writes about.
const theToken = domain.TokenID("token")

// everyCall gives what each method fails with, if it does.
func everyCall(ctx context.Context, r register) map[string]error {
	entry := ports.TokenEntry{Token: theToken, At: noon, Until: later}
	_, revokedErr := r.revocations.Revoked(ctx, r.owner, domain.Session{UserID: r.owner, TokenID: theToken, IssuedAt: noon})
	_, spentErr := r.revocations.Spent(ctx, r.owner, theToken, noon)
	_, spendErr := r.revocations.Spend(ctx, r.owner, entry)
	return map[string]error{
		"Revoke":       r.revocations.Revoke(ctx, r.owner, entry),
		"RevokeBefore": r.revocations.RevokeBefore(ctx, r.owner, noon),
		"Revoked":      revokedErr,
		"Spend":        spendErr,
		"Spent":        spentErr,
	}
}
