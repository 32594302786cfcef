package bootstrap_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

// An old back end's tasks are there for their owners, with their ids, and new ones go on behind them. Taskward may live in the same
// database, or somewhere else.
func TestAdoptedTasksAreServed(t *testing.T) {
	t.Parallel()
	needBinary(t)
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			old := postgrestest.Database(t)
			query(t, old, `CREATE TABLE tasks (id serial, user_id text, title text, description text, completed boolean, created_at timestamp)`)
			query(t, old, `INSERT INTO tasks VALUES (3, 'ada', 'Buy milk', 'oat', true, '2026-02-03 12:04:05.25'), (8, 'ada', 'Walk', NULL, false, '2026-02-04')`)
			settings, args := []string{"DATABASE_URL=" + old, "BETTER_AUTH_SECRET=" + secret}, []string{"adopt", "--table", "public.tasks"}
			if engine.name == "SQLite" {
				file := filepath.Join(t.TempDir(), "url")
				if err := os.WriteFile(file, []byte(old+"\n"), 0o600); err != nil {
					t.Fatal(err)
				}
				settings[0], args = "DATABASE_URL="+engine.database(t), append(args, "--from-file", file)
			}
			for _, sum := range []string{"copied: 2, there already: 0", "copied: 0, there already: 2"} {
				if said := run(t, settings, args...); !strings.Contains(said, sum) || strings.Contains(said, "Buy milk") {
					t.Errorf("adopt says no %q, or too much:\n%s", sum, said)
				}
			}

			ada := serve(t, settings...).as(personWithID(t, "ada"))
			got := ada.get(t, ada.task(3)).expect(t, 200).task(t)
			if got.Title != "Buy milk" || got.Description == nil || *got.Description != "oat" || !got.Completed || !got.CreatedAt.Equal(time.Date(2026, 2, 3, 12, 4, 5, 250e6, time.UTC)) {
				t.Errorf("task 3 is %+v", got)
			}
			if made := ada.create(t, "Sleep"); made.ID != 9 {
				t.Errorf("the next task is %d, want 9", made.ID)
			}
			if all := ada.allTasks(t); len(all) != 3 {
				t.Errorf("ada has %d tasks, want 3", len(all))
			}
		})
	}
}

// Who was removed from Better Auth leaves nothing behind, and the others keep what they have.
func TestSweepFollowsBetterAuth(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t)
	for engine, database := range map[string]string{"SQLite": "sqlite:" + filepath.Join(t.TempDir(), "tasks.db"), "PostgreSQL": auth.database} {
		t.Run(engine, func(t *testing.T) {
			settings := []string{"DATABASE_URL=" + database, "TASKWARD_AUTH_DATABASE_URL=" + auth.database, "BETTER_AUTH_URL=" + auth.url, promptly}
			server := serve(t, settings...)
			ada, bob := server.as(auth.signUp(t)), server.as(auth.signUp(t))
			for _, person := range []client{ada, bob} {
				person.create(t, "Buy milk")
			}
			sweep := func(want string, args ...string) {
				t.Helper()
				if diff := cmp.Diff(want, run(t, settings, append([]string{"sweep"}, args...)...)); diff != "" {
					t.Errorf("sweep says (-want +got):\n%s", diff)
				}
			}

			sweep("owners who are users: 2, erased: 0\n", "--yes")
			query(t, auth.database, `DELETE FROM "user" WHERE id = $1`, bob.person.id)
			sweep("gone: \"" + bob.person.id + "\"\nowners who are users: 1, who are gone: 1; nothing was erased\nTo erase for good what they have: taskward sweep --yes\n")
			if left := bob.allTasks(t); len(left) != 1 {
				t.Errorf("bob has %d tasks, want 1", len(left))
			}
			sweep("erased: \""+bob.person.id+"\"\nowners who are users: 1, erased: 1\n", "--yes")
			if left := bob.allTasks(t); len(left) != 0 {
				t.Errorf("bob has %d tasks still", len(left))
			}
			if left := ada.allTasks(t); len(left) != 1 {
				t.Errorf("ada has %d tasks, want 1", len(left))
			}
			sweep("owners who are users: 1, who are gone: 0; nothing was erased\n")
		})
	}
}
