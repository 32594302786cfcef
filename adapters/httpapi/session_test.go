package httpapi_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

// signedIn is a verifier of tokens that say more than those of tokenOf.
type signedIn map[string]domain.Session

func (s signedIn) Verify(_ context.Context, token string) (domain.AuthenticatedUserContext, error) {
	session, known := s[token]
	if !known {
		return domain.AuthenticatedUserContext{}, errBadToken
	}
	return domain.Authenticate(domain.User{ID: session.UserID}, session)
}

// phoneAndLaptop are two tokens of u's and one of v's.
var phoneAndLaptop = signedIn{
	"phone":  {UserID: "u", TokenID: "1", IssuedAt: dawn.Add(-time.Minute), ExpiresAt: dawn.Add(time.Hour)},
	"laptop": {UserID: "u", TokenID: "2", IssuedAt: dawn.Add(-time.Hour), ExpiresAt: dawn.Add(time.Hour)},
	"other":  {UserID: "v", TokenID: "1", IssuedAt: dawn.Add(-time.Hour), ExpiresAt: dawn.Add(time.Hour)},
}

func with(token string) part { return header("Authorization", "Bearer "+token) }

// revoking is a choice for a service that revokes tokens.
func revoking(s *setup) {
	s.verifier = phoneAndLaptop
	s.sessions = application.SessionsOptions{Revocation: application.RevokeTokens, Revocations: memory.NewRevocations()}
}

func TestTheSessionIsDescribed(t *testing.T) {
	s := serve(t, func(s *setup) {
		s.verifier = signedIn{
			"whole": {UserID: "u", ID: "secret", TokenID: "secret", IssuedAt: dawn.Add(-time.Hour), ExpiresAt: dawn.Add(time.Hour).In(time.FixedZone("", 7200))},
			"bare":  {UserID: "u", ExpiresAt: dawn.Add(time.Hour)},
			"over":  {UserID: "u", ExpiresAt: dawn},
		}
	})
	for token, want := range map[string]string{
		"whole": `{"user_id":"u","email":null,"is_authenticated":true,"token_expires_at":"2026-01-02T04:04:05.6789Z",` +
			`"session":{"user_id":"u","expires_at":"2026-01-02T04:04:05.6789Z","issued_at":"2026-01-02T02:04:05.6789Z","valid":true}}`,
		"bare": `{"user_id":"u","email":null,"is_authenticated":true,"token_expires_at":"2026-01-02T04:04:05.6789Z",` +
			`"session":{"user_id":"u","expires_at":"2026-01-02T04:04:05.6789Z","issued_at":null,"valid":true}}`,
		"over": `{"user_id":"u","email":null,"is_authenticated":true,"token_expires_at":"2026-01-02T03:04:05.6789Z",` +
			`"session":{"user_id":"u","expires_at":"2026-01-02T03:04:05.6789Z","issued_at":null,"valid":false}}`,
	} {
		for _, path := range []string{"/api/u/session", "/api/me/session", "/api/u/session/"} {
			if diff := cmp.Diff(want, string(s.do("GET", path, with(token)).want(200).body)); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", token, path, diff)
			}
		}
	}
}

func TestTheSessionTellsTheEmail(t *testing.T) {
	var got struct{ Email string }
	serve(t).do("GET", "/api/alice/session", as("alice")).want(200).decode(&got)
	if got.Email != "alice@example.org" {
		t.Errorf("the email is %q", got.Email)
	}
}

func TestAnyUserHasASession(t *testing.T) {
	s := serve(t)
	for _, user := range oddUsers {
		for _, id := range escaped(user) {
			var got struct {
				UserID string `json:"user_id"`
			}
			s.do("GET", "/api/"+id+"/session", as(user)).want(200).decode(&got)
			if got.UserID != user {
				t.Errorf("%s is the session of %q", id, got.UserID)
			}
		}
	}
}

func TestAnothersSessionIsForbidden(t *testing.T) {
	s := serve(t, revoking)
	var bodies []string
	for _, target := range []string{"v", "nobody", "U", "u ", strings.Repeat("x", 1025)} {
		for _, method := range []string{"GET", "HEAD", "DELETE"} {
			path := "/api/" + url.PathEscape(target) + "/session"
			s.do(method, path).want(401)
			for _, query := range []string{"", "?all=true", "?all=x"} {
				bodies = append(bodies, string(s.do(method, path+query, with("phone"), header("X-Request-ID", "r")).want(403).body))
			}
		}
	}
	for _, body := range bodies {
		if body != bodies[0] {
			t.Fatalf("refusals can be told apart: %s and %s", bodies[0], body)
		}
	}
	for token := range phoneAndLaptop {
		s.do("GET", "/api/me/session", with(token)).want(200)
	}
}

func TestSignOut(t *testing.T) {
	for name, test := range map[string]struct {
		target string
		gone   []string
	}{
		"this token":         {"/api/u/session", []string{"phone"}},
		"this token, as me":  {"/api/me/session", []string{"phone"}},
		"this token, said":   {"/api/u/session?all=false", []string{"phone"}},
		"more than is known": {"/api/u/session?everywhere=true", []string{"phone"}},
		"all":                {"/api/u/session?all=true", []string{"phone", "laptop"}},
		"all, as me":         {"/api/me/session?all=true", []string{"phone", "laptop"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, revoking)
			for token := range phoneAndLaptop {
				s.do("GET", "/api/me/tasks", with(token)).want(200)
			}
			if body := s.do("DELETE", test.target, with("phone"), raw("{")).want(204).body; len(body) > 0 {
				t.Errorf("answered %s", body)
			}
			left := map[string]bool{}
			for token := range phoneAndLaptop {
				left[token] = true
			}
			for _, token := range test.gone {
				delete(left, token)
				for _, request := range []struct{ method, path string }{{"GET", "/api/me/tasks"}, {"GET", "/api/me"}, {"DELETE", test.target}} {
					answer := s.do(request.method, request.path, with(token))
					answer.refused(401, "token_revoked")
					if challenge := answer.Get("WWW-Authenticate"); !strings.Contains(challenge, `error="invalid_token"`) {
						t.Errorf("WWW-Authenticate %q", challenge)
					}
				}
			}
			for token := range left {
				s.do("GET", "/api/me/tasks", with(token)).want(200)
			}
		})
	}
}

func TestSignOutQueriesThatAreRefused(t *testing.T) {
	s := serve(t, revoking)
	strict := header("Prefer", "handling=strict")
	for query, parts := range map[string][]part{
		"all": nil, "all=": nil, "all=1": nil, "all=TRUE": nil, "all=yes": nil, "all=true&all=true": nil, "all=true&all=false": nil,
		"everywhere=true": {strict}, "all=true&everywhere=true": {strict},
	} {
		for _, path := range []string{"/api/u/session?", "/api/me/session?"} {
			refusal := s.do("DELETE", path+query, append(parts, with("phone"))...).refused(422, "validation_failed")
			if want := map[bool]string{true: "all", false: "everywhere"}[parts == nil]; refusal.fields() != want {
				t.Errorf("%s: fault was found with %q, want %q", query, refusal.fields(), want)
			}
		}
	}
	s.do("DELETE", "/api/u/session?all=%zz", with("phone")).refused(400, "invalid_query")
	s.do("GET", "/api/u/session", with("phone")).want(200)
}

func TestSignOutWhereNothingIsRevoked(t *testing.T) {
	for code, choose := range map[string]func(*setup){
		"revocation_off": func(*setup) {},
		"session_elsewhere": func(s *setup) {
			s.sessions = application.SessionsOptions{Revocation: application.RevokeSessions, Lookup: everySession{}}
		},
	} {
		s := serve(t, choose, func(s *setup) {
			s.verifier = signedIn{"token": {UserID: "u", ID: "s", ExpiresAt: dawn.Add(time.Hour)}}
		})
		for _, path := range []string{"/api/u/session", "/api/me/session", "/api/u/session?all=true"} {
			s.do("DELETE", path, with("token")).refused(http.StatusConflict, code)
		}
		s.do("DELETE", "/api/u/session?all=x", with("token")).want(422)
		s.do("GET", "/api/u/session", with("token")).want(200)
	}
}

// everySession is a lookup in which every session lives.
type everySession struct{}

func (everySession) Live(context.Context, domain.UserID, domain.SessionID) (bool, error) {
	return true, nil
}

func TestASpentTokenIsRefused(t *testing.T) {
	s := serve(t, revoking, func(s *setup) { s.sessions.Replay = application.SingleUse })
	s.do("GET", "/api/me/session", with("phone")).want(200)
	s.do("GET", "/api/me/session", with("phone")).refused(401, "token_replayed")
	s.do("DELETE", "/api/me/session?all=true", with("laptop")).want(204)
	s.do("GET", "/api/me/session", with("laptop")).refused(401, "token_revoked")
}

func TestWithoutItsRevocationsTheServiceIsUnavailable(t *testing.T) {
	revocations := memory.NewRevocations()
	s := serve(t, revoking, func(s *setup) { s.sessions.Revocations = revocations })
	if err := revocations.Close(); err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"GET", "DELETE"} {
		answer := s.do(method, "/api/me/session", with("phone"))
		answer.refused(503, "revocation_unknown")
		if answer.Get("Retry-After") == "" || answer.Get("WWW-Authenticate") != "" {
			t.Errorf("%s: the headers are %v", method, answer.Header)
		}
	}
	if cause, _ := s.log.last(t)["error"].(string); !strings.Contains(cause, "unavailable") {
		t.Errorf("logged %v", s.log.last(t))
	}
}
