package httpapi_test

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
)

// watcher notes all that a Watch is told.
type watcher struct {
	mu       sync.Mutex
	answered []httpapi.Answered
	lags     []time.Duration
}

func (w *watcher) watch(s *setup) {
	s.options.Watch = httpapi.Watch{
		Answered: func(answered httpapi.Answered) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.answered = append(w.answered, answered)
		},
		Delivered: func(lag time.Duration) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.lags = append(w.lags, lag)
		},
	}
}

func TestWatchIsToldOfEachRequest(t *testing.T) {
	var seen watcher
	s := serve(t, seen.watch, func(s *setup) { s.options.Logger = nil })
	s.do("POST", "/api/u/tasks", as("u"), raw(`{"title":"milk"}`)).want(201)
	s.do("GET", "/api/me/tasks/7/", as("u")).want(404)
	s.do("GET", "/api/v/tasks", as("u")).want(403)
	s.do("GET", "/api/u/tasks").want(401)
	s.do("GET", "/api/u/tasks", as("u"), as("u")).want(400)
	s.do("GET", "/api/u/tasks?limit=x", as("u")).want(422)
	s.do("GET", "/livez").want(200)
	s.unheld().do("BREW", "/api/u/tasks", as("u")).want(405)
	s.unheld().do("GET", "/whatever/there/is", as("u")).want(404)
	want := []httpapi.Answered{
		{Method: "POST", Route: "/api/:user_id/tasks", Status: 201},
		{Method: "GET", Route: "/api/me/tasks/:id", Status: 404, Code: "task_not_found"},
		{Method: "GET", Route: "/api/:user_id/tasks", Status: 403, Code: "not_owner", Refused: true},
		{Method: "GET", Route: "/api/:user_id/tasks", Status: 401, Code: "token_missing", Refused: true},
		{Method: "GET", Route: "/api/:user_id/tasks", Status: 400, Code: "authorization_repeated", Refused: true},
		{Method: "GET", Route: "/api/:user_id/tasks", Status: 422, Code: "validation_failed"},
		{Method: "GET", Route: "/livez", Status: 200},
		{Method: httpapi.OtherMethod, Route: "/api/:user_id/tasks", Status: 405, Code: "method_not_allowed"},
		{Method: "GET", Route: httpapi.NoRoute, Status: 404, Code: "route_not_found"},
	}
	if diff := cmp.Diff(want, seen.answered, cmpopts.IgnoreFields(httpapi.Answered{}, "Took")); diff != "" {
		t.Errorf("(-want +told):\n%s", diff)
	}
	if slices.ContainsFunc(seen.answered, func(a httpapi.Answered) bool { return a.Took <= 0 }) {
		t.Errorf("requests took no time: %+v", seen.answered)
	}
}

// TestWatchIsToldOfLags changes a task without waking anybody, so that it is
// found when the stream looks for changes of itself. What was there before the
// stream is no lag of ours.
func TestWatchIsToldOfLags(t *testing.T) {
	var seen watcher
	tasks := memory.NewTasks()
	apply := func(ctx context.Context, change domain.Change) {
		t.Helper()
		if _, err := tasks.Apply(ctx, "u", domain.NewBatch(time.Now(), change)); err != nil {
			t.Fatal(err)
		}
	}
	title, err := domain.DefaultLimits.ParseTitle("milk")
	if err != nil {
		t.Fatal(err)
	}
	inBubble(t, func(t *testing.T, h *hosted) {
		apply(t.Context(), domain.Create{Title: title})
		time.Sleep(time.Hour) //nolint:forbidigo // the bubble's
		events := h.follow(t, "/api/u/events")
		events.want("start")
		events.want("task")
		if got := h.Streams(); got != 1 {
			t.Errorf("%d streams, want 1", got)
		}
		time.Sleep(time.Second) //nolint:forbidigo // the bubble's
		apply(t.Context(), domain.ToggleCompleted{Target: domain.Target{ID: 1}})
		events.want("task")
		time.Sleep(2 * time.Second) //nolint:forbidigo // the bubble's
		apply(t.Context(), domain.Delete{Target: domain.Target{ID: 1}})
		events.want("deleted")
		apply(t.Context(), domain.Purge{Target: domain.Target{ID: 1}})
		events.want("deleted")
		events.leave()
		synctest.Wait()
		if got := h.Streams(); got != 0 {
			t.Errorf("%d streams in the end", got)
		}
	}, seen.watch, func(s *setup) { s.repository, s.tasks.Poll = tasks, 5*time.Second })
	if want := []time.Duration{4 * time.Second, 3 * time.Second}; !slices.Equal(seen.lags, want) {
		t.Errorf("lags %v, want %v", seen.lags, want)
	}
	if last := seen.answered[len(seen.answered)-1]; last.Status != http.StatusOK || last.Took < time.Second {
		t.Errorf("of the stream was told %+v", last)
	}
}
