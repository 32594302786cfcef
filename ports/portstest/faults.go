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
		s.createMany(2)
		s.delete(noon, 2)
		for want, ctx := range ended(t) {
			for method, err := range s.errors(ctx) {
				if !errors.Is(err, want) {
					t.Errorf("%s gave error %v, want %v", method, err, want)
				}
			}
		}
	}},
	{"Apply and Erase change nothing if the context has ended", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(2)
		s.delete(noon, 2)
		before := s.belongings()
		for _, ctx := range ended(t) {
			for kind, batch := range everyBatch() {
				if _, err := tasks.Apply(ctx, s.owner, batch); err == nil {
					t.Errorf("Apply of %s did not fail", kind)
				}
			}
			if err := tasks.Erase(ctx, s.owner); err == nil {
				t.Errorf("Erase did not fail")
			}
		}
		s.wantUnchanged(before)
		if next := s.send(everyBatch()["a batch with a key"])[0]; next.ID != 3 {
			t.Errorf("the next task got id %d, want 3", next.ID)
		}
	}},
}

var closedRule = rule{"A closed store answers with domain.Unavailable", func(t reporter, tasks ports.TaskRepository) {
	s := newScene(t, tasks)
	for method, err := range s.errors(t.Context()) {
		if domain.KindOf(err) != domain.Unavailable {
			t.Errorf("%s gave error %v", method, err)
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
		return handle.Apply(t.Context(), here.owner, domain.NewBatch(later, bare("raced")))
	})
	numbers := map[domain.TaskID]bool{}
	for _, tasks := range made {
		numbers[tasks[0].ID] = true
	}
	if len(numbers) != crowd {
		t.Errorf("%d creates through two handles got %d different ids", crowd, len(numbers))
	}
	there.wantTrashed(here.delete(later, 2)[0])
	there.wantUnchanged(here.belongings())
	once := keyed("key", "request", domain.NewBatch(later, rich("once")))
	first, again := there.send(once)[0], here.send(once)[0]
	if again != first {
		t.Errorf("a batch with a key gave %+v, and through another handle %+v", first, again)
	}
	here.wantTask(first)
	there.wantUnchanged(here.belongings())
	here.erase()
	there.wantGone(1)
	there.wantUnchanged(here.belongings())
}}

// ended gives contexts that have ended, by the error they have.
func ended(t reporter) map[error]context.Context {
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	expired, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
	cancel()
	return map[error]context.Context{context.Canceled: cancelled, context.DeadlineExceeded: expired}
}

// errors gives what each method fails with, by its name.
func (s scene) errors(ctx context.Context) map[string]error {
	errs := map[string]error{}
	_, errs["Get"] = s.tasks.Get(ctx, s.owner, 1)
	_, errs["List"] = s.tasks.List(ctx, s.owner, domain.TaskQuery{Limit: 1})
	_, errs["List that counts"] = s.tasks.List(ctx, s.owner, domain.TaskQuery{Limit: 1, Count: true, Search: "many"})
	_, errs["Trash"] = s.tasks.Trash(ctx, s.owner, domain.TrashQuery{Limit: 1})
	_, errs["Changes"] = s.tasks.Changes(ctx, s.owner, domain.Mark{}, 1)
	_, errs["State"] = s.tasks.State(ctx, s.owner)
	for kind, batch := range everyBatch() {
		_, errs["Apply of "+kind] = s.tasks.Apply(ctx, s.owner, batch)
	}
	errs["Erase"] = s.tasks.Erase(ctx, s.owner)
	return errs
}

// everyBatch gives a batch of each kind of change, one of several and one with
// a key, for an owner who has task 1 and, in the trash, task 2.
func everyBatch() map[string]domain.Batch {
	return map[string]domain.Batch{
		"a create":             domain.NewBatch(later, bare("never")),
		"an import":            domain.NewBatch(later, domain.Import{Create: rich("never"), CreatedAt: noon}),
		"an edit":              domain.NewBatch(later, domain.Edit{Target: on(1), Title: domain.Some(title("never"))}),
		"a move":               domain.NewBatch(later, domain.Edit{Target: on(1), Place: domain.Some(domain.Behind(1))}),
		"a set completion":     domain.NewBatch(later, domain.SetCompleted{Target: on(1), Completed: true}),
		"a toggled completion": domain.NewBatch(later, domain.ToggleCompleted{Target: on(1)}),
		"a delete":             domain.NewBatch(later, domain.Delete{Target: on(1)}).ForgettingTrash(noon),
		"a restore":            domain.NewBatch(later, domain.Restore{Target: on(2)}),
		"a purge":              domain.NewBatch(later, domain.Purge{Target: on(2)}),
		"several changes":      domain.NewBatch(later, bare("never"), domain.Delete{Target: on(1)}),
		"a batch with a key":   keyed("key", "request", domain.NewBatch(later, bare("never"))),
	}
}
