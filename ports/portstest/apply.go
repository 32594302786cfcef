package portstest

import (
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var applyRules = []rule{
	{"Apply makes the changes of the batch in their order, each seeing those before it", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.create("first")
		results := s.apply(later,
			domain.Create{Title: title("second")},
			domain.ToggleCompleted{Target: on(2)},
			domain.Edit{Target: on(2), Title: domain.Some(title("second, edited"))},
			domain.ToggleCompleted{Target: on(1)},
			domain.ToggleCompleted{Target: on(1)},
			domain.Edit{Target: on(1), Title: domain.Some(title("first, edited"))},
			domain.Edit{Target: on(1), Description: domain.Some(domain.Description{})},
			domain.Create{Title: title("third")},
			domain.Delete{Target: on(3)},
		)
		first, second := s.get(1), s.get(2)
		if first != results[6] || first.Title != title("first, edited") || first.Completed || first.Description != (domain.Description{}) {
			t.Errorf("the first task is %+v", first)
		}
		if second != results[2] || second.Title != title("second, edited") || !second.Completed {
			t.Errorf("the second task is %+v", second)
		}
		s.wantGone(3)
		if fourth := s.create("fourth"); fourth.ID != 4 {
			t.Errorf("the task after a create and a delete in one batch got id %d, want 4", fourth.ID)
		}
	}},
	{"Apply returns for each change the task as it left it, or as it was when deleted", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		created := s.create("single")
		s.wantTask(created)
		for _, change := range []domain.Change{
			domain.Edit{Target: on(1), Title: domain.Some(title("edited"))},
			domain.SetCompleted{Target: on(1), Completed: true},
			domain.ToggleCompleted{Target: on(1)},
		} {
			s.wantTask(s.apply(later, change)[0])
		}
		last := s.get(1)
		if deleted := s.apply(later, domain.Delete{Target: on(1)})[0]; deleted != last {
			t.Errorf("Delete gave %+v, want %+v", deleted, last)
		}
		results := s.apply(later, domain.Create{Title: title("in a batch")}, domain.Create{Title: title("beside")},
			domain.ToggleCompleted{Target: on(2)}, domain.Delete{Target: on(2)})
		if results[0].ID != 2 || results[0].Completed || !results[2].Completed || results[3] != results[2] {
			t.Errorf("the batch gave %+v", results)
		}
		s.wantTask(results[1])
	}},
	{"A create stores its fields and the batch's time", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for i, create := range []domain.Create{
			{Title: title("with all"), Description: description("text"), Completed: true},
			{Title: title("with little")},
			{Title: title("with an empty description"), Description: description("")},
		} {
			got := s.apply(noon, create)[0]
			want := domain.Task{
				Owner: s.owner, ID: domain.TaskID(i + 1), Title: create.Title, Description: create.Description,
				Completed: create.Completed, CreatedAt: noon, UpdatedAt: noon, Sequence: got.Sequence,
			}
			if got != want {
				t.Errorf("Apply gave\n\t%+v, want\n\t%+v", got, want)
			}
			s.wantTask(want)
		}
	}},
	{"An edit replaces what it names and keeps the rest", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		want := s.apply(noon, domain.Create{Title: title("before"), Description: description("before"), Completed: true})[0]
		for _, step := range []struct {
			edit   domain.Edit
			expect func(*domain.Task)
		}{
			{domain.Edit{Title: domain.Some(title("after"))}, func(task *domain.Task) { task.Title = title("after") }},
			{domain.Edit{Description: domain.Some(description("after"))}, func(task *domain.Task) { task.Description = description("after") }},
			{domain.Edit{Description: domain.Some(description(""))}, func(task *domain.Task) { task.Description = description("") }},
			{domain.Edit{Completed: domain.Some(false)}, func(task *domain.Task) { task.Completed = false }},
			{domain.Edit{Description: domain.Some(domain.Description{})}, func(task *domain.Task) { task.Description = domain.Description{} }},
			{domain.Edit{}, func(*domain.Task) {}},
			{
				domain.Edit{Title: domain.Some(title("all")), Description: domain.Some(description("all")), Completed: domain.Some(true)},
				func(task *domain.Task) {
					task.Title, task.Description, task.Completed = title("all"), description("all"), true
				},
			},
		} {
			step.edit.Target = on(want.ID)
			got := s.apply(later, step.edit)[0]
			step.expect(&want)
			want.UpdatedAt, want.Sequence = later, got.Sequence
			if got != want {
				t.Errorf("after %+v the task is\n\t%+v, want\n\t%+v", step.edit, got, want)
			}
			s.wantTask(want)
		}
	}},
	{"Completion is set or toggled", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(2)
		for i, step := range []struct {
			change domain.Change
			want   bool
		}{
			{domain.SetCompleted{Target: on(1), Completed: true}, true},
			{domain.SetCompleted{Target: on(1), Completed: true}, true},
			{domain.ToggleCompleted{Target: on(1)}, false},
			{domain.ToggleCompleted{Target: on(1)}, true},
			{domain.SetCompleted{Target: on(1), Completed: false}, false},
			{domain.SetCompleted{Target: on(1), Completed: false}, false},
		} {
			if got := s.apply(later, step.change)[0]; got.Completed != step.want || s.get(1) != got {
				t.Errorf("step %d, %+v, left %+v", i, step.change, got)
			}
			if s.get(2).Completed {
				t.Errorf("step %d, %+v, completed another task", i, step.change)
			}
		}
	}},
	{"A delete removes the task", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(3)
		s.apply(later, domain.Delete{Target: on(2)})
		s.wantGone(2)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 10}), 3, 1)
		s.apply(later, domain.Delete{Target: on(1)}, domain.Delete{Target: on(3)})
		s.wantIDs(s.list(domain.TaskQuery{Limit: 10}))
	}},
	{"A change's time becomes UpdatedAt, which never goes back", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(2)
		for _, change := range []domain.Change{
			domain.Edit{Target: on(1), Title: domain.Some(title("edited"))},
			domain.SetCompleted{Target: on(1), Completed: true},
			domain.ToggleCompleted{Target: on(1)},
		} {
			before := s.get(1)
			want := before.UpdatedAt.Add(time.Microsecond)
			for _, at := range []time.Time{want, earlier} {
				got := s.apply(at, change)[0]
				if got.UpdatedAt != want || got.CreatedAt != noon {
					t.Errorf("%T at %v left times %v and %v, want %v and %v", change, at, got.CreatedAt, got.UpdatedAt, noon, want)
				}
				s.wantTask(got)
			}
		}
		if other := s.get(2); !other.UpdatedAt.Equal(noon) {
			t.Errorf("a task that nobody changed was updated at %v", other.UpdatedAt)
		}
	}},
	{"A change of a task that is not there fails with domain.ErrTaskNotFound", func(t reporter, tasks ports.TaskRepository) {
		stranger, s := newScene(t, tasks), newScene(t, tasks)
		s.createMany(2)
		s.apply(later, domain.Delete{Target: on(2)})
		for _, s := range []scene{stranger, s} {
			for _, id := range []domain.TaskID{2, 3, 1<<32 + 1, 1<<63 - 1, 0, -1} {
				for _, target := range []domain.Target{{ID: id}, {ID: id, Expected: 1}} {
					for _, change := range []domain.Change{
						domain.Edit{Target: target, Title: domain.Some(title("nowhere"))},
						domain.SetCompleted{Target: target, Completed: true},
						domain.ToggleCompleted{Target: target},
						domain.Delete{Target: target},
					} {
						s.wantApplyError(domain.ErrTaskNotFound, change)
						s.wantApplyError(domain.ErrTaskNotFound, change, change)
					}
				}
			}
		}
		if s.wantGone(2); len(s.all()) != 1 || len(stranger.all()) != 0 {
			t.Errorf("changes of tasks that are not there left %d and %d tasks, want 1 and 0", len(s.all()), len(stranger.all()))
		}
	}},
	{"A change that expects another sequence fails with domain.ErrStaleTask and stores nothing", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(2)
		current := s.apply(later, domain.SetCompleted{Target: on(1), Completed: true})[0]
		for _, expected := range []domain.Sequence{1, current.Sequence + 1, -1} {
			target := domain.Target{ID: 1, Expected: expected}
			for _, change := range []domain.Change{
				domain.Edit{Target: target, Title: domain.Some(title("too late"))},
				domain.SetCompleted{Target: target, Completed: false},
				domain.ToggleCompleted{Target: target},
				domain.Delete{Target: target},
			} {
				s.wantApplyError(domain.ErrStaleTask, change)
				s.wantApplyError(domain.ErrStaleTask, domain.Create{Title: title("beside")}, change)
				s.wantTask(current)
			}
		}
		for _, change := range []func(domain.Target) domain.Change{
			func(on domain.Target) domain.Change {
				return domain.Edit{Target: on, Title: domain.Some(title("in time"))}
			},
			func(on domain.Target) domain.Change { return domain.SetCompleted{Target: on, Completed: false} },
			func(on domain.Target) domain.Change { return domain.ToggleCompleted{Target: on} },
		} {
			current = s.apply(later, change(domain.Target{ID: 1, Expected: current.Sequence}))[0]
			s.wantTask(current)
		}
		s.apply(later, domain.Delete{Target: domain.Target{ID: 1, Expected: current.Sequence}})
		s.wantGone(1)
		if third := s.create("after all the failures"); third.ID != 3 {
			t.Errorf("the task after failed batches got id %d, want 3", third.ID)
		}
	}},
	{"If one change of a batch fails, none of them happens", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		before := s.createMany(3)
		s.wantApplyError(domain.ErrTaskNotFound,
			domain.Edit{Target: on(1), Title: domain.Some(title("half done"))},
			domain.Delete{Target: on(2)},
			domain.Create{Title: title("half done")},
			domain.ToggleCompleted{Target: on(3)},
			domain.ToggleCompleted{Target: on(99)},
		)
		s.wantApplyError(domain.ErrTaskNotFound, domain.Delete{Target: on(1)}, domain.ToggleCompleted{Target: on(1)})
		s.wantApplyError(domain.ErrTaskNotFound, domain.ToggleCompleted{Target: on(99)}, domain.ToggleCompleted{Target: on(3)})
		for _, task := range before {
			s.wantTask(task)
		}
		if got := s.create("next"); got.ID != 4 {
			t.Errorf("the task after a failed batch got id %d, want 4", got.ID)
		}
		s.wantIDs(s.list(domain.TaskQuery{Limit: 10}), 4, 3, 2, 1)
		unknown := newScene(t, tasks)
		unknown.wantApplyError(domain.ErrTaskNotFound, domain.Create{Title: title("half done")}, domain.Delete{Target: on(99)})
		if got := unknown.create("first"); got.ID != 1 {
			t.Errorf("the first task after a failed batch got id %d, want 1", got.ID)
		}
	}},
	{"An empty batch changes nothing", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for range 2 {
			before := s.all()
			results, err := tasks.Apply(t.Context(), s.owner, domain.NewBatch(later))
			if err != nil || len(results) != 0 {
				t.Errorf("Apply gave %v and error %v", results, err)
			}
			after := s.all()
			if len(after) != len(before) || len(after) == 1 && after[0] != before[0] {
				t.Errorf("List has %+v, had %+v", after, before)
			}
			if len(after) == 0 {
				s.create("in the second round the owner has one")
			}
		}
		if got := s.create("next"); got.ID != 2 {
			t.Errorf("the task after empty batches got id %d, want 2", got.ID)
		}
	}},
}
