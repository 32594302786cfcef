package httpapi_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/httpapi"
)

// cursorOf is the cursor with which the list that a query asks for goes on.
func cursorOf(s *service, user, query string) string {
	s.t.Helper()
	target, err := url.Parse(next(s.t, s.do("GET", "/api/me/tasks?"+query, as(user)).want(200)))
	if err != nil {
		s.t.Fatal(err)
	}
	cursor := target.Query().Get("cursor")
	if cursor == "" {
		s.t.Fatalf("%s has no next page", query)
	}
	return cursor
}

// lists are different from each other.
var lists = []string{
	"sort=id", "sort=id&order=asc", "sort=updated", "sort=updated&order=asc", "sort=due", "sort=due&order=desc", "sort=priority",
	"sort=priority&order=asc", "sort=title", "sort=title&order=desc", "sort=position", "sort=position&order=desc",
	"status=pending", "priority=medium", "priority=high", "tag=home", "tag=home&sort=title", "due_after=2026-11-22", "due_after=2026-11-21",
	"due_before=2028-01-01", "due_before=2028-01-02", "updated_since=2026-01-01", "updated_since=2026-01-02", "search=e", "search=a", "search=s",
}

func TestEachListHasCursorsOfItsOwn(t *testing.T) {
	s := assorted(t)
	for _, list := range lists {
		cursor := cursorOf(s, "u", "limit=1&"+list)
		for _, other := range lists {
			answer := s.do("GET", "/api/u/tasks?"+other+"&cursor="+cursor, as("u"))
			if other == list {
				answer.want(200)
				continue
			}
			answer.refused(422, "invalid_cursor")
		}
		s.do("GET", "/api/v/tasks?"+list+"&cursor="+cursor, as("v")).refused(422, "invalid_cursor")
		s.do("GET", "/api/u/trash?cursor="+cursor, as("u")).refused(422, "invalid_cursor")
		s.do("GET", "/api/u/changes?since="+cursor, as("u")).refused(422, "invalid_since")
		for i := range cursor {
			c := "A"
			if cursor[i:i+1] == c {
				c = "B"
			}
			s.do("GET", "/api/u/tasks?"+list+"&cursor="+cursor[:i]+c+cursor[i+1:], as("u")).refused(422, "invalid_cursor")
		}
	}
}

func TestTheSameListInOtherWordsHasTheSameCursors(t *testing.T) {
	s := assorted(t)
	for list, same := range map[string][]string{
		"":                     {"status=all", "sort=created&order=desc", "priority=all", "search=%20", "sort_by=id", "count=true", "limit=200"},
		"sort=due":             {"sort_by=due_date&sort_order=asc"},
		"status=pending":       {"completed=false", "completed=false&status=pending"},
		"search=apples":        {"search=APPLES", "search=%C3%84pples", "search=%20apples"},
		"due_after=2026-11-22": {"due_after=2026-11-22T01:00:00%2B01:00"},
	} {
		cursor := cursorOf(s, "u", "limit=1&"+list)
		for _, query := range same {
			s.do("GET", "/api/u/tasks?"+query+"&cursor="+cursor, as("u")).want(200)
		}
	}
}

func TestACursorHoldsItsPlaceWhenItsTaskHasChanged(t *testing.T) {
	for list, want := range map[string][]int{
		"sort=due":      {4, 2, 6, 3, 5},
		"sort=title":    {2, 4, 1, 3, 6},
		"sort=position": {1, 3, 4, 5, 6},
	} {
		for _, change := range []func(s *service, item string){
			func(s *service, item string) { s.do("DELETE", item, as("u")).want(204) },
			func(s *service, item string) { s.do("PATCH", item, as("u"), raw(`{"tags":["moved"]}`)).want(200) },
		} {
			s := assorted(t)
			first := s.do("GET", "/api/u/tasks?limit=1&"+list, as("u"))
			change(s, fmt.Sprintf("/api/u/tasks/%d", first.ids()[0]))
			var got []int
			for _, page := range pages(s, "u", next(t, first)) {
				got = append(got, page...)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", list, diff)
			}
		}
	}
}

// hostile are contents that no cursor or token of ours has.
func hostile() map[string][]byte {
	numbers := func(numbers ...int64) (content []byte) {
		for _, number := range numbers {
			content = binary.AppendVarint(content, number)
		}
		return content
	}
	contents := map[string][]byte{
		"nothing":            {},
		"half a number":      {0x80},
		"a number too long":  bytes.Repeat([]byte{0xFF}, 11),
		"one number":         numbers(1),
		"three numbers":      numbers(1, 1, 1),
		"NUL":                append(numbers(1, 1), "a\x00b"...),
		"not UTF-8":          append(numbers(1, 1), 0xFF, 0xC0),
		"a surrogate":        append(numbers(1, 1), 0xED, 0xA0, 0x80),
		"quotes":             append(numbers(1, 1), `'";--\%_`...),
		"a long text":        append(numbers(1, 1), strings.Repeat("é", 2900)...),
		"a text beyond that": append(numbers(1, 1), strings.Repeat("é", 40_000)...),
	}
	for name, number := range map[string]int64{
		"0": 0, "-1": -1, "most": math.MaxInt64, "least": math.MinInt64, "beyond JavaScript": 1 << 53,
	} {
		contents["id "+name] = numbers(number, 0)
		contents["number "+name] = numbers(1, number)
		contents["both "+name] = numbers(number, number)
	}
	return contents
}

// TestForgedCursors: whoever computes the checksum can name any place in their
// own list, and nothing else happens.
func TestForgedCursors(t *testing.T) {
	s := assorted(t)
	for name, content := range hostile() {
		t.Run(name, func(t *testing.T) {
			s := &service{API: s.API, t: t, log: s.log}
			for _, list := range lists {
				cursor, err := httpapi.SealCursor("u", list, content)
				if err != nil {
					t.Fatal(err)
				}
				answer := s.do("GET", "/api/u/tasks?"+list+"&cursor="+cursor, as("u"))
				if answer.status == 200 {
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
	for _, refused := range []string{"nothing", "half a number", "a number too long", "NUL", "not UTF-8", "a surrogate", "a text beyond that", "id 0", "id -1", "id least"} {
		cursor, err := httpapi.SealCursor("u", "sort=title", hostile()[refused])
		if err != nil {
			t.Fatal(err)
		}
		s.do("GET", "/api/u/tasks?sort=title&cursor="+cursor, as("u")).refused(422, "invalid_cursor")
	}
	for _, refused := range []string{"nothing", "half a number", "a number too long", "three numbers", "NUL", "id -1", "number -1", "both least"} {
		s.do("GET", "/api/u/trash?cursor="+httpapi.SealTrashCursor("u", hostile()[refused]), as("u")).refused(422, "invalid_cursor")
		s.do("GET", "/api/u/changes?since="+httpapi.SealFeedToken("u", hostile()[refused]), as("u")).refused(422, "invalid_since")
	}
	// The same for another owner is not even looked at.
	cursor, err := httpapi.SealCursor("u", "", binary.AppendVarint(binary.AppendVarint(nil, 3), 0))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{2, 1}, s.do("GET", "/api/u/tasks?cursor="+cursor, as("u")).ids()); diff != "" {
		t.Error(diff)
	}
	s.do("GET", "/api/v/tasks?cursor="+cursor, as("v")).refused(422, "invalid_cursor")
}

// onlyOf fails the test if a list has a task of another user's.
func onlyOf(t testing.TB, user string, list *answer) {
	t.Helper()
	var tasks []task
	list.want(200).decode(&tasks)
	for _, task := range tasks {
		if task.UserID != user {
			t.Errorf("a list of %s's has %+v", user, task)
		}
	}
}
