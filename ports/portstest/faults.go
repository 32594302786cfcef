package portstest

import (
	"context"
	"errors"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var faultRules = []rule{
	{"Every method returns the context's error if the context has ended", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.create("there")
		for want, ctx := range ended(t) {
			if _, err := tasks.Get(ctx, s.owner, 1); !errors.Is(err, want) {
				t.Errorf("Get gave error %v, want %v", err, want)
			}
			if _, err := tasks.List(ctx, s.owner, domain.TaskQuery{Limit: 1, Count: true}); !errors.Is(err, want) {
				t.Errorf("List gave error %v, want %v", err, want)
			}
			for _, changes := range everyBatch() {
				if _, err := tasks.Apply(ctx, s.owner, domain.NewBatch(later, changes...)); !errors.Is(err, want) {
					t.Errorf("Apply of %T gave error %v, want %v", changes[0], err, want)
				}
			}
		}
	}},
	{"Apply changes nothing if the context has ended", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		before := s.create("there")
		for _, ctx := range ended(t) {
			for _, changes := range everyBatch() {
				if _, err := tasks.Apply(ctx, s.owner, domain.NewBatch(later, changes...)); err == nil {
					t.Errorf("Apply of %T did not fail", changes[0])
				}
			}
		}
		s.wantIDs(s.list(domain.TaskQuery{Limit: 10}), before.ID)
		s.wantTask(before)
		if next := s.create("next"); next.ID != before.ID+1 {
			t.Errorf("the next task got id %d, want %d", next.ID, before.ID+1)
		}
	}},
}

var closedRule = rule{"A closed store answers with domain.Unavailable", func(t reporter, tasks ports.TaskRepository) {
	s := newScene(t, tasks)
	if _, err := tasks.Get(t.Context(), s.owner, 1); domain.KindOf(err) != domain.Unavailable {
		t.Errorf("Get gave error %v", err)
	}
	if _, err := tasks.List(t.Context(), s.owner, domain.TaskQuery{Limit: 1}); domain.KindOf(err) != domain.Unavailable {
		t.Errorf("List gave error %v", err)
	}
	for _, changes := range everyBatch() {
		if _, err := tasks.Apply(t.Context(), s.owner, domain.NewBatch(later, changes...)); domain.KindOf(err) != domain.Unavailable {
			t.Errorf("Apply of %T gave error %v", changes[0], err)
		}
	}
}}

var twiceRule = struct {
	sentence string
	check    func(t reporter, one, other ports.TaskRepository)
}{"Two handles on one store see each other's changes", func(t reporter, one, other ports.TaskRepository) {
	here := newScene(t, one)
	there := scene{t, other, here.owner}
	here.create("made here")
	there.wantTask(here.get(1))
	there.apply(later, domain.ToggleCompleted{Target: on(1)})
	here.wantTask(there.get(1))
	if second := there.create("made there"); second.ID != 2 {
		t.Errorf("the second task got id %d, want 2", second.ID)
	}
	made := together(here, func(member int) ([]domain.Task, error) {
		handle := []ports.TaskRepository{one, other}[member%2]
		return handle.Apply(t.Context(), here.owner, domain.NewBatch(later, domain.Create{Title: title("raced")}))
	})
	numbers := map[domain.TaskID]bool{}
	for _, tasks := range made {
		numbers[tasks[0].ID] = true
	}
	if len(numbers) != crowd {
		t.Errorf("%d creates through two handles got %d different ids", crowd, len(numbers))
	}
	here.apply(later, domain.Delete{Target: on(2)})
	there.wantGone(2)
}}

// ended gives contexts that have ended, by the error they have.
func ended(t reporter) map[error]context.Context {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	expired, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	cancel()
	return map[error]context.Context{context.Canceled: cancelled, context.DeadlineExceeded: expired}
}

// everyBatch gives a batch of each kind of change, and one of several.
func everyBatch() [][]domain.Change {
	return [][]domain.Change{
		{domain.Create{Title: title("never")}},
		{domain.Edit{Target: on(1), Title: domain.Some(title("never"))}},
		{domain.SetCompleted{Target: on(1), Completed: true}},
		{domain.ToggleCompleted{Target: on(1)}},
		{domain.Delete{Target: on(1)}},
		{domain.Create{Title: title("never")}, domain.Delete{Target: on(1)}},
	}
}
