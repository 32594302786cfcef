package bootstrap_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// contract is what front ends rely on, a sentence a rule. Each rule meets two persons who have no tasks yet, on a server that others use, too.
var contract = []struct {
	sentence string
	check    func(t *testing.T, s *server, ada, bob client)
}{
	{"create answers 201, the task and its Location", func(t *testing.T, _ *server, ada, _ client) {
		before := time.Now().Truncate(time.Microsecond)
		made := ada.post(t, ada.tasks(), `{"title":"  Buy milk ","description":"Two litres.","notifications_enabled":true}`).expect(t, 201).task(t)
		description := "Two litres."
		want := task{ID: 1, UserID: ada.person.id, Title: "Buy milk", Description: &description, CreatedAt: made.CreatedAt, UpdatedAt: made.CreatedAt}
		if diff := cmp.Diff(want, made); diff != "" {
			t.Errorf("the task (-want +got):\n%s", diff)
		}
		if made.CreatedAt.Before(before) || made.CreatedAt.After(time.Now()) {
			t.Errorf("created at %v, which is not now", made.CreatedAt)
		}
		for _, path := range []string{ada.tasks(), ada.tasks() + "/", "/api/me/tasks", "/api/me/tasks/"} {
			answer := ada.post(t, path, `{"title":"Buy milk"}`).expect(t, 201)
			location := answer.header.Get("Location")
			if diff := cmp.Diff(answer.task(t), ada.get(t, location).expect(t, 200).task(t)); diff != "" {
				t.Errorf("POST %s: the task at its Location %q (-made +got):\n%s", path, location, diff)
			}
		}
		if bare := ada.create(t, "Call the vet"); bare.Description != nil {
			t.Errorf("a task made without a description has %q", *bare.Description)
		}
	}},

	{"ids count each owner's tasks from 1 and are never given twice", func(t *testing.T, _ *server, ada, bob client) {
		for _, client := range []client{ada, bob} {
			for id := int64(1); id <= 3; id++ {
				if made := client.create(t, "Buy milk"); made.ID != id {
					t.Errorf("task %d of its owner got id %d", id, made.ID)
				}
			}
		}
		ada.delete(t, ada.task(3)).expect(t, 204)
		if made := ada.create(t, "Buy milk"); made.ID != 4 {
			t.Errorf("after a delete of task 3, a create got id %d", made.ID)
		}
	}},

	{"list answers an array, newest first", func(t *testing.T, _ *server, ada, _ client) {
		if tasks := ada.get(t, ada.tasks()).expect(t, 200).tasks(t); len(tasks) != 0 {
			t.Errorf("a newcomer has %d tasks", len(tasks))
		}
		want := []task{ada.create(t, "First"), ada.create(t, "Second"), ada.create(t, "Third")}
		slices.Reverse(want)
		for _, path := range []string{ada.tasks(), ada.tasks() + "/"} {
			if diff := cmp.Diff(want, ada.get(t, path).expect(t, 200).tasks(t)); diff != "" {
				t.Errorf("%s (-made +listed):\n%s", path, diff)
			}
		}
	}},

	{"a list longer than its limit goes on at its next link", func(t *testing.T, _ *server, ada, _ client) {
		for i := range 5 {
			ada.create(t, fmt.Sprintf("Task %d", i+1))
		}
		var ids [][]int64
		for _, page := range ada.pages(t, ada.tasks()+"?limit=2") {
			ids = append(ids, idsOf(page))
		}
		if diff := cmp.Diff([][]int64{{5, 4}, {3, 2}, {1}}, ids); diff != "" {
			t.Errorf("pages of two (-want +got):\n%s", diff)
		}
	}},

	{"a list says its total only when asked", func(t *testing.T, _ *server, ada, _ client) {
		for range 3 {
			ada.create(t, "Buy milk")
		}
		for query, total := range map[string]string{"?limit=2": "", "?limit=2&count=true": "3", "?status=completed&count=true": "0"} {
			if got := ada.get(t, ada.tasks()+query).expect(t, 200).header.Get("X-Total-Count"); got != total {
				t.Errorf("%s has X-Total-Count %q, want %q", query, got, total)
			}
		}
	}},

	{"list filters by what is completed", func(t *testing.T, _ *server, ada, _ client) {
		for range 3 {
			ada.create(t, "Buy milk")
		}
		ada.patch(t, ada.task(2)+"/complete", "").expect(t, 200)
		for query, want := range map[string][]int64{
			"?status=all":       {3, 2, 1},
			"?status=pending":   {3, 1},
			"?status=completed": {2},
			"?completed=false":  {3, 1},
			"?completed=true":   {2},
		} {
			if got := idsOf(ada.get(t, ada.tasks()+query).expect(t, 200).tasks(t)); !slices.Equal(got, want) {
				t.Errorf("%s lists %v, want %v", query, got, want)
			}
		}
	}},

	{"PUT and PATCH keep what is absent, and null clears a description", func(t *testing.T, _ *server, ada, _ client) {
		for _, method := range []string{"PUT", "PATCH"} {
			made := ada.post(t, ada.tasks(), `{"title":"Buy milk","description":"Two litres."}`).expect(t, 201).task(t)
			want := made
			for _, step := range []struct {
				body   string
				change func()
			}{
				{`{"title":"Buy oat milk"}`, func() { want.Title = "Buy oat milk" }},
				{`{"completed":true}`, func() { want.Completed = true }},
				{`{"description":null}`, func() { want.Description = nil }},
				{`{"id":99,"user_id":"nobody","owner":"nobody","created_at":"2001-01-01T00:00:00Z"}`, func() {}},
			} {
				step.change()
				edited := ada.do(t, method, ada.task(made.ID), step.body).expect(t, 200).task(t)
				kept := ada.get(t, ada.task(made.ID)).expect(t, 200).task(t)
				if diff := cmp.Diff(edited, kept); diff != "" {
					t.Errorf("%s %s (-answered +kept):\n%s", method, step.body, diff)
				}
				if diff := cmp.Diff(want, kept, cmpopts.IgnoreFields(task{}, "UpdatedAt")); diff != "" {
					t.Errorf("%s %s (-want +got):\n%s", method, step.body, diff)
				}
			}
		}
	}},

	{"complete toggles without a body and sets with one", func(t *testing.T, _ *server, ada, _ client) {
		made := ada.create(t, "Buy milk")
		for _, step := range []struct {
			query, body string
			completed   bool
		}{
			{"", "", true},
			{"", "", false},
			{"", `{"completed":true}`, true},
			{"", `{"completed":true}`, true},
			{"?completed=true", "", true},
			{"?completed=false", "", false},
			{"", `{"completed":false}`, false},
		} {
			answered := ada.patch(t, ada.task(made.ID)+"/complete"+step.query, step.body).expect(t, 200).task(t)
			kept := ada.get(t, ada.task(made.ID)).expect(t, 200).task(t)
			if diff := cmp.Diff(answered, kept); diff != "" || kept.Completed != step.completed || kept.Title != made.Title {
				t.Errorf("complete%s %s left %+v, want completed %t (-answered +kept):\n%s", step.query, step.body, kept, step.completed, diff)
			}
		}
	}},

	{"delete answers 204, and then the task is unknown", func(t *testing.T, _ *server, ada, _ client) {
		kept, gone := ada.create(t, "Buy milk"), ada.create(t, "Buy milk")
		if answer := ada.delete(t, ada.task(gone.ID)).expect(t, 204); answer.body != "" {
			t.Errorf("204 with a body: %q", answer.body)
		}
		ada.get(t, ada.task(gone.ID)).expectProblem(t, 404)
		ada.put(t, ada.task(gone.ID), `{"title":"Back again"}`).expectProblem(t, 404)
		ada.patch(t, ada.task(gone.ID), `{"title":"Back again"}`).expectProblem(t, 404)
		ada.patch(t, ada.task(gone.ID)+"/complete", "").expectProblem(t, 404)
		ada.delete(t, ada.task(gone.ID)).expectProblem(t, 404)
		if diff := cmp.Diff([]task{kept}, ada.allTasks(t)); diff != "" {
			t.Errorf("what is left (-want +got):\n%s", diff)
		}
	}},

	{"me is whoever the token speaks for", func(t *testing.T, _ *server, ada, bob client) {
		made := ada.post(t, "/api/me/tasks", `{"title":"Buy milk"}`).expect(t, 201).task(t)
		if diff := cmp.Diff(made, ada.get(t, ada.task(made.ID)).expect(t, 200).task(t)); diff != "" {
			t.Errorf("made under me, read under the id:\n%s", diff)
		}
		bob.get(t, fmt.Sprintf("/api/me/tasks/%d", made.ID)).expectProblem(t, 404)
		for _, client := range []client{ada, bob} {
			answer := client.get(t, "/api/me").expect(t, 200)
			if got := answer.user(t); got.ID != client.person.id || got.Email != client.person.email || got.Name != client.person.name {
				t.Errorf("/api/me says %s to %+v", answer.body, client.person)
			}
		}
	}},

	{"another's path is 403 to every method, whether that user exists or not", func(t *testing.T, _ *server, ada, bob client) {
		for _, pair := range [][2]client{{ada, bob}, {bob, ada}} {
			actor, owner := pair[0], pair[1]
			theirs := owner.create(t, "Buy milk")
			nobody := client{actor.url, person{id: "nobody-has-this-id", token: actor.person.token}}
			for _, request := range requestsFor(theirs.ID) {
				foreign := actor.do(t, request.method, owner.tasks()+request.path, request.body).expectProblem(t, 403)
				unknown := nobody.do(t, request.method, nobody.tasks()+request.path, request.body).expectProblem(t, 403)
				expectSameProblem(t, foreign, unknown)
			}
			if diff := cmp.Diff([]task{theirs}, owner.allTasks(t)); diff != "" {
				t.Errorf("the owner's tasks afterwards (-before +after):\n%s", diff)
			}
			owner.delete(t, owner.task(theirs.ID)).expect(t, 204)
		}
	}},

	{"another's task under one's own path is as unknown as one that never was", func(t *testing.T, _ *server, ada, bob client) {
		for _, pair := range [][2]client{{ada, bob}, {bob, ada}} {
			actor, owner := pair[0], pair[1]
			mine := actor.allTasks(t)
			var theirs task
			for theirs.ID <= int64(len(mine)) { // an id that the actor does not have
				theirs = owner.create(t, "Buy milk")
			}
			const never = 123456789
			for i, request := range requestsFor(theirs.ID) {
				if request.path == "" {
					continue // a list and a create are one's own
				}
				foreign := actor.do(t, request.method, actor.tasks()+request.path, request.body).expectProblem(t, 404)
				other := requestsFor(never)[i]
				unknown := actor.do(t, other.method, actor.tasks()+other.path, other.body).expectProblem(t, 404)
				expectSameProblem(t, foreign, unknown)
			}
			if diff := cmp.Diff(theirs, owner.get(t, owner.task(theirs.ID)).expect(t, 200).task(t)); diff != "" {
				t.Errorf("the owner's task afterwards (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(mine, actor.allTasks(t)); diff != "" {
				t.Errorf("the actor's tasks afterwards (-before +after):\n%s", diff)
			}
		}
	}},

	{"nothing but the token says who asks", func(t *testing.T, _ *server, ada, bob client) {
		theirs := bob.create(t, "Buy milk")
		for _, disguise := range []string{"X-User-Id: " + bob.person.id, "X-Original-URL: " + bob.tasks(), "X-HTTP-Method-Override: DELETE"} {
			if tasks := ada.get(t, "/api/me/tasks?user_id="+bob.person.id, disguise).expect(t, 200).tasks(t); len(tasks) != 0 {
				t.Errorf("%s shows %+v", disguise, tasks)
			}
			ada.post(t, bob.tasks(), `{"title":"Mine"}`, disguise).expectProblem(t, 403)
		}
		made := ada.post(t, ada.tasks(), fmt.Sprintf(`{"title":"Mine","user_id":%q,"owner":%[1]q,"id":77}`, bob.person.id)).expect(t, 201).task(t)
		if made.UserID != ada.person.id || made.ID != 1 {
			t.Errorf("the body decided whose task it is: %+v", made)
		}
		anonymous := client{ada.url, person{id: bob.person.id}}
		anonymous.get(t, bob.tasks()+"?access_token="+bob.person.token, "Cookie: better-auth.session_token="+bob.person.token).expectProblem(t, 401)
		if diff := cmp.Diff([]task{theirs}, bob.allTasks(t)); diff != "" {
			t.Errorf("the owner's tasks afterwards (-before +after):\n%s", diff)
		}
	}},

	{"without a good token the answer is 401 with a challenge of RFC 6750", func(t *testing.T, _ *server, ada, _ client) {
		ada.create(t, "Buy milk")
		parts := strings.Split(ada.person.token, ".")
		for token, invalid := range map[string]bool{
			"":                            false,
			"nonsense":                    true,
			parts[0] + "." + parts[1]:     true,
			ada.person.token + "A":        true,
			parts[0] + ".e30." + parts[2]: true,
			base64url([]byte(`{"alg":"none"}`)) + "." + parts[1] + ".": true,
		} {
			stranger := client{ada.url, person{id: ada.person.id, token: token}}
			for _, request := range requestsFor(1) {
				answer := stranger.do(t, request.method, stranger.tasks()+request.path, request.body)
				answer.expectProblem(t, 401)
				challenge := answer.header.Get("WWW-Authenticate")
				if !strings.HasPrefix(challenge, "Bearer") || strings.Contains(challenge, `error="invalid_token"`) != invalid {
					t.Errorf("token %q is challenged with %q", token, challenge)
				}
			}
		}
	}},

	{"an unknown route is 404, another method of a known one 405 with Allow", func(t *testing.T, _ *server, ada, _ client) {
		for _, path := range []string{"/", "/api", "/api/me/lists", ada.tasks() + "/1/2/3", ada.task(1) + "/complete/1"} {
			ada.get(t, path).expectProblem(t, 404)
		}
		for path, method := range map[string]string{ada.tasks(): "PUT", ada.task(1): "POST", ada.task(1) + "/complete": "GET", "/health": "POST"} {
			answer := ada.do(t, method, path, "")
			answer.expectProblem(t, 405)
			if allow := answer.header.Get("Allow"); allow == "" || strings.Contains(allow, method) {
				t.Errorf("%s: Allow %q", answer.request, allow)
			}
		}
	}},

	{"a page of the allowed origin may call and read every answer, others may not", func(t *testing.T, _ *server, ada, bob client) {
		const origin = "http://localhost:3000"
		anonymous := client{url: ada.url}
		preflight := anonymous.do(t, "OPTIONS", ada.task(1), "", "Origin: "+origin,
			"Access-Control-Request-Method: PATCH", "Access-Control-Request-Headers: authorization,content-type").expect(t, 204)
		for header, names := range map[string][]string{
			"Access-Control-Allow-Origin":      {origin},
			"Access-Control-Allow-Credentials": {"true"},
			"Access-Control-Allow-Methods":     {"GET", "POST", "PUT", "PATCH", "DELETE"},
			"Access-Control-Allow-Headers": {
				"authorization", "content-type", "if-match", "if-none-match", "idempotency-key", "last-event-id", "prefer",
			},
		} {
			for _, name := range names {
				if !lists(preflight.header.Get(header), name) {
					t.Errorf("preflight: %s %q without %s", header, preflight.header.Get(header), name)
				}
			}
		}
		for status, answer := range map[int]answer{
			200: ada.get(t, ada.tasks(), "Origin: "+origin),
			401: anonymous.get(t, ada.tasks(), "Origin: "+origin),
			403: ada.get(t, bob.tasks(), "Origin: "+origin),
			404: ada.get(t, ada.task(1), "Origin: "+origin),
			422: ada.post(t, ada.tasks(), `{"title":""}`, "Origin: "+origin),
		} {
			answer.expect(t, status)
			if answer.header.Get("Access-Control-Allow-Origin") != origin || answer.header.Get("Access-Control-Allow-Credentials") != "true" {
				t.Errorf("%s %d is closed to its front end: %v", answer.request, status, answer.header)
			}
			for _, name := range []string{"link", "location", "www-authenticate", "x-request-id", "x-total-count", "etag", "retry-after"} {
				if exposed := answer.header.Get("Access-Control-Expose-Headers"); !lists(exposed, name) {
					t.Errorf("%s %d exposes %q, without %s", answer.request, status, exposed, name)
				}
			}
		}
		for _, answer := range []answer{
			ada.get(t, ada.tasks(), "Origin: https://elsewhere.example"),
			anonymous.do(t, "OPTIONS", ada.tasks(), "", "Origin: https://elsewhere.example", "Access-Control-Request-Method: GET"),
		} {
			if allowed := answer.header.Get("Access-Control-Allow-Origin"); allowed != "" {
				t.Errorf("%s: a foreign origin is allowed: %q", answer.request, allowed)
			}
		}
	}},

	{"health needs no token", func(t *testing.T, s *server, _, _ client) {
		anonymous := s.as(person{})
		if answer := anonymous.get(t, "/health").expect(t, 200); strings.TrimSpace(answer.body) != `{"status":"healthy"}` {
			t.Errorf("/health answers %s", answer.body)
		}
		anonymous.get(t, "/livez").expect(t, 200)
		anonymous.get(t, "/readyz").expect(t, 200)
	}},

	{"a restart loses nothing and gives no id twice", func(t *testing.T, s *server, ada, bob client) {
		clients := []client{ada, bob}
		var before [][]task
		for _, client := range clients {
			for range 3 {
				client.create(t, "Buy milk, müsli & “Brötchen” 🥐")
			}
			client.patch(t, client.task(1)+"/complete", "").expect(t, 200)
			client.put(t, client.task(2), `{"description":"Line one.\nLine two."}`).expect(t, 200)
			client.delete(t, client.task(3)).expect(t, 204)
			before = append(before, client.allTasks(t))
		}
		s.restart(t)
		for i, client := range clients {
			if diff := cmp.Diff(before[i], client.allTasks(t)); diff != "" {
				t.Errorf("tasks (-before +after):\n%s", diff)
			}
			if made := client.create(t, "Buy milk"); made.ID != 4 {
				t.Errorf("the fourth task got id %d", made.ID)
			}
		}
	}},
}

// runContract holds the server to the contract, with persons who come from join.
func runContract(t *testing.T, s *server, join func(*testing.T) person) {
	t.Helper()
	for _, rule := range contract {
		t.Run(rule.sentence, func(t *testing.T) {
			rule.check(t, s, s.as(join(t)), s.as(join(t)))
		})
	}
}

// A request is one to a person's tasks: path comes after [client.tasks].
type request struct{ method, path, body string }

// requestsFor is every operation there is, on the task of that id where it is on one.
func requestsFor(id int64) []request {
	item := fmt.Sprintf("/%d", id)
	return []request{
		{"GET", "", ""},
		{"POST", "", `{"title":"Not yours"}`},
		{"GET", item, ""},
		{"PUT", item, `{"title":"Not yours"}`},
		{"PATCH", item, `{"title":"Not yours"}`},
		{"PATCH", item + "/complete", ""},
		{"PATCH", item + "/complete", `{"completed":true}`},
		{"DELETE", item, ""},
	}
}

func idsOf(tasks []task) []int64 {
	var ids []int64
	for _, task := range tasks {
		ids = append(ids, task.ID)
	}
	return ids
}

// lists tells whether a header's comma-separated list has the name, in any case.
func lists(header, name string) bool {
	for listed := range strings.SplitSeq(header, ",") {
		if strings.EqualFold(strings.TrimSpace(listed), name) {
			return true
		}
	}
	return false
}
