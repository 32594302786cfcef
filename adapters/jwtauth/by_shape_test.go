package jwtauth_test

import (
	"context"
	"testing"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

// asked is a verifier that refuses everything and counts how often.
type asked int

func (a *asked) Verify(context.Context, string) (domain.AuthenticatedUserContext, error) {
	*a++
	return domain.AuthenticatedUserContext{}, domain.ErrNotAuthenticated
}

// TestByShape: one verifier is asked, though it refuses.
func TestByShape(t *testing.T) {
	type counts struct{ jwt, cookie, opaque asked }
	jwt, cookie, opaque := counts{jwt: 1}, counts{cookie: 1}, counts{opaque: 1}
	token := newDraft("HS256").sign(t)
	for text, want := range map[string]counts{
		"gV98iOAyOni4VExeBnNCqoT7vIgGtXuZ":                                              opaque,
		"gV98iOAyOni4VExeBnNCqoT7vIgGtXuZ.YeIN+nY5ZMvgF2jsdZGm5SvFpIGe1BzzCT4TdJ3d8cU=": opaque,
		"x":                             opaque,
		token:                           jwt,
		token[:len(token)-1]:            jwt,
		token[1:]:                       jwt,
		newDraft("EdDSA").sign(t) + ".": jwt,
		"eyJhbGciOiJub25lIn0":           opaque,
		"eyJhbGciOiJub25lIn0.e30":       jwt,
		"a.b.c":                         jwt,
		"a.b.c.d.e":                     jwt,
		"":                              jwt,

		newCookie().sign(t): cookie,
		newCookie().keyed([]byte("another secret")).sign(t):              cookie,
		newCookie().set("session", nil).set("user", 1).sign(t):           cookie,
		newCookie().set("sub", userID).sign(t):                           jwt,
		newCookie().head("crit", []string{"exp"}).sign(t):                jwt,
		newCookie().head("typ", "dpop+jwt").sign(t):                      jwt,
		newCookie().head("alg", "none").sign(t):                          jwt,
		newCookie().sign(t) + "=":                                        jwt,
		newCookie().sign(t) + ".":                                        jwt,
		keyed(newCookie(), "EdDSA").sign(t):                              jwt,
		newCookie().rawClaims(`{"session":1,"user":2}`).sign(t):          cookie,
		newCookie().rawClaims(`{"session":1,"user":2,"user":3}`).sign(t): jwt,
	} {
		var got counts
		verifier := jwtauth.ByShape{JWT: &got.jwt, Cookie: &got.cookie, Opaque: &got.opaque}
		if got, err := verifier.Verify(t.Context(), text); err == nil || got.IsAuthenticated() {
			t.Errorf("%q was accepted", text)
		}
		if got != want {
			t.Errorf("%q: asked were %+v, want %+v", text, got, want)
		}
		var alone asked
		if _, err := (jwtauth.ByShape{JWT: &alone}).Verify(t.Context(), text); err == nil || alone != 1 {
			t.Errorf("%q: the only verifier was asked %d times", text, alone)
		}
	}
}

// TestByShapeExplains what the one tells that is asked, or at least refuses.
func TestByShapeExplains(t *testing.T) {
	var opaque asked
	verifier := withCookies(t, everything(t))
	verifier.Opaque = &opaque
	for text, want := range map[string]string{
		sessionToken:                          "session token",
		newCookie().drop("exp").sign(t):       "claims",
		newDraft("EdDSA").drop("aud").sign(t): "audience",
	} {
		steps := verifier.Explain(t.Context(), text)
		if last := steps[len(steps)-1]; last.Name != want || last.Err == nil || last.Detail == "" {
			t.Errorf("%q: the last step is %+v", text, last)
		}
	}
	if opaque != 1 {
		t.Errorf("the verifier of session tokens was asked %d times", opaque)
	}
}
