package postgres_test

import (
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
)

// BenchmarkStore measures the frequent calls for an owner of 1,000 tasks.
func BenchmarkStore(b *testing.B) {
	store := open(b, postgres.Options{URL: migrated(b), Prepare: true})
	created := domain.Create{Title: title(b, "Buy milk")}
	apply := func(b *testing.B, changes ...domain.Change) {
		b.Helper()
		if _, err := store.Apply(b.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), changes...)); err != nil {
			b.Fatal(err)
		}
	}
	for range 1_000 {
		apply(b, created)
	}
	b.Run("create", func(b *testing.B) {
		for b.Loop() {
			apply(b, created)
		}
	})
	b.Run("complete", func(b *testing.B) {
		for b.Loop() {
			apply(b, domain.ToggleCompleted{Target: domain.Target{ID: 500}})
		}
	})
	b.Run("edit", func(b *testing.B) {
		for b.Loop() {
			apply(b, domain.Edit{Target: domain.Target{ID: 500}, Priority: domain.Some(domain.High)})
		}
	})
	b.Run("get", func(b *testing.B) {
		for b.Loop() {
			if _, err := store.Get(b.Context(), owner, 500); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("list 20", func(b *testing.B) {
		for b.Loop() {
			if _, err := store.List(b.Context(), owner, domain.TaskQuery{Limit: 20}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("search", func(b *testing.B) {
		for b.Loop() {
			if _, err := store.List(b.Context(), owner, domain.TaskQuery{Search: "bread", Limit: 20}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("changes, nothing new", func(b *testing.B) {
		state, err := store.State(b.Context(), owner)
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if _, err := store.Changes(b.Context(), owner, domain.Mark{Sequence: state.Sequence}, 20); err != nil {
				b.Fatal(err)
			}
		}
	})
}
