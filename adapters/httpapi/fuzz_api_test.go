package httpapi_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/httpapi"
)

// FuzzSealed: whatever is sealed into a cursor or a token, whoever computes the
// checksum sees their own tasks or is refused.
func FuzzSealed(f *testing.F) {
	for _, content := range hostile() {
		if len(content) < 100 {
			f.Add(content)
		}
	}
	s := assorted(f, quiet)
	f.Fuzz(func(t *testing.T, content []byte) {
		s := &service{API: s.API, t: t, log: s.log}
		for _, list := range []string{"", "sort=updated", "sort=due", "sort=due&order=desc", "sort=priority", "sort=title", "sort=position", "search=e&status=pending"} {
			cursor, err := httpapi.SealCursor("u", list, content)
			if err != nil {
				t.Fatal(err)
			}
			if answer := s.do("GET", "/api/u/tasks?"+list+"&cursor="+cursor, as("u")); answer.status == 200 {
				onlyOf(t, "u", answer)
			} else {
				answer.refused(422, "invalid_cursor")
			}
		}
		if answer := s.do("GET", "/api/u/trash?cursor="+httpapi.SealTrashCursor("u", content), as("u")); answer.status != 200 {
			answer.refused(422, "invalid_cursor")
		}
		if answer := s.do("GET", "/api/u/changes?since="+httpapi.SealFeedToken("u", content), as("u")); answer.status != 200 {
			answer.refused(422, "invalid_since")
		}
	})
}

// FuzzSince: only the tokens that the service gave lead anywhere.
func FuzzSince(f *testing.F) {
	s := full(f, 5, quiet)
	given := map[string]bool{"now": true}
	for token, more := "", true; more; {
		query := "limit=1"
		if token != "" {
			query += "&since=" + token
		}
		part := changes(s, "u", query)
		token, more = part.Next, part.More
		given[token] = true
		f.Add(token)
	}
	f.Add("now")
	f.Add("")
	f.Add(cursorOf(s, "u", "limit=1"))
	f.Fuzz(func(t *testing.T, token string) {
		s := &service{API: s.API, t: t, log: s.log}
		answer := s.do("GET", "/api/u/changes?since="+url.QueryEscape(token), as("u"))
		if given[token] {
			answer.want(200)
		} else {
			answer.refused(422, "invalid_since")
		}
	})
}

// FuzzPlace: a place is one that there is, or refused; and no other task moves.
func FuzzPlace(f *testing.F) {
	for _, seed := range []string{
		`"4000000000000001"`, `"4000000000000001V"`, `{"before":1}`, `{"behind":2}`, `{"before":3}`, `null`, `{}`, `{"before":1,"behind":2}`, `"7fffffffffffffffz"`,
		`{"before":9223372036854775807}`, `"0000000000000000"`, `[]`, `-1`, `{"before":-0}`,
	} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		s := serve(t, quiet)
		s.create("u", "one")
		s.create("u", "two")
		was := s.do("GET", "/api/u/tasks/2", as("u")).want(200).body
		for _, place := range []string{first, second} {
			answer := s.do("PATCH", "/api/u/tasks/1", as("u"), raw(`{"position":`+place+`}`))
			switch answer.status {
			case 200:
				var written string
				if json.Unmarshal([]byte(place), &written) == nil && written != "" && answer.task().Position != written {
					t.Errorf("%s became %s", place, answer.body)
				}
			case 400, 409, 413, 422:
				_ = answer.refused(answer.status, answer.problem().Code)
			default:
				t.Errorf("%s was answered %d", place, answer.status)
			}
		}
		if now := s.do("GET", "/api/u/tasks/2", as("u")).want(200).body; string(now) != string(was) {
			t.Errorf("%s and %s left %s", first, second, now)
		}
	})
}

// FuzzAPI: no request whatever leads to an internal error, or to an answer that
// openapi.yaml does not allow.
func FuzzAPI(f *testing.F) {
	routes := serve(f, quiet).Routes()
	seed := func(method, path, id, query, body, media, name, value string) {
		for i, route := range routes {
			if route.Method == method && route.Path == path {
				f.Add(uint(i), id, query, []byte(body), media, name, value)
			}
		}
	}
	seed("GET", "/api/:user_id/tasks", "", "sort=title&limit=1&count=true", "", "", "If-None-Match", `"1"`)
	seed("POST", "/api/:user_id/tasks", "", "", `{"title":"x","position":{"before":1},"due_date":"2026-11-22"}`, "application/json", "Idempotency-Key", "k")
	seed("POST", "/api/:user_id/tasks/batch", "", "", `{"operations":[{"op":"delete","id":1,"if_match":"*"}]}`, "application/json", "Prefer", "handling=strict")
	seed("PATCH", "/api/me/tasks/:id", "1", "", `{"tags":["a"],"priority":null}`, "application/merge-patch+json", "If-Match", `"1", "2"`)
	seed("PATCH", "/api/:user_id/tasks/:id/complete", "1", "completed=true", ``, "", "Accept-Encoding", "gzip")
	seed("GET", "/api/me/trash", "", "limit=1", "", "", "", "")
	seed("POST", "/api/:user_id/trash/:id/restore", "3", "", "", "", "If-Match", "*")
	seed("DELETE", "/api/me/trash/:id", "3", "", "", "", "", "")
	seed("GET", "/api/:user_id/changes", "", "since=now&limit=1", "", "", "", "")
	seed("GET", "/api/me/export", "", "", "", "", "Accept", "text/calendar")
	seed("POST", "/api/:user_id/import", "", "dry_run=true", "{\"title\":\"x\"}\n", "application/x-ndjson", "Prefer", "handling=strict")
	seed("DELETE", "/api/:user_id/tasks", "", "confirm=all", "", "", "", "")
	f.Fuzz(func(t *testing.T, route uint, id, query string, body []byte, media, name, value string) {
		s := serve(t, quiet)
		s.create("u", "one")
		s.create("u", "two")
		s.create("u", "three")
		s.do("DELETE", "/api/u/tasks/3", as("u")).want(204)

		chosen := routes[route%uint(len(routes))]
		if strings.HasSuffix(chosen.Path, "/events") {
			return // comes to no end
		}
		request := httptest.NewRequestWithContext(t.Context(), chosen.Method, "/", nil)
		path := strings.NewReplacer(":user_id", "u", ":id", url.PathEscape(id)).Replace(chosen.Path)
		target, err := url.ParseRequestURI(path)
		if err != nil {
			return // does not come through net/http as a path
		}
		target.RawQuery = query
		request.URL = target
		as("u")(request)
		if len(body) > 0 {
			content(string(body))(request)
		}
		request.Header.Set("Content-Type", media)
		request.Header.Add(name, value)
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, request)
		if recorder.Code >= 500 {
			t.Errorf("answered %d: %s", recorder.Code, recorder.Body)
		}
		s.hold(request, recorder.Code, recorder.Header(), recorder.Body.Bytes())
	})
}
