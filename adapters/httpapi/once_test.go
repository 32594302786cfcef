package httpapi_test

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// key is an Idempotency-Key.
func key(name string) part { return header("Idempotency-Key", name) }

// same fails the test unless two answers are the same, but for what names the
// request.
func same(t testing.TB, first, second *answer) {
	t.Helper()
	a, b := maps.Clone(first.Header), maps.Clone(second.Header)
	a.Del("X-Request-Id")
	b.Del("X-Request-Id")
	if first.status != second.status || !bytes.Equal(first.body, second.body) {
		t.Errorf("first %d %s\nthen  %d %s", first.status, first.body, second.status, second.body)
	}
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("headers, first (-) and then (+):\n%s", diff)
	}
}

// repeatable are the requests that can be sent again, and their paths.
var repeatable = map[string]string{
	"/api/u/tasks":       `{"title":"x","description":"` + strings.Repeat("long ", 190) + `","tags":["a"]}`,
	"/api/u/tasks/batch": `{"operations":[{"op":"create","title":"x"},{"op":"complete","id":1},{"op":"delete","id":1},{"op":"create","title":"y"}]}`,
}

func TestARequestWithAKeyHappensOnce(t *testing.T) {
	for path, body := range repeatable {
		t.Run(path, func(t *testing.T) {
			s := serve(t)
			send := func() *answer {
				return s.do("POST", path, as("u"), key("k"), raw(body), header("Accept-Encoding", "gzip"))
			}
			first := send()
			if first.status >= 300 {
				t.Fatalf("answered %d: %s", first.status, first.body)
			}
			before := state(s, "u")
			same(t, first, send())
			if state(s, "u") != before {
				t.Errorf("sent again, it left %s", state(s, "u"))
			}
		})
	}
}

func TestTheAnswerOfAKeyDoesNotChangeWithTheTask(t *testing.T) {
	s := serve(t)
	send := func() *answer { return s.do("POST", "/api/u/tasks/", as("u"), key("k"), raw(`{"title":"x"}`)) }
	first := send().want(201)
	if first.Get("Location") != "/api/u/tasks/1" || first.Get("ETag") != `"1"` {
		t.Errorf("answered with %v", first.Header)
	}
	s.do("PUT", "/api/u/tasks/1", as("u"), raw(`{"title":"y"}`)).want(200)
	same(t, first, send())
	s.do("DELETE", "/api/u/tasks/1", as("u")).want(204)
	same(t, first, send())
	s.do("DELETE", "/api/u/trash/1", as("u")).want(204)
	same(t, first, send())
}

func TestAKeyIsForOneRequest(t *testing.T) {
	s := serve(t)
	s.do("POST", "/api/u/tasks", as("u"), key("k"), raw(`{"title":"x"}`)).want(201)
	for _, body := range []string{`{"title":"y"}`, `{"title":"x" }`, `{"title":"x","completed":false}`} {
		refusal := s.do("POST", "/api/u/tasks", as("u"), key("k"), raw(body)).refused(422, "idempotency_key_reused")
		if refusal.fields() != "Idempotency-Key" {
			t.Errorf("found fault with %q", refusal.fields())
		}
	}
	both := raw(`{"title":"x","operations":[{"op":"create","title":"x"}]}`)
	s.do("POST", "/api/w/tasks", as("w"), key("k"), both).want(201)
	s.do("POST", "/api/w/tasks/batch", as("w"), key("k"), both).refused(422, "idempotency_key_reused")
	s.do("POST", "/api/u/tasks", as("u"), key("K"), raw(`{"title":"x"}`)).want(201)
	s.do("POST", "/api/me/tasks", as("v"), key("k"), raw(`{"title":"of v"}`)).want(201)
	s.do("POST", "/api/me/tasks", as("u"), key("k"), raw(`{"title":"x"}`)).want(201) // the same by another name
	if got := s.do("GET", "/api/u/tasks", as("u")).ids(); !slices.Equal(got, []int{2, 1}) {
		t.Errorf("u has %v", got)
	}
}

func TestARefusedRequestDoesNotTakeItsKey(t *testing.T) {
	s := serve(t)
	s.do("POST", "/api/u/tasks", as("u"), key("k"), raw(`{"title":" "}`)).refused(422, "validation_failed")
	s.do("POST", "/api/u/tasks", as("u"), key("k"), raw(`{"title":`)).refused(400, "invalid_json")
	s.do("POST", "/api/u/tasks/batch", as("u"), key("k"), raw(`{"operations":[{"op":"delete","id":1}]}`)).refused(404, "task_not_found")
	s.do("POST", "/api/u/tasks", as("u"), key("k"), raw(`{"title":"x"}`)).want(201)
}

func TestKeysThatAreNone(t *testing.T) {
	for path, body := range repeatable {
		s := serve(t)
		for name, parts := range map[string][]part{
			"empty":      {key("")},
			"a space":    {key("a b")},
			"a tab":      {key("a\tb")},
			"NUL":        {key("a\x00")},
			"not ASCII":  {key("é")},
			"not UTF-8":  {key("\xff")},
			"too long":   {key(strings.Repeat("k", 256))},
			"two":        {key("a"), key("b")},
			"same twice": {key("a"), key("a")},
		} {
			if fields := s.do("POST", path, append(parts, as("u"), raw(body))...).refused(422, "validation_failed").fields(); fields != "Idempotency-Key" {
				t.Errorf("%s: %s: found fault with %q", path, name, fields)
			}
		}
		for _, name := range []string{"0", strings.Repeat("k", 255), `"8e03978e-40d5-43e8-bc93-6894a57f9324"`, "!~;,%00'--"} {
			if answer := s.do("POST", path, as("u"), key(name), raw(`{"title":"x","operations":[{"op":"create","title":"x"}]}`)); answer.status >= 300 {
				t.Errorf("%s: %s: answered %d: %s", path, name, answer.status, answer.body)
			}
		}
	}
}

func TestOfManyRequestsWithOneKeyOneHappens(t *testing.T) {
	for path, body := range repeatable {
		t.Run(path, func(t *testing.T) {
			s := serve(t)
			answers := make([]*answer, 64)
			var group sync.WaitGroup
			for i := range answers {
				group.Go(func() { answers[i] = s.do("POST", path, as("u"), key("k"), raw(body)) })
			}
			group.Wait()
			for _, answer := range answers[1:] {
				same(t, answers[0], answer)
			}
			if got := s.do("GET", "/api/u/tasks", as("u")).ids(); len(got) != 1 {
				t.Errorf("left %v", got)
			}
		})
	}
}
