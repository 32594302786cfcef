package httpapi_test

import (
	"bytes"
	"strings"
	"testing"
)

// FuzzBatch: whatever a batch is, all of it happens or nothing.
func FuzzBatch(f *testing.F) {
	for _, seed := range []string{
		`{"operations":[{"op":"create","title":"x","position":{"before":1}},{"op":"complete","id":3},{"op":"update","id":1,"due_date":"2026-11-22","due_zone":"UTC"}]}`,
		`{"operations":[{"op":"delete","id":2,"if_match":"\"2\""},{"op":"create","title":"y","tags":["a"],"priority":"low"}]}`,
		`{"operations":[{"op":"update","id":9,"title":null},{"op":"complete","id":1,"completed":false,"if_match":"W/\"1\""}]}`,
		`{"operations":[{"op":"delete","id":1},{"op":"update","id":1}]}`, `{"operations":[null]}`, `{"operations":{}}`, `[]`, `{`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s := serve(t, quiet)
		s.create("u", "one")
		s.create("u", "two")
		was := state(s, "u")
		answer := s.do("POST", "/api/u/tasks/batch", as("u"), raw(string(body)))
		switch answer.status {
		case 200:
			if count := len(answer.results()); count < 1 || count > 100 {
				t.Errorf("%q had %d results", body, count)
			}
			return
		case 400, 404, 409, 412, 413, 422:
			_ = answer.refused(answer.status, answer.problem().Code)
		default:
			t.Errorf("%q was answered %d", body, answer.status)
		}
		if now := state(s, "u"); now != was {
			t.Errorf("%q was refused and left %s", body, now)
		}
	})
}

// FuzzImport: an import makes as many tasks as it has lines that are not
// blank, or none; and what it made can be exported and imported again without
// a loss.
func FuzzImport(f *testing.F) {
	for _, seed := range []string{
		`{"title":"x"}`, "\n\r\n{\"title\":\"x\",\"tags\":[\"a\"]}\n{\"title\":\"y\",\"completed\":true,\"completed_at\":\"2020-01-01T00:00:00Z\"}",
		`{"title":"x","created_at":"2020-01-01T00:00:00.123456789+05:30","updated_at":"2019-01-01T00:00:00Z","due_date":"2026-11-22","due_zone":"UTC"}`,
		`{"title":"x","position":"4000000000000000V","priority":"high","description":"\u2028\r"}`, `{"title":"x","created_at":"0001-01-01T00:00:00Z"}`,
		`{"title":"x"}{}`, "{\"title\":\"\xff\"}", `null`, `{"title":" "}`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s := serve(t, quiet)
		answer := s.do("POST", "/api/u/import", as("u"), ndjson(string(body)))
		tasks := exported(s, "u")
		switch answer.status {
		case 200:
		case 400, 409, 413, 422:
			_ = answer.refused(answer.status, answer.problem().Code)
			if len(tasks) > 0 {
				t.Errorf("%q was refused and left %+v", body, tasks)
			}
			return
		default:
			t.Fatalf("%q was answered %d", body, answer.status)
		}
		lines := 0
		for line := range bytes.SplitSeq(body, []byte("\n")) {
			if len(bytes.TrimSpace(line)) > 0 {
				lines++
			}
		}
		if len(tasks) != lines {
			t.Errorf("%q made %d tasks", body, len(tasks))
		}
		export := s.do("GET", "/api/u/export", as("u")).want(200).body
		s.do("POST", "/api/v/import", as("v"), ndjson(string(export))).want(200)
		again := s.do("GET", "/api/v/export", as("v")).want(200).body
		if want := strings.ReplaceAll(string(export), `"user_id":"u"`, `"user_id":"v"`); want != string(again) {
			t.Errorf("exported %s\nand then %s", export, again)
		}
		todos(s, "u")
	})
}
