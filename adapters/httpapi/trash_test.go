package httpapi_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTrash(t *testing.T) {
	for _, user := range []string{"/api/u", "/api/me"} {
		t.Run(user, func(t *testing.T) {
			s := serve(t)
			for range 3 {
				s.create("u", "x")
			}
			if nothing := s.do("GET", user+"/trash", as("u")).want(200).body; string(nothing) != "[]" {
				t.Errorf("at first there was %s", nothing)
			}
			edited := s.do("PATCH", user+"/tasks/2", as("u"), raw(`{"description":"d","tags":["a"],"due_date":"2026-11-22","completed":true}`)).want(200).task()
			s.do("DELETE", user+"/tasks/2", as("u")).want(204)
			s.do("DELETE", user+"/tasks/1", as("u")).want(204)

			if diff := cmp.Diff([]int{1, 2}, s.do("GET", user+"/trash", as("u")).ids()); diff != "" {
				t.Errorf("the last deleted comes first (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]int{3}, s.do("GET", user+"/tasks", as("u")).ids()); diff != "" {
				t.Error(diff)
			}
			var deleted []task
			s.do("GET", user+"/trash?limit=200", as("u")).want(200).decode(&deleted)
			want := edited
			want.Version, want.UpdatedAt, want.DeletedAt = 5, *later(edited.UpdatedAt), later(edited.UpdatedAt)
			if diff := cmp.Diff(want, deleted[1]); diff != "" {
				t.Errorf("in the trash (-want +got):\n%s", diff)
			}

			restored := s.do("POST", user+"/trash/2/restore", as("u")).want(200)
			want.Version, want.DeletedAt = 7, nil
			got := restored.task()
			want.UpdatedAt = got.UpdatedAt
			if diff := cmp.Diff(want, got); diff != "" || !got.UpdatedAt.After(*deleted[1].DeletedAt) || restored.Get("ETag") != `"7"` {
				t.Errorf("restored at %v with the tag %s (-want +got):\n%s", got.UpdatedAt, restored.Get("ETag"), diff)
			}
			if diff := cmp.Diff(got, s.do("GET", user+"/tasks/2", as("u")).want(200).task()); diff != "" {
				t.Error(diff)
			}

			if gone := s.do("DELETE", user+"/trash/1", as("u")).want(204); len(gone.body) > 0 {
				t.Errorf("answered %s", gone.body)
			}
			for _, id := range []string{"1", "2", "3", "9", "x"} { // purged, restored, never deleted, never there
				s.do("POST", user+"/trash/"+id+"/restore", as("u")).refused(404, "task_not_found")
				s.do("DELETE", user+"/trash/"+id, as("u")).refused(404, "task_not_found")
			}
			s.create("u", "y")
			if diff := cmp.Diff([]int{4, 3, 2}, s.do("GET", user+"/tasks", as("u")).ids()); diff != "" {
				t.Errorf("an id was given twice (-want +got):\n%s", diff)
			}
		})
	}
}

func TestThePagesOfTheTrash(t *testing.T) {
	s := serve(t)
	for i := range 60 {
		s.create("u", "x")
		s.do("DELETE", fmt.Sprintf("/api/u/tasks/%d", i+1), as("u")).want(204)
	}
	for query, want := range map[string][]int{"": {50, 10}, "?limit=60": {60}, "?limit=25": {25, 25, 10}, "?limit=200": {60}} {
		next := 60
		for i, page := range pages(s, "u", "/api/u/trash"+query) {
			if i >= len(want) || len(page) != want[i] {
				t.Errorf("%s: page %d has %d tasks, want %v", query, i, len(page), want)
			}
			for _, id := range page {
				if id != next {
					t.Fatalf("%s: %d is where %d should be", query, id, next)
				}
				next--
			}
		}
	}
	first := s.do("GET", "/api/u/trash?limit=2", as("u"))
	s.do("DELETE", "/api/u/trash/59", as("u")).want(204) // the one that the cursor names
	s.do("POST", "/api/u/trash/57/restore", as("u")).want(200)
	s.create("u", "x")
	s.do("DELETE", "/api/u/tasks/61", as("u")).want(204)
	if diff := cmp.Diff([]int{58, 56}, s.do("GET", next(t, first), as("u")).ids()); diff != "" {
		t.Error(diff)
	}
	for query, fields := range map[string]string{"limit=0": "limit", "limit=201": "limit", "limit=x&cursor=1&cursor=2": "cursor limit"} {
		if got := s.do("GET", "/api/u/trash?"+query, as("u")).refused(422, "validation_failed").fields(); got != fields {
			t.Errorf("%s: found fault with %q, want %q", query, got, fields)
		}
	}
	for _, cursor := range []string{"", "x", "AAAA", "AgAAAAAAAAAAAA"} {
		s.do("GET", "/api/u/trash?cursor="+cursor, as("u")).refused(422, "invalid_cursor")
	}
	s.do("GET", "/api/u/trash?status=all", as("u"), header("Prefer", "handling=strict")).refused(422, "validation_failed")
	s.do("GET", "/api/u/trash?a=%zz", as("u")).refused(400, "invalid_query")
}

func TestTheTrashIsEmptiedByTime(t *testing.T) {
	s := serve(t, func(s *setup) { s.tasks.TrashRetention = 5 * time.Second })
	s.create("u", "x")
	s.do("DELETE", "/api/u/tasks/1", as("u")).want(204) // at the second 2 of the clock, which goes on with each of these:
	for i, want := range []int{1, 1, 1, 1, 0, 0} {
		if got := s.do("GET", "/api/u/trash", as("u")).ids(); len(got) != want {
			t.Errorf("%d seconds later it has %v", i+1, got)
		}
	}
	s.do("POST", "/api/u/trash/1/restore", as("u")).refused(404, "task_not_found")
	s.do("DELETE", "/api/u/trash/1", as("u")).refused(404, "task_not_found")
	s.do("GET", "/api/u/tasks/1", as("u")).refused(404, "task_not_found")
}

func TestEraseNeedsAConfirmation(t *testing.T) {
	for _, tasks := range []string{"/api/u/tasks", "/api/me/tasks"} {
		s := serve(t)
		for _, user := range []string{"u", "v"} {
			for range 3 {
				s.create(user, "x")
			}
			s.do("DELETE", "/api/me/tasks/2", as(user)).want(204)
		}
		was := state(s, "u")
		for _, query := range []string{"", "?confirm=", "?confirm=ALL", "?confirm=true", "?confirm=all&confirm=all", "?confirm", "?all=confirm"} {
			refusal := s.do("DELETE", tasks+query, as("u"), raw(`{"confirm":"all"}`)).refused(422, "validation_failed")
			if refusal.Errors[0].Field != "confirm" {
				t.Errorf("%s: found fault with %v", query, refusal.Errors)
			}
		}
		s.do("DELETE", tasks+"?confirm=all&x=1", as("u"), header("Prefer", "handling=strict")).refused(422, "validation_failed")
		s.do("DELETE", tasks+"?confirm=all;", as("u")).refused(400, "invalid_query")
		if state(s, "u") != was {
			t.Errorf("a refused request left %s", state(s, "u"))
		}
		s.do("DELETE", tasks+"?confirm=all", as("u")).want(204)
		s.do("DELETE", tasks+"?confirm=all", as("u")).want(204)
		if got := state(s, "u"); got != "[][]" {
			t.Errorf("left %s", got)
		}
		if got := s.do("GET", "/api/me/tasks", as("v")).ids(); len(got) != 2 {
			t.Errorf("v has %v", got)
		}
		s.create("u", "y")
		if got := s.do("GET", tasks, as("u")).ids(); len(got) != 1 || got[0] != 4 {
			t.Errorf("the next task is %v: an id was given twice", got)
		}
	}
}
