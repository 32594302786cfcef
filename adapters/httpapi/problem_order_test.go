package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

// wrong is a request that gets worse step by step.
type wrong struct {
	method, path, body string
	parts              []part
}

// spoil makes it worse, in a way that is answered with a code.
type spoil struct {
	code string
	do   func(*wrong)
}

func moved(path string) func(*wrong)      { return func(r *wrong) { r.path = path } }
func written(body string) func(*wrong)    { return func(r *wrong) { r.body = body } }
func sentWith(method string) func(*wrong) { return func(r *wrong) { r.method = method } }
func adding(parts ...part) func(*wrong) {
	return func(r *wrong) { r.parts = append(r.parts, parts...) }
}

// asNobody sends no token, asSomeone one that is not known.
func asNobody(r *wrong)  { r.parts[0] = func(*http.Request) {} }
func asSomeone(r *wrong) { r.parts[0] = header("Authorization", "Bearer x") }

// asText announces the body as something else.
func asText(r *wrong) {
	r.parts = append(r.parts, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") })
}

// demanding is a choice for a service that wants If-Match.
func demanding(s *setup) { s.options.RequireIfMatch = true }

// TestErrorsComeInTheirOrder breaks a request in more and more ways, each of
// which comes before those it was broken in already.
func TestErrorsComeInTheirOrder(t *testing.T) {
	plain, demanding := serve(t), serve(t, demanding)
	for _, s := range []*service{plain, demanding} {
		s.create("u", "milk")
		s.do("POST", "/api/u/tasks", as("u"), raw(`{"title":"first","position":"0000000000000000"}`)).want(201)
		s.create("u", "in the trash")
		s.do("DELETE", "/api/u/tasks/3", as("u"), header("If-Match", "*")).want(204)
	}
	for name, test := range map[string]struct {
		s     *service
		sent  wrong
		steps []spoil
	}{
		"update": {plain, wrong{method: "PUT", path: "/api/u/tasks/1", body: `{}`}, []spoil{
			{"no_room", written(`{"position":{"before":2}}`)},
			{"task_changed", adding(header("If-Match", `"9"`))},
			{"task_not_found", moved("/api/u/tasks/none")},
			{"validation_failed", written(`{"title":" "}`)},
			{"validation_failed", written(`{"title":5}`)},
			{"invalid_json", written(`{"title":5`)},
			{"body_too_large", func(r *wrong) { r.body += strings.Repeat(" ", 64<<10) }},
			{"unsupported_media_type", asText},
			{"invalid_condition", adding(header("If-Match", "9"))},
			{"not_owner", moved("/api/v/tasks/none")},
			{"token_unknown", asSomeone},
			{"method_not_allowed", sentWith("POST")},
			{"route_not_found", moved("/api/v/task/none")},
		}},
		"update for which If-Match is demanded": {demanding, wrong{method: "PATCH", path: "/api/u/tasks/1", body: `{}`}, []spoil{
			{"precondition_required", moved("/api/u/tasks/none")},
			{"validation_failed", written(`{"title":5}`)},
			{"invalid_condition", adding(header("If-Match", ""))},
		}},
		"complete": {plain, wrong{method: "PATCH", path: "/api/u/tasks/1/complete", body: ``}, []spoil{
			{"task_changed", adding(header("If-Match", `"9"`))},
			{"task_not_found", moved("/api/u/tasks/7/complete")},
			{"validation_failed", func(r *wrong) { r.path += "?completed=x" }},
			{"invalid_json", written(`{`)},
			{"not_owner", moved("/api/v/tasks/7/complete?completed=x")},
			{"authorization_repeated", adding(as("u"))},
		}},
		"complete for which If-Match is demanded": {demanding, wrong{method: "PATCH", path: "/api/u/tasks/1/complete", body: ``}, []spoil{
			{"precondition_required", moved("/api/u/tasks/7/complete")},
			{"validation_failed", func(r *wrong) { r.path += "?completed=x" }},
		}},
		"delete": {plain, wrong{method: "DELETE", path: "/api/u/tasks/1"}, []spoil{
			{"task_changed", adding(header("If-Match", `"9"`))},
			{"task_not_found", moved("/api/u/tasks/7")},
			{"invalid_condition", adding(header("If-Match", `x`))},
			{"not_owner", moved("/api/v/tasks/7")},
			{"token_missing", asNobody},
		}},
		"delete for which If-Match is demanded": {demanding, wrong{method: "DELETE", path: "/api/u/tasks/7"}, []spoil{
			{"precondition_required", func(*wrong) {}},
			{"not_owner", moved("/api/v/tasks/7")},
		}},
		"get": {plain, wrong{method: "GET", path: "/api/u/tasks/1"}, []spoil{
			{"task_not_found", moved("/api/u/tasks/7")},
			{"invalid_condition", adding(header("If-None-Match", `x`))},
			{"not_owner", moved("/api/v/tasks/7")},
			{"token_missing", asNobody},
			{"method_not_allowed", sentWith("POST")},
		}},
		"list": {plain, wrong{method: "GET", path: "/api/u/tasks"}, []spoil{
			{"invalid_cursor", moved("/api/u/tasks?cursor=x")},
			{"validation_failed", moved("/api/u/tasks?limit=0&cursor=x")},
			{"invalid_condition", adding(header("If-None-Match", `x`))},
			{"not_owner", moved("/api/v/tasks?limit=0")},
			{"token_missing", asNobody},
		}},
		"create": {plain, wrong{method: "POST", path: "/api/u/tasks", body: `{"title":"x"}`}, []spoil{
			{"no_room", written(`{"title":"x","position":{"before":2}}`)},
			{"validation_failed", adding(header("Idempotency-Key", " "))},
			{"validation_failed", written(`{}`)},
			{"invalid_json", written(`{`)},
			{"body_missing", written(``)},
			{"body_too_large", written(strings.Repeat(" ", 64<<10+1))},
			{"unsupported_media_type", asText},
			{"not_owner", moved("/api/v/tasks")},
			{"token_unknown", asSomeone},
		}},
		"erase": {plain, wrong{method: "DELETE", path: "/api/u/tasks"}, []spoil{
			{"validation_failed", func(*wrong) {}},
			{"invalid_query", moved("/api/u/tasks?confirm=%zz")},
			{"not_owner", moved("/api/v/tasks?confirm=%zz")},
			{"token_missing", asNobody},
		}},
		"batch": {plain, wrong{method: "POST", path: "/api/u/tasks/batch", body: `{"operations":[{"op":"complete","id":1}]}`}, []spoil{
			{"no_room", written(`{"operations":[{"op":"update","id":1,"position":{"before":2}}]}`)},
			{"task_changed", written(`{"operations":[{"op":"update","id":1,"position":{"before":2},"if_match":"\"9\""}]}`)},
			{"task_not_found", written(`{"operations":[{"op":"update","id":9,"position":{"before":2},"if_match":"\"9\""}]}`)},
			{"validation_failed", written(`{"operations":[{"op":"update","id":9,"title":" "}]}`)},
			{"validation_failed", written(`{"operations":[]}`)},
			{"invalid_json", written(`{"operations":[}`)},
			{"body_too_large", written(strings.Repeat("[", 1<<20+1))},
			{"unsupported_media_type", asText},
			{"not_owner", moved("/api/v/tasks/batch")},
			{"token_missing", asNobody},
			{"route_not_found", moved("/api/v/tasks/batch/x")},
		}},
		"batch for which If-Match is demanded": {demanding, wrong{method: "POST", path: "/api/u/tasks/batch", body: ``}, []spoil{
			{"batch_failed", written(`{"operations":[{"op":"update","id":9}]}`)},
			{"validation_failed", written(`{"operations":[{"op":"update","id":9},{"op":"update","id":"9"}]}`)},
		}},
		"trash": {plain, wrong{method: "GET", path: "/api/u/trash"}, []spoil{
			{"invalid_cursor", moved("/api/u/trash?cursor=x")},
			{"validation_failed", moved("/api/u/trash?cursor=x&limit=0")},
			{"invalid_query", moved("/api/u/trash?cursor=x&limit=%zz")},
			{"not_owner", moved("/api/v/trash?cursor=x&limit=%zz")},
			{"token_missing", asNobody},
			{"method_not_allowed", sentWith("POST")},
		}},
		"restore": {plain, wrong{method: "POST", path: "/api/u/trash/3/restore"}, []spoil{
			{"task_changed", adding(header("If-Match", `"9"`))},
			{"task_not_found", moved("/api/u/trash/none/restore")},
			{"invalid_condition", adding(header("If-Match", `x`))},
			{"not_owner", moved("/api/v/trash/3/restore")},
			{"token_unknown", asSomeone},
			{"method_not_allowed", sentWith("PATCH")},
			{"route_not_found", moved("/api/v/trash/3/restore/x")},
		}},
		"restore for which If-Match is demanded": {demanding, wrong{method: "POST", path: "/api/u/trash/7/restore"}, []spoil{
			{"precondition_required", func(*wrong) {}},
		}},
		"purge": {plain, wrong{method: "DELETE", path: "/api/u/trash/3"}, []spoil{
			{"task_changed", adding(header("If-Match", `"9"`))},
			{"task_not_found", moved("/api/u/trash/1")},
			{"invalid_condition", adding(header("If-Match", `x`))},
			{"not_owner", moved("/api/v/trash/3")},
			{"token_missing", asNobody},
			{"method_not_allowed", sentWith("GET")},
		}},
		"changes": {plain, wrong{method: "GET", path: "/api/u/changes"}, []spoil{
			{"invalid_since", moved("/api/u/changes?since=x")},
			{"validation_failed", moved("/api/u/changes?since=x&limit=0")},
			{"invalid_query", moved("/api/u/changes?since=x&limit=%zz")},
			{"not_owner", moved("/api/v/changes?since=x&limit=%zz")},
			{"token_missing", asNobody},
			{"method_not_allowed", sentWith("DELETE")},
		}},
		"export": {plain, wrong{method: "GET", path: "/api/u/export"}, []spoil{
			{"not_owner", moved("/api/v/export")},
			{"token_unknown", asSomeone},
			{"method_not_allowed", sentWith("PUT")},
			{"route_not_found", moved("/api/v/export/x")},
		}},
		"import": {plain, wrong{method: "POST", path: "/api/u/import", parts: []part{header("Content-Type", "application/x-ndjson")}}, []spoil{
			{"no_room", written(`{"title":"x","position":{"before":2}}`)},
			{"validation_failed", written(`{"title":" "}`)},
			{"validation_failed", moved("/api/u/import?dry_run=x")},
			{"invalid_json", written(`{"title":" "`)},
			{"body_too_large", written(strings.Repeat("[", 64<<10+1))},
			{"invalid_query", moved("/api/u/import?dry_run=%zz")},
			{"unsupported_media_type", asText},
			{"not_owner", moved("/api/v/import")},
			{"token_missing", asNobody},
			{"method_not_allowed", sentWith("GET")},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			sent := test.sent
			sent.parts = append([]part{as("u")}, sent.parts...)
			was := state(test.s, "u")
			for _, step := range test.steps {
				step.do(&sent)
				// The body first: it sets a Content-Type, which others replace.
				parts := []part{raw(sent.body)}
				if len(test.sent.parts) > 0 {
					parts = []part{content(sent.body)}
				}
				answer := test.s.do(sent.method, sent.path, append(parts, sent.parts...)...)
				if got := answer.problem().Code; got != step.code {
					t.Errorf("%s %s: %s, want %s", sent.method, sent.path, got, step.code)
				}
			}
			if state(test.s, "u") != was {
				t.Errorf("a refused request left %s", state(test.s, "u"))
			}
		})
	}
	plain.do("PUT", "/api/u/tasks/1", as("u"), raw(`{}`)).want(200)
}
