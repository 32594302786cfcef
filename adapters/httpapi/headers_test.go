package httpapi_test

import (
	"strings"
	"testing"
)

// common are the headers of every answer, and apiHeaders those of each that is
// not about the reference page.
var (
	common = map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security":    "", // is the proxy's
		"Server":                       "",
		"X-Powered-By":                 "",
		"Set-Cookie":                   "",
	}
	apiHeaders = map[string]string{
		"Cache-Control":           "private, no-store",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	}
	docsHeaders = map[string]string{
		"Cache-Control": "no-cache",
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	}
)

// TestHeadersOfEveryAnswer asks every route, in ways that are answered with
// everything from 200 to 500.
func TestHeadersOfEveryAnswer(t *testing.T) {
	ways := map[string][]part{
		"nobody":                  nil,
		"somebody":                {as("u")},
		"a bad token":             {header("Authorization", "Bearer x y")},
		"two tokens":              {as("u"), as("u")},
		"a bad body":              {as("u"), raw(`{`)},
		"an empty object":         {as("u"), raw(`{}`)},
		"a good body":             {as("u"), raw(`{"title":"x"}`)},
		"a body of another kind":  {as("u"), raw(`{}`), header("Content-Type", "text/plain")},
		"a body that is too long": {as("u"), raw(strings.Repeat(" ", 65<<10))},
		"an unreadable condition": {as("u"), header("If-Match", "1"), header("If-None-Match", "1")},
		"a stale condition":       {as("u"), header("If-Match", `"99"`), header("If-None-Match", `"99"`)},
		"what is known already":   {as("u"), header("If-None-Match", `*`)},
		"a page of the front end": {as("u"), header("Origin", "http://localhost:3000")},
		"a page of others":        {as("u"), header("Origin", "https://evil.example")},
		"gzip":                    {as("u"), header("Accept-Encoding", "gzip")},
	}
	statuses := map[int]bool{}
	for _, broken := range []bool{false, true} {
		s := serve(t, quiet)
		if broken {
			s = serve(t, quiet, getting(nil)) // a store that panics
		}
		s = s.unheld()
		if !broken {
			s.create("u", "x")
			stale := s.do("PUT", "/api/u/tasks/1", as("u"), raw(`{}`), header("If-Match", `"99"`)).want(412)
			holdHeaders(t, "a stale change", stale)
		}
		for _, route := range s.Routes() {
			if strings.HasSuffix(route.Path, "/events") {
				continue // comes to no end; TestEvents has its headers
			}
			at := func(user, id string) string {
				return strings.NewReplacer(":user_id", user, ":id", id, ":file", "page.css").Replace(route.Path)
			}
			ask := func(method, path, way string) {
				answer := s.do(method, path, ways[way]...)
				statuses[answer.status] = true
				holdHeaders(t, method+" "+path+" by "+way, answer)
			}
			for way := range ways {
				ask(route.Method, at("u", "1"), way)
			}
			ask(route.Method, at("u", "none"), "somebody")
			ask(route.Method, at("v", "1"), "a page of the front end")
			ask("OPTIONS", at("u", "1"), "a page of the front end")
			ask("OPTIONS", at("u", "1"), "a page of others")
			ask("BREW", at("u", "1"), "a page of the front end")
		}
		for _, path := range []string{"/", "/nothing", "/api//tasks", "/api/u/tasks/", "/docs/none.js", "/favicon.ico", "/api/%2e%2e/tasks", "/openapi.yaml/"} {
			answer := s.do("GET", path, as("u"))
			statuses[answer.status] = true
			holdHeaders(t, path, answer)
		}
	}
	for _, status := range []int{200, 201, 204, 304, 400, 401, 403, 404, 405, 413, 415, 422, 500} {
		if !statuses[status] {
			t.Errorf("no answer was a %d", status)
		}
	}
}

func holdHeaders(t *testing.T, request string, answer *answer) {
	t.Helper()
	own := apiHeaders
	if strings.Contains(answer.Get("Content-Security-Policy"), "script-src") {
		if own = docsHeaders; !strings.Contains(request, "/docs") {
			t.Errorf("%s: %d may run scripts", request, answer.status)
		}
	}
	for _, wanted := range []map[string]string{common, own} {
		for name, want := range wanted {
			if got := strings.Join(answer.Values(name), " | "); got != want {
				t.Errorf("%s: %d: %s %q, want %q", request, answer.status, name, got, want)
			}
		}
	}
	if origin := answer.Get("Access-Control-Allow-Origin"); origin != "" && origin != "http://localhost:3000" {
		t.Errorf("%s: %d: pages of %q may read it", request, answer.status, origin)
	}
}
