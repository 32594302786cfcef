package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/taskward/taskward/domain"
)

// changing are the requests that change a task that is there, and what they
// answer.
var changing = []struct {
	method, path, body string
	status             int
}{
	{"PUT", "/api/u/tasks/1", `{"title":"y"}`, 200},
	{"PATCH", "/api/u/tasks/1", `{"title":"y"}`, 200},
	{"PATCH", "/api/u/tasks/1/complete", ``, 200},
	{"DELETE", "/api/u/tasks/1", ``, 204},
	{"POST", "/api/u/trash/1/restore", ``, 200},
	{"DELETE", "/api/u/trash/1", ``, 204},
}

// changed sends one of them.
func changed(s *service, i int, parts ...part) *answer {
	s.t.Helper()
	parts = append(parts, as("u"))
	if changing[i].body != "" {
		parts = append(parts, raw(changing[i].body))
	}
	return s.do(changing[i].method, changing[i].path, parts...)
}

// before is a service where one of them can be made, of the task 1, which is at
// sequence 7.
func before(t testing.TB, i int, choices ...func(*setup)) *service {
	t.Helper()
	s := serve(t, choices...)
	s.create("u", "x")
	steps := 6
	if strings.Contains(changing[i].path, "trash") {
		steps = 5
	}
	for range steps {
		s.do("PATCH", "/api/u/tasks/1", as("u"), header("If-Match", "*"), raw(`{}`)).want(200)
	}
	if strings.Contains(changing[i].path, "trash") {
		s.do("DELETE", "/api/u/tasks/1", as("u"), header("If-Match", "*")).want(204)
	}
	return s
}

// state is all that can be seen of the user's tasks.
func state(s *service, user string) string {
	s.t.Helper()
	return string(s.do("GET", "/api/me/tasks", as(user)).want(200).body) + string(s.do("GET", "/api/me/trash", as(user)).want(200).body)
}

func TestIfMatch(t *testing.T) {
	for name, test := range map[string]struct {
		sent []string
		pass bool
	}{
		"the tag":                {[]string{`"7"`}, true},
		"anything":               {[]string{`*`}, true},
		"anything, with a space": {[]string{" *\t"}, true},
		"the tag of a shorter":   {[]string{`"7-gzip"`}, true},
		"first of a list":        {[]string{`"7", "3"`}, true},
		"last of a list":         {[]string{`"3" ,"x",W/"7",	"7"`}, true},
		"in the second header":   {[]string{`"3"`, `"7"`}, true},
		"empty elements":         {[]string{`,, "7",,`}, true},
		"an old one":             {[]string{`"6"`}, false},
		"one to come":            {[]string{`"8"`}, false},
		"a weak one":             {[]string{`W/"7"`}, false},
		"weak ones":              {[]string{`W/"7", W/"7-gzip"`}, false},
		"none of several":        {[]string{`"6", "8", "9"`}, false},
		"foreign":                {[]string{`"33a64df551425fcc55e4d42a148795d9f25f89d4"`}, false},
		"empty":                  {[]string{`""`}, false},
		"0":                      {[]string{`"0"`}, false},
		"-1":                     {[]string{`"-1"`}, false},
		"a leading zero":         {[]string{`"07"`}, false},
		"a sign":                 {[]string{`"+7"`}, false},
		"too much":               {[]string{`"99999999999999999999"`}, false},
		"shorter twice":          {[]string{`"7-gzip-gzip"`}, false},
		"of another coding":      {[]string{`"7-br"`}, false},
		"with a comma":           {[]string{`"6,7"`}, false},
		"an asterisk in quotes":  {[]string{`"*"`}, false},
		"a backslash":            {[]string{`"\7"`}, false},
		"any byte above ASCII":   {[]string{"\"\xff\x80\""}, false},
		"the last of many":       {[]string{strings.Repeat(`"1",`, 9) + `"7"`}, true},
	} {
		for i, change := range changing {
			t.Run(name+"/"+change.method+change.path, func(t *testing.T) {
				s := before(t, i)
				was := state(s, "u")
				var parts []part
				for _, value := range test.sent {
					parts = append(parts, header("If-Match", value))
				}
				if test.pass {
					changed(s, i, parts...).want(change.status)
					return
				}
				changed(s, i, parts...).refused(412, "task_changed")
				if state(s, "u") != was {
					t.Errorf("a refused change left %s", state(s, "u"))
				}
			})
		}
	}
}

// malformed are no conditions.
var malformed = []string{
	``, ` `, `,`, `7`, `"7`, `7"`, `'7'`, `"7" "8"`, `"7"8`, `*, "7"`, `"7", *`, `**`, `w/"7"`, `W/ "7"`, `W/7`, `W/*`, `"a b"`, "\"\x7f\"", "\"\x01\"",
	`"7";x`, `"7",8`, strings.Repeat(`"7",`, 11),
}

func TestConditionsThatCannotBeRead(t *testing.T) {
	for i := range changing {
		s := before(t, i)
		was := state(s, "u")
		for _, condition := range malformed {
			changed(s, i, header("If-Match", condition)).refused(400, "invalid_condition")
		}
		if state(s, "u") != was {
			t.Errorf("a refused change left %s", state(s, "u"))
		}
	}
	s := before(t, 0)
	for _, condition := range malformed {
		for _, path := range []string{"/api/u/tasks", "/api/me/tasks/1"} {
			s.do("GET", path, as("u"), header("If-None-Match", condition)).refused(400, "invalid_condition")
		}
	}
}

func TestIfNoneMatch(t *testing.T) {
	for sent, want := range map[string]string{ // the tag of a 304, empty for a 200
		`"7"`:                `"7"`,
		`W/"7"`:              `"7"`,
		`"7-gzip"`:           `"7-gzip"`,
		`*`:                  `"7"`,
		`"3", "x", "7"`:      `"7"`,
		`"7-gzip", "7"`:      `"7-gzip"`,
		`"6"`:                ``,
		`"8"`:                ``,
		`"x"`:                ``,
		`"0", "-1", "07"`:    ``,
		`"7-gzip-gzip"`:      ``,
		`"9007199254740993"`: ``,
	} {
		s := before(t, 0)
		for _, path := range []string{"/api/u/tasks", "/api/me/tasks?limit=1&count=true", "/api/u/tasks/1", "/api/me/tasks/1/"} {
			for _, method := range []string{"GET", "HEAD"} {
				answer := s.do(method, path, as("u"), header("If-None-Match", sent))
				if want == "" {
					if answer.want(200).Get("ETag") != `"7"` {
						t.Errorf("%s %s, %s: ETag %s", method, path, sent, answer.Get("ETag"))
					}
					continue
				}
				answer.want(304)
				if answer.Get("ETag") != want || len(answer.body) > 0 || answer.Get("Content-Length") != "" || answer.Get("Content-Type") != "" {
					t.Errorf("%s %s, %s: answered %q with %v", method, path, sent, answer.body, answer.Header)
				}
			}
		}
	}
}

func TestATagIsOfOneState(t *testing.T) {
	s := serve(t)
	s.create("u", "x")
	s.create("u", "x")
	for _, change := range []struct {
		method, path, body string
		item               int // what If-None-Match with the tag of before says of the task 1
	}{
		{"PUT", "/api/u/tasks/1", `{"title":"y"}`, 200},
		{"PUT", "/api/u/tasks/1", `{"title":"y"}`, 200}, // the same again, at another time
		{"PATCH", "/api/u/tasks/1/complete", ``, 200},
		{"PATCH", "/api/u/tasks/2/complete", ``, 304},
		{"DELETE", "/api/u/tasks/2", ``, 304},
		{"POST", "/api/u/trash/2/restore", ``, 304},
		{"POST", "/api/u/tasks", `{"title":"z"}`, 304},
		{"DELETE", "/api/u/tasks/1", ``, 404},
	} {
		list, item := s.do("GET", "/api/u/tasks", as("u")).want(200), s.do("GET", "/api/u/tasks/1", as("u")).want(200)
		parts := []part{as("u")}
		if change.body != "" {
			parts = append(parts, raw(change.body))
		}
		changed := s.do(change.method, change.path, parts...)
		if changed.status != 204 && changed.Get("ETag") != fmt.Sprintf(`"%d"`, changed.task().Version) {
			t.Errorf("%s %s: ETag %s of %s", change.method, change.path, changed.Get("ETag"), changed.body)
		}
		s.do("GET", "/api/u/tasks", as("u"), header("If-None-Match", list.Get("ETag"))).want(200)
		s.do("GET", "/api/u/tasks/1", as("u"), header("If-None-Match", item.Get("ETag"))).want(change.item)
	}
	list := s.do("GET", "/api/u/tasks", as("u")).want(200)
	s.create("v", "x")
	s.do("GET", "/api/u/tasks", as("u"), header("If-None-Match", list.Get("ETag"))).want(304) // another's change is none
}

func TestAnEmptyListHasNoTag(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/api/u/tasks", "/api/u/tasks?status=completed"} {
		answer := s.do("GET", path, as("u"), header("If-None-Match", `*`)).want(200)
		if answer.Get("ETag") != "" {
			t.Errorf("%s: ETag %s", path, answer.Get("ETag"))
		}
	}
	s.create("u", "x")
	if tag := s.do("GET", "/api/u/tasks?status=completed", as("u")).want(200).Get("ETag"); tag != "" {
		t.Errorf("ETag %s", tag)
	}
}

func TestWhoHasTheListAlreadyCostsNoReadOfTasks(t *testing.T) {
	reads := 0
	s := before(t, 0, func(s *setup) {
		s.repository = repository{
			TaskRepository: s.repository,
			list: func(context.Context, domain.UserID, domain.TaskQuery) (domain.TaskPage, error) {
				reads++
				return domain.TaskPage{}, errors.New("tasks were read")
			},
		}
	})
	for _, method := range []string{"GET", "HEAD"} {
		s.do(method, "/api/u/tasks?sort=title&search=x", as("u"), header("If-None-Match", `"7"`)).want(304)
	}
	if reads > 0 {
		t.Errorf("%d reads", reads)
	}
	s.do("GET", "/api/u/tasks", as("u"), header("If-None-Match", `"6"`)).refused(500, "internal_error")
}

func TestIfMatchCanBeDemanded(t *testing.T) {
	demand := func(s *setup) { s.options.RequireIfMatch = true }
	for i, change := range changing {
		t.Run(change.method+change.path, func(t *testing.T) {
			s := before(t, i, demand)
			was := state(s, "u")
			changed(s, i).refused(428, "precondition_required")
			changed(s, i, header("If-None-Match", `"7"`)).refused(428, "precondition_required")
			changed(s, i, header("If-Match", `"6"`)).refused(412, "task_changed")
			if state(s, "u") != was {
				t.Errorf("a refused change left %s", state(s, "u"))
			}
			changed(s, i, header("If-Match", `"7"`)).want(change.status)
		})
	}
	s := serve(t, demand)
	s.create("u", "x") // nothing can be lost
	s.do("DELETE", "/api/u/tasks?confirm=all", as("u")).want(204)
}

func TestOfManyUpdatesOfOneStateOneHappens(t *testing.T) {
	s := serve(t, quiet)
	s.create("u", "x")
	statuses := make(chan int, 64)
	var group sync.WaitGroup
	for i := range cap(statuses) {
		group.Go(func() {
			body := sending(map[string]any{"title": fmt.Sprintf("title %d", i)})
			statuses <- s.do("PATCH", "/api/u/tasks/1", as("u"), header("If-Match", `"9", "1"`), body).status
		})
	}
	group.Wait()
	close(statuses)
	counts := map[int]int{}
	for status := range statuses {
		counts[status]++
	}
	if counts[200] != 1 || counts[412] != 63 {
		t.Errorf("answered %v", counts)
	}
	if got := s.do("GET", "/api/u/tasks/1", as("u")).task(); got.Version != 2 || !strings.HasPrefix(got.Title, "title ") {
		t.Errorf("left %+v", got)
	}
}
