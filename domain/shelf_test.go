package domain_test

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

var (
	noon  = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)
	later = noon.Add(time.Hour + time.Microsecond)
)

// shelf is what an owner has, as a store that plays batches keeps it.
type shelf struct {
	counters domain.Counters
	tasks    map[domain.TaskID]domain.Task
}

// newShelf has tasks, of which none has a higher id or sequence than last.
func newShelf(last int64, tasks ...domain.Task) shelf {
	here := shelf{domain.Counters{LastTaskID: domain.TaskID(last), Sequence: domain.Sequence(last)}, map[domain.TaskID]domain.Task{}}
	for _, task := range tasks {
		here.tasks[task.ID] = task
	}
	return here
}

func (s shelf) Task(id domain.TaskID) (domain.Task, error) {
	task, ok := s.tasks[id]
	if !ok {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return task, nil
}

func (s shelf) Around(position domain.Position) (below, above domain.Position, err error) {
	below, above = domain.Nearest(position, s.all())
	return below, above, nil
}

func (s shelf) all() []domain.Task { return slices.Collect(maps.Values(s.tasks)) }

// order gives the ids of the live tasks in the owner's manual order.
func (s shelf) order() []domain.TaskID {
	tasks := slices.DeleteFunc(s.all(), func(task domain.Task) bool { return !task.IsLive() })
	slices.SortFunc(tasks, func(a, b domain.Task) int { return cmp.Or(a.Position.Compare(b.Position), cmp.Compare(a.ID, b.ID)) })
	ids := make([]domain.TaskID, len(tasks))
	for i, task := range tasks {
		ids[i] = task.ID
	}
	return ids
}

// play works a batch out and keeps its effects.
func (s *shelf) play(at time.Time, changes ...domain.Change) ([]domain.Task, error) {
	effects, err := domain.NewBatch(at, changes...).Play("owner", s.counters, s)
	if err == nil {
		s.keep(effects)
	}
	return effects.Results, err
}

// must plays changes that cannot fail.
func (s *shelf) must(t rapid.TB, changes ...domain.Change) []domain.Task {
	t.Helper()
	results, err := s.play(noon, changes...)
	if err != nil {
		t.Fatalf("%+v: %v", changes, err)
	}
	return results
}

func (s *shelf) keep(effects domain.Effects) {
	for _, task := range effects.Saved {
		s.tasks[task.ID] = task
	}
	s.counters = effects.Counters
}

// stored is a task as it may lie on a shelf, with every field set but those of
// its state.
func stored(id domain.TaskID) domain.Task {
	return domain.Task{
		Owner: "owner", ID: id, Title: title("before"), Description: description("before"), Priority: domain.High,
		Tags: tags("one", "two"), Due: due("2026-11-22", "Europe/Berlin"), Position: domain.PositionOf(id),
		CreatedAt: noon, UpdatedAt: noon, Sequence: domain.Sequence(id),
	}
}

func completed(task domain.Task) domain.Task {
	task.Completed, task.CompletedAt = true, noon
	return task
}

func deleted(task domain.Task) domain.Task {
	task.DeletedAt = noon
	return task
}

func purged(task domain.Task) domain.Task {
	return domain.Task{Owner: task.Owner, ID: task.ID, DeletedAt: noon, Sequence: task.Sequence}
}

// on names a task, at whatever sequence it is.
func on(id domain.TaskID) domain.Target { return domain.Target{ID: id} }

func title(text string) domain.Title {
	return must(domain.DefaultLimits.ParseTitle(text))
}

func description(text string) domain.Description {
	return must(domain.DefaultLimits.ParseDescription(text))
}

func tags(names ...string) domain.Tags { return must(domain.ParseTags(names)) }

func date(text string) domain.DueDate { return must(domain.ParseDueDate(text)) }

func zone(name string) domain.Zone { return must(domain.RestoreZone(name)) }

func due(text, name string) domain.Due { return must(domain.NewDue(date(text), zone(name))) }

func position(text string) domain.Position { return must(domain.ParsePosition(text)) }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
