package postgres_test

import (
	"os"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

func TestStore(t *testing.T) {
	for mode, prepare := range map[string]bool{"prepared": true, "unprepared": false} {
		t.Run(mode, func(t *testing.T) {
			options := postgres.Options{URL: migrated(t), Prepare: prepare}
			shared := open(t, options)
			portstest.TestTaskRepository(t,
				func(*testing.T) ports.TaskRepository { return shared },
				portstest.Twice(func(t *testing.T) (ports.TaskRepository, ports.TaskRepository) {
					return open(t, options), open(t, options)
				}),
				portstest.Closed(func(t *testing.T) ports.TaskRepository { return closed(t, options) }))
		})
	}
}

func TestOwners(t *testing.T) {
	for mode, prepare := range map[string]bool{"prepared": true, "unprepared": false} {
		t.Run(mode, func(t *testing.T) {
			options := postgres.Options{URL: migrated(t), Prepare: prepare}
			shared := open(t, options)
			portstest.TestOwners(t,
				func(*testing.T) (ports.Owners, ports.TaskRepository) { return shared, shared },
				portstest.ClosedOwners(func(t *testing.T) ports.Owners { return closed(t, options) }))
		})
	}
}

// migrated gives the URL of a database with the tables in it.
func migrated(t testing.TB) string {
	t.Helper()
	url := postgrestest.Database(t)
	migrator, err := postgres.NewMigrator(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrator.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	return url
}

func open(t testing.TB, options postgres.Options) *postgres.Store {
	t.Helper()
	store, err := postgres.Open(options)
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

func closed(t *testing.T, options postgres.Options) *postgres.Store {
	t.Helper()
	store := open(t, options)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	return store
}
