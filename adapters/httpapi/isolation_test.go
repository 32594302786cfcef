package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// everything are requests for each route to what is an owner's, but those to
// tasks one by one and to sessions.
func everything(owner string) []struct{ method, path, body string } {
	return []struct{ method, path, body string }{
		{"GET", owner + "/tasks?search=secret&sort=title", ""},
		{"DELETE", owner + "/tasks?confirm=all", ""},
		{"POST", owner + "/tasks/batch", `{"operations":[{"op":"update","id":1,"title":"stolen"},{"op":"delete","id":2},{"op":"create","title":"stolen"}]}`},
		{"GET", owner + "/trash", ""},
		{"HEAD", owner + "/trash", ""},
		{"POST", owner + "/trash/3/restore", ""},
		{"DELETE", owner + "/trash/3", ""},
		{"GET", owner + "/changes", ""},
		{"HEAD", owner + "/changes?since=now", ""},
		{"GET", owner + "/export", ""},
		{"HEAD", owner + "/export", ""},
		{"POST", owner + "/import", `{"title":"stolen"}`},
		{"POST", owner + "/import?dry_run=true", `{"title":"stolen"}`},
	}
}

// secretive is a service where alice has secrets of every sort. Bob has as
// many tasks, and no secrets.
func secretive(t testing.TB, choices ...func(*setup)) *service {
	s := serve(t, choices...)
	for _, user := range []string{"alice", "bob"} {
		word := map[string]string{"alice": "secret", "bob": "plain"}[user]
		for i := range 5 {
			s.do("POST", "/api/me/tasks", as(user), key(fmt.Sprintf("key-%d", i)), sending(map[string]any{
				"title": word, "description": word, "tags": []string{word}, "completed": i == 0,
			})).want(201)
		}
		s.do("DELETE", "/api/me/tasks/3", as(user)).want(204)
		s.do("DELETE", "/api/me/tasks/4", as(user)).want(204)
		s.do("DELETE", "/api/me/trash/4", as(user)).want(204)
	}
	return s
}

func TestWhatIsAnothersIsForbidden(t *testing.T) {
	s := secretive(t)
	was := state(s, "alice")
	bodies := map[string]string{}
	for _, target := range append([]string{"alice", "nobody", strings.Repeat("x", 1025), "\xff", "a\x00b", "BOB", "bob ", "bob/", "../bob"}, oddUsers...) {
		for _, id := range escaped(target) {
			for _, request := range everything("/api/" + id) {
				media := "application/json"
				if strings.Contains(request.path, "/import") {
					media = "application/x-ndjson"
				}
				answer := s.do(request.method, request.path, as("bob"), content(request.body), header("Content-Type", media),
					header("If-Match", "*"), key("key-0"), header("X-User-Id", target), header("X-Request-ID", "r")).want(403)
				bodies[string(answer.body)] = request.method + " " + request.path
				for name := range answer.Header {
					if name == "Www-Authenticate" || name == "Etag" || name == "Link" || name == "Content-Disposition" {
						t.Errorf("%s %s answered with %s", request.method, request.path, name)
					}
				}
			}
		}
	}
	if len(bodies) != 1 {
		t.Errorf("refusals can be told apart: %v", bodies)
	}
	if state(s, "alice") != was {
		t.Errorf("alice has %s", state(s, "alice"))
	}
}

func TestNothingOfOnesIsInAnAnswerToAnother(t *testing.T) {
	s := secretive(t)
	was := state(s, "alice")
	token := changes(s, "alice", "limit=1").Next
	cursor := cursorOf(s, "alice", "limit=1")
	trash := "AgAAAAAAAAAAAA"
	for _, owner := range []string{"/api/bob", "/api/me"} {
		var answers []*answer
		for _, request := range append(everything(owner), requests(owner+"/tasks")...) {
			if request.method == http.MethodDelete && strings.Contains(request.path, "confirm") {
				continue // at the end
			}
			parts := []part{as("bob"), header("X-User-Id", "alice")}
			switch {
			case strings.Contains(request.path, "/import"):
				parts = append(parts, ndjson(`{"title":"x","id":1,"user_id":"alice"}`))
			case request.body != "":
				parts = append(parts, raw(request.body))
			}
			answers = append(answers, s.do(request.method, request.path, parts...))
		}
		for _, query := range []string{
			"/tasks?cursor=" + cursor, "/tasks?user_id=alice&owner=alice", "/tasks?search=secret", "/tasks?tag=secret", "/tasks?sort=title&limit=1",
			"/trash?cursor=" + trash, "/changes?since=" + token, "/changes?user_id=alice", "/export?user_id=alice", "/trash?owner=alice",
		} {
			answers = append(answers, s.do("GET", owner+query, as("bob")))
		}
		answers = append(answers,
			s.do("GET", owner+"/export", as("bob"), header("Accept", "text/calendar")),
			s.do("POST", owner+"/tasks", as("bob"), key("key-9"), raw(`{"title":"x","position":{"behind":5}}`)),
			s.do("DELETE", owner+"/tasks?confirm=all", as("bob")),
		)
		for _, answer := range answers {
			if answer.status >= 500 || strings.Contains(string(answer.body), "secret") || strings.Contains(string(answer.body), "alice") {
				t.Errorf("bob was answered %d: %s", answer.status, answer.body)
			}
		}
	}
	if state(s, "alice") != was {
		t.Errorf("alice has %s", state(s, "alice"))
	}
}
