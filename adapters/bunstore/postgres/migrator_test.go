package postgres_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/migrations"
)

// stepCount is how many steps there are.
const stepCount = 5

func TestMigrateUpDownUp(t *testing.T) {
	url := postgrestest.Database(t)
	if _, err := connect(t, url).Exec(t.Context(), `
		CREATE TABLE tasks (id int); CREATE TABLE "user" (id text); INSERT INTO tasks VALUES (7);
		DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET timezone = ''Asia/Tokyo''', current_database()); END $$`); err != nil {
		t.Fatal(err)
	}
	migrator, err := postgres.NewMigrator(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantPending(t, migrator, true)
	if schemas := list(t, url, `SELECT nspname FROM pg_namespace WHERE nspname = 'taskward'`); len(schemas) != 0 {
		t.Error("asking for the status made the schema")
	}
	if err := migrator.Down(t.Context()); err == nil {
		t.Error("there was something to take back in an empty database")
	}
	for range 2 {
		if err := migrator.Up(t.Context()); err != nil {
			t.Fatal(err)
		}
		wantPending(t, migrator, false)
		if err := errors.Join(migrator.Up(t.Context()), postgres.EnforceRowSecurity(t.Context(), url)); err != nil {
			t.Errorf("a second time: %v", err)
		}
		want := []string{
			"public.tasks", "public.user", "taskward.answers", "taskward.audit", "taskward.owners", "taskward.revoked_before", "taskward.revoked_tokens",
			"taskward.schema_migrations", "taskward.spent_tokens", "taskward.tasks", "taskward.trash",
		}
		if difference := cmp.Diff(want, tables(t, url)); difference != "" {
			t.Errorf("tables: want -, got +:\n%s", difference)
		}
		for range stepCount {
			if err := migrator.Down(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		wantPending(t, migrator, true)
		if difference := cmp.Diff([]string{"public.tasks", "public.user", "taskward.schema_migrations"}, tables(t, url)); difference != "" {
			t.Errorf("tables: want -, got +:\n%s", difference)
		}
	}
	if kept := list(t, url, `SELECT id::text FROM tasks`); len(kept) != 1 {
		t.Errorf("somebody else's table has %d rows, want 1", len(kept))
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
	url := postgrestest.Database(t)
	for range 20 {
		if _, err := connect(t, url).Exec(t.Context(), `DROP SCHEMA IF EXISTS taskward CASCADE`); err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				migrator, err := postgres.NewMigrator(url, nil)
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
		if done := list(t, url, `SELECT version_id::text FROM taskward.schema_migrations ORDER BY id`); !cmp.Equal(done, []string{"0", "1", "2", "3", "4", "5"}) {
			t.Errorf("steps noted: %v, want each once", done)
		}
	}
}

// The second step of broken loses its connection halfway, as in a crash.
var (
	first  = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE TABLE taskward.first (id int);\n")}
	broken = fstest.MapFS{"00001_first.sql": first, "00002_second.sql": {Data: []byte(`-- +goose Up
		CREATE TABLE taskward.second (id int);
		SELECT pg_terminate_backend(pg_backend_pid());`)}}
	mended = fstest.MapFS{"00001_first.sql": first, "00002_second.sql": {Data: []byte(`-- +goose Up
		CREATE TABLE taskward.second (id int);`)}}
)

func TestCrashLeavesNoHalfMigration(t *testing.T) {
	url := postgrestest.Database(t)
	migrator := migratorOf(t, url, broken)
	if err := migrator.Up(t.Context()); err == nil {
		t.Fatal("the broken step worked")
	}
	if difference := cmp.Diff([]string{"taskward.first", "taskward.schema_migrations"}, tables(t, url)); difference != "" {
		t.Errorf("tables: want -, got +:\n%s", difference)
	}
	steps, err := migrator.Status(t.Context())
	if err != nil || len(steps) != 2 || steps[0].Pending() || !steps[1].Pending() {
		t.Errorf("want the second step pending, got %+v and error %v", steps, err)
	}
	if err := migratorOf(t, url, mended).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if difference := cmp.Diff([]string{"taskward.first", "taskward.schema_migrations", "taskward.second"}, tables(t, url)); difference != "" {
		t.Errorf("tables: want -, got +:\n%s", difference)
	}
	// An older version knows less than was done, and works on.
	if err := migratorOf(t, url, fstest.MapFS{"00001_first.sql": first}).Check(t.Context()); err != nil {
		t.Errorf("an older version: %v", err)
	}
}

func TestMigrationWaitsNoLongerThanItsContext(t *testing.T) {
	url := postgrestest.Database(t)
	tx, err := connect(t, url).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `SELECT pg_advisory_xact_lock($1)`, postgres.LockKey); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	observer := connect(t, url)
	failed := make(chan error)
	go func() { failed <- migratorOf(t, url, mended).Up(ctx) }()
	untilWaiting(t, observer, 1)
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("want context.Canceled, got %v", err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := migratorOf(t, url, mended).Up(t.Context()); err != nil {
		t.Errorf("when the other has done: %v", err)
	}
}

func migratorOf(t *testing.T, url string, steps fs.FS) *bunstore.Migrator {
	t.Helper()
	migrator, err := postgres.NewMigratorOf(url, steps, nil)
	if err != nil {
		t.Fatal(err)
	}
	return migrator
}

func tables(t *testing.T, url string) []string {
	t.Helper()
	return list(t, url, `SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`)
}

func list(t *testing.T, url, query string) []string {
	t.Helper()
	rows, err := connect(t, url).Query(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
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

// Most starts find nothing to do, and should find that out at once.
func TestUpToDateIsOneStatement(t *testing.T) {
	steps, err := fs.Sub(migrations.Files, "postgres")
	if err != nil {
		t.Fatal(err)
	}
	seen := &sent{}
	migrator, err := postgres.NewMigratorOf(migrated(t), steps, seen)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrator.Up(t.Context()); err != nil || len(seen.texts) != 1 {
		t.Errorf("sent %q, error %v", seen.texts, err)
	}
}
