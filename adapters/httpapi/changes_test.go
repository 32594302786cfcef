package httpapi_test

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// feed is a part of an owner's changes.
type feed struct {
	Changes []change
	Next    string
	More    bool
}

type change struct {
	Type      string
	Task      *task
	ID        int
	Version   int
	DeletedAt *time.Time `json:"deleted_at"`
}

// changes asks for what has changed since a token.
func changes(s *service, user, query string) (got feed) {
	s.t.Helper()
	s.do("GET", "/api/me/changes?"+query, as(user)).want(200).decode(&got)
	return got
}

// follow applies changes to what a client has until there are no more, and
// returns the token to go on with.
func follow(s *service, user, token string, limit int, have map[int]task) string {
	s.t.Helper()
	for range 1000 {
		query := url.Values{"limit": {fmt.Sprint(limit)}}
		if token != "" {
			query.Set("since", token)
		}
		part := changes(s, user, query.Encode())
		if len(part.Changes) > limit || part.More && len(part.Changes) != limit {
			s.t.Errorf("%d changes where %d were asked for, more: %t", len(part.Changes), limit, part.More)
		}
		for _, change := range part.Changes {
			if change.Task != nil {
				have[change.Task.ID] = *change.Task
			} else {
				delete(have, change.ID)
			}
		}
		token = part.Next
		if !part.More {
			return token
		}
	}
	s.t.Fatal("the changes do not come to an end")
	return ""
}

func TestChanges(t *testing.T) {
	s := serve(t)
	empty := changes(s, "u", "")
	if len(empty.Changes) > 0 || empty.More || empty.Next == "" {
		t.Errorf("at first there was %+v", empty)
	}
	for range 3 {
		s.create("u", "x")
	}
	s.create("v", "of v")
	s.do("PATCH", "/api/u/tasks/1/complete", as("u")).want(200)
	s.do("DELETE", "/api/u/tasks/2", as("u")).want(204)
	for _, query := range []string{"", "since=" + empty.Next} {
		got := changes(s, "u", query)
		if len(got.Changes) != 3 || got.More {
			t.Fatalf("%s: %+v", query, got)
		}
		if diff := cmp.Diff(s.do("GET", "/api/u/tasks/3", as("u")).task(), *got.Changes[0].Task); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(s.do("GET", "/api/u/tasks/1", as("u")).task(), *got.Changes[1].Task); diff != "" {
			t.Error(diff)
		}
		deleted := dawn.Add(6 * time.Second)
		if diff := cmp.Diff(change{Type: "deleted", ID: 2, Version: 5, DeletedAt: &deleted}, got.Changes[2]); diff != "" {
			t.Error(diff)
		}
		if nothing := changes(s, "u", "since="+got.Next); len(nothing.Changes) > 0 || nothing.More || nothing.Next != got.Next {
			t.Errorf("after all there was %+v", nothing)
		}
	}
}

func TestWhoFollowsTheChangesHasTheTasks(t *testing.T) {
	s := serve(t)
	have, token := map[int]task{}, ""
	steps := []func(i int){
		func(int) { s.create("u", "x") },
		func(i int) { s.do("PATCH", fmt.Sprintf("/api/u/tasks/%d/complete", i/2+1), as("u")) },
		func(int) { s.create("u", "y") },
		func(i int) { s.do("DELETE", fmt.Sprintf("/api/u/tasks/%d", i/3), as("u")) },
		func(i int) { s.do("POST", fmt.Sprintf("/api/u/trash/%d/restore", i/4), as("u")) },
		func(i int) { s.do("DELETE", fmt.Sprintf("/api/u/trash/%d", i/5), as("u")) },
	}
	for i := range 90 {
		steps[i%len(steps)](i)
		if i%7 == 0 {
			token = follow(s, "u", token, i%4+1, have)
		}
	}
	follow(s, "u", token, 1, have)
	var tasks []task
	s.do("GET", "/api/u/tasks?order=asc", as("u")).want(200).decode(&tasks)
	var got []task
	for _, id := range slices.Sorted(maps.Keys(have)) {
		got = append(got, have[id])
	}
	if diff := cmp.Diff(tasks, got); diff != "" || len(tasks) < 10 {
		t.Errorf("has %d of %d tasks (-there +has):\n%s", len(got), len(tasks), diff)
	}
}

func TestChangesSinceNow(t *testing.T) {
	s := serve(t)
	for range 3 {
		s.create("u", "x")
	}
	s.do("DELETE", "/api/u/tasks/1", as("u")).want(204)
	now := changes(s, "u", "since=now")
	if len(now.Changes) > 0 || now.More {
		t.Errorf("now there was %+v", now)
	}
	s.create("u", "new")
	if got := changes(s, "u", "since="+now.Next); len(got.Changes) != 1 || got.Changes[0].Task.Title != "new" {
		t.Errorf("since then there was %+v", got)
	}
}

func TestChangesThatAreForgotten(t *testing.T) {
	s := serve(t, func(s *setup) { s.tasks.TrashRetention = 3 * time.Second })
	s.create("u", "x")
	s.create("u", "y")
	old := changes(s, "u", "").Next
	s.do("DELETE", "/api/u/tasks/1", as("u")).want(204)
	between := changes(s, "u", "").Next
	for range 5 {
		s.create("u", "z")
	}
	s.do("DELETE", "/api/u/tasks/3", as("u")).want(204) // forgets that there was a task 1
	for path, query := range map[string]string{"/api/u/changes": "?since=" + old + "&limit=1", "/api/me/changes": "?since=" + old, "/api/%75/changes/": "?since=" + old} {
		refusal := s.do("GET", path+query, as("u"))
		refusal.refused(410, "changes_forgotten")
		start := "<" + path + `>; rel="start"`
		if path == "/api/%75/changes/" {
			start = `</api/%75/changes>; rel="start"`
		}
		if refusal.Get("Link") != start {
			t.Errorf("Link: %s", refusal.Get("Link"))
		}
	}
	changes(s, "u", "since="+between)
	have := map[int]task{}
	token := follow(s, "u", "", 1, have)
	if diff := cmp.Diff([]int{2, 4, 5, 6, 7}, slices.Sorted(maps.Keys(have))); diff != "" {
		t.Error(diff)
	}
	s.create("u", "new")
	if got := changes(s, "u", "since="+token); len(got.Changes) != 1 {
		t.Errorf("since then there was %+v", got)
	}
	s.do("DELETE", "/api/u/tasks?confirm=all", as("u")).want(204)
	s.do("GET", "/api/u/changes?since="+token, as("u")).refused(410, "changes_forgotten")
	if got := changes(s, "u", ""); len(got.Changes) > 0 {
		t.Errorf("after the erasure there was %+v", got)
	}
}

func TestTokensThatAreNone(t *testing.T) {
	s := serve(t)
	for _, user := range []string{"u", "v"} {
		s.create(user, "x")
		s.create(user, "x")
	}
	token := changes(s, "u", "limit=1").Next
	s.do("GET", "/api/u/changes?since="+token, as("u")).want(200)
	s.do("GET", "/api/v/changes?since="+token, as("v")).refused(422, "invalid_since")
	s.do("GET", "/api/u/tasks?cursor="+token, as("u")).refused(422, "invalid_cursor")
	s.do("GET", "/api/u/trash?cursor="+token, as("u")).refused(422, "invalid_cursor")
	for _, other := range []string{"", "0", "Now", "now%20", "1", token + "A", token[1:], token + "%3D", token + "%0A", "%00", "%FF"} {
		if fields := s.do("GET", "/api/u/changes?since="+other, as("u")).refused(422, "invalid_since").fields(); fields != "since" {
			t.Errorf("%s: found fault with %q", other, fields)
		}
	}
	for i := range token {
		for _, c := range []byte("A_z") {
			if tampered := token[:i] + string(c) + token[i+1:]; tampered != token {
				s.do("GET", "/api/u/changes?since="+tampered, as("u")).refused(422, "invalid_since")
			}
		}
	}
	for query, fields := range map[string]string{"limit=0": "limit", "limit=201&since=x": "limit", "since=now&since=now": "since", "limit=1&limit=1": "limit"} {
		if got := s.do("GET", "/api/u/changes?"+query, as("u")).refused(422, "validation_failed").fields(); got != fields {
			t.Errorf("%s: found fault with %q, want %q", query, got, fields)
		}
	}
	s.do("GET", "/api/u/changes?after=x", as("u"), header("Prefer", "handling=strict")).refused(422, "validation_failed")
	s.do("GET", "/api/u/changes?since=%zz", as("u")).refused(400, "invalid_query")
}
