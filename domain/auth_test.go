package domain_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestAuthenticatedUserContext(t *testing.T) {
	email, err := domain.ParseEmail("u1@example.test")
	if err != nil {
		t.Fatal(err)
	}
	user := domain.User{ID: "u1", Email: email, Name: "User One", CreatedAt: time.Unix(1, 0), UpdatedAt: time.Unix(2, 0)}
	expires := time.Date(2026, 2, 3, 13, 4, 5, 678901234, time.FixedZone("", 3600))
	actor, err := domain.Authenticate(user, domain.Session{UserID: "u1", ExpiresAt: expires})
	if err != nil {
		t.Fatal(err)
	}
	if !actor.IsAuthenticated() || actor.User() != user || actor.UserID() != "u1" || actor.Email() != email {
		t.Errorf("the context is %+v, want that of %+v", actor, user)
	}
	if want := time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC); actor.TokenExpiresAt() != want {
		t.Errorf("the token expires at %v, want %v", actor.TokenExpiresAt(), want)
	}
}

func TestAuthenticateNeedsAnID(t *testing.T) {
	email, err := domain.ParseEmail("nobody@example.test")
	if err != nil {
		t.Fatal(err)
	}
	actor, err := domain.Authenticate(domain.User{Email: email, Name: "Nobody"}, domain.Session{ExpiresAt: time.Unix(1<<40, 0)})
	if !errors.Is(err, domain.ErrNotAuthenticated) {
		t.Errorf("error is %v, want %v", err, domain.ErrNotAuthenticated)
	}
	if actor != (domain.AuthenticatedUserContext{}) || actor.IsAuthenticated() {
		t.Errorf("a user without an id got the context %+v", actor)
	}
}

func TestMayActFor(t *testing.T) {
	var nobody domain.AuthenticatedUserContext
	if nobody.IsAuthenticated() {
		t.Error("the zero context is authenticated")
	}
	user, err := domain.Authenticate(domain.User{ID: "user"}, domain.Session{UserID: "user"})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		actor domain.AuthenticatedUserContext
		owner domain.UserID
		want  error
	}{
		{nobody, "", domain.ErrNotAuthenticated},
		{nobody, "user", domain.ErrNotAuthenticated},
		{user, "user", nil},
		{user, "", domain.ErrNotOwner},
		{user, "other", domain.ErrNotOwner},
		{user, "User", domain.ErrNotOwner},
		{user, "user ", domain.ErrNotOwner},
		{user, "use", domain.ErrNotOwner},
		{user, "user\x00", domain.ErrNotOwner},
		{user, "ｕser", domain.ErrNotOwner},
	} {
		if err := test.actor.MayActFor(test.owner); !errors.Is(err, test.want) {
			t.Errorf("%q acting for %q: %v, want %v", test.actor.UserID(), test.owner, err, test.want)
		}
	}
}

func TestMayActForProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.OneOf(anyText(), rapid.SampledFrom([]string{"", "u", "U", "u "}))
		id, owner := domain.UserID(ids.Draw(t, "id")), domain.UserID(ids.Draw(t, "owner"))
		actor, err := domain.Authenticate(domain.User{ID: id}, domain.Session{UserID: id})
		if (err == nil) != (id != "") {
			t.Fatalf("authenticating %q: %v", id, err)
		}
		if may := actor.MayActFor(owner) == nil; may != (id != "" && id == owner) {
			t.Errorf("%q may act for %q: %v", id, owner, may)
		}
	})
}
