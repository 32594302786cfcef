package postgres_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
)

// However changes of all kinds race, from two processes, each that happens is
// counted once, and one that does not happen is not counted.
func TestRacingChangesAreCountedOnce(t *testing.T) {
	url := migrated(t)
	stores := []*postgres.Store{
		open(t, postgres.Options{URL: url, Prepare: true}),
		open(t, postgres.Options{URL: url}),
	}
	var happened, created atomic.Int64
	var all sync.WaitGroup
	for member := range 32 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(member))) //nolint:gosec // the same changes each time
			for range 20 {
				changes := randomChanges(t, random)
				_, err := stores[member%2].Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), changes...))
				switch {
				case errors.Is(err, domain.ErrTaskNotFound), errors.Is(err, domain.ErrStaleTask), domain.KindOf(err) == domain.Invalid: // no such place
					continue
				case err != nil:
					t.Error(err)
					return
				}
				happened.Add(int64(len(changes)))
				for _, change := range changes {
					if _, ok := change.(domain.Create); ok {
						created.Add(1)
					}
				}
			}
		})
	}
	all.Wait()
	wantFeedOfAll(t, stores[1])
	last := create(t, stores[0])
	if int64(last.Sequence) != happened.Load()+1 || int64(last.ID) != created.Load()+1 {
		t.Errorf("after %d changes, of which %d creates, the next task got sequence %d and id %d", happened.Load(), created.Load(), last.Sequence, last.ID)
	}
	if happened.Load() == 0 || happened.Load() == created.Load() {
		t.Errorf("%d changes happened, %d of them creates: nothing raced", happened.Load(), created.Load())
	}
}

// randomChanges are of a few tasks, so that they meet.
func randomChanges(t *testing.T, random *rand.Rand) []domain.Change {
	t.Helper()
	target := func() domain.Target {
		target := domain.Target{ID: domain.TaskID(1 + random.IntN(6))}
		if random.IntN(4) == 0 {
			target.Expected = domain.Sequence(1 + random.IntN(60))
		}
		return target
	}
	changes := make([]domain.Change, 1+random.IntN(5)/4)
	for i := range changes {
		switch random.IntN(10) {
		case 0, 1:
			changes[i] = domain.Create{Title: title(t, "made in a race")}
		case 2:
			changes[i] = domain.Delete{Target: target()}
		case 3:
			changes[i] = domain.Edit{Target: target(), Title: domain.Some(title(t, "edited in a race"))}
		case 4:
			changes[i] = domain.Edit{Target: target(), Place: domain.Some(domain.Behind(domain.TaskID(1 + random.IntN(6))))}
		case 5, 6:
			changes[i] = domain.Restore{Target: target()}
		case 7:
			changes[i] = domain.Purge{Target: target()}
		default:
			changes[i] = domain.ToggleCompleted{Target: target()}
		}
	}
	return changes
}

// wantFeedOfAll fails the test unless Changes tells of each task once, live
// or not, in the state that List and Trash give.
func wantFeedOfAll(t *testing.T, store *postgres.Store) {
	t.Helper()
	feed, feedErr := store.Changes(t.Context(), owner, domain.Mark{}, 1000)
	page, listErr := store.List(t.Context(), owner, domain.TaskQuery{Limit: 1000})
	trash, trashErr := store.Trash(t.Context(), owner, domain.TrashQuery{Limit: 1000})
	if err := errors.Join(feedErr, listErr, trashErr); err != nil {
		t.Fatal(err)
	}
	told := map[domain.TaskID]domain.Task{}
	for _, task := range feed.Tasks {
		if _, twice := told[task.ID]; twice {
			t.Errorf("task %d is told twice", task.ID)
		}
		if told[task.ID] = task; task.IsTombstone() {
			delete(told, task.ID)
		}
	}
	for _, task := range slices.Concat(page.Tasks, trash.Tasks) {
		if told[task.ID] != task {
			t.Errorf("the feed has %+v, want %+v", told[task.ID], task)
		}
	}
	if want := len(page.Tasks) + len(trash.Tasks); len(told) != want {
		t.Errorf("the feed has %d tasks, want %d", len(told), want)
	}
}

// between holds the owner's row while something is under way that waits for
// it, changes the owner's only task, and lets go.
func between(t *testing.T, url string, underWay func() error) error {
	t.Helper()
	tx, err := connect(t, url).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	exec := func(statement string) {
		t.Helper()
		if _, err := tx.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec(`UPDATE taskward.owners SET sequence = sequence + 1`)
	done := make(chan error)
	go func() { done <- underWay() }()
	untilWaiting(t, connect(t, url), 1)
	exec(`UPDATE taskward.tasks SET description = 'came between', sequence = (SELECT sequence FROM taskward.owners)`)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	return <-done
}

// An edit reads before it writes. What has changed in between is edited anew.
func TestEditKeepsWhatCameBetween(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true})
	edit := func(target domain.Target) func() error {
		return func() error {
			_, err := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(2e9, 0), domain.Edit{Target: target, Title: domain.Some(title(t, "edited"))}))
			return err
		}
	}
	before := create(t, store)
	if err := between(t, url, edit(domain.Target{ID: before.ID})); err != nil {
		t.Fatal(err)
	}
	after, err := store.Get(t.Context(), owner, before.ID)
	if err != nil {
		t.Fatal(err)
	}
	if description, _ := after.Description.Text(); description != "came between" || after.Title != title(t, "edited") || after.Sequence != 3 {
		t.Errorf("want both changes, got %+v", after)
	}
	if err := between(t, url, edit(domain.Target{ID: before.ID, Expected: after.Sequence})); !errors.Is(err, domain.ErrStaleTask) {
		t.Errorf("want domain.ErrStaleTask, got %v", err)
	}
	if counters, err := store.State(t.Context(), owner); err != nil || counters.Sequence != 4 {
		t.Errorf("want only what came between to be counted, got %+v and error %v", counters, err)
	}
}

// What happens while an erasure waits is erased as well.
func TestEraseTakesWhatCameBetween(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true})
	create(t, store)
	tx, err := connect(t, url).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`UPDATE taskward.owners SET last_task_id = 2, sequence = 2`,
		`INSERT INTO taskward.tasks (user_id, id, title, completed, created_at, updated_at, sequence) VALUES ('owner', 2, 'came between', false, now(), now(), 2)`,
	} {
		if _, err := tx.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	erased := make(chan error)
	go func() { erased <- store.Erase(t.Context(), owner) }()
	untilWaiting(t, connect(t, url), 1)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-erased; err != nil {
		t.Fatal(err)
	}
	page, err := store.List(t.Context(), owner, domain.TaskQuery{Limit: 10})
	if err != nil || len(page.Tasks) != 0 {
		t.Errorf("want no tasks, got %+v and error %v", page.Tasks, err)
	}
	if counters, err := store.State(t.Context(), owner); err != nil || counters != (domain.Counters{LastTaskID: 2, Sequence: 3, Forgotten: 3}) {
		t.Errorf("got %+v and error %v", counters, err)
	}
}

// What was deleted again while a delete waits is not over any more.
func TestDeleteForgetsNothingThatWasDeletedAgain(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true})
	over := time.Unix(1e9, 0)
	first, second := create(t, store), create(t, store)
	apply(t, store, domain.NewBatch(over, domain.Delete{Target: domain.Target{ID: first.ID}}))
	tx, err := connect(t, url).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`UPDATE taskward.owners SET sequence = 5`,
		`UPDATE taskward.trash SET deleted_at = deleted_at + interval '1 hour', sequence = 5`,
	} {
		if _, err := tx.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	deleted := make(chan error)
	go func() {
		_, err := store.Apply(t.Context(), owner, domain.NewBatch(over.Add(2*time.Hour), domain.Delete{Target: domain.Target{ID: second.ID}}).ForgettingTrash(over))
		deleted <- err
	}()
	untilWaiting(t, connect(t, url), 1)
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-deleted; err != nil {
		t.Fatal(err)
	}
	trash, err := store.Trash(t.Context(), owner, domain.TrashQuery{Limit: 10})
	if err != nil || len(trash.Tasks) != 2 {
		t.Errorf("want both tasks in the trash, got %+v and error %v", trash.Tasks, err)
	}
	if counters, err := store.State(t.Context(), owner); err != nil || counters.Forgotten != 0 {
		t.Errorf("want nothing forgotten, got %+v and error %v", counters, err)
	}
}
