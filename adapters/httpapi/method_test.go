package httpapi_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestMethodsThatAPathDoesNotTake(t *testing.T) {
	s := serve(t)
	for path, allowed := range map[string][]string{
		"/api/u/tasks":             {"DELETE", "GET", "HEAD", "OPTIONS", "POST"},
		"/api/me/tasks":            {"DELETE", "GET", "HEAD", "OPTIONS", "POST"},
		"/api/u/tasks/":            {"DELETE", "GET", "HEAD", "OPTIONS", "POST"},
		"/api/u/tasks/1":           {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"},
		"/api/me/tasks/1":          {"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"},
		"/api/u/tasks/1/complete":  {"OPTIONS", "PATCH"},
		"/api/me/tasks/1/complete": {"OPTIONS", "PATCH"},
		"/api/u/trash":             {"GET", "HEAD", "OPTIONS"},
		"/api/me/trash":            {"GET", "HEAD", "OPTIONS"},
		"/api/u/trash/1":           {"DELETE", "OPTIONS"},
		"/api/me/trash/1/":         {"DELETE", "OPTIONS"},
		"/api/u/trash/1/restore":   {"OPTIONS", "POST"},
		"/api/me/trash/1/restore":  {"OPTIONS", "POST"},
		"/api/u/changes":           {"GET", "HEAD", "OPTIONS"},
		"/api/me/changes":          {"GET", "HEAD", "OPTIONS"},
		"/api/u/export":            {"GET", "HEAD", "OPTIONS"},
		"/api/me/export":           {"GET", "HEAD", "OPTIONS"},
		"/api/u/import":            {"OPTIONS", "POST"},
		"/api/me/import":           {"OPTIONS", "POST"},
		"/api/u/session":           {"DELETE", "GET", "HEAD", "OPTIONS"},
		"/api/me/session":          {"DELETE", "GET", "HEAD", "OPTIONS"},
		"/api/me":                  {"GET", "HEAD", "OPTIONS"},
		"/health":                  {"GET", "HEAD", "OPTIONS"},
		"/openapi.json":            {"GET", "HEAD", "OPTIONS"},
	} {
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "BREW", "get"} {
			if slices.Contains(allowed, method) {
				continue
			}
			// With and without a token: 405 comes before 401.
			for _, parts := range [][]part{{}, {as("u")}, {as("v"), header("X-HTTP-Method-Override", "GET")}} {
				answer := s.do(method, path, parts...)
				answer.refused(405, "method_not_allowed")
				got := strings.Split(answer.Get("Allow"), ", ")
				slices.Sort(got)
				if !slices.Equal(got, allowed) {
					t.Errorf("%s %s: Allow %v, want %v", method, path, got, allowed)
				}
			}
		}
		if got := s.do("OPTIONS", path).want(204).Get("Allow"); len(strings.Split(got, ", ")) != len(allowed) {
			t.Errorf("OPTIONS %s: Allow %q", path, got)
		}
	}
}

func TestHEADIsGETWithoutTheBody(t *testing.T) {
	s := serve(t)
	for range 60 {
		s.create("u", "milk")
	}
	s.do("DELETE", "/api/u/tasks/60", as("u")).want(204)
	server := httptest.NewServer(s)
	defer server.Close()
	for _, path := range []string{
		"/api/u/tasks", "/api/me/tasks?limit=2&count=true", "/api/u/tasks/1", "/api/u/trash", "/api/u/changes", "/api/u/session", "/api/me/session", "/api/me", "/health", "/livez", "/readyz",
		"/openapi.yaml", "/openapi.json", "/api/u/tasks/none", "/api/u/tasks?limit=0", "/api/v/tasks", "/nothing",
	} {
		for _, coding := range []string{"identity", "gzip"} {
			accept := header("Accept-Encoding", coding)
			get, head := fetch(t, server.URL, "GET", path, accept), fetch(t, server.URL, "HEAD", path, accept)
			if head.status != get.status || len(head.body) > 0 || len(get.body) == 0 {
				t.Errorf("%s: HEAD %d with %d bytes, GET %d with %d", path, head.status, len(head.body), get.status, len(get.body))
			}
			for _, name := range []string{
				"Content-Type", "Content-Length", "Content-Encoding", "Vary", "ETag", "Link", "X-Total-Count", "Cache-Control",
			} {
				if head.Get(name) != get.Get(name) {
					t.Errorf("%s: %s: HEAD %q, GET %q", path, name, head.Get(name), get.Get(name))
				}
			}
			if length := head.Get("Content-Length"); length != strconv.Itoa(len(get.body)) {
				t.Errorf("%s: Content-Length %q for %d bytes", path, length, len(get.body))
			}
		}
	}
}

// fetch asks a server as u, over a connection.
func fetch(t *testing.T, server, method, path string, parts ...part) *answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	as("u")(request)
	request.Header.Set("X-Request-ID", "r")
	for _, part := range parts {
		part(request)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	}()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return &answer{t: t, status: response.StatusCode, Header: response.Header, body: body}
}

func TestRequestIDs(t *testing.T) {
	s := serve(t)
	for _, sent := range []string{"r", "0f8fad5b-d9cb-469f-a165-70867728950e", "A_b.c-9", strings.Repeat("x", 64)} {
		answer := s.do("GET", "/nothing", header("X-Request-ID", sent))
		if got := answer.refused(404, "route_not_found").RequestID; got != sent {
			t.Errorf("%q came back as %q", sent, got)
		}
		if line := s.log.last(t); line["request_id"] != sent {
			t.Errorf("%q was logged as %q", sent, line["request_id"])
		}
	}
	made := map[string]bool{}
	for _, sent := range []string{"", strings.Repeat("x", 65), "a b", "a\nb", `"`, "é", "<script>", "a;b"} {
		got := s.do("GET", "/nothing", header("X-Request-ID", sent)).refused(404, "route_not_found").RequestID
		if len(got) < 16 || got == sent || made[got] {
			t.Errorf("%q became %q", sent, got)
		}
		if line := s.log.last(t); line["request_id"] != got {
			t.Errorf("%q was logged as %q", got, line["request_id"])
		}
		made[got] = true
	}
}
