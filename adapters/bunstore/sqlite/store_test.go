package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestStore(t *testing.T) {
	path := migrated(t, filepath.Join(t.TempDir(), "tasks.db"))
	shared := open(t, path)
	portstest.TestTaskRepository(t,
		func(*testing.T) ports.TaskRepository { return shared },
		portstest.Twice(func(t *testing.T) (ports.TaskRepository, ports.TaskRepository) {
			return open(t, path), open(t, path)
		}),
		portstest.Closed(func(t *testing.T) ports.TaskRepository { return closed(t, path) }))
}

func TestOwners(t *testing.T) {
	path := migrated(t, filepath.Join(t.TempDir(), "tasks.db"))
	shared := open(t, path)
	portstest.TestOwners(t,
		func(*testing.T) (ports.Owners, ports.TaskRepository) { return shared, shared },
		portstest.ClosedOwners(func(t *testing.T) ports.Owners { return closed(t, path) }))
}

// migrated makes the tables in the file at path, and gives the path.
func migrated(t testing.TB, path string) string {
	t.Helper()
	migrator, err := sqlite.NewMigrator(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrator.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Errorf("close the store: %v", err)
		}
	})
	return store
}

func closed(t *testing.T, path string) *sqlite.Store {
	t.Helper()
	store := open(t, path)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return store
}
