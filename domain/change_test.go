package domain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/taskward/taskward/domain"
)

var (
	noon  = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)
	later = noon.Add(time.Hour + time.Microsecond)
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

// shelf is an owner's tasks, as a store that plays batches keeps them.
type shelf struct {
	counters domain.Counters
	tasks    map[domain.TaskID]domain.Task
}

func (s shelf) load(id domain.TaskID) (domain.Task, error) {
	task, ok := s.tasks[id]
	if !ok {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return task, nil
}

// stored is a task as it may lie on a shelf.
func stored(id domain.TaskID, completed bool) domain.Task {
	return domain.Task{
		Owner: "owner", ID: id, Title: title("before"), Description: description("before"), Completed: completed,
		CreatedAt: noon, UpdatedAt: noon, Sequence: domain.Sequence(id),
	}
}

func TestChanges(t *testing.T) {
	type task = domain.Task
	changed := func(before task, change func(*task)) task {
		before.UpdatedAt, before.Sequence = later, 6
		change(&before)
		return before
	}
	target := domain.Target{ID: 3}
	pending, completed := stored(3, false), stored(3, true)
	for name, test := range map[string]struct {
		before task
		change domain.Change
		want   task
	}{
		"create": {
			before: pending,
			change: domain.Create{Title: title("new"), Description: description("text"), Completed: true},
			want: task{
				Owner: "owner", ID: 5, Title: title("new"), Description: description("text"), Completed: true,
				CreatedAt: later, UpdatedAt: later, Sequence: 6,
			},
		},
		"create with a title alone": {
			before: pending,
			change: domain.Create{Title: title("new")},
			want:   task{Owner: "owner", ID: 5, Title: title("new"), CreatedAt: later, UpdatedAt: later, Sequence: 6},
		},
		"edit nothing": {
			before: completed,
			change: domain.Edit{Target: target},
			want:   changed(completed, func(*task) {}),
		},
		"edit the title": {
			before: completed,
			change: domain.Edit{Target: target, Title: domain.Some(title("after"))},
			want:   changed(completed, func(task *task) { task.Title = title("after") }),
		},
		"edit the description": {
			before: completed,
			change: domain.Edit{Target: target, Description: domain.Some(description("after"))},
			want:   changed(completed, func(task *task) { task.Description = description("after") }),
		},
		"empty the description": {
			before: completed,
			change: domain.Edit{Target: target, Description: domain.Some(description(""))},
			want:   changed(completed, func(task *task) { task.Description = description("") }),
		},
		"clear the description": {
			before: completed,
			change: domain.Edit{Target: target, Description: domain.Some(domain.Description{})},
			want:   changed(completed, func(task *task) { task.Description = domain.Description{} }),
		},
		"edit to completed": {
			before: pending,
			change: domain.Edit{Target: target, Completed: domain.Some(true)},
			want:   changed(pending, func(task *task) { task.Completed = true }),
		},
		"edit to pending": {
			before: completed,
			change: domain.Edit{Target: target, Completed: domain.Some(false)},
			want:   changed(completed, func(task *task) { task.Completed = false }),
		},
		"complete a pending task":     {pending, domain.SetCompleted{Target: target, Completed: true}, changed(pending, func(task *task) { task.Completed = true })},
		"complete a completed task":   {completed, domain.SetCompleted{Target: target, Completed: true}, changed(completed, func(*task) {})},
		"uncomplete a completed task": {completed, domain.SetCompleted{Target: target}, changed(completed, func(task *task) { task.Completed = false })},
		"uncomplete a pending task":   {pending, domain.SetCompleted{Target: target}, changed(pending, func(*task) {})},
		"toggle a pending task":       {pending, domain.ToggleCompleted{Target: target}, changed(pending, func(task *task) { task.Completed = true })},
		"toggle a completed task":     {completed, domain.ToggleCompleted{Target: target}, changed(completed, func(task *task) { task.Completed = false })},
		"delete":                      {completed, domain.Delete{Target: target}, completed},
	} {
		t.Run(name, func(t *testing.T) {
			here := shelf{domain.Counters{LastTaskID: 4, Sequence: 5}, map[domain.TaskID]task{3: test.before}}
			effects, err := domain.NewBatch(later, test.change).Play("owner", here.counters, here.load)
			if err != nil {
				t.Fatal(err)
			}
			want := domain.Effects{
				Counters: domain.Counters{LastTaskID: max(4, test.want.ID), Sequence: 6},
				Saved:    []task{test.want},
				Results:  []task{test.want},
			}
			if _, deletes := test.change.(domain.Delete); deletes {
				want.Saved, want.Deleted = nil, []domain.TaskID{3}
			}
			wantEffects(t, effects, want)
		})
	}
}

func TestTargets(t *testing.T) {
	here := shelf{domain.Counters{LastTaskID: 4, Sequence: 9}, map[domain.TaskID]domain.Task{3: stored(3, false)}}
	for name, test := range map[string]struct {
		target domain.Target
		want   error
	}{
		"whatever it is at":                {domain.Target{ID: 3}, nil},
		"where it is":                      {domain.Target{ID: 3, Expected: 3}, nil},
		"where it was":                     {domain.Target{ID: 3, Expected: 2}, domain.ErrStaleTask},
		"where it will be":                 {domain.Target{ID: 3, Expected: 4}, domain.ErrStaleTask},
		"where it cannot be":               {domain.Target{ID: 3, Expected: -1}, domain.ErrStaleTask},
		"a task that is not there":         {domain.Target{ID: 4}, domain.ErrTaskNotFound},
		"that, somewhere":                  {domain.Target{ID: 4, Expected: 4}, domain.ErrTaskNotFound},
		"a task that there has never been": {domain.Target{ID: 5}, domain.ErrTaskNotFound},
		"no task":                          {domain.Target{}, domain.ErrTaskNotFound},
		"nothing that could be a task":     {domain.Target{ID: -1}, domain.ErrTaskNotFound},
	} {
		for _, change := range []domain.Change{
			domain.Edit{Target: test.target},
			domain.SetCompleted{Target: test.target},
			domain.ToggleCompleted{Target: test.target},
			domain.Delete{Target: test.target},
		} {
			effects, err := domain.NewBatch(later, change).Play("owner", here.counters, here.load)
			if !errors.Is(err, test.want) {
				t.Errorf("%T, %s: error %v, want %v", change, name, err, test.want)
			}
			if err != nil {
				wantEffects(t, effects, domain.Effects{})
			}
		}
	}
}

func TestUpdatedAtNeverGoesBack(t *testing.T) {
	here := shelf{domain.Counters{LastTaskID: 3, Sequence: 3}, map[domain.TaskID]domain.Task{3: stored(3, false)}}
	for _, test := range []struct{ at, want time.Time }{
		{noon.Add(-time.Hour), noon},
		{noon.Add(-time.Microsecond), noon},
		{noon, noon},
		{noon.Add(time.Microsecond), noon.Add(time.Microsecond)},
	} {
		batch := domain.NewBatch(test.at, domain.ToggleCompleted{Target: domain.Target{ID: 3}})
		effects, err := batch.Play("owner", here.counters, here.load)
		if err != nil {
			t.Fatal(err)
		}
		if got := effects.Results[0]; got.UpdatedAt != test.want || got.CreatedAt != noon {
			t.Errorf("a change at %v left times %v and %v", test.at, got.CreatedAt, got.UpdatedAt)
		}
	}
}
