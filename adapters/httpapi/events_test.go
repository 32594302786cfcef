package httpapi_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
)

// inBubble runs a test on a server whose time is that of the bubble. In the
// end nothing of it may be running any more.
func inBubble(t *testing.T, test func(t *testing.T, h *hosted), choices ...func(*setup)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		h := host(t, choices...)
		defer h.end(t)
		test(t, h)
	})
}

func TestEventsTellWhatThereIsAndWhatHappens(t *testing.T) {
	for _, path := range []string{"/api/u/events", "/api/me/events", "/api/me/events/"} {
		inBubble(t, func(t *testing.T, h *hosted) {
			for range 3 {
				h.do("POST", "/api/me/tasks", as("u"), raw(`{"title":"a","description":"b\n\nid: c\r\rdata: d\u2028\u0085"}`)).want(201)
			}
			h.do("DELETE", "/api/me/tasks/1", as("u")).want(204)
			h.create("v", "another's")
			events := h.follow(t, path)
			if got := events.want("start"); got.id == "" || got.data != `{"type":"start"}` {
				t.Errorf("began with %+v", got)
			}
			want := h.changes()
			if got := []string{events.want("task").data, events.want("task").data, events.want("deleted").data}; cmp.Diff(want, got) != "" {
				t.Errorf("changes (-changes +events):\n%s", cmp.Diff(want, got))
			}
			start := time.Now()
			for name, change := range map[string]func(){
				"task":    func() { h.create("u", "e") },
				"deleted": func() { h.do("DELETE", "/api/me/tasks/2", as("u")).want(204) },
			} {
				change()
				all := h.changes()
				if next := events.want(name); next.data != all[len(all)-1] {
					t.Errorf("told %s of %s", next.data, all[len(all)-1])
				}
			}
			if took := time.Since(start); took > 0 {
				t.Errorf("what happened was told after %v", took)
			}
			events.leave()
		})
	}
}

// changes are all that /changes tells of u's.
func (h *hosted) changes() (all []string) {
	h.t.Helper()
	var page struct{ Changes []text }
	h.do("GET", "/api/u/changes", as("u")).want(200).decode(&page)
	for _, change := range page.Changes {
		all = append(all, string(change))
	}
	return all
}

// text is JSON as it stands.
type text string

func (s *text) UnmarshalJSON(json []byte) error {
	*s = text(json)
	return nil
}

func TestEventsAreNotKeptBack(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		head := h.do("HEAD", "/api/u/events", as("u")).want(200)
		if len(head.body) > 0 {
			t.Errorf("a HEAD was answered with %s", head.body)
		}
		events := h.follow(t, "/api/u/events", header("Accept-Encoding", "gzip"))
		if events.ContentLength != -1 {
			t.Errorf("Content-Length %d", events.ContentLength)
		}
		for method, got := range map[string]http.Header{"HEAD": head.Header, "GET": events.Header} {
			for name, want := range map[string]string{
				"Content-Type": "text/event-stream", "X-Accel-Buffering": "no", "Cache-Control": "private, no-store",
				"Content-Encoding": "", "Content-Length": "",
			} {
				if got.Get(name) != want {
					t.Errorf("%s: %s is %q, want %q", method, name, got.Get(name), want)
				}
			}
		}
		events.want("start")
		events.leave()
	})
}

func TestEventsGoOnFromTheLast(t *testing.T) {
	for name, test := range map[string]struct {
		path, last string // in which $1 is the id of the event of task 1, and so on; $0 that of the start
		want       []int
	}{
		"from the beginning":              {"", "", []int{1, 2, 3, 4}},
		"after the start":                 {"", "$0", []int{1, 2, 3, 4}},
		"after one":                       {"", "$1", []int{2, 3, 4}},
		"after two":                       {"", "$2", []int{3, 4}},
		"after what was not read":         {"", "$3", []int{4}},
		"by the query":                    {"?last_event_id=$2", "", []int{3, 4}},
		"by since":                        {"?since=$2", "", []int{3, 4}},
		"the header before the query":     {"?since=now&last_event_id=$1", "$2", []int{3, 4}},
		"the last before since":           {"?since=now&last_event_id=$2", "", []int{3, 4}},
		"an empty last is none":           {"?since=$2&last_event_id=", "", []int{3, 4}},
		"from now on":                     {"?since=now", "", nil},
		"what is not known is of no harm": {"?since=$2&wait=forever", "", []int{3, 4}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, h *hosted) {
				for range 3 {
					h.create("u", "title")
				}
				before := h.follow(t, "/api/u/events")
				ids := []string{"$0", before.want("start").id, "$1", before.want("task").id, "$2", before.want("task").id, "$3", before.want("task").id}
				before.leave()
				h.create("u", "title")

				told := strings.NewReplacer(ids...)
				events := h.follow(t, "/api/u/events"+told.Replace(test.path), header("Last-Event-ID", told.Replace(test.last)))
				events.want("start")
				var got []int
				for range test.want {
					got = append(got, events.want("task").change(t).Task.ID)
				}
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("tasks (-want +got):\n%s", diff)
				}
				h.create("u", "title")
				if next := events.want("task").change(t).Task.ID; next != 5 {
					t.Errorf("then came task %d", next)
				}
				events.leave()
			})
		})
	}
}

// Who followed from now on, and saw nothing, must not miss what happens until
// they are back.
func TestEventsFromNowOnGoOnFromThen(t *testing.T) {
	for before := range 2 {
		inBubble(t, func(t *testing.T, h *hosted) {
			for range before {
				h.create("u", "before")
			}
			events := h.follow(t, "/api/u/events?since=now")
			events.want("start")
			events.leave()
			h.create("u", "meanwhile")
			events = h.follow(t, "/api/u/events?since=now", header("Last-Event-ID", events.lastID))
			events.want("start")
			if got := events.want("task").change(t).Task.Title; got != "meanwhile" {
				t.Errorf("then came %q", got)
			}
			events.leave()
		})
	}
}

// What was deleted and forgotten before somebody began is no news to them, also
// where they stop in the middle of what is older.
func TestEventsGoOnThoughOlderOnesAreForgotten(t *testing.T) {
	tasks := memory.NewTasks()
	inBubble(t, func(t *testing.T, h *hosted) {
		for range 3 {
			h.create("u", "title")
		}
		for id := domain.TaskID(2); id <= 3; id++ {
			at := dawn.Add(time.Duration(id) * time.Hour)
			batch := domain.NewBatch(at, domain.Delete{Target: domain.Target{ID: id}}).ForgettingTrash(at.Add(-time.Minute))
			if _, err := tasks.Apply(t.Context(), "u", batch); err != nil {
				t.Fatal(err)
			}
		}
		events := h.follow(t, "/api/u/events")
		events.want("start")
		first := events.want("task")
		events.leave()
		events = h.follow(t, "/api/u/events", header("Last-Event-ID", first.id))
		events.want("start")
		if got := events.want("deleted").change(t).ID; got != 3 {
			t.Errorf("then came task %d", got)
		}
		events.leave()
	}, func(s *setup) { s.repository = tasks })
}

func TestEventsComeInFeeds(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		const tasks = 250
		for range tasks {
			h.create("u", "title")
		}
		events := h.follow(t, "/api/u/events")
		events.want("start")
		for id := 1; id <= tasks; id++ {
			if got := events.want("task").change(t).Task.ID; got != id {
				t.Fatalf("task %d came instead of %d", got, id)
			}
		}
		events.leave()
	})
}

func TestWhereNothingHappensACommentIsSent(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		events := h.follow(t, "/api/u/events")
		events.want("start")
		time.AfterFunc(10*time.Minute+time.Second, func() { h.create("u", "title") })
		events.want("task")
		if events.comments != 40 {
			t.Errorf("%d comments in 10 minutes", events.comments)
		}
		events.leave()
	})
}

func TestEventsOfAnotherAreForbidden(t *testing.T) {
	s := serve(t)
	s.create("alice", "a secret of alice")
	token := s.changesToken("alice")
	var bodies []string
	for _, target := range append([]string{"alice", "nobody", strings.Repeat("x", 1025), "\xff", "a\x00b", "BOB", "bob ", "../bob"}, oddUsers...) {
		for _, id := range escaped(target) {
			for _, query := range []string{"", "?since=" + token, "?since=x&user_id=bob"} {
				s.do("GET", "/api/"+id+"/events"+query).want(401)
				refusal := s.do("GET", "/api/"+id+"/events"+query, as("bob"), header("Last-Event-ID", token), header("X-Request-ID", "r"))
				refusal.refused(403, "not_owner")
				bodies = append(bodies, string(refusal.body))
			}
		}
	}
	for _, body := range bodies {
		if body != bodies[0] {
			t.Fatalf("refusals can be told apart: %s and %s", bodies[0], body)
		}
	}
	s.do("GET", "/api/bob/events?since="+token, as("bob")).refused(422, "invalid_since")
}

// changesToken is the token of all that has happened to a user's tasks.
func (s *service) changesToken(user string) string {
	s.t.Helper()
	var page struct{ Next string }
	s.do("GET", "/api/me/changes", as(user)).want(200).decode(&page)
	return page.Next
}

func TestEventQueriesThatAreRefused(t *testing.T) {
	s := serve(t)
	s.create("u", "title")
	token := s.changesToken("u")
	for _, text := range []string{"x", "Now", "0", token + "x", token[1:], strings.ToUpper(token), "\x00", strings.Repeat("A", 9000)} {
		s.do("GET", "/api/u/events?since="+url.QueryEscape(text), as("u")).refused(422, "invalid_since")
		s.do("GET", "/api/u/events?since=now&last_event_id="+url.QueryEscape(text), as("u")).refused(422, "invalid_since")
		s.do("GET", "/api/u/events?since=now", header("Last-Event-ID", text), as("u")).refused(422, "invalid_since")
		s.do("HEAD", "/api/u/events?since=now", header("Last-Event-ID", text), as("u")).want(422)
	}
	for _, query := range []string{"?since=", "?since=now&since=now", "?last_event_id=now&last_event_id=now"} {
		s.do("GET", "/api/u/events"+query, as("u")).want(422)
	}
	s.do("GET", "/api/u/events?limit=5", as("u"), header("Prefer", "handling=strict")).refused(422, "validation_failed")
	s.do("GET", "/api/u/events?since=%zz", as("u")).refused(400, "invalid_query")
	s.do("POST", "/api/u/events", as("u")).want(405)
}
