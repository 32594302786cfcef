package httpapi_test

import (
	"context"
	"errors"
	"testing"

	"github.com/taskward/taskward/domain"
)

const keySet = `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}`

// ownKeys is a choice for a service that is its own auth server.
func ownKeys(s *setup) {
	s.options.KeySet = func(context.Context) ([]byte, error) { return []byte(keySet), nil }
}

func TestTheKeysOfAnAuthServerOfItsOwn(t *testing.T) {
	s := serve(t, ownKeys)
	answer := s.do("GET", "/api/auth/jwks").want(200)
	if string(answer.body) != keySet || answer.Get("Content-Type") != "application/jwk-set+json" {
		t.Errorf("answered %s as %s", answer.body, answer.Get("Content-Type"))
	}
	s.do("POST", "/api/auth/jwks").refused(405, "method_not_allowed")
	s.do("POST", "/api/auth/tasks", as("auth"), raw(`{"title":"milk"}`)).want(201)
	if got := s.do("GET", "/api/auth/tasks", as("auth")).ids(); len(got) != 1 {
		t.Errorf("the user named auth has tasks %v", got)
	}
}

func TestNoKeysWithoutAnAuthServerOfItsOwn(t *testing.T) {
	serve(t).do("GET", "/api/auth/jwks").refused(404, "route_not_found")
}

func TestKeysThatCannotBeGiven(t *testing.T) {
	for code, err := range map[string]error{
		"unavailable":    domain.ErrUnavailable,
		"internal_error": errors.New("secret"),
	} {
		s := serve(t, func(s *setup) { s.options.KeySet = func(context.Context) ([]byte, error) { return nil, err } })
		if got := s.do("GET", "/api/auth/jwks").problem().Code; got != code {
			t.Errorf("%v: %s, want %s", err, got, code)
		}
	}
}
