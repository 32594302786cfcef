package application_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

func (d *desk) trash(query domain.TrashQuery) []domain.Task {
	d.t.Helper()
	page, err := d.tasks.Trash(d.t.Context(), d.actor, "owner", query)
	if err != nil {
		d.t.Fatal(err)
	}
	return page.Tasks
}

func TestDelete(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	want := desk.create(application.Draft{Title: "title", Completed: true})
	desk.clock = noon.Add(time.Minute)
	got, err := desk.tasks.Delete(t.Context(), desk.actor, "owner", domain.Target{ID: 1, Expected: want.Sequence})
	want.UpdatedAt, want.DeletedAt, want.Sequence = desk.clock, desk.clock, 2
	if got != want || err != nil {
		t.Errorf("Delete gave %+v, error %v; want %+v", got, err, want)
	}
	if _, err := desk.tasks.Get(t.Context(), desk.actor, "owner", 1); !errors.Is(err, domain.ErrTaskNotFound) {
		t.Errorf("the deleted task gives error %v", err)
	}
	if got := desk.trash(domain.TrashQuery{Limit: 10}); !slices.Equal(got, []domain.Task{want}) {
		t.Errorf("the trash has %+v", got)
	}
}

func TestRestore(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	want := desk.create(application.Draft{Title: "title", Completed: true})
	desk.create(application.Draft{Title: "other"})
	deleted := desk.delete(1)
	desk.clock = noon.Add(time.Hour)
	got, err := desk.tasks.Restore(t.Context(), desk.actor, "owner", domain.Target{ID: 1, Expected: deleted.Sequence})
	want.UpdatedAt, want.Sequence = desk.clock, 4
	desk.want(want, got, err)
	if got := desk.trash(domain.TrashQuery{Limit: 10}); len(got) != 0 {
		t.Errorf("the trash has %+v", got)
	}
}

func TestPurge(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	desk.create(application.Draft{Title: "title"})
	deleted := desk.delete(1)
	if err := desk.tasks.Purge(t.Context(), desk.actor, "owner", domain.Target{ID: 1, Expected: deleted.Sequence}); err != nil {
		t.Fatal(err)
	}
	if got := desk.trash(domain.TrashQuery{Limit: 10}); len(got) != 0 {
		t.Errorf("the trash has %+v", got)
	}
	if _, err := desk.tasks.Restore(t.Context(), desk.actor, "owner", domain.Target{ID: 1}); !errors.Is(err, domain.ErrTaskNotFound) {
		t.Errorf("to restore what is purged gives error %v", err)
	}
	feed, err := desk.tasks.Changes(t.Context(), desk.actor, "owner", domain.Mark{}, 10)
	want := domain.Task{Owner: "owner", ID: 1, DeletedAt: noon, Sequence: 3}
	if err != nil || !slices.Equal(feed.Tasks, []domain.Task{want}) {
		t.Errorf("changed are %+v, error %v; want %+v", feed.Tasks, err, want)
	}
}

func TestTheTrashKeepsForAWhile(t *testing.T) {
	for name, test := range map[string]struct{ told, kept time.Duration }{
		"30 days, unless told": {0, 30 * 24 * time.Hour},
		"as long as told":      {time.Hour, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			desk := newDesk(t, memory.NewTasks(), application.TasksOptions{TrashRetention: test.told})
			for _, text := range []string{"first", "second", "third"} {
				desk.create(application.Draft{Title: text})
			}
			first, second := desk.delete(1), desk.delete(2)
			desk.clock = noon.Add(test.kept - time.Microsecond)
			if got := desk.trash(domain.TrashQuery{Limit: 10}); !slices.Equal(got, []domain.Task{second, first}) {
				t.Errorf("just before its end the trash has %+v", got)
			}
			if got := desk.trash(domain.TrashQuery{Limit: 10, Before: second.Sequence, Over: noon}); !slices.Equal(got, []domain.Task{first}) {
				t.Errorf("what the trash keeps is not for who asks to say: %+v", got)
			}
			if _, err := desk.tasks.Restore(t.Context(), desk.actor, "owner", domain.Target{ID: 1}); err != nil {
				t.Errorf("just before its end: %v", err)
			}
			desk.clock = noon.Add(test.kept)
			if got := desk.trash(domain.TrashQuery{Limit: 10}); len(got) != 0 {
				t.Errorf("at its end the trash has %+v", got)
			}
			if _, err := desk.tasks.Restore(t.Context(), desk.actor, "owner", domain.Target{ID: 2}); !errors.Is(err, domain.ErrTaskNotFound) {
				t.Errorf("to restore what is over gives error %v", err)
			}
			if err := desk.tasks.Purge(t.Context(), desk.actor, "owner", domain.Target{ID: 2}); !errors.Is(err, domain.ErrTaskNotFound) {
				t.Errorf("to purge what is over gives error %v", err)
			}
			desk.delete(3) // forgets it
			if _, err := desk.tasks.Changes(t.Context(), desk.actor, "owner", domain.Mark{Sequence: 1}, 10); !errors.Is(err, domain.ErrChangesForgotten) {
				t.Errorf("changes since before that give error %v", err)
			}
		})
	}
}

func TestErase(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	if err := desk.tasks.Erase(t.Context(), desk.actor, "owner"); err != nil {
		t.Fatal(err)
	}
	desk.create(application.Draft{Title: "live"})
	desk.create(application.Draft{Title: "deleted"})
	desk.delete(2)
	if err := desk.tasks.Erase(t.Context(), desk.actor, "owner"); err != nil {
		t.Fatal(err)
	}
	if live, trash := desk.all(), desk.trash(domain.TrashQuery{Limit: 10}); len(live)+len(trash) != 0 {
		t.Errorf("the erasure left %+v and %+v", live, trash)
	}
	if got := desk.create(application.Draft{Title: "after"}); got.ID != 3 || got.Sequence != 5 {
		t.Errorf("the task after the erasure is %+v", got)
	}
}
