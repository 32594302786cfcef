package httpapi_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/httpapi"
)

// shaped is a choice for the shape of lists.
func shaped(shape httpapi.ListShape) func(*setup) {
	return func(s *setup) { s.options.Variants.List = shape }
}

func TestShapesOfLists(t *testing.T) {
	for shape, queries := range map[httpapi.ListShape]map[string]string{
		"":               {"": "", "?limit=2": ""},
		httpapi.BareList: {"": "", "?limit=2": ""},
		httpapi.TasksList: {
			"":                           `{"total":7,"count":7}`,
			"?limit=2":                   `{"total":7,"count":2}`,
			"?limit=2&offset=6":          `{"total":7,"count":1}`,
			"?status=pending&count=true": `{"total":5,"count":5}`,
			"?priority=high&count=false": `{"total":0,"count":0}`,
		},
		httpapi.ItemsList: {
			"":                      `{"total":7,"limit":1000,"offset":0}`,
			"?limit=2":              `{"total":7,"limit":2,"offset":0}`,
			"?limit=2&offset=6":     `{"total":7,"limit":2,"offset":6}`,
			"?skip=3":               `{"total":7,"limit":50,"offset":3}`,
			"?completed=true":       `{"total":2,"limit":1000,"offset":0}`,
			"?offset=10000&limit=1": `{"total":7,"limit":1,"offset":10000}`,
		},
	} {
		bare := full(t, 7)
		s := full(t, 7, shaped(shape)).unheld()
		for query, rest := range queries {
			want, got := bare.do("GET", "/api/u/tasks"+query, as("u")).want(200), s.do("GET", "/api/u/tasks"+query, as("u")).want(200)
			for _, name := range []string{"Link", "ETag", "Content-Type"} {
				if got.Get(name) != want.Get(name) {
					t.Errorf("%q%s: %s: %q, want %q", shape, query, name, got.Get(name), want.Get(name))
				}
			}
			if rest == "" {
				if string(got.body) != string(want.body) || got.Get("X-Total-Count") != "" {
					t.Errorf("%q%s: answered %s", shape, query, got.body)
				}
				continue
			}
			all := map[string]json.RawMessage{}
			got.decode(&all)
			if tasks := string(all[string(shape)]); tasks != string(want.body) {
				t.Errorf("%q%s: has %s, want %s", shape, query, tasks, want.body)
			}
			delete(all, string(shape))
			left, err := json.Marshal(all)
			if err != nil {
				t.Fatal(err)
			}
			var a, b map[string]int
			(&answer{t: t, body: left}).decode(&a)
			(&answer{t: t, body: []byte(rest)}).decode(&b)
			if diff := cmp.Diff(b, a); diff != "" {
				t.Errorf("%q%s (-want +got):\n%s", shape, query, diff)
			}
			if count := got.Get("X-Total-Count"); count != string(all["total"]) {
				t.Errorf("%q%s: X-Total-Count %s", shape, query, count)
			}
			s.do("GET", "/api/u/tasks"+query, as("u"), header("If-None-Match", `"7"`)).want(304)
		}
	}
}

func TestThePagesOfAShapedList(t *testing.T) {
	s := full(t, 7, shaped(httpapi.ItemsList)).unheld()
	var ids []int
	for at := "/api/u/tasks?limit=3&status=pending"; at != ""; {
		page := s.do("GET", at, as("u")).want(200)
		var list struct {
			Items []task
			Total int
		}
		page.decode(&list)
		if list.Total != 5 {
			t.Errorf("%s: total %d", at, list.Total)
		}
		for _, task := range list.Items {
			ids = append(ids, task.ID)
		}
		at = next(t, page)
	}
	if diff := cmp.Diff([]int{7, 5, 4, 2, 1}, ids); diff != "" {
		t.Error(diff)
	}
	s.create("u", "x")
	s.do("DELETE", "/api/u/tasks/8", as("u")).want(204)
	if got := s.do("GET", "/api/u/trash", as("u")).ids(); len(got) != 1 {
		t.Errorf("the trash is %v", got) // no front end knows it: it has one shape
	}
}

func TestIsCompleted(t *testing.T) {
	s := serve(t, func(s *setup) { s.options.Variants.IsCompleted = true })
	says := func(answer *answer, completed bool) {
		t.Helper()
		var got struct {
			Completed   bool
			IsCompleted *bool `json:"is_completed"`
		}
		if answer.decode(&got); got.Completed != completed || got.IsCompleted == nil || *got.IsCompleted != completed {
			t.Errorf("answered %s, want %t twice", answer.body, completed)
		}
	}
	for body, completed := range map[string]bool{
		`{"title":"x"}`:                                        false,
		`{"title":"x","is_completed":true}`:                    true,
		`{"title":"x","completed":true}`:                       true,
		`{"title":"x","is_completed":false}`:                   false,
		`{"title":"x","is_completed":true,"completed":true}`:   true,
		`{"title":"x","is_completed":false,"completed":false}`: false,
	} {
		says(s.do("POST", "/api/u/tasks", as("u"), header("Prefer", "handling=strict"), raw(body)).want(201), completed)
	}
	for _, step := range []struct {
		path, body string
		completed  bool
	}{
		{"/api/u/tasks/1", `{"is_completed":true}`, true},
		{"/api/u/tasks/1", `{"title":"y"}`, true},
		{"/api/u/tasks/1/complete", `{"is_completed":false}`, false},
		{"/api/u/tasks/1/complete?completed=true", `{"is_completed":true}`, true},
		{"/api/u/tasks/1/complete", `{}`, false},
	} {
		says(s.do("PATCH", step.path, as("u"), raw(step.body)).want(200), step.completed)
		says(s.do("GET", "/api/u/tasks/1", as("u")).want(200), step.completed)
	}
	for path, body := range map[string]string{
		"/api/u/tasks/1":                         `{"completed":true,"is_completed":false}`,
		"/api/u/tasks/2":                         `{"is_completed":null}`,
		"/api/u/tasks/3/complete":                `{"completed":false,"is_completed":true}`,
		"/api/u/tasks/4/complete":                `{"is_completed":"yes"}`,
		"/api/u/tasks/5/complete?completed=true": `{"is_completed":false}`,
	} {
		fields := s.do("PATCH", path, as("u"), raw(body)).refused(422, "validation_failed").fields()
		if want := map[bool]string{true: "completed", false: "is_completed"}[strings.Contains(path, "?")]; fields != want {
			t.Errorf("%s %s: found fault with %q", path, body, fields)
		}
	}
	results := s.do("POST", "/api/u/tasks/batch", as("u"), operations(`{"op":"create","title":"x","is_completed":true}`, `{"op":"complete","id":7,"is_completed":false}`)).want(200)
	if got := results.results(); !got[0].Task.Completed || got[1].Task.Completed || strings.Count(string(results.body), `"is_completed":`) != 2 {
		t.Errorf("answered %s", results.body)
	}
	s.do("POST", "/api/w/import", as("w"), ndjson(string(s.do("GET", "/api/u/export", as("u")).want(200).body))).want(200)

	plain := serve(t)
	got := plain.do("POST", "/api/u/tasks", as("u"), raw(`{"title":"x","is_completed":true}`)).want(201)
	if got.task().Completed || strings.Contains(string(got.body), "is_completed") {
		t.Errorf("without the setting it answered %s", got.body)
	}
}

func TestAliases(t *testing.T) {
	aliases := []string{"/api/tasks", "/api/v1/tasks", "/api/todos"}
	s := serve(t, func(s *setup) { s.options.Variants.Aliases = aliases }).unheld()
	s.create("v", "of v")
	for i, alias := range aliases {
		created := s.do("POST", alias, as("u"), raw(`{"title":"x"}`)).want(201)
		if location := created.Get("Location"); location != alias+"/"+string(rune('1'+i)) {
			t.Errorf("%s: Location %s", alias, location)
		}
		item := created.Get("Location")
		for _, slash := range []string{"", "/"} {
			if got := s.do("GET", alias+slash, as("u")).ids(); len(got) != 1 {
				t.Errorf("%s: listed %v", alias, got)
			}
			if got := s.do("GET", item+slash, as("u")).want(200).task(); got.UserID != "u" {
				t.Errorf("%s: %+v", item, got)
			}
			s.do("PUT", item+slash, as("u"), raw(`{"title":"y"}`)).want(200)
			s.do("PATCH", item+"/complete"+slash, as("u")).want(200)
			s.do("POST", alias+"/batch"+slash, as("u"), operations(`{"op":"complete","id":`+string(rune('1'+i))+`}`)).want(200)
		}
		s.do("HEAD", alias, as("u")).want(200)
		if allow := s.do("PUT", alias, as("u")).want(405).Get("Allow"); !strings.Contains(allow, "POST") || strings.Contains(allow, "PUT") {
			t.Errorf("%s: Allow %s", alias, allow)
		}
		s.do("POST", item, as("u")).refused(405, "method_not_allowed")
		s.do("GET", alias).refused(401, "token_missing")
		s.do("GET", alias+"/1/x", as("u")).refused(404, "route_not_found")
		s.do("GET", alias+"//", as("u")).refused(404, "route_not_found")
		if got := s.do("GET", alias+"?user_id=v", as("u")).ids(); len(got) != 1 {
			t.Errorf("%s: listed %v", alias, got)
		}
		at := next(t, full(t, 2, func(s *setup) { s.options.Variants.Aliases = aliases }).unheld().do("GET", alias+"?limit=1", as("u")))
		if !strings.HasPrefix(at, alias+"?") {
			t.Errorf("%s: the next page is at %s", alias, at)
		}
		s.do("DELETE", item, as("u")).want(204)
		s.do("DELETE", alias+"?confirm=some", as("u")).refused(422, "validation_failed")
	}
	if got := s.do("GET", "/api/tasks", as("v")).ids(); len(got) != 1 {
		t.Errorf("v has %v", got)
	}
	plain := serve(t)
	for _, alias := range []string{"/api/tasks", "/api/todos"} {
		plain.do("GET", alias, as("u")).refused(404, "route_not_found")
		plain.do("POST", alias, as("u"), raw(`{"title":"x"}`)).refused(404, "route_not_found")
	}
	plain.do("GET", "/api/v1/tasks", as("v1")).want(200) // without the setting there can be a user of this name
}

func TestAliasesThatMakeNoSense(t *testing.T) {
	for _, alias := range []string{"", "/", "api/tasks", "/api", "/api/", "/api/me", "/api/:user_id", "/api/*", "/api/tasks/", "/api//tasks", "/tasks", "/health", "/api/a b", "/api/%74", "/api/me/tasks", "/api/v1/v2/tasks", "/api/Tasks"} {
		if httpapi.CheckAlias(alias) == nil {
			t.Errorf("%q was taken", alias)
		}
		if _, err := httpapi.New(nil, nil, nil, nil, httpapi.Options{Variants: httpapi.Variants{Aliases: []string{alias}}}); err == nil {
			t.Errorf("an API with %q was made", alias)
		}
	}
}

func TestShapesAreReadFromText(t *testing.T) {
	for text, want := range map[string]httpapi.ListShape{"array": httpapi.BareList, "tasks": httpapi.TasksList, "items": httpapi.ItemsList} {
		var got httpapi.ListShape
		if err := got.UnmarshalText([]byte(text)); err != nil || got != want {
			t.Errorf("%s is %q: %v", text, got, err)
		}
	}
	for _, text := range []string{"", "Array", "list", "tasks "} {
		if err := new(httpapi.ListShape).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was taken", text)
		}
		options := httpapi.Options{Variants: httpapi.Variants{List: httpapi.ListShape(text)}}
		if _, err := httpapi.New(nil, nil, nil, nil, options); (err == nil) != (text == "") {
			t.Errorf("an API with %q: %v", text, err)
		}
	}
}
