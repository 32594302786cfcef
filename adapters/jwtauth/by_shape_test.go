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
	jwt := newDraft("HS256").sign(t)
	for text, opaque := range map[string]bool{
		"gV98iOAyOni4VExeBnNCqoT7vIgGtXuZ":                                              true,
		"gV98iOAyOni4VExeBnNCqoT7vIgGtXuZ.YeIN+nY5ZMvgF2jsdZGm5SvFpIGe1BzzCT4TdJ3d8cU=": true,
		"x":                             true,
		jwt:                             false,
		jwt[:len(jwt)-1]:                false,
		jwt[1:]:                         false,
		newCookie().sign(t):             false,
		newDraft("EdDSA").sign(t) + ".": false,
		"eyJhbGciOiJub25lIn0":           true,
		"eyJhbGciOiJub25lIn0.e30":       false,
		"a.b.c":                         false,
		"a.b.c.d.e":                     false,
		"":                              false,
	} {
		var byJWT, byOpaque asked
		verifier := jwtauth.ByShape{JWT: &byJWT, Opaque: &byOpaque}
		if got, err := verifier.Verify(t.Context(), text); err == nil || got.IsAuthenticated() {
			t.Errorf("%q was accepted", text)
		}
		if opaque != (byOpaque == 1) || opaque == (byJWT == 1) || byJWT+byOpaque != 1 {
			t.Errorf("%q: the JWT verifier was asked %d times, the other %d times", text, byJWT, byOpaque)
		}
	}
}
