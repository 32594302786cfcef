package portstest

import (
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var revokingRules = []revocationRule{
	{"Revoke makes the owner's sessions with this token revoked", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		revoked, other := freshToken(), freshToken()
		r.wantToken(false, revoked)
		r.revoke(revoked)
		for _, issuedAt := range []time.Time{earlier, noon, evening} {
			r.want(true, domain.Session{TokenID: revoked, IssuedAt: issuedAt})
			r.want(false, domain.Session{TokenID: other, IssuedAt: issuedAt})
		}
		r.revoke(other)
		r.wantToken(true, revoked)
		r.wantToken(true, other)
	}},
	{"A token that is revoked again is so until the later of the two times", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		longer, shorter := freshToken(), freshToken()
		r.revokeAt(earlier, longer, noon)
		r.revokeAt(earlier, longer, later)
		r.revokeAt(earlier, shorter, later)
		r.revokeAt(earlier, shorter, noon)
		r.revokeAt(later.Add(-time.Microsecond), freshToken(), evening)
		r.wantToken(true, longer)
		r.wantToken(true, shorter)
		r.revokeAt(later, freshToken(), evening)
		r.wantToken(false, longer)
		r.wantToken(false, shorter)
	}},
	{"RevokeBefore makes the owner's sessions revoked that were issued before the moment, to the microsecond", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		r.wantIssued(false, earlier)
		r.revokeBefore(noon)
		r.wantIssued(true, earlier)
		r.wantIssued(true, noon.Add(-time.Microsecond))
		r.wantIssued(true, time.Unix(0, 0))
		r.wantIssued(false, noon)
		r.wantIssued(false, noon.Add(time.Microsecond))
		r.wantIssued(false, evening)
	}},
	{"A session that does not say when it was issued counts as issued before any moment", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		r.wantIssued(false, time.Time{})
		r.revokeBefore(time.Unix(1, 0))
		r.wantIssued(true, time.Time{})
		r.revokeBefore(noon)
		r.wantIssued(true, time.Time{})
	}},
	{"The moment never goes back", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		r.revokeBefore(noon)
		r.revokeBefore(earlier)
		r.wantIssued(true, noon.Add(-time.Microsecond))
		r.revokeBefore(later)
		r.wantIssued(true, later.Add(-time.Microsecond))
		r.wantIssued(false, later)
	}},
	{"Revoked reports whether the session is revoked, by its token or by its time of issue", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		revoked, other := freshToken(), freshToken()
		r.revoke(revoked)
		r.revokeBefore(noon)
		for _, test := range []struct {
			token    domain.TokenID
			issuedAt time.Time
			want     bool
		}{{revoked, earlier, true}, {revoked, later, true}, {other, earlier, true}, {other, later, false}, {"", earlier, true}, {"", later, false}} {
			r.want(test.want, domain.Session{TokenID: test.token, IssuedAt: test.issuedAt})
		}
	}},
	{"A session of which nothing is written is not revoked", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		for range 2 {
			for _, token := range []domain.TokenID{freshToken(), ""} {
				for _, issuedAt := range []time.Time{{}, earlier, evening} {
					r.want(false, domain.Session{TokenID: token, IssuedAt: issuedAt})
				}
			}
			r.revoke(freshToken()) // of another token
		}
	}},
}

var spendingRules = []revocationRule{
	{"Spend reports whether the token is spent for the first time", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		one, other := freshToken(), freshToken()
		r.wantFirst(true, one)
		r.wantFirst(false, one)
		r.wantFirst(true, other)
		r.wantFirst(false, one)
		r.wantFirst(false, other)
		if r.spendAt(later.Add(-time.Microsecond), one, evening) {
			t.Errorf("Spend gave true for a token that was spent, just before its entry was over")
		}
	}},
	{"A token may be spent again once its entry is over", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		for _, at := range []time.Time{later, later.Add(time.Minute)} {
			token := freshToken()
			r.wantFirst(true, token)
			if !r.spendAt(at, token, evening) {
				t.Errorf("Spend gave false at %v, though the entry was over at %v", at, later)
			}
			if r.spendAt(evening.Add(-time.Microsecond), token, evening) {
				t.Errorf("Spend gave true twice, though the second entry was not over")
			}
		}
	}},
	{"To spend a token does not revoke it, and to revoke it does not spend it", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		spent, revoked := freshToken(), freshToken()
		r.wantFirst(true, spent)
		r.want(false, domain.Session{TokenID: spent})
		r.revoke(revoked)
		r.revokeBefore(noon)
		r.wantSpent(false, revoked)
		r.wantFirst(true, revoked)
		r.wantToken(true, revoked)
		r.wantToken(false, spent)
	}},
	{"Spent reports whether the token has been spent and its entry is not over at that time", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		one, other := freshToken(), freshToken()
		r.wantSpent(false, one)
		r.spend(one)
		for _, at := range []time.Time{noon, later.Add(-time.Microsecond)} {
			r.wantSpentAt(true, one, at)
			r.wantSpentAt(false, other, at)
		}
		r.wantSpentAt(false, one, later)
		r.wantSpentAt(false, one, evening)
		r.spendAt(later, one, evening)
		r.wantSpentAt(true, one, later)
		r.wantSpentAt(false, one, evening)
		r.spend(other)
		r.wantSpentAt(true, one, later)
		r.wantSpent(true, other)
	}},
	{"To ask about a token does not spend it", func(t reporter, revocations ports.Revocations) {
		r := newRegister(t, revocations)
		token := freshToken()
		for range 2 {
			r.wantSpent(false, token)
		}
		r.wantFirst(true, token)
		for range 2 {
			r.wantSpent(true, token)
		}
		r.wantFirst(false, token)
	}},
}
