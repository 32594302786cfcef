package portstest

import (
	"crypto/rand"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// scene is one owner's tasks in the repository under test. Its methods fail
// the test where the repository should not have failed.
type scene struct {
	t     reporter
	tasks ports.TaskRepository
	owner domain.UserID
}

// newScene gives the scene of an owner whom nobody has used before.
func newScene(t reporter, tasks ports.TaskRepository) scene {
	return scene{t, tasks, domain.UserID("Owner-" + rand.Text())}
}

// bothWays runs check on two owners, and again with the two swapped: a store
// may hide only later owners from earlier ones.
func bothWays(one, other scene, check func(mine, theirs scene)) {
	one.t.Helper()
	check(one, other)
	check(other, one)
}

func (s scene) apply(at time.Time, changes ...domain.Change) []domain.Task {
	s.t.Helper()
	return s.send(domain.NewBatch(at, changes...))
}

func (s scene) send(batch domain.Batch) []domain.Task {
	s.t.Helper()
	results, err := s.tasks.Apply(s.t.Context(), s.owner, batch)
	if err != nil {
		s.t.Fatalf("Apply(%T…): %v", batch.Changes()[0], err)
	}
	if len(results) != len(batch.Changes()) {
		s.t.Fatalf("Apply gave %d results for %d changes", len(results), len(batch.Changes()))
	}
	return results
}

// create makes a task that has everything but a completion.
func (s scene) create(name string) domain.Task {
	s.t.Helper()
	return s.apply(noon, rich(name))[0]
}

func (s scene) createMany(count int) []domain.Task {
	s.t.Helper()
	created := make([]domain.Task, count)
	for i := range created {
		created[i] = s.create("one of many")
	}
	return created
}

// delete moves the tasks to the trash, one after the other.
func (s scene) delete(at time.Time, ids ...domain.TaskID) []domain.Task {
	s.t.Helper()
	deleted := make([]domain.Task, len(ids))
	for i, id := range ids {
		deleted[i] = s.apply(at, domain.Delete{Target: on(id)})[0]
	}
	return deleted
}

func (s scene) get(id domain.TaskID) domain.Task {
	s.t.Helper()
	task, err := s.tasks.Get(s.t.Context(), s.owner, id)
	if err != nil {
		s.t.Fatalf("Get(%d): %v", id, err)
	}
	return task
}

func (s scene) list(query domain.TaskQuery) domain.TaskPage {
	s.t.Helper()
	page, err := s.tasks.List(s.t.Context(), s.owner, query)
	if err != nil {
		s.t.Fatalf("List(%+v): %v", query, err)
	}
	return page
}

func (s scene) all() []domain.Task {
	s.t.Helper()
	return s.list(domain.TaskQuery{Limit: plenty}).Tasks
}

func (s scene) trash(query domain.TrashQuery) domain.TaskPage {
	s.t.Helper()
	page, err := s.tasks.Trash(s.t.Context(), s.owner, query)
	if err != nil {
		s.t.Fatalf("Trash(%+v): %v", query, err)
	}
	return page
}

// changes gives those that follow a sequence; 0 is the beginning.
func (s scene) changes(since domain.Sequence, limit int) domain.Feed {
	s.t.Helper()
	return s.goOn(domain.Mark{Sequence: since}, limit)
}

func (s scene) goOn(since domain.Mark, limit int) domain.Feed {
	s.t.Helper()
	feed, err := s.tasks.Changes(s.t.Context(), s.owner, since, limit)
	if err != nil {
		s.t.Fatalf("Changes(%+v, %d): %v", since, limit, err)
	}
	return feed
}

func (s scene) state() domain.Counters {
	s.t.Helper()
	counters, err := s.tasks.State(s.t.Context(), s.owner)
	if err != nil {
		s.t.Fatalf("State: %v", err)
	}
	return counters
}

func (s scene) erase() {
	s.t.Helper()
	if err := s.tasks.Erase(s.t.Context(), s.owner); err != nil {
		s.t.Fatalf("Erase: %v", err)
	}
}

// belongings is all that a repository tells of an owner.
type belongings struct {
	live, trash []domain.Task
	feed        domain.Feed
	counters    domain.Counters
}

func (s scene) belongings() belongings {
	s.t.Helper()
	return belongings{s.all(), s.trash(domain.TrashQuery{Limit: plenty}).Tasks, s.changes(0, plenty), s.state()}
}
