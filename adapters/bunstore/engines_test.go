package bunstore_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/ports"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// store is all that is kept of tasks.
type store interface {
	ports.TaskRepository
	ports.Owners
}

// engines are the stores that histories are played on.
var engines = map[string]func(*testing.T) store{
	"memory":   func(*testing.T) store { return memory.NewTasks() },
	"sqlite":   openSQLite,
	"postgres": openPostgres,
}

func openSQLite(t *testing.T) store {
	path := filepath.Join(t.TempDir(), "tasks.db")
	migrator, err := sqlite.NewMigrator(path, nil)
	migrate(t, migrator, err)
	opened, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return opened
}

func openPostgres(t *testing.T) store {
	url := postgrestest.Database(t)
	migrator, err := postgres.NewMigrator(url, nil)
	migrate(t, migrator, err)
	opened, err := postgres.Open(postgres.Options{URL: url, Prepare: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = opened.Close() })
	return opened
}

func migrate(t *testing.T, migrator *bunstore.Migrator, err error) {
	t.Helper()
	if err == nil {
		err = migrator.Up(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
}
