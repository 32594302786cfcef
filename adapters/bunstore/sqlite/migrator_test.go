package sqlite_test

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"
	driver "modernc.org/sqlite"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/adapters/bunstore/sqlite"
)

// stepCount is how many steps there are.
const stepCount = 3

func TestMigrateUpDownUp(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tasks.db")
	migrator, err := sqlite.NewMigrator(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantPending(t, migrator, true)
	if err := migrator.Down(t.Context()); err == nil {
		t.Error("there was something to take back in an empty database")
	}
	for range 2 {
		if err := migrator.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantPending(t, migrator, false)
		if err := migrator.Up(t.Context()); err != nil {
			t.Errorf("a second time: %v", err)
		}
		want := []string{"answers", "owners", "revoked_before", "revoked_tokens", "schema_migrations", "spent_tokens", "tasks", "trash"}
		if difference := cmp.Diff(want, tables(t, path)); difference != "" {
			t.Errorf("tables: want -, got +:\n%s", difference)
		}
		for range stepCount {
			if err := migrator.Down(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		wantPending(t, migrator, true)
		if difference := cmp.Diff([]string{"schema_migrations"}, tables(t, path)); difference != "" {
			t.Errorf("tables: want -, got +:\n%s", difference)
		}
	}
}

func wantPending(t *testing.T, migrator *bunstore.Migrator, want bool) {
	t.Helper()
	steps, err := migrator.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(steps) == 0 {
		t.Error("there are no steps")
	}
	for _, step := range steps {
		age := time.Since(step.AppliedAt)
		if step.Pending() != want || !want && (age < -time.Minute || age > time.Hour) {
			t.Errorf("want pending=%t, got %+v", want, step)
		}
		err := migrator.Check(t.Context())
		if named := err != nil && strings.Contains(err.Error(), step.Name); named != want {
			t.Errorf("want pending=%t, and Check gives %v", want, err)
		}
	}
}

func TestMigrateTogether(t *testing.T) {
	for range 20 {
		path := filepath.Join(t.TempDir(), "tasks.db")
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				migrator, err := sqlite.NewMigrator(path, nil)
				if err != nil {
					t.Error(err)
					return
				}
				if err := errors.Join(migrator.Up(t.Context()), migrator.Check(t.Context())); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if done := list(t, path, `SELECT version_id FROM schema_migrations ORDER BY id`); !cmp.Equal(done, []string{"0", "1", "2", "3"}) {
			t.Errorf("steps noted: %v, want each once", done)
		}
	}
}

var (
	first  = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE first (id int);\n")}
	broken = fstest.MapFS{"00001_first.sql": first, "00002_second.sql": {Data: []byte(`-- +goose Up
		CREATE TABLE second (id int);
		SELECT kill_this_process();`)}}
	mended = fstest.MapFS{"00001_first.sql": first, "00002_second.sql": {Data: []byte(`-- +goose Up
		CREATE TABLE second (id int);`)}}
)

func TestCrashLeavesNoHalfMigration(t *testing.T) {
	const victim = "SQLITE_TEST_VICTIM"
	if path := os.Getenv(victim); path != "" {
		killOnDemand(t)
		t.Fatal(sqlite.NewMigratorOf(path, broken).Up(t.Context()))
	}
	path := filepath.Join(t.TempDir(), "tasks.db")
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // this very test
	command.Env = append(os.Environ(), victim+"="+path)
	if output, err := command.CombinedOutput(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("want the migrating process killed, got %v and\n%s", err, output)
	}
	if difference := cmp.Diff([]string{"first", "schema_migrations"}, tables(t, path)); difference != "" {
		t.Errorf("tables: want -, got +:\n%s", difference)
	}
	steps, err := sqlite.NewMigratorOf(path, mended).Status(t.Context())
	if err != nil || len(steps) != 2 || steps[0].Pending() || !steps[1].Pending() {
		t.Errorf("want the second step pending, got %+v and error %v", steps, err)
	}
	if err := sqlite.NewMigratorOf(path, mended).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if difference := cmp.Diff([]string{"first", "schema_migrations", "second"}, tables(t, path)); difference != "" {
		t.Errorf("tables: want -, got +:\n%s", difference)
	}
	// An older version knows less than was done, and works on.
	if err := sqlite.NewMigratorOf(path, fstest.MapFS{"00001_first.sql": first}).Check(t.Context()); err != nil {
		t.Errorf("an older version: %v", err)
	}
}

func TestMigrationWaitsNoLongerThanItsContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tasks.db")
	other := flock.New(path + ".lock")
	if err := other.Lock(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := sqlite.NewMigratorOf(path, mended).Up(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("want context.DeadlineExceeded, got %v", err)
	}
	if err := other.Unlock(); err != nil {
		t.Fatal(err)
	}
	if err := sqlite.NewMigratorOf(path, mended).Up(t.Context()); err != nil {
		t.Errorf("when the other has done: %v", err)
	}
}

func tables(t *testing.T, path string) []string {
	t.Helper()
	return list(t, path, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY 1`)
}

func list(t *testing.T, path, query string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var values []string
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			t.Fatal(err)
		}
		values = append(values, value)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return values
}

// killOnDemand gives SQL a function that ends this process as a crash does.
func killOnDemand(t *testing.T) {
	t.Helper()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	driver.MustRegisterScalarFunction("kill_this_process", 0, func(*driver.FunctionContext, []sqldriver.Value) (sqldriver.Value, error) {
		if err := self.Kill(); err != nil {
			return nil, err
		}
		select {}
	})
}
