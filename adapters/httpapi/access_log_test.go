package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/httpapi"
)

func TestOneLineARequest(t *testing.T) {
	s := serve(t)
	id := header("X-Request-ID", "r")
	for _, test := range []struct {
		answer *answer
		want   map[string]any
	}{
		{
			s.do("POST", "/api/u/tasks?x=y", as("u"), raw(`{"title":"milk"}`), id),
			map[string]any{"level": "INFO", "method": "POST", "route": "/api/:user_id/tasks", "path": "/api/u/tasks", "status": 201.0, "user_id": "u"},
		},
		{
			s.do("GET", "/api/me/tasks/7/", as("u"), id),
			map[string]any{"level": "INFO", "method": "GET", "route": "/api/me/tasks/:id", "path": "/api/me/tasks/7", "status": 404.0, "user_id": "u", "code": "task_not_found"},
		},
		{
			s.do("DELETE", "/api/v%2Fw/tasks/1", as("u"), id),
			map[string]any{"level": "INFO", "method": "DELETE", "route": "/api/:user_id/tasks/:id", "path": "/api/v/w/tasks/1", "status": 403.0, "user_id": "u", "code": "not_owner"},
		},
		{
			s.do("GET", "/api/u/tasks", id),
			map[string]any{"level": "INFO", "method": "GET", "route": "/api/:user_id/tasks", "path": "/api/u/tasks", "status": 401.0, "code": "token_missing"},
		},
		{
			s.do("GET", "/nothing", id),
			map[string]any{"level": "INFO", "method": "GET", "route": "", "path": "/nothing", "status": 404.0, "code": "route_not_found"},
		},
		{
			s.do("GET", "/readyz", id),
			map[string]any{"level": "DEBUG", "method": "GET", "route": "/readyz", "path": "/readyz", "status": 200.0},
		},
	} {
		lines := s.log.lines(t)
		index := slices.IndexFunc(lines, func(line map[string]any) bool {
			return line["method"] == test.want["method"] && line["path"] == test.want["path"] && line["status"] == test.want["status"]
		})
		if index < 0 {
			t.Fatalf("no line for %v", test.want)
		}
		line := maps.Clone(lines[index])
		if duration, ok := line["duration"].(float64); !ok || duration <= 0 {
			t.Errorf("duration %v", line["duration"])
		}
		delete(line, "time")
		delete(line, "duration")
		test.want["msg"], test.want["request_id"], test.want["bytes"] = "request", "r", float64(len(test.answer.body))
		if diff := cmp.Diff(test.want, line); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
	if got := len(s.log.lines(t)); got != 6 {
		t.Errorf("6 requests logged %d lines", got)
	}
}

// TestNothingOfOnesOwnIsLogged sends a word wherever a client can put one that
// is not for the log, through answers of every kind.
func TestNothingOfOnesOwnIsLogged(t *testing.T) {
	const secret = "Zauberwort"
	s := serve(t, func(s *setup) { s.checks = []httpapi.Check{} })
	body := raw(fmt.Sprintf(`{"title":%q,"description":%q,%q:1}`, secret, secret, secret))
	every := []part{
		header("Cookie", secret), header("X-Request-ID", secret+" "), header("Prefer", "handling=strict; "+secret),
		header("User-Agent", secret), header("Referer", secret), header("Origin", secret), header("X-Forwarded-For", secret),
	}
	for _, credentials := range [][]part{
		{as("u")}, {}, {header("Authorization", "Bearer "+secret)}, {header("Authorization", secret)}, {as("u"), header("Authorization", secret)},
	} {
		for _, request := range requests("/api/u/tasks") {
			s.do(request.method, request.path+"?access_token="+secret+"&limit="+secret+"&completed="+secret, slices.Concat(every, credentials, []part{body})...)
			s.do(request.method, request.path+"?cursor="+secret, slices.Concat(credentials, []part{body})...)
			s.do(request.method, request.path, slices.Concat(credentials, []part{raw(`{"title":"` + secret)})...)
		}
	}
	created := s.do("POST", "/api/u/tasks", as("u"), body).want(201)
	s.do("GET", created.Get("Location"), as("u")).want(200)
	if log := s.log.String(); strings.Contains(log, secret) || strings.Contains(log, tokenPrefix) {
		t.Errorf("logged %s", log)
	}
}

func TestWhatAClientCanWriteIntoTheLogIsBounded(t *testing.T) {
	s := serve(t)
	s.do("GET", "/"+strings.Repeat("x", 5000)+"%0Alevel=ERROR").want(404)
	if log := s.log.String(); len(log) > 1000 || strings.Count(log, "\n") != 1 {
		t.Errorf("logged %d bytes", len(log))
	}
	if !json.Valid([]byte(s.log.String())) {
		t.Error("not JSON")
	}
}

// TestTokensInPathsAreCut puts a token where only ids belong.
func TestTokensInPathsAreCut(t *testing.T) {
	s := serve(t)
	signature := strings.Repeat("s", 43)
	token := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ." + signature
	for _, path := range []string{"/api/" + token + "/tasks", "/api/u/tasks/" + token, "/" + token, "/api/u/tasks/" + token + "/complete/" + strings.Repeat("long/", 100)} {
		s.do("GET", path, as("u"))
	}
	lines := fmt.Sprint(s.log.lines(t))
	if strings.Contains(lines, signature) {
		t.Errorf("the end of a token is logged: %s", lines)
	}
	if !strings.Contains(lines, "/api/u/tasks/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.…") {
		t.Errorf("what is logged does not tell what was asked for: %s", lines)
	}
}
