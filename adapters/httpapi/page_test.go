package httpapi_test

import (
	"net/http"
	"testing"
)

// withPage is a choice for a service that has a page.
func withPage(s *setup) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.URL.Path != "/" {
			w.Header().Set("Content-Type", "text/css; charset=utf-8")
		}
		w.Header().Set("Cache-Control", "no-cache")
		w.Header().Set("X-Path", r.URL.Path)
		_, _ = w.Write([]byte("the page's"))
	})
	mux.HandleFunc("POST /page/sign-in", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"token":"a.b.c"}`))
	})
	s.options.Page = mux
}

func TestThePageIsServedBesideTheAPI(t *testing.T) {
	s := serve(t, withPage)
	for _, path := range []string{"/", "/page/main.js", "/page/page.css"} {
		answer := s.do("GET", path).want(200)
		if string(answer.body) != "the page's" || answer.Get("X-Path") != path || answer.Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %s of %q, Cache-Control %q", path, answer.body, answer.Get("X-Path"), answer.Get("Cache-Control"))
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options":       "nosniff",
			"X-Frame-Options":              "DENY",
			"Referrer-Policy":              "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := answer.Get(name); got != want {
				t.Errorf("%s: %s: %q, want %q", path, name, got, want)
			}
		}
		s.do("HEAD", path).want(200)
		s.do("POST", path).refused(405, "method_not_allowed")
	}
	s.do("POST", "/page/sign-in", raw(`{"user":"alice"}`)).want(200)
	s.do("GET", "/api/page/tasks", as("page")).want(200)
}

func TestNoPageWhereNoneIsGiven(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/", "/page/main.js", "/page/sign-in"} {
		s.do("GET", path).refused(404, "route_not_found")
	}
	s.do("POST", "/page/sign-in", raw(`{"user":"alice"}`)).refused(404, "route_not_found")
}

func TestThePageIsForNoOtherOriginThanTheAPIIs(t *testing.T) {
	s := serve(t, withPage)
	for _, path := range []string{"/", "/page/main.js"} {
		if got := s.do("GET", path, header("Origin", "https://elsewhere.example")).want(200).Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s may be read by %s", path, got)
		}
	}
}
