package httpapi_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// operations is the body of a batch.
func operations(operations ...string) part {
	return raw(`{"operations":[` + strings.Join(operations, ",") + `]}`)
}

// result is what came of an operation.
type result struct {
	Status int
	ID     int
	Task   *task
}

func (a *answer) results() []result {
	a.t.Helper()
	var got struct{ Results []result }
	a.want(200).decode(&got)
	return got.Results
}

func TestBatch(t *testing.T) {
	both(t, func(t *testing.T, s *service, tasks string) {
		s.create("u", "one")
		s.create("u", "two")
		results := s.do("POST", tasks+"/batch", as("u"), operations(
			`{"op":"create","title":"three","priority":"high","tags":["a"],"due_date":"2026-11-22","position":{"before":1}}`,
			`{"op":"update","id":1,"title":"uno","description":"d","if_match":"\"1\""}`,
			`{"op":"complete","id":3}`,
			`{"op":"complete","id":3}`,
			`{"op":"complete","id":2,"completed":true,"if_match":"*"}`,
			`{"op":"delete","id":1,"if_match":"\"4-gzip\""}`,
			`{"op":"create","title":"four","completed":true,"position":{"behind":3}}`,
			`{"op":"update","id":4,"completed":false,"priority":null}`,
			`{"op":"delete","id":4}`,
		)).results()
		var statuses, ids []int
		for i, result := range results {
			statuses, ids = append(statuses, result.Status), append(ids, result.ID)
			if (result.Task == nil) != (result.Status == 204) {
				t.Errorf("%d: answered %+v", i, result)
			}
			if task := result.Task; task != nil && (task.ID != result.ID || task.Version != 3+i) {
				t.Errorf("%d: answered %+v", i, *task)
			}
		}
		if diff := cmp.Diff([]int{201, 200, 200, 200, 200, 204, 201, 200, 204}, statuses); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]int{3, 1, 3, 3, 2, 1, 4, 4, 4}, ids); diff != "" {
			t.Error(diff)
		}
		if results[1].Task.Title != "uno" || !results[2].Task.Completed || results[3].Task.Completed || !results[4].Task.Completed {
			t.Errorf("answered %+v", results)
		}
		if diff := cmp.Diff([]int{3, 2}, order(s)); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(*results[3].Task, s.do("GET", tasks+"/3", as("u")).want(200).task()); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]int{4, 1}, s.do("GET", "/api/me/trash", as("u")).ids()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestABatchIsAllOrNothing(t *testing.T) {
	s := serve(t)
	for range 3 {
		s.create("u", "x")
	}
	s.do("POST", "/api/u/tasks", as("u"), raw(`{"title":"x","position":"0000000000000000"}`)).want(201)
	s.do("DELETE", "/api/u/tasks/3", as("u")).want(204)
	was := state(s, "u")
	good := `{"op":"create","title":"good"}`
	for name, test := range map[string]struct {
		operations []string
		status     int
		parts      []partError
	}{
		"missing":               {[]string{good, `{"op":"delete","id":9}`}, 404, []partError{{1, 404, "task_not_found", nil}}},
		"deleted":               {[]string{good, `{"op":"update","id":3}`}, 404, []partError{{1, 404, "task_not_found", nil}}},
		"no id":                 {[]string{good, `{"op":"complete","id":0}`, `{"op":"complete","id":-1}`}, 404, []partError{{1, 404, "task_not_found", nil}, {2, 404, "task_not_found", nil}}},
		"stale":                 {[]string{`{"op":"delete","id":1,"if_match":"\"2\""}`, good}, 412, []partError{{0, 412, "task_changed", nil}}},
		"weak":                  {[]string{good, `{"op":"delete","id":1,"if_match":"W/\"1\""}`}, 412, []partError{{1, 412, "task_changed", nil}}},
		"no room":               {[]string{good, `{"op":"update","id":1,"position":{"before":4}}`}, 409, []partError{{1, 409, "no_room", nil}}},
		"no place":              {[]string{good, `{"op":"create","title":"x","position":{"before":3}}`}, 422, []partError{{1, 422, "validation_failed", []fieldError{{"position", "must name a task that is there"}}}}},
		"a zone without a date": {[]string{good, `{"op":"update","id":1,"due_zone":"UTC"}`}, 422, []partError{{1, 422, "validation_failed", []fieldError{{"due_zone", "needs a due_date"}}}}},
		"changed by the batch itself": {
			[]string{`{"op":"update","id":1}`, `{"op":"update","id":1,"if_match":"\"1\""}`}, 412, []partError{{1, 412, "task_changed", nil}},
		},
		"several": {
			[]string{`{"op":"delete","id":1,"if_match":"\"9\""}`, good, `{"op":"delete","id":7}`, `{"op":"delete","id":2}`, `{"op":"complete","id":2}`},
			412,
			[]partError{{0, 412, "task_changed", nil}, {2, 404, "task_not_found", nil}, {4, 404, "task_not_found", nil}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			refusal := s.do("POST", "/api/u/tasks/batch", as("u"), operations(test.operations...)).refused(test.status, "batch_failed")
			if diff := cmp.Diff(test.parts, refusal.Parts); diff != "" {
				t.Error(diff)
			}
			if state(s, "u") != was {
				t.Errorf("left %s", state(s, "u"))
			}
		})
	}
	s.do("POST", "/api/u/tasks/batch", as("u"), operations(`{"op":"delete","id":9}`)).refused(404, "task_not_found")
	s.create("v", "of v")
	s.do("POST", "/api/v/tasks/batch", as("v"), operations(`{"op":"delete","id":2}`)).refused(404, "task_not_found")
}

func TestBatchesAtFault(t *testing.T) {
	s := serve(t)
	s.create("u", "x")
	many := func(count int) string {
		return `{"operations":[` + strings.Repeat(`{"op":"complete","id":1},`, count-1) + `{"op":"complete","id":1}]}`
	}
	for body, fields := range map[string]string{
		`{}`:                             "operations",
		`{"operations":null}`:            "operations",
		`{"operations":{}}`:              "operations",
		`{"operations":[]}`:              "operations",
		`{"operations":"create"}`:        "operations",
		many(101):                        "operations",
		`[]`:                             "body",
		`{"operations":[null,1,"x",[]]}`: "operations/0/operation operations/1/operation operations/2/operation operations/3/operation",
		`{"operations":[{}]}`:            "operations/0/op",
		`{"operations":[{"op":null}]}`:   "operations/0/op",
		`{"operations":[{"op":"Create","title":"x"},{"op":""}]}`:             "operations/0/op operations/1/op",
		`{"operations":[{"op":"restore","id":1}]}`:                           "operations/0/op",
		`{"operations":[{"op":"create"},{"op":"create","title":"x"}]}`:       "operations/0/title",
		`{"operations":[{"op":"create","title":" ","priority":"x"}]}`:        "operations/0/title operations/0/priority",
		`{"operations":[{"op":"update"},{"op":"complete"},{"op":"delete"}]}`: "operations/0/id operations/1/id operations/2/id",
		`{"operations":[{"op":"delete","id":"1"}]}`:                          "operations/0/id",
		`{"operations":[{"op":"delete","id":1.0}]}`:                          "operations/0/id",
		`{"operations":[{"op":"delete","id":null}]}`:                         "operations/0/id",
		`{"operations":[{"op":"delete","id":9223372036854775808}]}`:          "operations/0/id",
		`{"operations":[{"op":"complete","id":1,"completed":1}]}`:            "operations/0/completed",
		`{"operations":[{"op":"update","id":1,"title":null,"tags":"a"}]}`:    "operations/0/title operations/0/tags",
		`{"operations":[{"op":"delete","id":1,"if_match":1}]}`:               "operations/0/if_match",
		`{"operations":[{"op":"delete","id":1,"if_match":""}]}`:              "operations/0/if_match",
		`{"operations":[{"op":"delete","id":1,"if_match":"1"}]}`:             "operations/0/if_match",
		`{"operations":[{"op":"delete","id":1,"if_match":"\"1\",\"2\""}]}`:   "operations/0/if_match",
	} {
		if got := s.do("POST", "/api/u/tasks/batch", as("u"), raw(body)).refused(422, "validation_failed").fields(); got != fields {
			t.Errorf("%.80s: found fault with %q, want %q", body, got, fields)
		}
	}
	if got := s.do("GET", "/api/u/tasks", as("u")).ids(); len(got) != 1 {
		t.Errorf("refused batches left tasks %v", got)
	}
	if got := len(s.do("POST", "/api/u/tasks/batch", as("u"), raw(many(100))).results()); got != 100 {
		t.Errorf("a hundred operations had %d results", got)
	}
}

func TestABatchThatIsStrict(t *testing.T) {
	s := serve(t)
	s.create("u", "x")
	body := `{"atomic":true,"operations":[{"op":"complete","id":1,"title":"x"},{"op":"create","title":"x","if_match":"*","id":4}]}`
	fields := s.do("POST", "/api/u/tasks/batch", as("u"), header("Prefer", "handling=strict"), raw(body)).refused(422, "validation_failed").fields()
	if fields != "atomic" {
		t.Errorf("found fault with %q", fields)
	}
	body = strings.Replace(body, `"atomic":true,`, ``, 1)
	fields = s.do("POST", "/api/u/tasks/batch", as("u"), header("Prefer", "handling=strict"), raw(body)).refused(422, "validation_failed").fields()
	if fields != "operations/0/title operations/1/id operations/1/if_match" {
		t.Errorf("found fault with %q", fields)
	}
	if got := s.do("POST", "/api/u/tasks/batch", as("u"), raw(body)).results(); len(got) != 2 || got[1].ID != 2 {
		t.Errorf("answered %+v", got)
	}
}

func TestABatchCanBeLarge(t *testing.T) {
	s := serve(t)
	padded := func(size int) part {
		body := `{"operations":[{"op":"create","title":"x"}]`
		return raw(body + strings.Repeat(" ", size-len(body)-1) + `}`)
	}
	s.do("POST", "/api/u/tasks/batch", as("u"), padded(1<<20)).want(200)
	s.do("POST", "/api/u/tasks/batch", as("u"), padded(1<<20+1)).refused(413, "body_too_large")
}

func TestABatchHasToSayWhatItHasSeen(t *testing.T) {
	s := serve(t, func(s *setup) { s.options.RequireIfMatch = true })
	s.create("u", "x")
	refusal := s.do("POST", "/api/u/tasks/batch", as("u"), operations(
		`{"op":"create","title":"x"}`, `{"op":"update","id":1}`, `{"op":"complete","id":1,"if_match":"*"}`, `{"op":"delete","id":9}`,
	)).refused(428, "batch_failed")
	if diff := cmp.Diff([]partError{{1, 428, "precondition_required", nil}, {3, 428, "precondition_required", nil}}, refusal.Parts); diff != "" {
		t.Error(diff)
	}
	s.do("POST", "/api/u/tasks/batch", as("u"), operations(`{"op":"update","id":1}`, `{"op":"update","title":1}`)).refused(422, "validation_failed")
	if got := s.do("GET", "/api/u/tasks", as("u")).ids(); !slices.Equal(got, []int{1}) {
		t.Errorf("a refused batch left %v", got)
	}
	results := s.do("POST", "/api/u/tasks/batch", as("u"), operations(`{"op":"create","title":"x"}`, `{"op":"delete","id":1,"if_match":"\"1\""}`)).results()
	if len(results) != 2 {
		t.Errorf("answered %+v", results)
	}
}

func TestAnItemCalledBatchIsNone(t *testing.T) {
	s := serve(t)
	s.create("u", "x")
	for _, method := range []string{"PUT", "PATCH"} {
		s.do(method, "/api/u/tasks/batch", as("u"), raw(`{}`)).refused(404, "task_not_found")
	}
	s.do("GET", "/api/u/tasks/batch", as("u")).refused(404, "task_not_found")
	s.do("DELETE", "/api/me/tasks/batch", as("u")).refused(404, "task_not_found")
	s.do("PATCH", fmt.Sprintf("/api/u/tasks/%s/complete", "batch"), as("u")).refused(404, "task_not_found")
}
