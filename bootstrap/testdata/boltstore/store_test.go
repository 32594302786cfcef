package boltstore_test

import (
	"path/filepath"
	"testing"

	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"

	"example.com/boltstore"
)

func open(t *testing.T) *boltstore.Store {
	t.Helper()
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "tasks.bolt"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return store
}

// closed gives a store that was open and has been closed.
func closed(t *testing.T) *boltstore.Store {
	t.Helper()
	store := open(t)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return store
}

func TestTasks(t *testing.T) {
	shared := open(t)
	portstest.TestTaskRepository(t,
		func(*testing.T) ports.TaskRepository { return shared },
		portstest.Closed(func(t *testing.T) ports.TaskRepository { return closed(t) }),
	)
}

func TestOwners(t *testing.T) {
	shared := open(t)
	portstest.TestOwners(t,
		func(*testing.T) (ports.Owners, ports.TaskRepository) { return shared, shared },
		portstest.ClosedOwners(func(t *testing.T) ports.Owners { return closed(t) }),
	)
}
