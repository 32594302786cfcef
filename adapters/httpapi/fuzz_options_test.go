package httpapi_test

import (
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/httpapi"
)

// FuzzOrigin: an origin that is accepted is one, of which pages may read the
// answers, and no others.
func FuzzOrigin(f *testing.F) {
	for _, seed := range []string{"https://app.example", "http://localhost:3000", "*", "null", "https://*.example", "https://app.example/", "http://[::1]:3000", "https://app.example:443", "http://a:b@c", "//x", ""} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, allowed, asking string) {
		if _, err := httpapi.New(nil, nil, nil, nil, httpapi.Options{CORSOrigins: []string{allowed}}); err != nil {
			return
		}
		if strings.ContainsAny(allowed, "*/ ,@?#\\\"") && strings.Count(allowed, "/") != 2 || strings.Contains(allowed, "*") || strings.ToLower(allowed) != allowed {
			t.Errorf("%q was taken for an origin", allowed)
		}
		s := serve(t, quiet, func(s *setup) { s.options.CORSOrigins = []string{allowed} })
		got := s.do("GET", "/health", header("Origin", asking)).want(200).Get("Access-Control-Allow-Origin")
		if want := map[bool]string{true: allowed}[asking == allowed]; got != want {
			t.Errorf("pages of %q may read it as %q where %q is allowed", asking, got, allowed)
		}
	})
}

// FuzzAlias: a path that is accepted serves the tasks of whoever asks, and
// takes nothing from the other paths.
func FuzzAlias(f *testing.F) {
	for _, seed := range []string{"/api/tasks", "/api/v1/tasks", "/api/me", "/api/:user_id", "/api/*", "/health", "/api/auth", "/api/v1/me", "/api/-", "/api/tasks/", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, alias string) {
		if httpapi.CheckAlias(alias) != nil || alias == "/api/u" || alias == "/api/v" { // which are users here
			return
		}
		s := serve(t, quiet, func(s *setup) { s.options.Variants.Aliases = []string{alias} }).unheld()
		s.do("POST", alias, as("u"), raw(`{"title":"x"}`)).want(201)
		for _, path := range []string{alias, "/api/u/tasks", "/api/me/tasks"} {
			if got := s.do("GET", path, as("u")).want(200).ids(); len(got) != 1 {
				t.Errorf("%s has the tasks %v", path, got)
			}
		}
		s.do("GET", alias).want(401)
		s.do("GET", "/api/v/tasks", as("u")).want(403)
		s.do("GET", "/health").want(200)
		s.do("GET", "/api/me", as("u")).want(200)
	})
}
