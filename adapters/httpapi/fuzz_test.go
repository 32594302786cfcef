package httpapi_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/taskward/taskward/domain"
)

// FuzzAuthorization: whatever stands in the header, only what RFC 6750 calls a
// bearer token reaches the verifier, and exactly that.
func FuzzAuthorization(f *testing.F) {
	for _, seed := range []string{"", "Bearer " + tokenOf("u"), "bearer x==", "Bearer  x", "Basic x", "Bearer a=b", "Bearer \x00", "Bearer x, Bearer y"} {
		f.Add(seed)
	}
	grammar := regexp.MustCompile(`^(?i:bearer) ([A-Za-z0-9\-._~+/]+=*)$`)
	f.Fuzz(func(t *testing.T, credentials string) {
		asked := ""
		s := serve(t, quiet, func(s *setup) {
			s.verifier = verifying(func(token string) (domain.AuthenticatedUserContext, error) {
				asked = token
				return domain.Authenticate(domain.User{ID: "u"}, domain.Session{UserID: "u", ExpiresAt: dawn})
			})
		})
		answer := s.do("GET", "/api/me", header("Authorization", credentials))
		want := ""
		if match := grammar.FindStringSubmatch(credentials); match != nil && len(match[1]) <= 8<<10 {
			want = match[1]
		}
		if asked != want || (answer.status == 200) != (want != "") {
			t.Errorf("%q: the verifier got %q, want %q; answered %d", credentials, asked, want, answer.status)
		}
		if answer.status != 200 && (answer.status != 401 || !strings.HasPrefix(answer.Get("WWW-Authenticate"), `Bearer realm="taskward"`)) {
			t.Errorf("%q: answered %d %s", credentials, answer.status, answer.Get("WWW-Authenticate"))
		}
	})
}

// FuzzBody: a body makes the task that encoding/json reads in it, or is
// refused; what comes out is what encoding/json would write.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		`{"title":"milk"}`, `{"title":"a","title":"b"}`, `{"title":"\ud83e\udd8a <&>","description":"\u2028\n\"\\","completed":true}`,
		`{"title":null}`, `null`, `[]`, `{`, `{}{}`, "{\"title\":\"\xff\"}", `{"title":"\ud800"}`, `{"Title":"x"}`, `{"title":"x","a":[[[[1e999]]]]}`, ``,
	} {
		f.Add([]byte(seed))
	}
	s := serve(f, quiet)
	f.Fuzz(func(t *testing.T, body []byte) {
		s := &service{API: s.API, t: t, log: s.log}
		answer := s.do("POST", "/api/u/tasks", as("u"), raw(string(body)))
		switch answer.status {
		case 201:
		case 400, 413, 422:
			_ = answer.refused(answer.status, answer.problem().Code)
			return
		default:
			t.Fatalf("answered %d", answer.status)
		}
		var sent struct {
			Title       string
			Description *string
			Completed   bool
		}
		members := map[string]json.RawMessage{} // not the struct at once: it would take "Title" for title
		if err := json.Unmarshal(body, &members); err != nil || !utf8.Valid(body) {
			t.Fatalf("took %q, which is no JSON: %v", body, err)
		}
		for name, into := range map[string]any{"title": &sent.Title, "description": &sent.Description, "completed": &sent.Completed} {
			if member, ok := members[name]; ok {
				if err := json.Unmarshal(member, into); err != nil {
					t.Fatalf("took %q: %v", body, err)
				}
			}
		}
		got := answer.task()
		if got.Title != strings.TrimSpace(sent.Title) || got.Completed != sent.Completed ||
			(got.Description == nil) != (sent.Description == nil) || got.Description != nil && *got.Description != *sent.Description {
			t.Errorf("%q made %+v", body, got)
		}
		var canonical bytes.Buffer
		encoder := json.NewEncoder(&canonical)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(got); err != nil {
			t.Fatal(err)
		}
		if want := unescapeSeparators(canonical.String()); string(answer.body)+"\n" != want {
			t.Errorf("wrote %s, encoding/json %s", answer.body, want)
		}
	})
}

// unescapeSeparators undoes what encoding/json escapes for JavaScript's sake
// and JSON does not ask for. (A backslash before them would be escaped itself.)
func unescapeSeparators(text string) string {
	return regexp.MustCompile(`(\\\\)|\\u2028|\\u2029|\\u007f`).ReplaceAllStringFunc(text, func(found string) string {
		switch found {
		case `\u2028`:
			return "\u2028"
		case `\u2029`:
			return "\u2029"
		case `\u007f`:
			return "\u007f"
		}
		return found
	})
}

// FuzzCursor: only the cursors that the service gave lead anywhere, and each
// to its page.
func FuzzCursor(f *testing.F) {
	s := full(f, 5, quiet)
	given := map[string]bool{}
	for at := "/api/u/tasks?limit=1"; at != ""; {
		page := s.do("GET", at, as("u"))
		if at = next(f, page); at != "" {
			target, err := url.Parse(at)
			if err != nil {
				f.Fatal(err)
			}
			given[target.Query().Get("cursor")] = true
			f.Add(target.Query().Get("cursor"))
		}
	}
	f.Add("")
	f.Add("AQAAAAAAAAAB")
	f.Fuzz(func(t *testing.T, cursor string) {
		s := &service{API: s.API, t: t, log: s.log}
		answer := s.do("GET", "/api/u/tasks?cursor="+url.QueryEscape(cursor), as("u"))
		if given[cursor] {
			answer.want(200)
		} else {
			answer.refused(422, "invalid_cursor")
		}
	})
}

// FuzzListQuery: any query is answered, by 200 or by naming what is wrong with
// it, and never with another user's tasks.
func FuzzListQuery(f *testing.F) {
	for _, seed := range []string{
		"", "limit=3&status=pending", "limit=0", "offset=1&limit=%32", "a=%zz", "completed=true&count=true", "order=asc&sort=id&cursor=x", "a;b", "&&==", "\xff", "limit=1&limit=1",
		"priority=high&tag=a&tag=b", "due_after=2026-01-01&due_before=2027-01-01T00:00:00Z", "updated_since=0001-01-01", "search=%C3%A9%00",
		"sort=title&sort_order=desc&limit=2", "sort_by=due_date&skip=1", "sort=position&search=t",
	} {
		f.Add(seed)
	}
	s := full(f, 5, quiet)
	f.Fuzz(func(t *testing.T, query string) {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/u/tasks", nil)
		request.URL.RawQuery = query
		as("u")(request)
		recorder := httptest.NewRecorder()
		s.ServeHTTP(recorder, request)
		s := &service{API: s.API, t: t, log: s.log}
		s.hold(request, recorder.Code, recorder.Header(), recorder.Body.Bytes())
		answer := &answer{t: t, status: recorder.Code, Header: recorder.Header(), body: recorder.Body.Bytes()}
		switch answer.status {
		case 200:
			var tasks []task
			answer.decode(&tasks)
			for _, task := range tasks {
				if task.UserID != "u" {
					t.Errorf("%q lists %+v", query, task)
				}
			}
		case 400:
			answer.refused(400, "invalid_query")
		default:
			if refusal := answer.want(422).problem(); refusal.Errors == nil {
				t.Errorf("%q: %s", query, answer.body)
			}
		}
	})
}

// FuzzUserInPath: only the user whom the path names, decoded once, gets in.
func FuzzUserInPath(f *testing.F) {
	for _, seed := range []string{"u", "%75", "%2575", "u%2F", "me", "%6de", "..", "%00", "%ff", "a+b", "%F0%9F%A6%8A"} {
		f.Add(seed, "u")
	}
	api := serve(f, quiet).API
	f.Fuzz(func(t *testing.T, written, user string) {
		path := "/api/" + written + "/tasks"
		target, err := url.ParseRequestURI(path)
		if err != nil || target.RawQuery != "" || strings.ContainsAny(path, " \r\n?#") {
			return // does not come through net/http as a path
		}
		request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		request.URL = target
		as(user)(request)
		recorder := httptest.NewRecorder()
		api.ServeHTTP(recorder, request)
		named, err := url.PathUnescape(written)
		switch entered := recorder.Code == 200; {
		case recorder.Code >= 500:
			t.Errorf("%q as %q: %d", written, user, recorder.Code)
		case written == "me" && user != "":
			if !entered {
				t.Errorf("me as %q: %d", user, recorder.Code)
			}
		case entered && (err != nil || named != user):
			t.Errorf("%q let %q in", written, user)
		}
	})
}
