package portstest

import (
	"errors"
	"slices"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var applyRules = []rule{
	{"Apply makes the changes of the batch in their order, each seeing those before it", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.create("first")
		results := s.apply(later,
			bare("second"),
			domain.ToggleCompleted{Target: on(2)},
			domain.Edit{Target: on(2), Title: domain.Some(title("second, edited"))},
			domain.ToggleCompleted{Target: on(1)},
			domain.ToggleCompleted{Target: on(1)},
			domain.Edit{Target: on(1), Title: domain.Some(title("first, edited"))},
			domain.Edit{Target: on(1), Description: domain.Some(domain.Description{})},
			bare("third"),
			domain.Delete{Target: on(3)},
			bare("fourth"),
			domain.Delete{Target: on(4)},
			domain.Restore{Target: on(4)},
		)
		first, second := s.get(1), s.get(2)
		if first != results[6] || first.Title != title("first, edited") || first.Completed || first.Description != (domain.Description{}) {
			t.Errorf("the first task is %+v", first)
		}
		if second != results[2] || second.Title != title("second, edited") || !second.Completed {
			t.Errorf("the second task is %+v", second)
		}
		s.wantTrashed(results[8])
		s.wantTask(results[11])
		if fifth := s.create("fifth"); fifth.ID != 5 {
			t.Errorf("the task after creates and deletes in one batch got id %d, want 5", fifth.ID)
		}
	}},
	{"Apply returns for each change the task as it left it", func(t reporter, tasks ports.TaskRepository) {
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
		s.wantTrashed(s.apply(later, domain.Delete{Target: on(1)})[0])
		s.wantTask(s.apply(later, domain.Restore{Target: on(1)})[0])
		s.wantTask(s.apply(later, domain.Import{Create: rich("imported"), CreatedAt: earlier})[0])
		results := s.apply(later, bare("in a batch"), bare("beside"), domain.ToggleCompleted{Target: on(3)}, domain.Delete{Target: on(3)}, domain.Purge{Target: on(3)})
		if results[0].ID != 3 || results[0].Completed || !results[2].Completed || !results[2].IsLive() {
			t.Errorf("the batch gave %+v", results)
		}
		if results[3].IsLive() || results[3].Title != title("in a batch") || !results[4].IsTombstone() {
			t.Errorf("the batch gave %+v", results)
		}
		s.wantTask(results[1])
	}},
	{"A change of a task that is not there fails with domain.ErrTaskNotFound", func(t reporter, tasks ports.TaskRepository) {
		stranger, s := newScene(t, tasks), newScene(t, tasks)
		s.createMany(3)
		s.delete(later, 2, 3)
		s.apply(later, domain.Purge{Target: on(3)})
		before := s.belongings()
		for _, target := range []domain.Target{{ID: 4}, {ID: 1<<32 + 1}, {ID: 1<<63 - 1}, {}, {ID: -1}, {ID: 3}, {ID: 4, Expected: 1}, {ID: 3, Expected: 1}} {
			for _, s := range []scene{stranger, s} {
				for _, change := range slices.Concat(changesOf(target), changesInTrash(target)) {
					s.wantApplyError(domain.ErrTaskNotFound, change)
					s.wantApplyError(domain.ErrTaskNotFound, change, change)
				}
			}
		}
		for _, change := range slices.Concat(changesOf(on(2)), changesInTrash(on(1))) {
			s.wantApplyError(domain.ErrTaskNotFound, change)
			s.wantApplyError(domain.ErrTaskNotFound, bare("beside"), change)
		}
		s.wantUnchanged(before)
		stranger.wantUnchanged(belongings{})
	}},
	{"A change that expects another sequence fails with domain.ErrStaleTask and stores nothing", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(3)
		current := s.apply(later, domain.SetCompleted{Target: on(1), Completed: true})[0]
		deleted := s.delete(later, 3)[0]
		before := s.belongings()
		for _, away := range []domain.Sequence{-1, 1, -100} {
			live, trashed := domain.Target{ID: 1, Expected: current.Sequence + away}, domain.Target{ID: 3, Expected: deleted.Sequence + away}
			for _, change := range slices.Concat(changesOf(live), changesInTrash(trashed)) {
				s.wantApplyError(domain.ErrStaleTask, change)
				s.wantApplyError(domain.ErrStaleTask, bare("beside"), change)
			}
		}
		s.wantUnchanged(before)
		for i := range changesOf(domain.Target{}) {
			current = s.apply(later, changesOf(domain.Target{ID: 1, Expected: current.Sequence})[i])[0]
		}
		s.wantTrashed(current)
		for i := range changesInTrash(domain.Target{}) {
			deleted = s.apply(later, changesInTrash(domain.Target{ID: 3, Expected: deleted.Sequence})[i])[0]
			if deleted.IsLive() {
				deleted = s.delete(later, 3)[0]
			}
		}
		s.wantTrash(1)
		if fourth := s.create("after all the failures"); fourth.ID != 4 {
			t.Errorf("the task after failed batches got id %d, want 4", fourth.ID)
		}
	}},
	{"If one change of a batch fails, none of them happens", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(5)
		s.delete(noon, 4, 5)
		before := s.belongings()
		s.wantApplyError(domain.ErrTaskNotFound,
			domain.Edit{Target: on(1), Title: domain.Some(title("half done"))},
			domain.Delete{Target: on(2)},
			bare("half done"),
			domain.Restore{Target: on(4)},
			domain.Purge{Target: on(5)},
			domain.ToggleCompleted{Target: on(3)},
			domain.ToggleCompleted{Target: on(99)},
		)
		s.wantApplyError(domain.ErrTaskNotFound, domain.Delete{Target: on(1)}, domain.ToggleCompleted{Target: on(1)})
		s.wantApplyError(domain.ErrTaskNotFound, domain.ToggleCompleted{Target: on(99)}, domain.ToggleCompleted{Target: on(3)})
		s.wantSendError(domain.ErrTaskNotFound, domain.NewBatch(later, domain.Delete{Target: on(1)}, domain.Delete{Target: on(99)}).ForgettingTrash(noon))
		s.wantUnchanged(before)
		if got := s.create("next"); got.ID != 6 {
			t.Errorf("the task after a failed batch got id %d, want 6", got.ID)
		}
		unknown := newScene(t, tasks)
		unknown.wantApplyError(domain.ErrTaskNotFound, bare("half done"), domain.Delete{Target: on(99)})
		unknown.wantUnchanged(belongings{})
		if got := unknown.create("first"); got.ID != 1 {
			t.Errorf("the first task after a failed batch got id %d, want 1", got.ID)
		}
	}},
	{"A batch that fails tells each change that does", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(3)
		s.delete(later, 3)
		_, err := tasks.Apply(t.Context(), s.owner, domain.NewBatch(later,
			bare("could happen"),
			domain.ToggleCompleted{Target: on(99)},
			domain.Edit{Target: domain.Target{ID: 1, Expected: 99}, Title: domain.Some(title("too late"))},
			domain.Delete{Target: on(2)},
			domain.ToggleCompleted{Target: on(2)},
			domain.Restore{Target: domain.Target{ID: 3, Expected: 99}},
		))
		var failed *domain.BatchError
		if !errors.As(err, &failed) {
			t.Fatalf("Apply gave error %v, want a domain.BatchError", err)
		}
		want := map[int]error{1: domain.ErrTaskNotFound, 2: domain.ErrStaleTask, 4: domain.ErrTaskNotFound, 5: domain.ErrStaleTask}
		if len(failed.Failures) != len(want) {
			t.Fatalf("Apply gave error %v, want %d failures", err, len(want))
		}
		for _, failure := range failed.Failures {
			if !errors.Is(failure.Err, want[failure.Index]) {
				t.Errorf("change %d failed with %v, want %v", failure.Index, failure.Err, want[failure.Index])
			}
		}
	}},
	{"An empty batch changes nothing", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for range 2 {
			before := s.belongings()
			results, err := tasks.Apply(t.Context(), s.owner, domain.NewBatch(later).ForgettingTrash(later))
			if err != nil || len(results) != 0 {
				t.Errorf("Apply gave %v and error %v", results, err)
			}
			s.wantUnchanged(before)
			s.delete(noon, s.createMany(2)[0].ID) // in the second round the owner has some
		}
		if got := s.create("next"); got.ID != 5 {
			t.Errorf("the task after empty batches got id %d, want 5", got.ID)
		}
	}},
}

// changesOf gives a change of each kind that acts on a live task, which takes
// them one after the other.
func changesOf(target domain.Target) []domain.Change {
	return []domain.Change{
		domain.Edit{Target: target, Title: domain.Some(title("edited"))},
		domain.SetCompleted{Target: target, Completed: true},
		domain.ToggleCompleted{Target: target},
		domain.Delete{Target: target},
	}
}

// changesInTrash gives a change of each kind that acts on a task in the trash.
func changesInTrash(target domain.Target) []domain.Change {
	return []domain.Change{domain.Restore{Target: target}, domain.Purge{Target: target}}
}
