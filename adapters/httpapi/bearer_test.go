package httpapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/taskward/taskward/domain"
)

func TestWhoHasNoTokenIsToldHowToSendOne(t *testing.T) {
	s := serve(t)
	for name, test := range map[string]struct {
		credentials []string
		code        string
	}{
		"nothing":  {nil, "token_missing"},
		"empty":    {[]string{""}, "token_missing"},
		"basic":    {[]string{"Basic dTpw"}, "scheme_not_supported"},
		"no space": {[]string{"Bearer" + tokenOf("u")}, "scheme_not_supported"},
		"token":    {[]string{tokenOf("u")}, "scheme_not_supported"},
		"quoted":   {[]string{`"Bearer" x`}, "scheme_not_supported"},
		"tab":      {[]string{"Bearer\t" + tokenOf("u")}, "scheme_not_supported"},
	} {
		t.Run(name, func(t *testing.T) {
			answer := s.do("GET", "/api/u/tasks?access_token="+tokenOf("u"), func(r *http.Request) {
				r.Header["Authorization"] = test.credentials
				r.Header.Set("Cookie", "access_token="+tokenOf("u"))
			})
			answer.refused(401, test.code)
			if got := answer.Get("WWW-Authenticate"); got != `Bearer realm="taskward"` {
				t.Errorf("challenged with %s", got)
			}
		})
	}
}

func TestATokenInAFormIsNotTaken(t *testing.T) {
	s := serve(t)
	s.do("POST", "/api/u/tasks", content("access_token="+tokenOf("u")), header("Content-Type", "application/x-www-form-urlencoded")).
		refused(401, "token_missing")
}

func TestCredentialsThatAreNoToken(t *testing.T) {
	s := serve(t)
	good := tokenOf("u")
	for name, credentials := range map[string]string{
		"scheme alone":   "Bearer",
		"two spaces":     "Bearer  " + good,
		"two tokens":     "Bearer " + good + " " + good,
		"a list":         "Bearer " + good + ", Bearer " + good,
		"a comma":        "Bearer " + good + ",",
		"quotes":         `Bearer "` + good + `"`,
		"a parameter":    "Bearer token=" + good + `"`,
		"padding within": "Bearer a=b",
		"padding alone":  "Bearer ==",
		"control":        "Bearer " + good + "\x01",
		"not ASCII":      "Bearer " + good + "é",
		"20 KiB":         "Bearer " + strings.Repeat("x", 20<<10),
		"8 KiB + 1":      "Bearer " + strings.Repeat("x", 8<<10+1),
	} {
		t.Run(name, func(t *testing.T) {
			answer := s.do("GET", "/api/u/tasks", header("Authorization", credentials))
			answer.refused(401, "authorization_malformed")
			const want = `Bearer realm="taskward", error="invalid_token", error_description="This is no bearer token: send Bearer, one space and a token of at most 8 KiB."`
			if got := answer.Get("WWW-Authenticate"); got != want {
				t.Errorf("challenged with %s", got)
			}
		})
	}
}

func TestATokenReachesTheVerifierAsItIs(t *testing.T) {
	for _, token := range []string{tokenOf("u"), "abc.DEF-_~+/019==", strings.Repeat("x", 8<<10)} {
		for _, scheme := range []string{"Bearer", "bearer", "BEARER", "bEaReR"} {
			var got string
			s := serve(t, func(s *setup) {
				s.verifier = verifying(func(token string) (domain.AuthenticatedUserContext, error) {
					got = token
					return domain.Authenticate(domain.User{ID: "u"}, domain.Session{UserID: "u", ExpiresAt: dawn})
				})
			})
			s.do("GET", "/api/u/tasks", header("Authorization", scheme+" "+token)).want(200)
			if got != token {
				t.Errorf("%s: the verifier got %.40q", scheme, got)
			}
		}
	}
}

func TestTwoAuthorizationHeaders(t *testing.T) {
	s := serve(t)
	for _, second := range []string{"Bearer " + tokenOf("u"), "Basic x", ""} {
		answer := s.do("GET", "/api/u/tasks", as("u"), header("Authorization", second))
		answer.refused(400, "authorization_repeated")
		if got := answer.Get("WWW-Authenticate"); !strings.Contains(got, `error="invalid_request"`) {
			t.Errorf("challenged with %s", got)
		}
	}
}

func TestATokenThatIsNotAccepted(t *testing.T) {
	s := serve(t)
	answer := s.do("GET", "/api/u/tasks", header("Authorization", "Bearer x"))
	if detail := answer.refused(401, "token_unknown").Detail; detail != errBadToken.Detail {
		t.Errorf("detail %q", detail)
	}
	const want = `Bearer realm="taskward", error="invalid_token", error_description="This is ?no? token of ours."`
	if got := answer.Get("WWW-Authenticate"); got != want {
		t.Errorf("challenged with %s", got)
	}
}

func TestAVerifierThatAuthenticatesNobodyOpensNothing(t *testing.T) {
	s := serve(t, func(s *setup) {
		s.verifier = verifying(func(string) (domain.AuthenticatedUserContext, error) {
			return domain.AuthenticatedUserContext{}, nil
		})
	})
	for _, path := range []string{"/api/me", "/api/me/tasks", "/api/u/tasks"} {
		s.do("GET", path, as("u")).refused(401, "not_authenticated")
	}
}

func TestAVerifierWithoutKeysIsUnavailable(t *testing.T) {
	s := serve(t, func(s *setup) {
		s.verifier = verifying(func(string) (domain.AuthenticatedUserContext, error) {
			return domain.AuthenticatedUserContext{}, &domain.Error{Kind: domain.Unavailable, Code: "keys_unavailable", Detail: "There are no keys."}
		})
	})
	answer := s.do("GET", "/api/me", as("u"))
	answer.refused(503, "keys_unavailable")
	if answer.Get("Retry-After") != "1" || answer.Get("WWW-Authenticate") != "" {
		t.Errorf("answered with %v", answer.Header)
	}
}

// verifying makes a verifier of a function.
type verifying func(token string) (domain.AuthenticatedUserContext, error)

func (v verifying) Verify(_ context.Context, token string) (domain.AuthenticatedUserContext, error) {
	return v(token)
}

func TestEveryRouteButTheOpenOnesWantsAToken(t *testing.T) {
	s := serve(t)
	open := map[string]bool{"/health": true, "/livez": true, "/readyz": true, "/openapi.yaml": true, "/openapi.json": true, "/docs": true, "/docs/page.css": true}
	for _, route := range s.Routes() {
		path := strings.NewReplacer(":user_id", "u", ":id", "1", ":file", "page.css").Replace(route.Path)
		status := s.do(route.Method, path).status
		if want := map[bool]int{true: 200, false: 401}[open[path]]; status != want {
			t.Errorf("%s %s without a token: %d, want %d", route.Method, path, status, want)
		}
	}
}
