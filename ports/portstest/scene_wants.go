package portstest

import (
	"errors"
	"slices"

	"github.com/taskward/taskward/domain"
)

// wantApplyError fails the test unless the changes fail with want.
func (s scene) wantApplyError(want error, changes ...domain.Change) {
	s.t.Helper()
	s.wantSendError(want, domain.NewBatch(later, changes...))
}

// wantSendError fails the test unless the batch fails with want.
func (s scene) wantSendError(want error, batch domain.Batch) {
	s.t.Helper()
	if _, err := s.tasks.Apply(s.t.Context(), s.owner, batch); !errors.Is(err, want) {
		s.t.Errorf("Apply(%T…) gave error %v, want %v", batch.Changes()[0], err, want)
	}
}

// wantForgotten fails the test unless the changes since cannot be told.
func (s scene) wantForgotten(since domain.Mark) {
	s.t.Helper()
	if feed, err := s.tasks.Changes(s.t.Context(), s.owner, since, plenty); !errors.Is(err, domain.ErrChangesForgotten) {
		s.t.Errorf("Changes(%+v) gave %+v and error %v, want %v", since, feed, err, domain.ErrChangesForgotten)
	}
}

// wantTask fails the test unless Get and List show the task as it is given.
func (s scene) wantTask(want domain.Task) {
	s.t.Helper()
	if got := s.get(want.ID); got != want {
		s.t.Errorf("Get gave\n\t%+v, want\n\t%+v", got, want)
	}
	s.wantAmong("List", s.all(), want)
}

// wantTrash fails the test unless the trash has just these tasks in this order.
func (s scene) wantTrash(want ...domain.TaskID) {
	s.t.Helper()
	s.wantIDs(s.trash(domain.TrashQuery{Limit: plenty}), want...)
}

// wantTrashed fails the test unless the task is in the trash as it is given.
func (s scene) wantTrashed(want domain.Task) {
	s.t.Helper()
	s.wantGone(want.ID)
	s.wantAmong("Trash", s.trash(domain.TrashQuery{Limit: plenty}).Tasks, want)
}

func (s scene) wantAmong(method string, tasks []domain.Task, want domain.Task) {
	s.t.Helper()
	tasks = slices.DeleteFunc(tasks, func(task domain.Task) bool { return task.ID != want.ID })
	if len(tasks) != 1 || tasks[0] != want {
		s.t.Errorf("%s gave\n\t%+v, want\n\t%+v", method, tasks, want)
	}
}

// wantGone fails the test unless neither Get nor List knows the task.
func (s scene) wantGone(id domain.TaskID) {
	s.t.Helper()
	if task, err := s.tasks.Get(s.t.Context(), s.owner, id); !errors.Is(err, domain.ErrTaskNotFound) {
		s.t.Errorf("Get(%d) gave %+v and error %v, want %v", id, task, err, domain.ErrTaskNotFound)
	}
	if slices.Contains(ids(s.all()), id) {
		s.t.Errorf("List still has task %d", id)
	}
}

// wantIDs fails the test unless the page has just these tasks in this order.
func (s scene) wantIDs(page domain.TaskPage, want ...domain.TaskID) {
	s.t.Helper()
	if got := ids(page.Tasks); !slices.Equal(got, want) {
		s.t.Fatalf("got tasks %v, want %v", got, want)
	}
}

// wantFeed fails the test unless the feed tells of just these tasks in this order.
func (s scene) wantFeed(feed domain.Feed, want ...domain.TaskID) {
	s.t.Helper()
	if got := ids(feed.Tasks); !slices.Equal(got, want) {
		s.t.Fatalf("Changes gave tasks %v, want %v", got, want)
	}
}

// wantUnchanged fails the test unless the owner has just what they had before.
func (s scene) wantUnchanged(before belongings) {
	s.t.Helper()
	after := s.belongings()
	same := slices.Equal(after.live, before.live) && slices.Equal(after.trash, before.trash) &&
		slices.Equal(after.feed.Tasks, before.feed.Tasks) && after.feed.Until == before.feed.Until &&
		after.counters == before.counters
	if !same {
		s.t.Errorf("the owner has\n\t%+v, had\n\t%+v", after, before)
	}
}

func ids(tasks []domain.Task) []domain.TaskID {
	ids := make([]domain.TaskID, len(tasks))
	for i, task := range tasks {
		ids[i] = task.ID
	}
	return ids
}
