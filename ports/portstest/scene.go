package portstest

import (
	"crypto/rand"
	"errors"
	"slices"
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
	results, err := s.tasks.Apply(s.t.Context(), s.owner, domain.NewBatch(at, changes...))
	if err != nil {
		s.t.Fatalf("Apply(%T…): %v", changes[0], err)
	}
	if len(results) != len(changes) {
		s.t.Fatalf("Apply gave %d results for %d changes", len(results), len(changes))
	}
	return results
}

func (s scene) create(name string) domain.Task {
	s.t.Helper()
	return s.apply(noon, domain.Create{Title: title(name), Description: description("about " + name)})[0]
}

func (s scene) createMany(count int) []domain.Task {
	s.t.Helper()
	created := make([]domain.Task, count)
	for i := range created {
		created[i] = s.create("one of many")
	}
	return created
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
	return s.list(domain.TaskQuery{Limit: 1000}).Tasks
}

// wantApplyError fails the test unless the changes fail with want.
func (s scene) wantApplyError(want error, changes ...domain.Change) {
	s.t.Helper()
	if _, err := s.tasks.Apply(s.t.Context(), s.owner, domain.NewBatch(later, changes...)); !errors.Is(err, want) {
		s.t.Errorf("Apply gave error %v, want %v", err, want)
	}
}

// wantTask fails the test unless Get and List show the task as it is given.
func (s scene) wantTask(want domain.Task) {
	s.t.Helper()
	if got := s.get(want.ID); got != want {
		s.t.Errorf("Get gave\n\t%+v, want\n\t%+v", got, want)
	}
	listed := slices.DeleteFunc(s.all(), func(task domain.Task) bool { return task.ID != want.ID })
	if len(listed) != 1 || listed[0] != want {
		s.t.Errorf("List gave\n\t%+v, want\n\t%+v", listed, want)
	}
}

// wantGone fails the test unless neither Get nor List knows the task.
func (s scene) wantGone(id domain.TaskID) {
	s.t.Helper()
	if task, err := s.tasks.Get(s.t.Context(), s.owner, id); !errors.Is(err, domain.ErrTaskNotFound) {
		s.t.Errorf("Get(%d) gave %+v and error %v, want %v", id, task, err, domain.ErrTaskNotFound)
	}
	for _, task := range s.all() {
		if task.ID == id {
			s.t.Errorf("List still has task %d", id)
		}
	}
}

// wantIDs fails the test unless the page has just these tasks in this order.
func (s scene) wantIDs(page domain.TaskPage, want ...domain.TaskID) {
	s.t.Helper()
	got := ids(page.Tasks)
	if len(got) != len(want) {
		s.t.Fatalf("List gave tasks %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			s.t.Fatalf("List gave tasks %v, want %v", got, want)
		}
	}
}

func ids(tasks []domain.Task) []domain.TaskID {
	ids := make([]domain.TaskID, len(tasks))
	for i, task := range tasks {
		ids[i] = task.ID
	}
	return ids
}

// Times of the rules. Microseconds are there to be lost by a careless store.
var (
	noon    = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)
	later   = noon.Add(time.Hour + time.Microsecond)
	earlier = noon.Add(-time.Hour)
)

func title(text string) domain.Title {
	title, err := domain.DefaultLimits.ParseTitle(text)
	if err != nil {
		panic(err)
	}
	return title
}

func description(text string) domain.Description {
	description, err := domain.DefaultLimits.ParseDescription(text)
	if err != nil {
		panic(err)
	}
	return description
}

// on targets the task with the given id, at whatever sequence it is.
func on(id domain.TaskID) domain.Target { return domain.Target{ID: id} }
