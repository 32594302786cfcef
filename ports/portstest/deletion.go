package portstest

import (
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var deletionRules = []rule{
	{"A delete moves the task to the trash", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		created := s.createMany(3)
		deleted := s.delete(later, 2)[0]
		want := created[1]
		want.DeletedAt, want.UpdatedAt, want.Sequence = later, later, deleted.Sequence
		if deleted != want {
			t.Errorf("Delete gave\n\t%+v, want\n\t%+v", deleted, want)
		}
		s.wantTrashed(deleted)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Count: true}), 3, 1)
		s.apply(later, domain.Delete{Target: on(1)}, domain.Delete{Target: on(3)})
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9}))
		s.wantTrash(3, 1, 2)
	}},
	{"A restore takes the task back with its id", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(3)
		want := s.apply(noon, domain.Edit{Target: on(2), Completed: yes, Place: domain.Some(domain.Before(1))})[0]
		s.delete(noon, 2, 3)
		restored := s.apply(later, domain.Restore{Target: on(2)})[0]
		want.UpdatedAt, want.Sequence = later, restored.Sequence
		if restored != want {
			t.Errorf("Restore gave\n\t%+v, want\n\t%+v", restored, want)
		}
		s.wantTask(restored)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9, Sort: domain.ByPosition, Order: up}), 2, 1)
		s.wantTrash(3)
		again := s.apply(later, domain.Delete{Target: on(1)}, domain.Restore{Target: on(1)}, domain.Restore{Target: on(3)})[2]
		s.wantTask(again)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9}), 3, 2, 1)
		s.wantTrash()
		s.wantApplyError(domain.ErrTaskNotFound, domain.Restore{Target: on(2)})
	}},
	{"A purge takes the task from the trash for good", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(3)
		s.delete(noon, 1, 2)
		purged := s.apply(later, domain.Purge{Target: on(1)})[0]
		if want := (domain.Task{Owner: s.owner, ID: 1, DeletedAt: noon, Sequence: purged.Sequence}); purged != want {
			t.Errorf("Purge gave\n\t%+v, want\n\t%+v", purged, want)
		}
		s.wantGone(1)
		s.wantTrash(2)
		s.apply(later, domain.Delete{Target: on(3)}, domain.Purge{Target: on(3)})
		s.wantTrash(2)
		for _, id := range []domain.TaskID{1, 3} {
			s.wantApplyError(domain.ErrTaskNotFound, domain.Restore{Target: on(id)})
			s.wantApplyError(domain.ErrTaskNotFound, domain.Purge{Target: on(id)})
		}
		s.wantGone(3)
		s.wantTrash(2)
	}},
	{"What was deleted at TrashOver or earlier cannot be restored", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(3)
		s.delete(earlier, 3)
		s.delete(noon, 1)
		s.delete(noon.Add(time.Microsecond), 2)
		for _, id := range []domain.TaskID{1, 3} {
			s.wantSendError(domain.ErrTaskNotFound, domain.NewBatch(later, domain.Restore{Target: on(id)}).ForgettingTrash(noon))
		}
		s.wantGone(1)
		s.send(domain.NewBatch(later, domain.Restore{Target: on(2)}).ForgettingTrash(noon))
		s.send(domain.NewBatch(later, domain.Restore{Target: on(1)}).ForgettingTrash(earlier))
		s.apply(later, domain.Restore{Target: on(3)})
		s.wantIDs(s.list(domain.TaskQuery{Limit: 9}), 3, 2, 1)
	}},
	{"A delete forgets what was deleted at TrashOver or earlier, at least a hundred tasks at a time", func(t reporter, tasks ports.TaskRepository) {
		const once = 100
		s := newScene(t, tasks)
		s.createMany(4)
		s.delete(noon, 1)
		purged := s.apply(later, domain.Purge{Target: on(1)})[0].Sequence
		kept := s.delete(noon.Add(time.Microsecond), 2)[0]
		s.send(domain.NewBatch(later, domain.Delete{Target: on(3)}).ForgettingTrash(noon))
		s.wantTrash(3, 2)
		s.wantFeed(s.changes(0, plenty), 4, 2, 3)
		if got := s.state().Forgotten; got != purged {
			t.Errorf("the last change forgotten is %d, want %d", got, purged)
		}
		s.wantTrashed(kept)

		many := newScene(t, tasks)
		creates, deletes := make([]domain.Change, once+30), make([]domain.Change, once+30)
		for i := range creates {
			creates[i] = bare("of many")
			deletes[i] = domain.Delete{Target: on(domain.TaskID(i + 1))}
		}
		many.apply(noon, creates...)
		last := many.apply(noon, deletes...)[len(deletes)-1].Sequence
		for _, left := range []int{len(deletes) - once, 0} {
			id := many.create("deleted last").ID
			many.send(domain.NewBatch(later, domain.Delete{Target: on(id)}).ForgettingTrash(noon))
			if old := many.trash(domain.TrashQuery{Before: last + 1, Limit: plenty}).Tasks; len(old) > left {
				t.Errorf("%d tasks of %d are still in the trash, want at most %d", len(old), len(deletes), left)
			}
		}
		if got := many.state().Forgotten; got != last {
			t.Errorf("the last change forgotten is %d, want %d", got, last)
		}
	}},
}
