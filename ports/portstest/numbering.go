package portstest

import (
	"slices"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var numberingRules = []rule{
	{"Ids number each owner's tasks from 1", func(t reporter, tasks ports.TaskRepository) {
		one, other := newScene(t, tasks), newScene(t, tasks)
		for want := domain.TaskID(1); want <= 3; want++ {
			for _, s := range []scene{one, other} {
				if got := s.create("numbered").ID; got != want {
					t.Errorf("task %d of its owner got id %d", want, got)
				}
			}
		}
	}},
	{"An id is never given again after a delete", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(3)
		s.apply(later, domain.Delete{Target: on(3)})
		if got := s.create("after a delete").ID; got != 4 {
			t.Errorf("the task after the deleted one got id %d, want 4", got)
		}
		s.apply(later, domain.Delete{Target: on(1)}, domain.Delete{Target: on(2)}, domain.Delete{Target: on(4)})
		if got := s.create("after them all").ID; got != 5 {
			t.Errorf("the task after deleting all got id %d, want 5", got)
		}
		s.apply(later, domain.Purge{Target: on(4)})
		s.send(domain.NewBatch(later, domain.Delete{Target: on(5)}).ForgettingTrash(later))
		s.send(domain.NewBatch(later, bare("passing"), domain.Delete{Target: on(6)}).ForgettingTrash(later))
		if got := s.create("after nothing is known of them").ID; got != 7 {
			t.Errorf("the task after forgetting all got id %d, want 7", got)
		}
	}},
	{"A create that fails takes no id and leaves nothing", func(t reporter, tasks ports.TaskRepository) {
		newcomer, s := newScene(t, tasks), newScene(t, tasks)
		s.createMany(2)
		s.delete(noon, 2)
		before := s.belongings()
		for _, anchor := range []domain.TaskID{2, 99} { // in the trash, and never there
			create := rich("nowhere")
			create.Place = domain.Some(domain.Behind(anchor))
			for _, change := range []domain.Change{create, domain.Import{Create: create, ID: 50, CreatedAt: earlier}} {
				s.wantApplyError(domain.Invalidity(), change)
				s.wantApplyError(domain.Invalidity(), bare("beside"), change)
				s.wantSendError(domain.Invalidity(), keyed("key", "request", domain.NewBatch(later, change)))
				if anchor == 99 {
					newcomer.wantApplyError(domain.Invalidity(), change)
				}
			}
		}
		s.wantUnchanged(before)
		newcomer.wantUnchanged(belongings{})
		if got := s.create("next").ID; got != 3 {
			t.Errorf("the task after creates that failed got id %d, want 3", got)
		}
		if got := newcomer.create("first").ID; got != 1 {
			t.Errorf("the first task after creates that failed got id %d, want 1", got)
		}
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Count: true}), 3, 1)
	}},
	{"Concurrent creates of one owner get different ids without a gap", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		const each = 4
		created := together(s, func(int) ([]domain.Task, error) {
			var mine []domain.Task
			for range each {
				results, err := tasks.Apply(t.Context(), s.owner, domain.NewBatch(noon, bare("raced")))
				if err != nil {
					return nil, err
				}
				mine = append(mine, results...)
			}
			return mine, nil
		})
		got := slices.Sorted(slices.Values(ids(slices.Concat(created...))))
		for i, id := range got {
			if id != domain.TaskID(i+1) {
				t.Fatalf("ids are %v, want 1 to %d", got, crowd*each)
			}
		}
		if listed := s.all(); len(listed) != crowd*each {
			t.Errorf("List has %d tasks, want %d", len(listed), crowd*each)
		}
	}},
	{"A change gives its task a sequence above all earlier ones of the owner", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(2)
		last := s.get(2).Sequence
		if first := s.get(1).Sequence; first < 1 || last <= first {
			t.Fatalf("two creates got sequences %d and %d", first, last)
		}
		for _, change := range []domain.Change{
			domain.Edit{Target: on(1), Title: domain.Some(title("edited"))},
			domain.SetCompleted{Target: on(2), Completed: true},
			domain.ToggleCompleted{Target: on(1)},
			bare("third"),
			domain.SetCompleted{Target: on(1), Completed: true},
			domain.Import{Create: rich("fourth"), CreatedAt: earlier, UpdatedAt: earlier},
			domain.Delete{Target: on(1)},
			domain.Restore{Target: on(1)},
			domain.Delete{Target: on(2)},
			domain.Purge{Target: on(2)},
		} {
			changed := s.apply(later, change)[0]
			if changed.Sequence <= last {
				t.Errorf("%T got sequence %d after %d", change, changed.Sequence, last)
			}
			last = changed.Sequence
			s.wantAmong("Changes", s.changes(last-1, plenty).Tasks, changed)
			if changed.IsLive() {
				s.wantTask(changed)
			}
		}
	}},
}
