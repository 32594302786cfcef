package httpapi_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// assorted is a service where u has tasks that differ in all that lists are
// filtered and sorted by, with ties. v has the same.
func assorted(t testing.TB, choices ...func(*setup)) *service {
	s := serve(t, choices...)
	for _, body := range []string{
		`{"title":"Über die Brücke","priority":"high","tags":["home","weg"],"due_date":"2026-11-22"}`,
		`{"title":"apples","priority":"low","description":"fünf Äpfel","due_date":"2026-11-21T23:00:00-02:00"}`,
		`{"title":"Zebra","tags":["home"],"completed":true}`,
		`{"title":"APPLES","due_date":"2026-11-22T00:00:00Z","due_zone":"Asia/Tokyo","tags":["Home","home"]}`,
		`{"title":"100% _sure_","priority":"high","tags":["a,b"]}`,
		`{"title":"zebra","description":"\\ and \"","due_date":"2027-01-01"}`,
	} {
		for _, user := range []string{"u", "v"} {
			s.do("POST", "/api/me/tasks", as(user), raw(body)).want(201)
		}
	}
	for _, user := range []string{"u", "v"} { // updated last, and out of the order of ids
		s.do("PATCH", "/api/me/tasks/2", as(user), raw(`{"position":{"before":1}}`)).want(200)
	}
	return s
}

func TestFilters(t *testing.T) {
	s := assorted(t)
	for query, want := range map[string][]int{
		"priority=high":                              {5, 1},
		"priority=medium":                            {6, 4, 3},
		"priority=all":                               {6, 5, 4, 3, 2, 1},
		"priority=high&completed=true":               {},
		"tag=home":                                   {4, 3, 1},
		"tag=Home":                                   {4},
		"tag=home&tag=weg":                           {1},
		"tag=%20weg%20":                              {1},
		"tag=a,b":                                    {5},
		"tag=a":                                      {},
		"tag=home&status=pending":                    {4, 1},
		"due_after=2026-11-22":                       {6, 4, 2, 1},
		"due_after=2026-11-22T00:00:00.000001Z":      {6, 2},
		"due_before=2026-11-22":                      {},
		"due_before=2026-11-22T00:00:01Z":            {4, 1},
		"due_after=2026-11-22T02:00:00%2B01:00":      {6, 2},
		"due_after=2026-11-22&due_before=2026-11-23": {4, 2, 1},
		"due_after=0001-01-02":                       {6, 4, 2, 1},
		"due_before=9999-12-31":                      {6, 4, 2, 1},
		"updated_since=2026-01-02T03:04:17Z":         {2},
		"updated_since=2026-01-02":                   {6, 5, 4, 3, 2, 1},
		"updated_since=2027-01-02":                   {},
		"search=apples":                              {4, 2},
		"search=uber":                                {1},
		"search=" + url.QueryEscape("ÜBER DIE"):      {1},
		"search=apfel":                               {2},
		"search=fu%CC%88nf":                          {2},
		"search=100%25":                              {5},
		"search=%25":                                 {5},
		"search=_":                                   {5},
		"search=%5C":                                 {6},
		"search=%22":                                 {6},
		"search=%20zebra%09":                         {6, 3},
		"search=zebra&completed=false":               {6},
		"search=":                                    {6, 5, 4, 3, 2, 1},
		"search=" + url.QueryEscape("' OR 1=1 --"):   {},
		"search=" + strings.Repeat("%C3%A9", 200):    {},
		"tag=home&priority=high&search=u&due_after=0001-01-02&status=pending": {1},
	} {
		for _, tasks := range []string{"/api/u/tasks?", "/api/me/tasks?"} {
			if diff := cmp.Diff(want, s.do("GET", tasks+query, as("u")).ids()); diff != "" {
				t.Errorf("%s%s (-want +got):\n%s", tasks, query, diff)
			}
			counted := s.do("GET", tasks+"limit=1&count=true&"+query, as("u")).want(200)
			if total := counted.Get("X-Total-Count"); total != strconv.Itoa(len(want)) {
				t.Errorf("%s%s: X-Total-Count %s, want %d", tasks, query, total, len(want))
			}
		}
	}
}

func TestFiltersAtFault(t *testing.T) {
	s := serve(t)
	for query, fields := range map[string]string{
		"priority=":                               "priority",
		"priority=High":                           "priority",
		"priority=low&priority=low":               "priority",
		"tag=":                                    "tag",
		"tag=a&tag=a":                             "tag",
		"tag=%00":                                 "tag",
		"tag=%FF":                                 "tag",
		"tag=" + strings.Repeat("x", 51):          "tag",
		strings.Repeat("&tag=x", 21)[1:]:          "tag",
		"due_after=":                              "due_after",
		"due_after=tomorrow":                      "due_after",
		"due_after=2026-11-22T00:00:00+01:00":     "due_after", // the plus sign is a space
		"due_after=0001-01-01":                    "due_after",
		"due_before=0001-01-01T01:00:00%2B01:00":  "due_before",
		"due_before=0000-01-01":                   "due_before",
		"due_before=2026-13-01":                   "due_before",
		"due_before=2026-11-22&due_before=":       "due_before",
		"updated_since=1":                         "updated_since",
		"updated_since=%00":                       "updated_since",
		"search=%00":                              "search",
		"search=%FF":                              "search",
		"search=x&search=y":                       "search",
		"search=" + strings.Repeat("%C3%A9", 201): "search",
		"sort=Title":                              "sort",
		"sort=due&sort_by=due":                    "sort",
		"sort=":                                   "sort",
		"sort=0":                                  "sort",
		"order=":                                  "order",
		"order=ASC":                               "order",
		"priority=x&tag=&due_after=x&due_before=x&updated_since=x&search=%00&sort=x": "priority tag due_after due_before updated_since search sort",
	} {
		if got := s.do("GET", "/api/u/tasks?"+query, as("u")).refused(422, "validation_failed").fields(); got != fields {
			t.Errorf("%s: found fault with %q, want %q", query, got, fields)
		}
	}
}

// sorted are the orders in which the tasks of assorted can be listed.
var sorted = map[string][]int{
	"sort=id&order=asc":        {1, 2, 3, 4, 5, 6},
	"sort=updated&order=asc":   {1, 3, 4, 5, 6, 2},
	"sort=due&order=asc":       {1, 4, 2, 6, 3, 5},
	"sort=due&order=desc":      {6, 2, 4, 1, 5, 3},
	"sort=priority&order=asc":  {2, 3, 4, 6, 1, 5},
	"sort=title&order=asc":     {5, 2, 4, 1, 3, 6},
	"sort=position&order=asc":  {2, 1, 3, 4, 5, 6},
	"sort=id&order=desc":       {6, 5, 4, 3, 2, 1},
	"sort=updated&order=desc":  {2, 6, 5, 4, 3, 1},
	"sort=priority&order=desc": {5, 1, 6, 4, 3, 2},
	"sort=title&order=desc":    {6, 3, 1, 4, 2, 5},
	"sort=position&order=desc": {6, 5, 4, 3, 1, 2},
}

func TestSorts(t *testing.T) {
	s := assorted(t)
	for query, want := range sorted {
		if diff := cmp.Diff(want, s.do("GET", "/api/u/tasks?"+query, as("u")).ids()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
		for _, limit := range []string{"1", "2", "5"} {
			got := pages(s, "v", "/api/v/tasks?limit="+limit+"&"+query)
			if diff := cmp.Diff(want, slices.Concat(got...)); diff != "" {
				t.Errorf("%s, pages of %s (-want +got):\n%s", query, limit, diff)
			}
		}
	}
}

func TestSortsHaveSeveralNamesAndAnOrderOfTheirOwn(t *testing.T) {
	s := assorted(t)
	for query, same := range map[string]string{
		"":                               "sort=id&order=desc",
		"sort=id":                        "sort=id&order=desc",
		"sort=created":                   "sort=id&order=desc",
		"sort_by=created_at":             "sort=id&order=desc",
		"sort=updated":                   "sort=updated&order=desc",
		"sort=updated_at":                "sort=updated&order=desc",
		"sort=due":                       "sort=due&order=asc",
		"sort_by=due_date":               "sort=due&order=asc",
		"sort=priority":                  "sort=priority&order=desc",
		"sort=title":                     "sort=title&order=asc",
		"sort_by=position":               "sort=position&order=asc",
		"sort_by=title&sort_order=desc":  "sort=title&order=desc",
		"sort=position&sort_order=desc":  "sort=position&order=desc",
		"sort_by=due_date&order=desc":    "sort=due&order=desc",
		"sort=updated_at&sort_order=asc": "sort=updated&order=asc",
	} {
		if diff := cmp.Diff(sorted[same], s.do("GET", "/api/u/tasks?"+query, as("u")).ids()); diff != "" {
			t.Errorf("%q is not %s (-want +got):\n%s", query, same, diff)
		}
	}
}
