package httpapi_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// names is a JSON array of so many different tags, of so many runes each.
func names(count, runes int) string {
	all := make([]string, count)
	for i := range all {
		all[i] = fmt.Sprintf("%s%02d", strings.Repeat("é", runes-2), i)
	}
	text, _ := json.Marshal(all)
	return string(text)
}

// members are those of a JSON object, undecoded.
func members(t testing.TB, text []byte) map[string]string {
	t.Helper()
	var undecoded map[string]json.RawMessage
	if err := json.Unmarshal(text, &undecoded); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	members := map[string]string{}
	for name, value := range undecoded {
		members[name] = string(value)
	}
	return members
}

func TestFieldsComeBackAsTheyWere(t *testing.T) {
	for sent, want := range map[string]map[string]string{
		`{"priority":"low"}`:                                   {"priority": `"low"`},
		`{"priority":"medium"}`:                                {"priority": `"medium"`},
		`{"priority":"high"}`:                                  {"priority": `"high"`},
		`{"priority":null}`:                                    {"priority": `"medium"`},
		`{"tags":["b","a","B","é"," ein  Wort "]}`:             {"tags": `["b","a","B","é","ein  Wort"]`},
		`{"tags":[]}`:                                          {"tags": `[]`},
		`{"tags":null}`:                                        {"tags": `[]`},
		`{"tags":` + names(20, 50) + `}`:                       {"tags": names(20, 50)},
		`{"due_date":"2026-11-22"}`:                            {"due_date": `"2026-11-22"`, "due_zone": "null"},
		`{"due_date":"0001-01-01"}`:                            {"due_date": `"0001-01-01"`},
		`{"due_date":"9999-12-31T23:59:59Z"}`:                  {"due_date": `"9999-12-31T23:59:59Z"`},
		`{"due_date":"2026-11-22T17:00:00+01:00"}`:             {"due_date": `"2026-11-22T17:00:00+01:00"`},
		`{"due_date":"2026-11-22T17:00:00.123456789-23:59"}`:   {"due_date": `"2026-11-22T17:00:00.123456789-23:59"`},
		`{"due_date":"2024-02-29","due_zone":"Europe/Berlin"}`: {"due_date": `"2024-02-29"`, "due_zone": `"Europe/Berlin"`},
		`{"due_zone":"America/Argentina/Ushuaia","due_date":"2026-1` + `1-22T00:00:00Z"}`: {
			"due_date": `"2026-11-22T00:00:00Z"`, "due_zone": `"America/Argentina/Ushuaia"`,
		},
		`{"due_date":null,"due_zone":null}`:  {"due_date": "null", "due_zone": "null"},
		`{"position":"4000000000000000V"}`:   {"position": `"4000000000000000V"`},
		`{"position":"0000000000000000"}`:    {"position": `"0000000000000000"`},
		`{"position":"7fffffffffffffffzzz"}`: {"position": `"7fffffffffffffffzzz"`},
		`{"position":null}`:                  {"position": `"4000000000000001"`},
		`{"completed":true}`:                 {"completed": "true", "completed_at": `"2026-01-02T03:04:07.6789Z"`},
	} {
		t.Run(fmt.Sprintf("%.40s", sent), func(t *testing.T) {
			both(t, func(t *testing.T, s *service, tasks string) {
				s.create("u", "first") // has the moment and the place that the others are compared with
				created := s.do("POST", tasks, as("u"), raw(`{"title":"x",`+sent[1:])).want(201).body
				for _, method := range []string{"PUT", "PATCH"} {
					s = serve(t)
					s.create("u", "x")
					edited := s.do(method, tasks+"/1", as("u"), raw(sent)).want(200).body
					held := s.do("GET", tasks+"/1", as("u")).want(200).body
					for name, value := range want {
						if got := members(t, edited)[name]; got != value {
							t.Errorf("%s %s left %s", method, name, got)
						}
						if got := members(t, held)[name]; got != value {
							t.Errorf("GET after %s: %s is %s", method, name, got)
						}
					}
				}
				want := maps.Clone(want)
				if sent == `{"position":null}` {
					want["position"] = `"4000000000000002"` // that of its own id
				}
				for name, value := range want {
					if got := members(t, created)[name]; got != value {
						t.Errorf("POST %s made %s", name, got)
					}
				}
			})
		})
	}
}

func TestFieldsAtFault(t *testing.T) {
	s := serve(t)
	s.create("u", "x")
	for body, fields := range map[string]string{
		`{"priority":"urgent"}`:                            "priority",
		`{"priority":"High"}`:                              "priority",
		`{"priority":""}`:                                  "priority",
		`{"priority":2}`:                                   "priority",
		`{"tags":"a"}`:                                     "tags",
		`{"tags":{"0":"a"}}`:                               "tags",
		`{"tags":[1]}`:                                     "tags",
		`{"tags":[null]}`:                                  "tags",
		`{"tags":["a",["b"]]}`:                             "tags",
		`{"tags":["a","b","a"]}`:                           "tags",
		`{"tags":["a"," a "]}`:                             "tags",
		`{"tags":[""]}`:                                    "tags",
		`{"tags":["\u200b"]}`:                              "tags",
		`{"tags":["a\nb"]}`:                                "tags",
		`{"tags":["a\u0000b"]}`:                            "tags",
		`{"tags":` + names(21, 5) + `}`:                    "tags",
		`{"tags":` + names(1, 51) + `}`:                    "tags",
		`{"due_date":""}`:                                  "due_date",
		`{"due_date":"tomorrow"}`:                          "due_date",
		`{"due_date":"2026-11-31"}`:                        "due_date",
		`{"due_date":"2026-2-1"}`:                          "due_date",
		`{"due_date":"2026-11-22 17:00:00Z"}`:              "due_date",
		`{"due_date":"2026-11-22T17:00:00"}`:               "due_date",
		`{"due_date":"2026-11-22T25:00:00Z"}`:              "due_date",
		`{"due_date":"2026-11-22T1:00:00Z"}`:               "due_date",
		`{"due_date":"2026-11-22T17:00:00,5Z"}`:            "due_date",
		`{"due_date":"0000-12-31"}`:                        "due_date",
		`{"due_date":"9999-12-31T23:59:59-00:01"}`:         "due_date",
		`{"due_date":"2026-11-22T17:00:00.0000000000Z"}`:   "due_date",
		`{"due_date":"2026-11-22T17:00:00+24:00"}`:         "due_date",
		`{"due_date":"2026-11-22\u0000"}`:                  "due_date",
		`{"due_date":20261122}`:                            "due_date",
		`{"due_date":"2026-11-22","due_zone":""}`:          "due_zone",
		`{"due_date":"2026-11-22","due_zone":"Local"}`:     "due_zone",
		`{"due_date":"2026-11-22","due_zone":"Berlin"}`:    "due_zone",
		`{"due_date":"2026-11-22","due_zone":"../etc"}`:    "due_zone",
		`{"due_date":"2026-11-22","due_zone":"/UTC"}`:      "due_zone",
		`{"due_date":"2026-11-22","due_zone":"UTC\u0000"}`: "due_zone",
		`{"due_date":"2026-11-22","due_zone":1}`:           "due_zone",
		`{"due_zone":"UTC"}`:                               "due_zone",
		`{"due_zone":"UTC","due_date":null}`:               "due_zone",
		`{"due_zone":"X","due_date":"Y","priority":"Z","tags":[1],"completed":2,"position":3}`: "completed tags position",
		`{"due_zone":"X","due_date":"Y","priority":"Z","tags":["a","a"]}`:                      "priority tags due_date due_zone",
	} {
		for _, write := range writes[:3] {
			if got := s.do(write.method, write.path, as("u"), raw(`{"title":"x",`+body[1:])).refused(422, "validation_failed").fields(); got != fields {
				t.Errorf("%s %s: found fault with %q, want %q", write.method, body, got, fields)
			}
		}
	}
	if got := s.do("GET", "/api/u/tasks", as("u")).ids(); len(got) != 1 {
		t.Errorf("refused bodies left tasks %v", got)
	}
	if got := s.do("GET", "/api/u/tasks/1", as("u")).want(200).task(); got.Version != 1 {
		t.Errorf("refused bodies left %+v", got)
	}
}

// TestAnEditOfTheDueDate goes through what a merge patch can say of a date and
// its zone.
func TestAnEditOfTheDueDate(t *testing.T) {
	s := serve(t)
	s.create("u", "x")
	for _, step := range []struct {
		body       string
		status     int
		date, zone string
	}{
		{`{"due_zone":"UTC"}`, 422, "null", "null"},
		{`{"due_date":"2026-11-22"}`, 200, `"2026-11-22"`, "null"},
		{`{"due_zone":"Europe/Berlin"}`, 200, `"2026-11-22"`, `"Europe/Berlin"`},
		{`{"title":"y"}`, 200, `"2026-11-22"`, `"Europe/Berlin"`},
		{`{"due_date":"2027-01-01T08:00:00Z"}`, 200, `"2027-01-01T08:00:00Z"`, `"Europe/Berlin"`},
		{`{"due_zone":null}`, 200, `"2027-01-01T08:00:00Z"`, "null"},
		{`{"due_zone":"Asia/Tokyo","due_date":"2026-11-23"}`, 200, `"2026-11-23"`, `"Asia/Tokyo"`},
		{`{"due_date":null,"due_zone":"UTC"}`, 422, `"2026-11-23"`, `"Asia/Tokyo"`},
		{`{"due_date":null}`, 200, "null", "null"},
		{`{"due_date":null,"due_zone":null}`, 200, "null", "null"},
	} {
		s.do("PATCH", "/api/u/tasks/1", as("u"), raw(step.body)).want(step.status)
		got := members(t, s.do("GET", "/api/u/tasks/1", as("u")).want(200).body)
		if got["due_date"] != step.date || got["due_zone"] != step.zone {
			t.Errorf("%s left %s in %s", step.body, got["due_date"], got["due_zone"])
		}
	}
}

func TestAnEditClearsWithNull(t *testing.T) {
	s := serve(t)
	s.do("POST", "/api/u/tasks", as("u"), raw(
		`{"title":"x","description":"d","priority":"high","tags":["a"],"due_date":"2026-11-22","position":"4000000000000009"}`,
	)).want(201)
	got := s.do("PATCH", "/api/u/tasks/1", as("u"), raw(
		`{"description":null,"priority":null,"tags":null,"due_date":null,"position":null}`,
	)).want(200).task()
	if got.Description != nil || got.Priority != "medium" || len(got.Tags) > 0 || got.DueDate != nil {
		t.Errorf("left %+v", got)
	}
	if got.Position != "4000000000000009" {
		t.Errorf("moved to %s", got.Position) // there is no task without a place
	}
}

func TestTheTimeOfCompletion(t *testing.T) {
	s := serve(t)
	s.create("u", "x")
	first := s.do("PATCH", "/api/u/tasks/1/complete", as("u")).want(200).task()
	if first.CompletedAt == nil || !first.CompletedAt.Equal(first.UpdatedAt) {
		t.Errorf("completed at %v, updated at %v", first.CompletedAt, first.UpdatedAt)
	}
	again := s.do("PUT", "/api/u/tasks/1", as("u"), raw(`{"completed":true,"title":"y"}`)).want(200).task()
	if again.CompletedAt == nil || !again.CompletedAt.Equal(*first.CompletedAt) {
		t.Errorf("completed at %v, first at %v", again.CompletedAt, first.CompletedAt)
	}
	if undone := s.do("PATCH", "/api/u/tasks/1/complete", as("u")).want(200).task(); undone.CompletedAt != nil {
		t.Errorf("pending, and completed at %v", undone.CompletedAt)
	}
}

// order is how the tasks of u stand in the order made by hand.
func order(s *service) []int {
	s.t.Helper()
	return s.do("GET", "/api/u/tasks?sort=position", as("u")).ids()
}

func TestATaskIsMovedAndNoOtherIs(t *testing.T) {
	s := serve(t)
	for range 4 {
		s.create("u", "x")
	}
	versions := map[int]int{1: 1, 2: 2, 3: 3, 4: 4}
	for _, step := range []struct {
		moved    int
		position string
		want     []int
	}{
		{4, `{"before":1}`, []int{4, 1, 2, 3}},
		{1, `{"behind":3}`, []int{4, 2, 3, 1}},
		{1, `{"behind":2}`, []int{4, 2, 1, 3}},
		{4, `{"before":3}`, []int{2, 1, 4, 3}},
		{2, `{"before":2}`, []int{2, 1, 4, 3}},
		{2, `{"before":1}`, []int{2, 1, 4, 3}},
		{4, `{"behind":1}`, []int{2, 1, 4, 3}},
		{3, `null`, []int{2, 1, 4, 3}},
	} {
		before := s.do("GET", "/api/u/tasks", as("u")).want(200)
		moved := s.do("PATCH", fmt.Sprintf("/api/u/tasks/%d", step.moved), as("u"), raw(`{"position":`+step.position+`}`)).want(200).task()
		if diff := cmp.Diff(step.want, order(s)); diff != "" {
			t.Errorf("%d to %s (-want +got):\n%s", step.moved, step.position, diff)
		}
		versions[step.moved] = moved.Version
		var tasks []task
		s.do("GET", "/api/u/tasks", as("u")).want(200).decode(&tasks)
		for _, task := range tasks {
			if task.Version != versions[task.ID] {
				t.Errorf("%d to %s changed %d, which was %s", step.moved, step.position, task.ID, before.body)
			}
		}
	}
	for _, body := range []string{`{"title":"x","position":{"before":2}}`, `{"title":"x"}`} {
		s.do("POST", "/api/u/tasks", as("u"), raw(body)).want(201)
	}
	if diff := cmp.Diff([]int{5, 2, 1, 4, 3, 6}, order(s)); diff != "" {
		t.Error(diff)
	}
	// What one task has, another can take: that is how a client undoes a move.
	place := s.do("GET", "/api/u/tasks/4", as("u")).task().Position
	if got := s.do("PATCH", "/api/u/tasks/6", as("u"), sending(map[string]any{"position": place})).want(200).task(); got.Position != place {
		t.Errorf("at %s, not %s", got.Position, place)
	}
	if diff := cmp.Diff([]int{5, 2, 1, 4, 6, 3}, order(s)); diff != "" {
		t.Error(diff)
	}
}

func TestThereIsNoRoomBeforeTheFirstPlace(t *testing.T) {
	s := serve(t)
	s.do("POST", "/api/u/tasks", as("u"), raw(`{"title":"x","position":"0000000000000000"}`)).want(201)
	s.do("POST", "/api/u/tasks", as("u"), raw(`{"title":"x","position":{"before":1}}`)).refused(409, "no_room")
	s.create("u", "x")
	s.do("PATCH", "/api/u/tasks/2", as("u"), raw(`{"position":{"before":1}}`)).refused(409, "no_room")
	if diff := cmp.Diff([]int{1, 2}, order(s)); diff != "" {
		t.Error(diff)
	}
}

func TestPlacesThatAreNone(t *testing.T) {
	s := serve(t)
	for range 2 {
		s.create("u", "x")
	}
	for range 5 {
		s.create("v", "x")
	}
	s.create("u", "gone")
	s.do("DELETE", "/api/u/tasks/3", as("u")).want(204)
	for _, position := range []string{
		`""`, `"x"`, `"4000000000000001 "`, `"400000000000001"`, `"400000000000000A"`, `"8000000000000000"`, `"-000000000000001"`,
		`"+000000000000001"`, `"40000000000000010"`, `"4000000000000001é"`, `"4000000000000001\u0000"`, `"4000000000000001-"`,
		`"4000000000000001` + strings.Repeat("1", 1008) + `"`, `1`, `true`, `[]`, `[{"before":1}]`, `{}`, `{"before":1,"behind":1}`,
		`{"before":null}`, `{"before":"1"}`, `{"before":1.5}`, `{"before":1e0}`, `{"before":99999999999999999999}`, `{"after":1}`,
		`{"before":1,"x":1}`, `{"before":{"before":1}}`, `{"before":0}`, `{"before":-1}`, `{"behind":9223372036854775807}`,
		`{"before":9}`, `{"behind":3}`, `{"before":5}`, // never there, gone, another's alone
	} {
		for _, write := range writes[:3] {
			refusal := s.do(write.method, write.path, as("u"), raw(`{"title":"x","position":`+position+`}`)).refused(422, "validation_failed")
			if refusal.fields() != "position" {
				t.Errorf("%s %s: found fault with %q", write.method, position, refusal.fields())
			}
		}
	}
	if diff := cmp.Diff([]int{1, 2}, order(s)); diff != "" {
		t.Error(diff)
	}
}
