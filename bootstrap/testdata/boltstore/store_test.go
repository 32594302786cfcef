package boltstore_test

import (
	"path/filepath"
	"testing"

	"example.com/boltstore"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestTasks(t *testing.T) {
	store := open(t)
	portstest.TestTaskRepository(t,
		func(*testing.T) ports.TaskRepository { return store },
		portstest.Closed(func(t *testing.T) ports.TaskRepository { return closed(t) }),
	)
}

func TestOwners(t *testing.T) {
	store := open(t)
	portstest.TestOwners(t,
		func(*testing.T) (ports.Owners, ports.TaskRepository) { return store, store },
		portstest.ClosedOwners(func(t *testing.T) ports.Owners { return closed(t) }),
	)
}

func BenchmarkTasks(b *testing.B) {
	portstest.BenchmarkTaskRepository(b, func(b *testing.B) ports.TaskRepository { return open(b) })
}

func open(tb testing.TB) *boltstore.Store {
	tb.Helper()
	return openAt(tb, filepath.Join(tb.TempDir(), "tasks.db"))
}

func openAt(tb testing.TB, path string) *boltstore.Store {
	tb.Helper()
	store, err := boltstore.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := store.Close(); err != nil {
			tb.Error(err)
		}
	})
	return store
}

func closed(tb testing.TB) *boltstore.Store {
	tb.Helper()
	store := open(tb)
	if err := store.Close(); err != nil {
		tb.Fatal(err)
	}
	return store
}
