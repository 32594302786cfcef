package domain_test

import (
	"errors"
	"io"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

// wantEffects compares effects, of which the order of what is saved does not
// matter.
func wantEffects(t rapid.TB, got, want domain.Effects) {
	t.Helper()
	if diff := cmp.Diff(want, got,
		cmpopts.EquateComparable(domain.Task{}), cmpopts.EquateEmpty(),
		cmp.FilterPath(func(path cmp.Path) bool { return path.Last().String() == ".Saved" },
			cmpopts.SortSlices(func(a, b domain.Task) bool { return a.ID < b.ID })),
	); diff != "" {
		t.Fatalf("effects (-want +got):\n%s", diff)
	}
}

// wantFailures fails the test unless these changes of the batch failed, and so.
func wantFailures(t rapid.TB, err error, want []domain.ChangeFailure) {
	t.Helper()
	var failed *domain.BatchError
	if !errors.As(err, &failed) {
		t.Fatalf("error is %v, want a BatchError", err)
	}
	if diff := cmp.Diff(want, failed.Failures, cmpopts.EquateErrors()); diff != "" {
		t.Fatalf("failures (-want +got):\n%s", diff)
	}
	for _, failure := range want {
		if !errors.Is(err, failure.Err) {
			t.Errorf("%v is not %v", err, failure.Err)
		}
	}
	if kind := domain.KindOf(err); kind != domain.KindOf(want[0].Err) {
		t.Errorf("the kind is %d, want that of the first failure", kind)
	}
}

// unread is what a batch has no business to look at.
type unread struct{ t testing.TB }

func (u unread) Task(id domain.TaskID) (domain.Task, error) {
	u.t.Errorf("task %d was looked up", id)
	return domain.Task{}, nil
}

func (u unread) Around(position domain.Position) (below, above domain.Position, err error) {
	u.t.Errorf("what is around %q was looked up", position)
	return below, above, nil
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
	counters := domain.Counters{LastTaskID: 3, Sequence: 9, Forgotten: 5}
	for _, batch := range []domain.Batch{{}, domain.NewBatch(later)} {
		effects, err := batch.Play("owner", counters, unread{t})
		if err != nil {
			t.Fatal(err)
		}
		wantEffects(t, effects, domain.Effects{Counters: counters})
	}
}

func TestBatchesLookAtNoMoreThanTheyNeed(t *testing.T) {
	effects, err := domain.NewBatch(later,
		domain.Create{Title: title("first")},
		domain.Create{Title: title("second"), Place: domain.Some(domain.At(position("4000000000000001V")))},
		domain.Edit{Target: on(1), Title: domain.Some(title("after")), Place: domain.Some(domain.Behind(1))},
		domain.Delete{Target: on(1)}, domain.Restore{Target: on(1)}, domain.ToggleCompleted{Target: on(2)},
	).Play("owner", domain.Counters{}, unread{t})
	if err != nil || len(effects.Results) != 6 {
		t.Errorf("the batch gave %d results, error %v", len(effects.Results), err)
	}
}

func TestBatchOnAFreshOwner(t *testing.T) {
	fresh := newShelf(0)
	effects, err := domain.NewBatch(noon,
		domain.Create{Title: title("first")},
		domain.Create{Title: title("second")},
		domain.SetCompleted{Target: domain.Target{ID: 1, Expected: 1}, Completed: true},
		domain.Delete{Target: domain.Target{ID: 2, Expected: 2}},
		domain.Delete{Target: domain.Target{ID: 1, Expected: 3}},
		domain.Restore{Target: domain.Target{ID: 1, Expected: 5}},
		domain.Purge{Target: domain.Target{ID: 2, Expected: 4}},
	).Play("owner", fresh.counters, fresh)
	if err != nil {
		t.Fatal(err)
	}
	at := func(task domain.Task, sequence domain.Sequence) domain.Task {
		task.Sequence = sequence
		return task
	}
	made := func(id domain.TaskID, text string) domain.Task {
		return domain.Task{
			Owner: "owner", ID: id, Title: title(text), Priority: domain.Medium, Position: domain.PositionOf(id), CreatedAt: noon, UpdatedAt: noon,
		}
	}
	first, second := made(1, "first"), made(2, "second")
	done := completed(first)
	wantEffects(t, effects, domain.Effects{
		Counters: domain.Counters{LastTaskID: 2, Sequence: 7},
		Saved:    []domain.Task{at(done, 6), at(purged(second), 7)},
		Results: []domain.Task{
			at(first, 1), at(second, 2), at(done, 3), at(deleted(second), 4), at(deleted(done), 5), at(done, 6), at(purged(second), 7),
		},
	})
}

// asked notes which tasks of a shelf are looked up.
type asked struct {
	shelf
	ids map[domain.TaskID]bool
}

func (a asked) Task(id domain.TaskID) (domain.Task, error) {
	a.ids[id] = true
	return a.shelf.Task(id)
}

func TestTargetsAreAllThatABatchLooksUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		here := asked{anyShelf(t), map[domain.TaskID]bool{}}
		changes := anyChanges(t)
		for range rapid.IntRange(0, 3).Draw(t, "moves") {
			beside := rapid.SampledFrom([]domain.Place{{}, domain.At(position("4000000000000001V")), domain.Before(1), domain.Behind(6), domain.Behind(0)})
			place := domain.Some(beside.Draw(t, "place"))
			changes = append(changes, domain.Edit{Target: on(domain.TaskID(rapid.Int64Range(0, 7).Draw(t, "id"))), Place: place}, domain.Create{Title: title("created"), Place: place})
		}
		batch := domain.NewBatch(noon, rapid.Permutation(changes).Draw(t, "order")...)
		_, _ = batch.Play("owner", here.counters, here) // which may fail
		targets := batch.Targets()
		for id := range here.ids {
			if !slices.Contains(targets, id) {
				t.Errorf("task %d was looked up, the targets are %v", id, targets)
			}
		}
		if !slices.IsSorted(targets) || len(slices.Compact(slices.Clone(targets))) != len(targets) {
			t.Errorf("the targets are %v, want each once", targets)
		}
	})
	batch := domain.NewBatch(noon, domain.Delete{Target: on(3)}, domain.Create{Title: title("created"), Place: domain.Some(domain.Behind(7))},
		domain.Restore{Target: on(3)}, domain.Edit{Target: on(2), Place: domain.Some(domain.At(position("4000000000000001V")))})
	if got := batch.Targets(); !slices.Equal(got, []domain.TaskID{2, 3, 7}) {
		t.Errorf("the targets are %v, want 2, 3 and 7", got)
	}
	if got := batch.Anchors(); !slices.Equal(got, []domain.TaskID{7}) {
		t.Errorf("the anchors are %v, want 7", got)
	}
}

func TestWhetherABatchDeletes(t *testing.T) {
	remove, put := domain.Delete{Target: on(3)}, domain.Restore{Target: on(3)}
	for _, test := range []struct {
		changes []domain.Change
		want    bool
	}{
		{nil, false},
		{[]domain.Change{domain.Create{}, domain.Edit{Target: on(3)}, put, domain.Purge{Target: on(3)}}, false},
		{[]domain.Change{remove}, true},
		{[]domain.Change{put, remove, put}, true},
	} {
		if got := domain.NewBatch(noon, test.changes...).Deletes(); got != test.want {
			t.Errorf("%T deletes: %t, want %t", test.changes, got, test.want)
		}
	}
}

// broken is a shelf that cannot be read at one place.
type broken struct {
	shelf
	at domain.TaskID
}

func (b broken) Task(id domain.TaskID) (domain.Task, error) {
	if id == b.at {
		return domain.Task{}, io.ErrUnexpectedEOF
	}
	return b.shelf.Task(id)
}

func TestBatchTellsEachFailure(t *testing.T) {
	here := newShelf(4, stored(3), stored(4))
	create := domain.Create{Title: title("beside")}
	remove := func(id domain.TaskID) domain.Change { return domain.Delete{Target: on(id)} }
	toggle := func(id domain.TaskID, expected domain.Sequence) domain.Change {
		return domain.ToggleCompleted{Target: domain.Target{ID: id, Expected: expected}}
	}
	missing, stale := domain.ErrTaskNotFound, domain.ErrStaleTask
	for name, test := range map[string]struct {
		changes []domain.Change
		want    []domain.ChangeFailure
	}{
		"missing, then stale":                 {[]domain.Change{create, toggle(1, 0), toggle(3, 9)}, []domain.ChangeFailure{{1, missing}, {2, stale}}},
		"stale, then missing":                 {[]domain.Change{toggle(3, 9), create, toggle(1, 0)}, []domain.ChangeFailure{{0, stale}, {2, missing}}},
		"all":                                 {[]domain.Change{toggle(1, 0), toggle(2, 0)}, []domain.ChangeFailure{{0, missing}, {1, missing}}},
		"changed in this batch, then stale":   {[]domain.Change{toggle(3, 3), toggle(3, 3)}, []domain.ChangeFailure{{1, stale}}},
		"behind one that fails, as expected":  {[]domain.Change{toggle(1, 0), toggle(3, 3), toggle(3, 6)}, []domain.ChangeFailure{{0, missing}}},
		"deleted in this batch, then missing": {[]domain.Change{remove(3), toggle(3, 3)}, []domain.ChangeFailure{{1, missing}}},
		"deleted in this batch, not stale":    {[]domain.Change{remove(3), toggle(3, 9)}, []domain.ChangeFailure{{1, missing}}},
		"created in this batch, then missing": {[]domain.Change{create, remove(5), toggle(5, 0)}, []domain.ChangeFailure{{2, missing}}},
		"before it is created":                {[]domain.Change{toggle(5, 0), create}, []domain.ChangeFailure{{0, missing}}},
	} {
		t.Run(name, func(t *testing.T) {
			effects, err := domain.NewBatch(later, test.changes...).Play("owner", here.counters, here)
			wantFailures(t, err, test.want)
			wantEffects(t, effects, domain.Effects{})
		})
	}
}

func TestBatchFailsAsTheStoreDoes(t *testing.T) {
	here := broken{newShelf(3, stored(3)), 2}
	for _, changes := range [][]domain.Change{
		{domain.ToggleCompleted{Target: on(2)}},
		{domain.ToggleCompleted{Target: on(1)}, domain.ToggleCompleted{Target: on(2)}, domain.ToggleCompleted{Target: on(1)}},
		{domain.Edit{Target: on(3), Place: domain.Some(domain.Behind(2))}},
	} {
		effects, err := domain.NewBatch(later, changes...).Play("owner", here.counters, here)
		if err != io.ErrUnexpectedEOF { //nolint:errorlint // it is the very error, and no BatchError
			t.Errorf("error is %v, want %v", err, io.ErrUnexpectedEOF)
		}
		wantEffects(t, effects, domain.Effects{})
	}
}

func TestBatchErrorsLine(t *testing.T) {
	err := &domain.BatchError{Failures: []domain.ChangeFailure{{0, domain.ErrStaleTask}, {7, io.EOF}}}
	if want := "changes that cannot happen: 0: " + domain.ErrStaleTask.Error() + "; 7: EOF;"; err.Error() != want {
		t.Errorf("the line for the log is %q, want %q", err.Error(), want)
	}
}

// TestBatchIsItsChangesOneByOne holds a batch against what it stands for: each
// change by itself, on what those before it left, or nothing if one fails.
func TestBatchIsItsChangesOneByOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		here, changes := anyShelf(t), anyChanges(t)
		at := noon.Add(time.Duration(rapid.IntRange(-5, 5).Draw(t, "minutes")) * time.Minute)
		before := maps.Clone(here.tasks)

		together, err := domain.NewBatch(at, changes...).Play("owner", here.counters, here)
		if !maps.Equal(before, here.tasks) {
			t.Fatalf("Play changed the stored tasks")
		}

		var results []domain.Task
		var failures []domain.ChangeFailure
		then := shelf{here.counters, maps.Clone(here.tasks)}
		for i, change := range changes {
			one, failed := domain.NewBatch(at, change).Play("owner", then.counters, then)
			if failed != nil {
				failures = append(failures, domain.ChangeFailure{Index: i, Err: failed})
				then.counters.Sequence++
				continue
			}
			results = append(results, one.Results...)
			then.keep(one)
		}
		switch {
		case len(failures) == 0 && err != nil:
			t.Fatalf("the batch failed, none of its changes did: %v", err)
		case len(failures) == 0:
		case len(changes) == 1 && !reflect.DeepEqual(err, failures[0].Err): // it is the very error, or one that was made alike
			t.Fatalf("the batch gave error %v, its change %v", err, failures[0].Err)
		case len(changes) > 1:
			wantFailures(t, err, failures)
		}
		if err != nil {
			wantEffects(t, together, domain.Effects{})
			return
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
		effects, err := domain.NewBatch(at, changes...).Play("owner", here.counters, here)
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
		for _, task := range effects.Saved {
			if seen[task.ID] {
				t.Errorf("task %d is saved twice", task.ID)
			}
			seen[task.ID] = true
			before, existed := here.tasks[task.ID]
			switch {
			case task.Owner != "owner" || task.ID > effects.Counters.LastTaskID:
				t.Errorf("saved %+v", task)
			case task.Sequence <= here.counters.Sequence || task.Sequence > effects.Counters.Sequence:
				t.Errorf("saved at sequence %d by a batch that took %d to %d", task.Sequence, here.counters.Sequence+1, effects.Counters.Sequence)
			case task.IsTombstone():
				if task != (domain.Task{Owner: "owner", ID: task.ID, DeletedAt: task.DeletedAt, Sequence: task.Sequence}) {
					t.Errorf("saved a tombstone with content: %+v", task)
				}
			case task.UpdatedAt.Before(task.CreatedAt), task.UpdatedAt.Before(before.UpdatedAt), task.UpdatedAt.Before(at):
				t.Errorf("saved with times %v and %v by a batch at %v", task.CreatedAt, task.UpdatedAt, at)
			case existed && task.CreatedAt != before.CreatedAt, !existed && task.CreatedAt != at:
				t.Errorf("saved as created at %v", task.CreatedAt)
			case task.Completed == task.CompletedAt.IsZero():
				t.Errorf("saved as completed %v at %v", task.Completed, task.CompletedAt)
			case task.Priority < domain.Low || task.Priority > domain.High || task.Position == domain.Position{}:
				t.Errorf("saved with priority %d at %q", task.Priority, task.Position)
			}
		}
	})
}

// anyShelf draws up to five tasks in any state, with gaps where others were
// forgotten.
func anyShelf(t *rapid.T) shelf {
	here := newShelf(5)
	for id := domain.TaskID(1); id <= 5; id++ {
		task := stored(id)
		if rapid.Bool().Draw(t, "completed") {
			task = completed(task)
		}
		switch rapid.IntRange(0, 5).Draw(t, "state") {
		case 0:
			continue
		case 1:
			task = deleted(task)
		case 2:
			task = purged(task)
		}
		here.tasks[id] = task
	}
	return here
}

// anyChanges draws changes of few tasks, so that they meet. None is placed:
// what a place comes to is for [TestMovesKeepTheOrder].
func anyChanges(t *rapid.T) []domain.Change {
	target := rapid.Custom(func(t *rapid.T) domain.Target {
		return domain.Target{
			ID:       domain.TaskID(rapid.Int64Range(1, 7).Draw(t, "id")),
			Expected: domain.Sequence(rapid.SampledFrom([]int64{0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7}).Draw(t, "expected")),
		}
	})
	titles := rapid.SampledFrom([]domain.Title{title("one"), title("two")})
	descriptions := rapid.SampledFrom([]domain.Description{{}, description(""), description("text")})
	dates := rapid.SampledFrom([]domain.DueDate{{}, date("2026-11-23")})
	zones := rapid.SampledFrom([]domain.Zone{{}, zone("UTC")})
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) domain.Change {
		switch rapid.IntRange(0, 7).Draw(t, "kind") {
		case 0:
			return domain.Create{Title: titles.Draw(t, "title"), Description: descriptions.Draw(t, "description"), Completed: rapid.Bool().Draw(t, "completed")}
		case 1, 2:
			return domain.Edit{
				Target: target.Draw(t, "target"), Title: maybe(t, titles), Description: maybe(t, descriptions), Completed: maybe(t, rapid.Bool()),
				Priority: maybe(t, rapid.Just(domain.Low)), Tags: maybe(t, rapid.SampledFrom([]domain.Tags{{}, tags("a")})),
				DueDate: maybe(t, dates), DueZone: maybe(t, zones),
			}
		case 3:
			return domain.SetCompleted{Target: target.Draw(t, "target"), Completed: rapid.Bool().Draw(t, "completed")}
		case 4:
			return domain.ToggleCompleted{Target: target.Draw(t, "target")}
		case 5:
			return domain.Restore{Target: target.Draw(t, "target")}
		case 6:
			return domain.Purge{Target: target.Draw(t, "target")}
		default:
			return domain.Delete{Target: target.Draw(t, "target")}
		}
	}), 0, 6).Draw(t, "changes")
}

func maybe[T any](t *rapid.T, values *rapid.Generator[T]) (drawn domain.Optional[T]) {
	if rapid.Bool().Draw(t, "given") {
		drawn = domain.Some(values.Draw(t, "value"))
	}
	return drawn
}
