package postgres_test

import (
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
)

// What is frequent is one round trip to the database, and any other single
// change two, as long as nobody else changes the owner's tasks.
func TestRoundTrips(t *testing.T) {
	seen := &sent{}
	store := openTraced(t, postgres.Options{URL: migrated(t), Prepare: true}, seen)
	at := time.Unix(1e9, 0)
	made := domain.Create{Title: title(t, "made")}
	on := domain.Target{ID: 1}
	apply := func(changes ...domain.Change) func() error {
		return func() error {
			_, err := store.Apply(t.Context(), owner, domain.NewBatch(at, changes...).ForgettingTrash(at.Add(-time.Hour)))
			return err
		}
	}
	var latest domain.Mark
	changes := func(since *domain.Mark) func() error {
		return func() error {
			feed, err := store.Changes(t.Context(), owner, *since, 100)
			latest = feed.Until
			return err
		}
	}
	for range 2 { // the first of all inserts the owner's row
		for _, step := range []struct {
			name string
			call func() error
			want int
		}{
			{"create", apply(made), 1},
			{"complete", apply(domain.SetCompleted{Target: on, Completed: true}), 1},
			{"toggle", apply(domain.ToggleCompleted{Target: on}), 1},
			{"edit", apply(domain.Edit{Target: on, Title: domain.Some(title(t, "edited"))}), 2},
			{"create at the end", apply(domain.Create{Title: title(t, "made"), Place: domain.Some(domain.At(domain.PositionOf(9)))}), 2},
			{"import", apply(domain.Import{Create: made}), 2},
			{"move", apply(domain.Edit{Target: on, Place: domain.Some(domain.Behind(2))}), 2},
			{"get", func() error { _, err := store.Get(t.Context(), owner, 1); return err }, 1},
			{"list", func() error {
				_, err := store.List(t.Context(), owner, domain.TaskQuery{Limit: 1, Count: true, Search: "made"})
				return err
			}, 1},
			{"delete", apply(domain.Delete{Target: on}), 1},
			{"trash", func() error { _, err := store.Trash(t.Context(), owner, domain.TrashQuery{Limit: 1}); return err }, 1},
			{"changes", changes(&domain.Mark{}), 1},
			{"changes since", changes(&domain.Mark{Sequence: 1}), 2},
			{"no changes", changes(&latest), 1},
			{"state", func() error { _, err := store.State(t.Context(), owner); return err }, 1},
			{"restore", apply(domain.Restore{Target: on}), 2},
			{"nothing", apply(domain.Edit{Target: domain.Target{ID: 1000}}), 1},
		} {
			before := len(seen.texts)
			err := step.call()
			if missing := step.name == "nothing"; (err != nil) != missing {
				t.Fatalf("%s: %v", step.name, err)
			}
			if took := len(seen.texts) - before; took != step.want {
				t.Errorf("%s took %d round trips, want %d: %q", step.name, took, step.want, seen.texts[before:])
			}
		}
	}
}
