package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/httpapi"
)

func TestAPreflight(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/api/u/tasks", "/api/me/tasks/1", "/api/me", "/nothing"} {
		answer := s.do("OPTIONS", path, header("Origin", "http://localhost:3000"),
			header("Access-Control-Request-Method", "PUT"), header("Access-Control-Request-Headers", "authorization")).want(204)
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin":      "http://localhost:3000",
			"Access-Control-Allow-Credentials": "true",
			"Access-Control-Allow-Methods":     "GET,POST,PUT,PATCH,DELETE",
			"Access-Control-Allow-Headers":     "authorization,content-type,if-match,if-none-match,idempotency-key,last-event-id,prefer",
			"Access-Control-Max-Age":           "600",
		} {
			if got := answer.Get(name); got != want {
				t.Errorf("%s: %s %q, want %q", path, name, got, want)
			}
		}
		for _, name := range []string{"Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"} {
			if !slices.Contains(answer.Values("Vary"), name) {
				t.Errorf("%s: Vary %v lacks %s", path, answer.Values("Vary"), name)
			}
		}
	}
}

func TestAPageMayReadEveryAnswer(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	origin := header("Origin", "http://localhost:3000")
	for status, answer := range map[int]*answer{
		200: s.do("GET", "/api/u/tasks", origin, as("u")),
		201: s.do("POST", "/api/u/tasks", origin, as("u"), raw(`{"title":"x"}`)),
		400: s.do("POST", "/api/u/tasks", origin, as("u"), raw(`{`)),
		401: s.do("GET", "/api/u/tasks", origin),
		403: s.do("GET", "/api/v/tasks", origin, as("u")),
		404: s.do("GET", "/api/u/tasks/9", origin, as("u")),
		405: s.do("BREW", "/api/u/tasks", origin, as("u")),
		413: s.do("POST", "/api/u/tasks", origin, as("u"), raw(strings.Repeat(" ", 65<<10))),
		422: s.do("POST", "/api/u/tasks", origin, as("u"), raw(`{}`)),
		500: serve(t, getting(nil)).do("GET", "/api/u/tasks/1", origin, as("u")), // a store that panics
	} {
		answer.want(status)
		if answer.Get("Access-Control-Allow-Origin") != "http://localhost:3000" || answer.Get("Access-Control-Allow-Credentials") != "true" {
			t.Errorf("%d: %v", status, answer.Header)
		}
		const exposed = "etag,link,location,x-total-count,www-authenticate,retry-after,ratelimit,ratelimit-policy,x-request-id"
		if got := answer.Get("Access-Control-Expose-Headers"); got != exposed {
			t.Errorf("%d: exposes %q", status, got)
		}
		if !slices.Contains(answer.Values("Vary"), "Origin") {
			t.Errorf("%d: Vary %v", status, answer.Values("Vary"))
		}
	}
}

func TestOtherOriginsAreToldNothing(t *testing.T) {
	several := serve(t, func(s *setup) { s.options.CORSOrigins = []string{"https://app.example", "https://b.example:8443"} })
	none := serve(t, func(s *setup) { s.options.CORSOrigins = []string{} })
	for _, test := range []struct {
		*service
		origin  string
		allowed bool
	}{
		{several, "https://app.example", true},
		{several, "https://b.example:8443", true},
		{several, "https://b.example", false},
		{several, "http://app.example", false},
		{several, "https://app.example.evil.example", false},
		{several, "https://evil.app.example", false},
		{several, "https://APP.example", false},
		{several, "https://appxexample", false},
		{several, "null", false},
		{several, "http://localhost:3000", false},
		{serve(t), "http://localhost:3001", false},
		{serve(t), "http://evil.localhost:3000", false},
		{none, "http://localhost:3000", false},
	} {
		for _, method := range []string{"GET", "OPTIONS"} {
			answer := test.do(method, "/api/u/tasks", header("Origin", test.origin), as("u"))
			got := answer.Get("Access-Control-Allow-Origin")
			if allowed := got == test.origin; allowed != test.allowed || !allowed && got != "" {
				t.Errorf("%s from %s: allowed %q", method, test.origin, got)
			}
			if !slices.Contains(answer.Values("Vary"), "Origin") {
				t.Errorf("%s from %s: Vary %v", method, test.origin, answer.Values("Vary"))
			}
		}
	}
}

func TestOriginsThatAreNone(t *testing.T) {
	for _, origin := range []string{
		"*", "https://*", "https://*.example", "https://app.exampl?", "null", "", "app.example", "//app.example", "https://", "ftp://app.example",
		"https://app.example/", "https://app.example/x", "https://app.example?x", "https://app.example#x", "https://u@app.example",
		"https://APP.example", "HTTPS://app.example", "https://app.example:443", "http://app.example:80", "https://app.example:",
		"https://app example", "https://app.example\n", "http://a, http://b", "%zz://x",
	} {
		if _, err := httpapi.New(nil, nil, nil, nil, httpapi.Options{CORSOrigins: []string{"https://fine.example", origin}}); err == nil {
			t.Errorf("%q was taken", origin)
		} else if !strings.Contains(err.Error(), "CORS origin") {
			t.Errorf("%q: %v", origin, err)
		}
	}
	for _, origin := range []string{"http://localhost:3000", "https://app.example", "http://127.0.0.1:80800", "http://[::1]:3000", "https://xn--bcher-kva.example"} {
		if _, err := httpapi.New(nil, nil, nil, nil, httpapi.Options{CORSOrigins: []string{origin}}); err != nil {
			t.Errorf("%q: %v", origin, err)
		}
	}
	_, err := httpapi.New(nil, nil, nil, nil, httpapi.Options{CORSOrigins: []string{"*", "null"}, BodyLimit: -1})
	if err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("not everything that is wrong was told: %v", err)
	}
}

var _ http.Handler = (*httpapi.API)(nil)
