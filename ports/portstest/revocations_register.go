package portstest

import (
	"crypto/rand"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// register is what the store under test has about one owner. Its methods fail
// the test where the store should not have failed.
type register struct {
	t           reporter
	revocations ports.Revocations
	owner       domain.UserID
}

// newRegister gives the register of an owner whom nobody has used before.
func newRegister(t reporter, revocations ports.Revocations) register {
	return register{t, revocations, domain.UserID("Owner-" + rand.Text())}
}

// of gives the register of another owner in the same store.
func (r register) of(owner domain.UserID) register {
	r.owner = owner
	return r
}

// freshToken gives an id that no token has had before.
func freshToken() domain.TokenID { return domain.TokenID("Token-" + rand.Text()) }

// revoke writes at noon that the token is revoked until later.
func (r register) revoke(token domain.TokenID) {
	r.t.Helper()
	r.revokeAt(noon, token, later)
}

func (r register) revokeAt(at time.Time, token domain.TokenID, until time.Time) {
	r.t.Helper()
	if err := r.revocations.Revoke(r.t.Context(), r.owner, ports.TokenEntry{Token: token, At: at, Until: until}); err != nil {
		r.t.Fatalf("Revoke(%.40q): %v", token, err)
	}
}

func (r register) revokeBefore(moment time.Time) {
	r.t.Helper()
	if err := r.revocations.RevokeBefore(r.t.Context(), r.owner, moment); err != nil {
		r.t.Fatalf("RevokeBefore(%v): %v", moment, err)
	}
}

// spend writes at noon that the token is spent until later.
func (r register) spend(token domain.TokenID) (first bool) {
	r.t.Helper()
	return r.spendAt(noon, token, later)
}

func (r register) spendAt(at time.Time, token domain.TokenID, until time.Time) (first bool) {
	r.t.Helper()
	first, err := r.revocations.Spend(r.t.Context(), r.owner, ports.TokenEntry{Token: token, At: at, Until: until})
	if err != nil {
		r.t.Fatalf("Spend(%.40q): %v", token, err)
	}
	return first
}

// wantFirst fails the test unless Spend says whether the token is spent for
// the first time as it should.
func (r register) wantFirst(want bool, token domain.TokenID) {
	r.t.Helper()
	if first := r.spend(token); first != want {
		r.t.Errorf("of %.40q, Spend(%.40q) gave %t, want %t", r.owner, token, first, want)
	}
}

// wantSpent fails the test unless Spent says whether the token is spent at
// noon as it should.
func (r register) wantSpent(want bool, token domain.TokenID) {
	r.t.Helper()
	r.wantSpentAt(want, token, noon)
}

func (r register) wantSpentAt(want bool, token domain.TokenID, at time.Time) {
	r.t.Helper()
	spent, err := r.revocations.Spent(r.t.Context(), r.owner, token, at)
	if err != nil || spent != want {
		r.t.Errorf("of %.40q, Spent(%.40q) gave %t and error %v at %v, want %t", r.owner, token, spent, err, at, want)
	}
}

// wantToken fails the test unless a session with this token is revoked as it
// should be, which was issued after any moment that the rules set.
func (r register) wantToken(revoked bool, token domain.TokenID) {
	r.t.Helper()
	r.want(revoked, domain.Session{TokenID: token, IssuedAt: evening})
}

// wantIssued fails the test unless a session that was issued then, with a
// token of which nothing is written, is revoked as it should be.
func (r register) wantIssued(revoked bool, issuedAt time.Time) {
	r.t.Helper()
	r.want(revoked, domain.Session{TokenID: freshToken(), IssuedAt: issuedAt})
}

func (r register) want(revoked bool, session domain.Session) {
	r.t.Helper()
	session.UserID, session.ID, session.ExpiresAt = r.owner, "session", evening.Add(time.Hour)
	got, err := r.revocations.Revoked(r.t.Context(), r.owner, session)
	if err != nil || got != revoked {
		r.t.Errorf("of %.40q, Revoked gave %t and error %v for token %.40q issued at %v, want %t", r.owner, got, err, session.TokenID, session.IssuedAt, revoked)
	}
}

// evening is after all other times of the rules.
var evening = later.Add(8 * time.Hour)
