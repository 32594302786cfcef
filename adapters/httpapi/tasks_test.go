package httpapi_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// both runs a test below the user's own path and below /api/me.
func both(t *testing.T, test func(t *testing.T, s *service, tasks string)) {
	for _, tasks := range []string{"/api/u/tasks", "/api/me/tasks"} {
		t.Run(tasks, func(t *testing.T) { test(t, serve(t), tasks) })
	}
}

func TestCreate(t *testing.T) {
	both(t, func(t *testing.T, s *service, tasks string) {
		answer := s.do("POST", tasks, as("u"), raw(`{"title":"  milk <&> \u2028 ","description":"two","completed":true}`)).want(201)
		want := `{"id":1,"user_id":"u","title":"milk <&>","description":"two",` +
			`"completed":true,"completed_at":"2026-01-02T03:04:06.6789Z","priority":"medium","tags":[],` +
			`"due_date":null,"due_zone":null,"position":"4000000000000001","version":1,` +
			`"created_at":"2026-01-02T03:04:06.6789Z","updated_at":"2026-01-02T03:04:06.6789Z"}`
		if string(answer.body) != want {
			t.Errorf("got  %s\nwant %s", answer.body, want)
		}
		if location := answer.Get("Location"); location != tasks+"/1" {
			t.Errorf("Location %q", location)
		}
		if length := answer.Get("Content-Length"); length != fmt.Sprint(len(want)) {
			t.Errorf("Content-Length %q", length)
		}
		if media := answer.Get("Content-Type"); media != "application/json" {
			t.Errorf("Content-Type %q", media)
		}
		if tag := answer.Get("ETag"); tag != `"1"` {
			t.Errorf("ETag %s", tag)
		}
	})
}

func TestCreateTakesWhatIsLeftOut(t *testing.T) {
	both(t, func(t *testing.T, s *service, tasks string) {
		for _, body := range []string{`{"title":"milk"}`, `{"title":"milk","description":null}`} {
			got := s.do("POST", tasks, as("u"), raw(body)).want(201).task()
			if got.Description != nil || got.Completed || got.CompletedAt != nil || got.DueDate != nil || got.Priority != "medium" || len(got.Tags) > 0 {
				t.Errorf("%s made %+v", body, got)
			}
		}
	})
}

func TestCreateHonoursNoMemberThatIsNotTheClients(t *testing.T) {
	both(t, func(t *testing.T, s *service, tasks string) {
		got := s.do("POST", tasks, as("u"), raw(
			`{"title":"milk","id":77,"user_id":"v","owner":"v","created_at":"1999-01-01T00:00:00Z","updated_at":"2999-01-01T00:00:00Z",`+
				`"completed_at":"1999-01-01T00:00:00Z","deleted_at":"1999-01-01T00:00:00Z","version":9,"Completed":true,"starred":{"a":[1]}}`,
		)).want(201).task()
		want := task{
			ID: 1, UserID: "u", Title: "milk", Priority: "medium", Tags: []string{}, Position: "4000000000000001", Version: 1,
			CreatedAt: dawn.Add(time.Second), UpdatedAt: dawn.Add(time.Second),
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if ids := s.do("GET", "/api/me/tasks", as("v")).ids(); len(ids) > 0 {
			t.Errorf("v has tasks %v", ids)
		}
	})
}

func TestGet(t *testing.T) {
	both(t, func(t *testing.T, s *service, tasks string) {
		created := s.do("POST", tasks, as("u"), raw(`{"title":"milk","description":""}`)).want(201)
		got := s.do("GET", tasks+"/1", as("u")).want(200)
		if string(got.body) != string(created.body) {
			t.Errorf("got %s, created %s", got.body, created.body)
		}
		s.do("GET", tasks+"/2", as("u")).refused(404, "task_not_found")
	})
}

func TestUpdateIsPartial(t *testing.T) {
	both(t, func(t *testing.T, s *service, tasks string) {
		text := "two"
		for _, method := range []string{"PUT", "PATCH"} {
			created := s.do("POST", tasks, as("u"), raw(`{"title":"milk","description":"two"}`)).want(201).task()
			item := fmt.Sprintf("%s/%d", tasks, created.ID)
			want := created
			for _, step := range []struct {
				body string
				set  func()
			}{
				{`{}`, func() {}},
				{`{"title":" bread "}`, func() { want.Title = "bread" }},
				{`{"completed":true,"user_id":"v","id":5}`, func() { want.Completed, want.CompletedAt = true, later(want.UpdatedAt) }},
				{`{"completed":true}`, func() {}},
				{`{"description":null}`, func() { want.Description = nil }},
				{`{"description":"two","completed":false}`, func() { want.Description, want.Completed, want.CompletedAt = &text, false, nil }},
			} {
				step.set()
				want.UpdatedAt = *later(want.UpdatedAt)
				want.Version++
				got := s.do(method, item, as("u"), raw(step.body)).want(200).task()
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s %s (-want +got):\n%s", method, step.body, diff)
				}
			}
			if diff := cmp.Diff(want, s.do("GET", item, as("u")).want(200).task()); diff != "" {
				t.Errorf("after %s (-want +got):\n%s", method, diff)
			}
		}
	})
}

// later is when the next change happens.
func later(t time.Time) *time.Time {
	t = t.Add(time.Second)
	return &t
}

func TestUpdateTakesAMergePatch(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	for _, media := range []string{
		"application/merge-patch+json", "application/json; charset=utf-8", `Application/JSON;charset="UTF-8"`,
	} {
		got := s.do("PATCH", "/api/u/tasks/1", as("u"), content(`{"title":"`+media[:5]+`"}`), header("Content-Type", media)).want(200).task()
		if got.Title != media[:5] {
			t.Errorf("%s: title %q", media, got.Title)
		}
	}
}

func TestComplete(t *testing.T) {
	both(t, func(t *testing.T, s *service, tasks string) {
		s.create("u", "milk")
		complete := tasks + "/1/complete"
		for i, step := range []struct {
			query, body string
			want        bool
		}{
			{"", "", true},
			{"", "", false},
			{"", `{}`, true},
			{"", `{"completed":true}`, true},
			{"", `{"completed":false,"starred":1}`, false},
			{"?completed=false", "", false},
			{"?completed=true", "", true},
			{"?completed=true", `{"completed":true}`, true},
			{"?completed=false", `{}`, false},
		} {
			parts := []part{as("u")}
			if step.body != "" {
				parts = append(parts, raw(step.body))
			}
			if got := s.do("PATCH", complete+step.query, parts...).want(200).task(); got.Completed != step.want {
				t.Errorf("step %d: %q %q: completed %t", i, step.query, step.body, got.Completed)
			}
		}
		for query, body := range map[string]string{
			"?completed=true":                 `{"completed":false}`,
			"?completed=yes":                  ``,
			"?completed=true&completed=true":  ``,
			"?completed=false&completed=true": ``,
			"?":                               `{"completed":null}`,
			"?a":                              `{"completed":"true"}`,
			"?b":                              `{"completed":1}`,
		} {
			parts := []part{as("u")}
			if body != "" {
				parts = append(parts, raw(body))
			}
			if fields := s.do("PATCH", complete+query, parts...).refused(422, "validation_failed").fields(); fields != "completed" {
				t.Errorf("%s %s: found fault with %q", query, body, fields)
			}
		}
		if s.do("GET", tasks+"/1", as("u")).want(200).task().Completed {
			t.Error("a refused request changed the task")
		}
	})
}

func TestDelete(t *testing.T) {
	both(t, func(t *testing.T, s *service, tasks string) {
		s.create("u", "milk")
		if gone := s.do("DELETE", tasks+"/1", as("u"), header("Content-Type", "application/json")).want(204); len(gone.body) > 0 {
			t.Errorf("answered %q", gone.body)
		}
		s.do("DELETE", tasks+"/1", as("u")).refused(404, "task_not_found")
		s.do("GET", tasks+"/1", as("u")).refused(404, "task_not_found")
		s.do("PUT", tasks+"/1", as("u"), raw(`{"title":"x"}`)).refused(404, "task_not_found")
		s.do("PATCH", tasks+"/1/complete", as("u")).refused(404, "task_not_found")
	})
}

func TestATrailingSlashIsServedWithoutARedirect(t *testing.T) {
	both(t, func(t *testing.T, s *service, tasks string) {
		location := s.do("POST", tasks+"/", as("u"), raw(`{"title":"milk"}`)).want(201).Get("Location")
		if location != tasks+"/1" {
			t.Errorf("Location %q", location)
		}
		s.do("GET", tasks+"/", as("u")).want(200)
		s.do("GET", tasks+"/1/", as("u")).want(200)
		s.do("PATCH", tasks+"/1/complete/", as("u")).want(200)
		s.do("GET", "/health/").want(200)
		s.do("GET", "/api/%75/tasks/1/", as("u")).want(200)
		s.do("GET", tasks+"//", as("u")).refused(404, "route_not_found")
		s.do("GET", tasks+"/1//", as("u")).refused(404, "route_not_found")
	})
}

func TestMe(t *testing.T) {
	s := serve(t)
	want := `{"id":"alice","email":"alice@example.org","name":"Alice \"<&>\" A.",` +
		`"created_at":"2026-01-02T03:04:05.6789Z","updated_at":"2026-01-02T04:04:05.6789Z"}`
	if got := s.do("GET", "/api/me", as("alice")).want(200).body; string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	want = `{"id":"u","email":null,"name":null,"created_at":null,"updated_at":null}`
	if got := s.do("GET", "/api/me", as("u")).want(200).body; string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	s.do("GET", "/api/me").refused(401, "token_missing")
}

func TestStrictHandlingNamesWhatIsNotKnown(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	for _, prefer := range []string{"handling=strict", `respond-async, Handling="strict"; x=1`, "handling = strict"} {
		for name, request := range map[string]*answer{
			"id starred title": s.do("POST", "/api/u/tasks", as("u"), header("Prefer", prefer), raw(`{"title":1,"starred":2,"id":3}`)),
			"starred":          s.do("PUT", "/api/u/tasks/1", as("u"), header("Prefer", prefer), raw(`{"starred":true}`)),
			"a b":              s.do("PATCH", "/api/u/tasks/1/complete?b=1", as("u"), header("Prefer", prefer), raw(`{"a":1}`)),
			"colour page":      s.do("GET", "/api/u/tasks?colour=x&page=1&search=x", as("u"), header("Prefer", prefer)),
		} {
			got := strings.Fields(request.refused(422, "validation_failed").fields())
			want := strings.Fields(name)
			if len(got) != len(want) {
				t.Errorf("Prefer: %s: found fault with %v, want %v", prefer, got, want)
			}
			for _, field := range want {
				if !strings.Contains(strings.Join(got, " "), field) {
					t.Errorf("Prefer: %s: found fault with %v, want %v", prefer, got, want)
				}
			}
		}
	}
	for _, prefer := range []string{"", "handling=lenient, handling=strict", "return=minimal", "handling", "strict"} {
		s.do("PUT", "/api/u/tasks/1", as("u"), header("Prefer", prefer), raw(`{"starred":true}`)).want(200)
		s.do("GET", "/api/u/tasks?colour=x", as("u"), header("Prefer", prefer)).want(200)
	}
}
