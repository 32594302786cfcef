package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/domain"
)

func TestSession(t *testing.T) {
	local := time.Date(2026, 2, 3, 13, 4, 5, 678901234, time.FixedZone("", 3600))
	given := domain.Session{UserID: "u1", ID: "s1", TokenID: "t1", IssuedAt: local, ExpiresAt: local.Add(time.Hour)}
	actor, err := domain.Authenticate(domain.User{ID: "u1"}, given)
	if err != nil {
		t.Fatal(err)
	}
	issued := time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)
	want := domain.Session{UserID: "u1", ID: "s1", TokenID: "t1", IssuedAt: issued, ExpiresAt: issued.Add(time.Hour)}
	if actor.Session() != want {
		t.Errorf("the session is %+v, want %+v", actor.Session(), want)
	}
	if actor.TokenExpiresAt() != want.ExpiresAt {
		t.Errorf("the token expires at %v, want %v", actor.TokenExpiresAt(), want.ExpiresAt)
	}
}

func TestSessionThatDoesNotSayWhenItBegan(t *testing.T) {
	actor, err := domain.Authenticate(domain.User{ID: "u1"}, domain.Session{UserID: "u1", ExpiresAt: time.Unix(1, 0)})
	if err != nil || !actor.Session().IssuedAt.IsZero() {
		t.Errorf("it began at %v, error %v", actor.Session().IssuedAt, err)
	}
}

func TestAuthenticateRefusesTheSessionOfAnother(t *testing.T) {
	for _, id := range []domain.UserID{"", "u2", "U1", "u1 "} {
		actor, err := domain.Authenticate(domain.User{ID: "u1"}, domain.Session{UserID: id, ExpiresAt: time.Unix(1<<40, 0)})
		if !errors.Is(err, domain.ErrNotAuthenticated) || actor != (domain.AuthenticatedUserContext{}) {
			t.Errorf("u1 with the session of %q: %+v, error %v", id, actor, err)
		}
	}
}

func TestSessionValidAt(t *testing.T) {
	expiry := time.Date(2026, 2, 3, 12, 0, 0, 0, time.UTC)
	session := domain.Session{UserID: "u1", IssuedAt: expiry.Add(-time.Hour), ExpiresAt: expiry}
	for name, test := range map[string]struct {
		session domain.Session
		now     time.Time
		want    bool
	}{
		"before":                {session, expiry.Add(-time.Minute), true},
		"a microsecond before":  {session, expiry.Add(-time.Microsecond), true},
		"at its expiry":         {session, expiry, false},
		"after":                 {session, expiry.Add(time.Microsecond), false},
		"before, in other zone": {session, expiry.Add(-time.Second).In(time.FixedZone("", 7200)), true},
		"no session":            {domain.Session{}, expiry, false},
	} {
		if got := test.session.ValidAt(test.now); got != test.want {
			t.Errorf("%s: valid is %v", name, got)
		}
	}
}

func TestParseSessionAndTokenIDs(t *testing.T) {
	for field, parse := range map[string]func(string) (string, error){
		"session_id": func(text string) (string, error) { id, err := domain.ParseSessionID(text); return string(id), err },
		"token_id":   func(text string) (string, error) { id, err := domain.ParseTokenID(text); return string(id), err },
	} {
		for _, text := range []string{"SVqiI20qAkrEP4Qi7WGu3XMiwe3U1J4F", "25d81cfe-0397-4f18-b814-9fb636382870", "1", " ", "é", strings.Repeat("x", 255)} {
			if id, err := parse(text); err != nil || id != text {
				t.Errorf("%s: %q gives %q, error %v", field, text, id, err)
			}
		}
		for text, detail := range map[string]string{
			"":                              "must not be empty",
			strings.Repeat("x", 256):        "is too long",
			strings.Repeat("é", 127) + "xx": "is too long",
			"a\x00b":                        "must be text without NUL",
			"a\xff":                         "must be text without NUL",
		} {
			id, err := parse(text)
			wantOnly(t, err, field, detail)
			if id != "" {
				t.Errorf("%s: %q gives %q with its error", field, text, id)
			}
		}
	}
}
