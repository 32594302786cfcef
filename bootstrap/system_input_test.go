package bootstrap_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is wrong with a request is said as a problem, and never becomes a failure of the server.
func TestBadInput(t *testing.T) {
	t.Parallel()
	needBinary(t)
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, "DATABASE_URL="+engine.database(t), "BETTER_AUTH_SECRET="+secret)
			ada := server.as(nextRoute(t))
			for range 3 {
				ada.create(t, "Buy milk")
			}
			before := ada.allTasks(t)

			t.Run("task id", func(t *testing.T) { rejectIDs(t, ada) })
			t.Run("query", func(t *testing.T) { rejectQueries(t, ada) })
			t.Run("body", func(t *testing.T) { rejectBodies(t, ada) })
			t.Run("authorization", func(t *testing.T) { rejectAuthorizations(t, ada) })
			t.Run("user id", func(t *testing.T) { rejectUserIDs(t, ada) })

			if diff := cmp.Diff(before, ada.allTasks(t)); diff != "" {
				t.Errorf("tasks (-before +after):\n%s", diff)
			}
		})
	}
}

func rejectIDs(t *testing.T, ada client) {
	for _, id := range []string{"abc", "-1", "0", "+1", "01", "1.0", "1e0", "%31%00", "9999999999999999999999", "%00", "%F0%9F%A5%90", "%FF", "1%2Fcomplete"} {
		for _, request := range requestsFor(0) {
			path, item := strings.CutPrefix(request.path, "/0")
			if item {
				ada.do(t, request.method, ada.tasks()+"/"+id+path, request.body).expectProblem(t, 404)
			}
		}
	}
}

func rejectQueries(t *testing.T, ada client) {
	for _, query := range []string{
		"limit=0", "limit=-1", "limit=9e18", "limit=abc", "limit=", "limit=9999999999999999999999", "limit=%00",
		"cursor=tampered", "cursor=%00", "cursor=" + strings.Repeat("A", 4000),
		"status=done", "completed=yes",
	} {
		ada.get(t, ada.tasks()+"?"+query).expectProblem(t, 422)
	}
	if answer := ada.get(t, ada.tasks()+"?limit=9000000000000000000"); answer.status != 200 {
		answer.expectProblem(t, 422)
	}

	link := nextLink.FindStringSubmatch(ada.get(t, ada.tasks()+"?limit=1").expect(t, 200).header.Get("Link"))
	if link == nil {
		t.Fatal("a list of three has no next page of one")
	}
	next, err := url.Parse(link[1])
	if err != nil {
		t.Fatal(err)
	}
	query := next.Query()
	cursor := query.Get("cursor")
	for i := range cursor {
		query.Set("cursor", cursor[:i]+flipped(cursor[i])+cursor[i+1:])
		answer := ada.get(t, ada.tasks()+"?"+query.Encode())
		if answer.status != 200 {
			answer.expectProblem(t, 422)
			continue
		}
		for _, task := range answer.tasks(t) {
			if task.UserID != ada.person.id {
				t.Errorf("%s shows another's task", answer.request)
			}
		}
	}
}

// flipped is another character of base64url.
func flipped(character byte) string {
	if character == 'A' {
		return "B"
	}
	return "A"
}

func rejectBodies(t *testing.T, ada client) {
	for _, row := range []struct {
		what, body string
		status     int
	}{
		{"empty", "", 400},
		{"white space", " \n", 400},
		{"null", "null", 422},
		{"an array", "[]", 422},
		{"a string", `"title"`, 422},
		{"truncated", `{"title":"Buy m`, 400},
		{"trailing data", `{"title":"Buy milk"} {}`, 400},
		{"a duplicate member", `{"title":"Buy milk","title":"Buy oat milk"}`, 400},
		{"not UTF-8", "{\"title\":\"Buy \xff\"}", 400},
		{"65 KiB", `{"title":"Buy milk","description":"` + strings.Repeat("a", 65<<10) + `"}`, 413},
		{"10000 arrays", `{"title":` + strings.Repeat("[", 10000) + strings.Repeat("]", 10000) + `}`, 0},
		{"NUL in the title", `{"title":"Buy \u0000 milk"}`, 422},
		{"NUL in the description", `{"title":"Buy milk","description":"\u0000"}`, 422},
		{"a lone surrogate", `{"title":"Buy \ud800 milk"}`, 0},
		{"a title of no text", `{"title":"  \t "}`, 422},
		{"a title of 201 runes", `{"title":"` + strings.Repeat("é", 201) + `"}`, 422},
		{"a description of 1001 runes", `{"title":"Buy milk","description":"` + strings.Repeat("é", 1001) + `"}`, 422},
		{"a title that is a number", `{"title":7}`, 422},
		{"a title that is null", `{"title":null}`, 422},
		{`completed "yes"`, `{"title":"Buy milk","completed":"yes"}`, 422},
	} {
		statuses := []int{row.status}
		if row.status == 0 {
			statuses = []int{400, 422} // whether it is JSON at all is a matter of opinion
		}
		t.Run(row.what, func(t *testing.T) {
			for _, request := range []request{{"POST", "", ""}, {"PUT", "/1", ""}, {"PATCH", "/1", ""}} {
				ada.do(t, request.method, ada.tasks()+request.path, row.body, "Content-Type: application/json").expectProblem(t, statuses...)
			}
		})
	}
	t.Run("a create without a title", func(t *testing.T) {
		problem := ada.post(t, ada.tasks(), `{}`).expectProblem(t, 422)
		if len(problem.Errors) != 1 || problem.Errors[0].Field != "title" {
			t.Errorf("the violations are %+v", problem.Errors)
		}
	})
	t.Run("complete with a string", func(t *testing.T) {
		ada.patch(t, ada.task(1)+"/complete", `{"completed":"yes"}`).expectProblem(t, 422)
		ada.patch(t, ada.task(1)+"/complete?completed=yes", "").expectProblem(t, 422)
	})
	t.Run("text/plain", func(t *testing.T) {
		for _, request := range []request{{"POST", "", ""}, {"PUT", "/1", ""}, {"PATCH", "/1", ""}} {
			ada.do(t, request.method, ada.tasks()+request.path, `{"title":"Buy milk"}`, "Content-Type: text/plain").expectProblem(t, 415)
		}
	})
	t.Run("JSON said of no body", func(t *testing.T) {
		ada.get(t, ada.tasks(), "Content-Type: application/json").expect(t, 200)
		made := ada.create(t, "Buy milk")
		ada.delete(t, ada.task(made.ID), "Content-Type: application/json").expect(t, 204)
	})
}

func rejectAuthorizations(t *testing.T, ada client) {
	token := ada.person.token
	for _, row := range []struct {
		what   string
		status int
		lines  []string
	}{
		{"two", 400, []string{"Authorization: Bearer " + token, "Authorization: Bearer " + token}},
		{"another scheme", 401, []string{"Authorization: Basic YTpi"}},
		{"no token", 401, []string{"Authorization: Bearer "}},
		{"two spaces", 401, []string{"Authorization: Bearer  " + token}},
		{"two tokens", 401, []string{"Authorization: Bearer " + token + ", Bearer " + token}},
		{"20 KiB", 401, []string{"Authorization: Bearer " + token + strings.Repeat("A", 20<<10)}},
		{"no text", 401, []string{"Authorization: Bearer \xff\xfe"}},
	} {
		t.Run(row.what, func(t *testing.T) {
			ada.get(t, ada.tasks(), row.lines...).expectProblem(t, row.status)
		})
	}
	for _, scheme := range []string{"bearer", "BEARER"} {
		t.Run(scheme, func(t *testing.T) {
			ada.get(t, ada.tasks(), "Authorization: "+scheme+" "+token).expect(t, 200)
		})
	}
}

func rejectUserIDs(t *testing.T, ada client) {
	for _, id := range []string{"a/b", "a%2Fb", "..", "../" + ada.person.id, "two words", strings.Repeat("x", 500), "🥐", "me ", "'; --", "a\x00", "\xff"} {
		t.Run(fmt.Sprintf("%.20q", id), func(t *testing.T) {
			for _, request := range requestsFor(1) {
				for _, path := range []string{id, url.PathEscape(id), percentEncoded(id)} {
					parsed, err := url.Parse("/api/" + path + "/tasks" + request.path)
					if err != nil {
						continue // no client can send it so
					}
					ada.do(t, request.method, parsed.EscapedPath(), request.body).expectProblem(t, 400, 403, 404)
				}
			}
		})
	}
	t.Run("none", func(t *testing.T) {
		ada.get(t, "/api//tasks").expectProblem(t, 400, 403, 404)
	})
	// An id is opaque: odd ones, encoded once, have tasks like all others.
	for _, id := range []string{"a/b", "a%2Fb", "two words", strings.Repeat("x", 500), "🥐", "O'Neil; --", "1", "me"} {
		t.Run(fmt.Sprintf("owned by %.20q", id), func(t *testing.T) {
			owner := client{ada.url, personWithID(t, id)}
			made := owner.create(t, "Buy milk")
			if made.UserID != id {
				t.Errorf("the task belongs to %q", made.UserID)
			}
			if diff := cmp.Diff([]task{made}, owner.allTasks(t)); diff != "" {
				t.Errorf("tasks (-made +listed):\n%s", diff)
			}
			ada.get(t, "/api/"+percentEncoded(id)+"/tasks").expectProblem(t, 403)
		})
	}
}

// percentEncoded writes each byte as RFC 3986 section 2.1 does, needed or not.
func percentEncoded(text string) string {
	var encoded strings.Builder
	for _, b := range []byte(text) {
		fmt.Fprintf(&encoded, "%%%02X", b)
	}
	return encoded.String()
}
