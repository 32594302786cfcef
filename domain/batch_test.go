package domain_test

import (
	"errors"
	"io"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

// wantEffects compares effects, whose order does not matter.
func wantEffects(t rapid.TB, got, want domain.Effects) {
	t.Helper()
	if diff := cmp.Diff(want, got,
		cmpopts.EquateComparable(domain.Task{}), cmpopts.EquateEmpty(),
		cmpopts.SortSlices(func(a, b domain.TaskID) bool { return a < b }),
		cmp.FilterPath(func(path cmp.Path) bool { return path.Last().String() == ".Saved" },
			cmpopts.SortSlices(func(a, b domain.Task) bool { return a.ID < b.ID })),
	); diff != "" {
		t.Fatalf("effects (-want +got):\n%s", diff)
	}
}

func TestBatchIsFrozen(t *testing.T) {
	changes := []domain.Change{domain.Create{Title: title("first")}, domain.Create{Title: title("second")}}
	batch := domain.NewBatch(noon.Add(999).In(time.FixedZone("", 3600)), changes...)
	want := slices.Clone(changes)
	clear(changes)
	clear(batch.Changes())
	if got := batch.Changes(); !slices.Equal(got, want) {
		t.Errorf("the changes are %+v, want %+v", got, want)
	}
	if batch.At() != noon {
		t.Errorf("the batch happens at %v, want the moment %v", batch.At(), noon)
	}
}

func TestEmptyBatch(t *testing.T) {
	counters := domain.Counters{LastTaskID: 3, Sequence: 9}
	for _, batch := range []domain.Batch{{}, domain.NewBatch(later)} {
		effects, err := batch.Play("owner", counters, func(id domain.TaskID) (domain.Task, error) {
			t.Errorf("task %d was loaded", id)
			return domain.Task{}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wantEffects(t, effects, domain.Effects{Counters: counters})
	}
}

func TestBatchOnAFreshOwner(t *testing.T) {
	fresh := shelf{}
	effects, err := domain.NewBatch(noon,
		domain.Create{Title: title("first")},
		domain.Create{Title: title("second")},
		domain.SetCompleted{Target: domain.Target{ID: 1, Expected: 1}, Completed: true},
		domain.Delete{Target: domain.Target{ID: 2, Expected: 2}},
	).Play("owner", fresh.counters, fresh.load)
	if err != nil {
		t.Fatal(err)
	}
	first := domain.Task{Owner: "owner", ID: 1, Title: title("first"), CreatedAt: noon, UpdatedAt: noon, Sequence: 1}
	second := domain.Task{Owner: "owner", ID: 2, Title: title("second"), CreatedAt: noon, UpdatedAt: noon, Sequence: 2}
	done := first
	done.Completed, done.Sequence = true, 3
	wantEffects(t, effects, domain.Effects{
		Counters: domain.Counters{LastTaskID: 2, Sequence: 4},
		Saved:    []domain.Task{done},
		Deleted:  []domain.TaskID{2},
		Results:  []domain.Task{first, second, done, second},
	})
}

func TestBatchFailsAsItsFirstFailureDoes(t *testing.T) {
	here := shelf{domain.Counters{LastTaskID: 3, Sequence: 3}, map[domain.TaskID]domain.Task{3: stored(3, false)}}
	broken := func(id domain.TaskID) (domain.Task, error) {
		if id == 2 {
			return domain.Task{}, io.ErrUnexpectedEOF
		}
		return here.load(id)
	}
	create := domain.Create{Title: title("beside")}
	on := func(id domain.TaskID, expected domain.Sequence) domain.Change {
		return domain.ToggleCompleted{Target: domain.Target{ID: id, Expected: expected}}
	}
	for name, test := range map[string]struct {
		changes []domain.Change
		want    error
	}{
		"missing, then stale":                 {[]domain.Change{create, on(1, 0), on(3, 9)}, domain.ErrTaskNotFound},
		"stale, then missing":                 {[]domain.Change{on(3, 9), create, on(1, 0)}, domain.ErrStaleTask},
		"the store's own error":               {[]domain.Change{create, on(2, 0), on(1, 0)}, io.ErrUnexpectedEOF},
		"changed in this batch, then stale":   {[]domain.Change{on(3, 3), on(3, 3)}, domain.ErrStaleTask},
		"deleted in this batch, then missing": {[]domain.Change{domain.Delete{Target: domain.Target{ID: 3}}, on(3, 3)}, domain.ErrTaskNotFound},
		"deleted in this batch, not stale":    {[]domain.Change{domain.Delete{Target: domain.Target{ID: 3}}, on(3, 9)}, domain.ErrTaskNotFound},
		"created in this batch, then missing": {[]domain.Change{create, domain.Delete{Target: domain.Target{ID: 4}}, on(4, 0)}, domain.ErrTaskNotFound},
		"before it is created":                {[]domain.Change{on(4, 0), create}, domain.ErrTaskNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			effects, err := domain.NewBatch(later, test.changes...).Play("owner", here.counters, broken)
			if !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
			wantEffects(t, effects, domain.Effects{})
		})
	}
}

// TestBatchIsItsChangesOneByOne holds a batch against what it stands for: each
// change by itself, on what those before it left, or nothing if one fails.
func TestBatchIsItsChangesOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		here, changes := anyShelf(t), anyChanges(t)
		at := noon.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "minutes")) * time.Minute)
		before := maps.Clone(here.tasks)

		together, err := domain.NewBatch(at, changes...).Play("owner", here.counters, here.load)
		if !maps.Equal(before, here.tasks) {
			t.Fatalf("Play changed the stored tasks")
		}

		var results []domain.Task
		then := shelf{here.counters, maps.Clone(here.tasks)}
		for _, change := range changes {
			one, failed := domain.NewBatch(at, change).Play("owner", then.counters, then.load)
			if failed != nil {
				if !errors.Is(err, failed) {
					t.Fatalf("the batch gave error %v, its change %v", err, failed)
				}
				wantEffects(t, together, domain.Effects{})
				return
			}
			results = append(results, one.Results...)
			then.keep(one)
		}
		if err != nil {
			t.Fatalf("the batch failed, none of its changes did: %v", err)
		}
		if !slices.Equal(together.Results, results) {
			t.Errorf("the batch gave\n\t%+v, its changes\n\t%+v", together.Results, results)
		}
		here.keep(together)
		if here.counters != then.counters || !maps.Equal(here.tasks, then.tasks) {
			t.Errorf("the batch left\n\t%+v, its changes\n\t%+v", here, then)
		}
	})
}

// TestBatchKeepsTasksSound checks what must hold after any batch.
func TestBatchKeepsTasksSound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		here, changes := anyShelf(t), anyChanges(t)
		at := noon.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "minutes")) * time.Minute)
		effects, err := domain.NewBatch(at, changes...).Play("owner", here.counters, here.load)
		if err != nil {
			return
		}
		creates := 0
		for _, change := range changes {
			if _, creating := change.(domain.Create); creating {
				creates++
			}
		}
		if got, want := effects.Counters, (domain.Counters{
			LastTaskID: here.counters.LastTaskID + domain.TaskID(creates),
			Sequence:   here.counters.Sequence + domain.Sequence(len(changes)),
		}); got != want {
			t.Errorf("the counters are %+v, want %+v", got, want)
		}
		seen := map[domain.TaskID]bool{}
		for _, id := range effects.Deleted {
			if seen[id] {
				t.Errorf("task %d is deleted twice", id)
			}
			seen[id] = true
		}
		for _, task := range effects.Saved {
			if seen[task.ID] {
				t.Errorf("task %d is saved, and once more saved or deleted", task.ID)
			}
			seen[task.ID] = true
			before, existed := here.tasks[task.ID]
			switch {
			case task.Owner != "owner" || task.ID > effects.Counters.LastTaskID:
				t.Errorf("saved %+v", task)
			case task.Sequence <= here.counters.Sequence || task.Sequence > effects.Counters.Sequence:
				t.Errorf("saved at sequence %d by a batch that took %d to %d", task.Sequence, here.counters.Sequence+1, effects.Counters.Sequence)
			case task.UpdatedAt.Before(task.CreatedAt), task.UpdatedAt.Before(before.UpdatedAt), task.UpdatedAt.Before(at):
				t.Errorf("saved with times %v and %v by a batch at %v", task.CreatedAt, task.UpdatedAt, at)
			case existed && task.CreatedAt != before.CreatedAt, !existed && task.CreatedAt != at:
				t.Errorf("saved as created at %v", task.CreatedAt)
			}
		}
	})
}

func (s *shelf) keep(effects domain.Effects) {
	for _, task := range effects.Saved {
		s.tasks[task.ID] = task
	}
	for _, id := range effects.Deleted {
		delete(s.tasks, id)
	}
	s.counters = effects.Counters
}

// anyShelf draws up to four tasks, with gaps where others were deleted.
func anyShelf(t *rapid.T) shelf {
	here := shelf{domain.Counters{LastTaskID: 4, Sequence: 4}, map[domain.TaskID]domain.Task{}}
	for id := domain.TaskID(1); id <= 4; id++ {
		if rapid.Bool().Draw(t, "exists") {
			here.tasks[id] = stored(id, rapid.Bool().Draw(t, "completed"))
		}
	}
	return here
}

// anyChanges draws changes of few tasks, so that they meet.
func anyChanges(t *rapid.T) []domain.Change {
	target := rapid.Custom(func(t *rapid.T) domain.Target {
		return domain.Target{
			ID:       domain.TaskID(rapid.Int64Range(1, 6).Draw(t, "id")),
			Expected: domain.Sequence(rapid.SampledFrom([]int64{0, 0, 0, 0, 1, 2, 3, 4, 5, 6}).Draw(t, "expected")),
		}
	})
	titles := rapid.SampledFrom([]domain.Title{title("one"), title("two")})
	descriptions := rapid.SampledFrom([]domain.Description{{}, description(""), description("text")})
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) domain.Change {
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			return domain.Create{Title: titles.Draw(t, "title"), Description: descriptions.Draw(t, "description"), Completed: rapid.Bool().Draw(t, "completed")}
		case 1:
			edit := domain.Edit{Target: target.Draw(t, "target")}
			if rapid.Bool().Draw(t, "edits the title") {
				edit.Title = domain.Some(titles.Draw(t, "title"))
			}
			if rapid.Bool().Draw(t, "edits the description") {
				edit.Description = domain.Some(descriptions.Draw(t, "description"))
			}
			if rapid.Bool().Draw(t, "edits completed") {
				edit.Completed = domain.Some(rapid.Bool().Draw(t, "completed"))
			}
			return edit
		case 2:
			return domain.SetCompleted{Target: target.Draw(t, "target"), Completed: rapid.Bool().Draw(t, "completed")}
		case 3:
			return domain.ToggleCompleted{Target: target.Draw(t, "target")}
		default:
			return domain.Delete{Target: target.Draw(t, "target")}
		}
	}), 0, 6).Draw(t, "changes")
}
