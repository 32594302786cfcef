package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/domain"
)

// Whoever comes back after a long time does not wait for all of the trash to
// be forgotten.
func TestNoDeleteForgetsTooMuchAtOnce(t *testing.T) {
	path := migrated(t, filepath.Join(t.TempDir(), "tasks.db"))
	store := open(t, path)
	over := time.Unix(1e9, 0)
	create := make([]domain.Change, 255)
	for i := range create {
		create[i] = domain.Create{Title: title(t, "deleted")}
	}
	apply(t, store, domain.NewBatch(over, create...))
	for id := range domain.TaskID(250) {
		apply(t, store, domain.NewBatch(over, domain.Delete{Target: domain.Target{ID: 1 + id}}))
	}
	other := domain.Edit{Target: domain.Target{ID: 255}}
	for i, want := range []string{"151", "52", "3", "4"} {
		changes := []domain.Change{domain.Delete{Target: domain.Target{ID: domain.TaskID(251 + i)}}, other}
		apply(t, store, domain.NewBatch(over.Add(time.Hour), changes[:1+i%2]...).ForgettingTrash(over)) // alone, and in a batch
		if rows := list(t, path, `SELECT count(*) FROM trash`); rows[0] != want {
			t.Errorf("after %d deletes there are %s tasks in the trash, want %s", i+1, rows[0], want)
		}
		wantForgotten := min(domain.Sequence(255+100*(i+1)), 255+250)
		if counters, err := store.State(t.Context(), owner); err != nil || counters.Forgotten != wantForgotten {
			t.Errorf("after %d deletes: want forgotten %d, got %+v and error %v", i+1, wantForgotten, counters, err)
		}
	}
}

// The same is true of what batches with keys came to.
func TestNoKeyForgetsTooMuchAtOnce(t *testing.T) {
	path := migrated(t, filepath.Join(t.TempDir(), "tasks.db"))
	store := open(t, path)
	over := time.Unix(1e9, 0)
	keyed := func(key string, at, until time.Time) domain.Batch {
		return domain.NewBatch(at, domain.Create{Title: title(t, "made once")}).Once(domain.Once{Key: domain.OnceKey(key), Until: until})
	}
	for i := range 250 {
		apply(t, store, keyed(fmt.Sprintf("old%d", i), over.Add(-time.Hour), over))
	}
	for i, want := range []string{"151", "52", "3", "4"} {
		apply(t, store, keyed(fmt.Sprintf("new%d", i), over, over.Add(time.Hour)))
		if rows := list(t, path, `SELECT count(*) FROM answers`); rows[0] != want {
			t.Errorf("after %d batches there are %s answers, want %s", i+1, rows[0], want)
		}
	}
}

func apply(t *testing.T, store *sqlite.Store, batch domain.Batch) {
	t.Helper()
	if _, err := store.Apply(t.Context(), owner, batch); err != nil {
		t.Fatal(err)
	}
}
