package httpapi_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// oddUsers are ids that a path can be hard to write for.
var oddUsers = []string{
	"me", "men", "auth", "m", "tasks", "health", "1", "u/x", "u%2Fx", "u%252Fx", "..", ".", "...", "/", "//", "a b", " ", "+", "?", "#", "a?b#c",
	"%", "%zz", "%00", "é", "🦊", "~", ":id", "*", "\\", "a;b", "a&b=c", "<script>", `"`, "\n", "U", "u",
	strings.Repeat("x", 500), strings.Repeat("🦊", 125),
}

// escaped are ways to write a user id in a path, each right.
func escaped(user string) []string {
	var every strings.Builder
	for _, b := range []byte(user) {
		fmt.Fprintf(&every, "%%%02x", b)
	}
	ways := []string{every.String()}
	if user != "me" { // written plainly, this is the path of whoever asks
		ways = append(ways, url.PathEscape(user))
	}
	return ways
}

func TestAnyUserHasTasksOfTheirOwn(t *testing.T) {
	for _, user := range oddUsers {
		t.Run(fmt.Sprintf("%.20q", user), func(t *testing.T) {
			s := serve(t)
			for _, id := range escaped(user) {
				tasks := "/api/" + id + "/tasks"
				created := s.do("POST", tasks, as(user), raw(`{"title":"milk"}`)).want(201)
				got := created.task()
				if got.UserID != user {
					t.Errorf("%s: the task is %q's", tasks, got.UserID)
				}
				if again := s.do("GET", created.Get("Location"), as(user)).want(200).task(); again.ID != got.ID {
					t.Errorf("%s: Location %q leads to task %d, not %d", tasks, created.Get("Location"), again.ID, got.ID)
				}
				s.do("PATCH", fmt.Sprintf("%s/%d/complete", tasks, got.ID), as(user)).want(200)
				s.do("DELETE", fmt.Sprintf("%s/%d", tasks, got.ID), as(user)).want(204)
			}
			s.do("POST", "/api/me/tasks", as(user), raw(`{"title":"milk"}`)).want(201)
			if got := s.do("GET", "/api/me/tasks", as(user)).ids(); len(got) != 1 {
				t.Errorf("listed %v", got)
			}
		})
	}
}

// requests are one for each route below an owner's tasks.
func requests(tasks string) []struct{ method, path, body string } {
	return []struct{ method, path, body string }{
		{"GET", tasks, ""},
		{"HEAD", tasks, ""},
		{"POST", tasks, `{"title":"stolen"}`},
		{"GET", tasks + "/1", ""},
		{"HEAD", tasks + "/1", ""},
		{"PUT", tasks + "/1", `{"title":"stolen"}`},
		{"PATCH", tasks + "/1", `{"title":"stolen"}`},
		{"PATCH", tasks + "/1/complete", ""},
		{"DELETE", tasks + "/1", ""},
	}
}

func TestAnothersPathIsForbidden(t *testing.T) {
	s := serve(t)
	for _, pair := range [][2]string{{"alice", "bob"}, {"bob", "alice"}} {
		s.create(pair[0], "a secret of "+pair[0])
	}
	var bodies []string
	for _, target := range append([]string{"alice", "nobody", strings.Repeat("x", 1025), "\xff", "a\x00b", "BOB", "bob ", "bob\x00", "bob/", "../bob"}, oddUsers...) {
		for _, id := range escaped(target) {
			for _, request := range requests("/api/" + id + "/tasks") {
				answer := s.do(request.method, request.path, as("bob"), raw(request.body),
					header("X-HTTP-Method-Override", "GET"), header("X-Original-URL", "/api/bob/tasks"),
					header("X-User-Id", target), header("X-Request-ID", "r"))
				answer.want(403)
				if answer.Get("WWW-Authenticate") != "" {
					t.Errorf("%s %s asked for other credentials", request.method, request.path)
				}
				bodies = append(bodies, string(answer.body))
			}
		}
	}
	for _, body := range bodies {
		if body != bodies[0] {
			t.Fatalf("refusals can be told apart: %s and %s", bodies[0], body)
		}
	}
	for _, user := range []string{"alice", "bob"} {
		got := s.do("GET", "/api/me/tasks/1", as(user)).want(200).task()
		if got.Title != "a secret of "+user || got.Completed || !got.UpdatedAt.Equal(got.CreatedAt) {
			t.Errorf("%s has %+v", user, got)
		}
	}
}

func TestAnothersTaskIsMissing(t *testing.T) {
	s := serve(t)
	for range 3 {
		s.create("alice", "a secret")
	}
	s.create("bob", "one of bob's")
	for _, tasks := range []string{"/api/bob/tasks", "/api/me/tasks"} {
		for _, request := range requests(tasks)[3:] {
			var bodies []string
			for _, id := range []string{"3", "4", "99"} {
				path := strings.Replace(request.path, "/1", "/"+id, 1)
				parts := []part{as("bob"), header("X-Request-ID", "r")}
				if request.body != "" {
					parts = append(parts, raw(request.body))
				}
				bodies = append(bodies, string(s.do(request.method, path, parts...).want(404).body))
			}
			if bodies[0] != bodies[1] || bodies[1] != bodies[2] {
				t.Errorf("%s %s: answers can be told apart: %q", request.method, request.path, bodies)
			}
		}
		for _, query := range []string{"?user_id=alice", "?owner=alice", "?limit=200&user_id=alice"} {
			if got := s.do("GET", tasks+query, as("bob")).ids(); len(got) != 1 {
				t.Errorf("%s%s lists %v", tasks, query, got)
			}
		}
	}
	if got := s.do("GET", "/api/me/tasks?status=pending", as("alice")).ids(); len(got) != 3 {
		t.Errorf("alice has %v", got)
	}
}

func TestIDsThatNameNoTask(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	for _, id := range []string{
		"abc", "-1", "0", "01", "+1", "1.0", "1e0", "0x1", "9999999999999999999999", "9223372036854775807", "9223372036854775808",
		"%00", "1%00", "%201", "1%20", "1%2F", "1%2Fcomplete", "%2e%2e", "%2531", "%FF", "%F0%9F%A6%8A", "%31%31", "null", "me", "complete",
	} {
		for _, request := range requests("/api/u/tasks")[3:] {
			parts := []part{as("u")}
			if request.body != "" {
				parts = append(parts, raw(request.body))
			}
			path := strings.Replace(request.path, "/1", "/"+id, 1)
			answer := s.do(request.method, path, parts...).want(404)
			if request.method != http.MethodHead {
				answer.refused(404, "task_not_found")
			}
		}
	}
	if got := s.do("GET", "/api/u/tasks/%31", as("u")).want(200).task(); got.ID != 1 {
		t.Errorf("%%31 is task %d", got.ID)
	}
}

func TestPathsThatAreNone(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	for _, path := range []string{
		"/", "/api", "/api/", "/api/u", "/api/u/", "/api//tasks", "/api//tasks/1", "/api//tasks/1/complete", "//api/u/tasks", "/api/u//tasks",
		"/api/u/tasks/1/x", "/api/u/tasks/1/complete/x", "/api/u/tasks//complete", "/api/u/Tasks", "/API/u/tasks", "/api/u/x/tasks",
		"/api/u/tasks%2F1", "/api/u%2Ftasks", "/api/me/x", "/api/me//tasks", "/tasks", "/api/tasks", "/healthz", "/health/x", "/api/u/t%61sks",
		"/api/u/tasks;x=1", "/openapi", "/api/u/../v/tasks/x",
	} {
		for _, method := range []string{"GET", "PATCH", "BREW"} {
			for _, parts := range [][]part{{}, {as("u")}, {header("Authorization", "Basic x")}} {
				s.do(method, path, parts...).refused(404, "route_not_found")
			}
		}
	}
}
