package httpapi_test

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// full is a service where u has n tasks, every third of them completed, and v
// has as many.
func full(t testing.TB, n int, choices ...func(*setup)) *service {
	s := serve(t, choices...)
	for i := range n {
		for _, user := range []string{"u", "v"} {
			s.do("POST", "/api/me/tasks", as(user), raw(fmt.Sprintf(`{"title":"task","completed":%t}`, (i+1)%3 == 0))).want(201)
		}
	}
	return s
}

func TestList(t *testing.T) {
	s := full(t, 7)
	for query, want := range map[string][]int{
		"":                                     {7, 6, 5, 4, 3, 2, 1},
		"?":                                    {7, 6, 5, 4, 3, 2, 1},
		"?status=all":                          {7, 6, 5, 4, 3, 2, 1},
		"?status=pending":                      {7, 5, 4, 2, 1},
		"?status=completed":                    {6, 3},
		"?completed=true":                      {6, 3},
		"?completed=false":                     {7, 5, 4, 2, 1},
		"?completed=true&status=all":           {6, 3},
		"?completed=false&status=pending":      {7, 5, 4, 2, 1},
		"?order=asc":                           {1, 2, 3, 4, 5, 6, 7},
		"?sort_order=asc":                      {1, 2, 3, 4, 5, 6, 7},
		"?order=desc&sort=created":             {7, 6, 5, 4, 3, 2, 1},
		"?sort_by=created_at&sort_order=asc":   {1, 2, 3, 4, 5, 6, 7},
		"?sort=id&status=completed&order=asc":  {3, 6},
		"?limit=3":                             {7, 6, 5},
		"?limit=200":                           {7, 6, 5, 4, 3, 2, 1},
		"?limit=2&offset=1":                    {6, 5},
		"?skip=5":                              {2, 1},
		"?offset=10000":                        {},
		"?offset=0":                            {7, 6, 5, 4, 3, 2, 1},
		"?status=pending&order=asc&skip=3":     {5, 7},
		"?count=false&starred=true&search=%20": {7, 6, 5, 4, 3, 2, 1},
		"?user_id=v&owner=v":                   {7, 6, 5, 4, 3, 2, 1},
	} {
		for _, tasks := range []string{"/api/u/tasks", "/api/me/tasks", "/api/u/tasks/"} {
			if diff := cmp.Diff(want, s.do("GET", tasks+query, as("u")).ids()); diff != "" {
				t.Errorf("%s%s (-want +got):\n%s", tasks, query, diff)
			}
		}
	}
}

func TestAListOfNothing(t *testing.T) {
	answer := serve(t).do("GET", "/api/u/tasks?count=true", as("u")).want(200)
	if string(answer.body) != "[]" || answer.Get("X-Total-Count") != "0" || answer.Get("Link") != "" {
		t.Errorf("answered %s with %v", answer.body, answer.Header)
	}
}

func TestListRefusesWhatItDoesNotUnderstand(t *testing.T) {
	s := full(t, 3)
	for query, fields := range map[string]string{
		"limit=0":                            "limit",
		"limit=-1":                           "limit",
		"limit=201":                          "limit",
		"limit=9000000000000000000":          "limit",
		"limit=9e18":                         "limit",
		"limit=99999999999999999999999":      "limit",
		"limit=abc":                          "limit",
		"limit=":                             "limit",
		"limit=1.0":                          "limit",
		"limit=%00":                          "limit",
		"limit=1&limit=1":                    "limit",
		"offset=-1":                          "offset",
		"offset=10001":                       "offset",
		"skip=x":                             "offset",
		"skip=1&offset=1":                    "offset",
		"status=done":                        "status",
		"status=":                            "status",
		"status=Pending":                     "status",
		"status=pending&status=pending":      "status",
		"completed=yes":                      "completed",
		"completed=1":                        "completed",
		"completed=true&completed=false":     "completed",
		"completed=true&status=pending":      "completed",
		"completed=false&status=completed":   "completed",
		"sort=colour":                        "sort",
		"sort=id%3Bdrop":                     "sort",
		"sort=id&sort_by=id":                 "sort",
		"order=up":                           "order",
		"order=asc&sort_order=asc":           "order",
		"count=maybe":                        "count",
		"cursor=&cursor=":                    "cursor",
		"sort=x&limit=0&status=x&order=\xff": "limit status sort order",
	} {
		if got := s.do("GET", "/api/u/tasks?"+query, as("u")).refused(422, "validation_failed").fields(); got != fields {
			t.Errorf("%s: found fault with %q, want %q", query, got, fields)
		}
	}
	for _, query := range []string{"limit=%zz", "a;b", "%", "status=%4"} {
		s.do("GET", "/api/u/tasks?"+query, as("u")).refused(400, "invalid_query")
		s.do("PATCH", "/api/u/tasks/1/complete?"+query, as("u")).refused(400, "invalid_query")
	}
}

// next is where a page's Link header leads, empty if there is none.
func next(t testing.TB, page *answer) string {
	t.Helper()
	link := page.Get("Link")
	if link == "" {
		return ""
	}
	target, ok := strings.CutSuffix(strings.TrimPrefix(link, "<"), `>; rel="next"`)
	if !ok {
		t.Fatalf("Link: %s", link)
	}
	return target
}

// pages follows the links from start and returns the ids on each page.
func pages(s *service, user, start string) (pages [][]int) {
	s.t.Helper()
	for at := start; at != "" && len(pages) < 100; {
		page := s.do("GET", at, as(user)).want(200)
		pages = append(pages, page.ids())
		at = next(s.t, page)
	}
	return pages
}

func TestPagesLeadThroughTheWholeList(t *testing.T) {
	s := full(t, 7)
	for start, want := range map[string][][]int{
		"?limit=3":                                  {{7, 6, 5}, {4, 3, 2}, {1}},
		"?limit=7":                                  {{7, 6, 5, 4, 3, 2, 1}},
		"?limit=2&order=asc":                        {{1, 2}, {3, 4}, {5, 6}, {7}},
		"?limit=2&status=pending&x=%26y":            {{7, 5}, {4, 2}, {1}},
		"?limit=1&completed=true":                   {{6}, {3}},
		"?limit=2&offset=2":                         {{5, 4}, {3, 2}, {1}},
		"?limit=3&skip=1&sort_by=id&sort_order=asc": {{2, 3, 4}, {5, 6, 7}},
	} {
		for _, tasks := range []string{"/api/u/tasks", "/api/me/tasks", "/api/%75/tasks", "/api/u/tasks/"} {
			if diff := cmp.Diff(want, pages(s, "u", tasks+start)); diff != "" {
				t.Errorf("%s%s (-want +got):\n%s", tasks, start, diff)
			}
		}
	}
}

func TestTheNextLinkKeepsTheRequestsOwnWords(t *testing.T) {
	s := full(t, 7)
	at := next(t, s.do("GET", "/api/%75/tasks?limit=2&status=pending&offset=1&x=a%20%26%3E&count=true", as("u")))
	target, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	query := target.Query()
	if query.Get("cursor") == "" || target.EscapedPath() != "/api/%75/tasks" || target.IsAbs() {
		t.Errorf("leads to %s", at)
	}
	query.Del("cursor")
	if diff := cmp.Diff(url.Values{"limit": {"2"}, "status": {"pending"}, "x": {"a &>"}, "count": {"true"}}, query); diff != "" {
		t.Error(diff)
	}
}

func TestPagesNeitherSkipNorRepeatWhileTasksComeAndGo(t *testing.T) {
	s := full(t, 6)
	first := s.do("GET", "/api/u/tasks?limit=2", as("u"))
	s.do("DELETE", "/api/u/tasks/5", as("u")).want(204) // the one that the cursor names
	s.do("DELETE", "/api/u/tasks/6", as("u")).want(204)
	s.create("u", "new")
	if diff := cmp.Diff([][]int{{4, 3}, {2, 1}}, pages(s, "u", next(t, first))); diff != "" {
		t.Error(diff)
	}
}

func TestAListIsBounded(t *testing.T) {
	s := serve(t)
	for range 1001 {
		s.create("u", "task")
	}
	for query, want := range map[string]int{"": 1000, "?status=pending": 1000, "?offset=0": 50, "?skip=3": 50, "?limit=200": 200} {
		page := s.do("GET", "/api/u/tasks"+query, as("u"))
		if got := len(page.ids()); got != want {
			t.Errorf("%q lists %d tasks, want %d", query, got, want)
		}
		if page.Get("X-Total-Count") != "" {
			t.Errorf("%q was counted", query)
		}
		if next(t, page) == "" {
			t.Errorf("%q has no next page", query)
		}
	}
	if got := pages(s, "u", "/api/u/tasks"); len(got) != 2 || !slices.Equal(got[1], []int{1}) {
		t.Errorf("the second page of a bare list is %v", got[1:])
	}
	page := s.do("GET", "/api/u/tasks?limit=1&count=true&status=pending", as("u"))
	if page.Get("X-Total-Count") != "1001" {
		t.Errorf("X-Total-Count %q", page.Get("X-Total-Count"))
	}
	again := s.do("GET", next(t, page), as("u"))
	if again.Get("X-Total-Count") != "1001" {
		t.Errorf("X-Total-Count %q on the second page", again.Get("X-Total-Count"))
	}
}

func TestACursorIsOfOneList(t *testing.T) {
	s := full(t, 7)
	cursorOf := func(user, query string) string {
		target, err := url.Parse(next(t, s.do("GET", "/api/me/tasks"+query, as(user))))
		if err != nil {
			t.Fatal(err)
		}
		return target.Query().Get("cursor")
	}
	cursor := cursorOf("u", "?limit=3")
	s.do("GET", "/api/u/tasks?cursor="+cursor, as("u")).want(200)
	s.do("GET", "/api/me/tasks?limit=1&cursor="+cursor, as("u")).want(200)
	for name, query := range map[string]string{
		"another filter":  "status=pending&cursor=" + cursor,
		"another order":   "order=asc&cursor=" + cursor,
		"another owner's": "cursor=" + cursorOf("v", "?limit=3"),
		"its pending":     "cursor=" + cursorOf("u", "?limit=3&status=pending"),
		"its completed":   "status=pending&cursor=" + cursorOf("u", "?limit=1&status=completed"),
		"cut":             "cursor=" + cursor[:len(cursor)-1],
		"longer":          "cursor=" + cursor + "A",
		"padded":          "cursor=" + cursor + "%3D",
		"a new line":      "cursor=" + cursor[:4] + "%0A" + cursor[4:],
		"empty":           "cursor=",
		"a number":        "cursor=5",
		"base64 of it":    "cursor=" + base64.RawURLEncoding.EncodeToString([]byte("5")),
		"not base64":      "cursor=%00%FF",
		"long":            "cursor=" + strings.Repeat("A", 5000),
	} {
		t.Run(name, func(t *testing.T) {
			if fields := s.do("GET", "/api/u/tasks?"+query, as("u")).refused(422, "invalid_cursor").fields(); fields != "cursor" {
				t.Errorf("found fault with %q", fields)
			}
		})
	}
	for i := range cursor {
		for _, c := range []byte("A_z") {
			if tampered := cursor[:i] + string(c) + cursor[i+1:]; tampered != cursor {
				s.do("GET", "/api/u/tasks?cursor="+tampered, as("u")).refused(422, "invalid_cursor")
			}
		}
	}
	if fields := s.do("GET", "/api/u/tasks?offset=1&cursor="+cursor, as("u")).refused(422, "validation_failed").fields(); fields != "offset" {
		t.Errorf("a cursor and an offset: found fault with %q", fields)
	}
}
