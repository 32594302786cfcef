package bootstrap_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// legacy gives a database with the task table of an old back end, and the
// setting that names it.
func legacy(t *testing.T, statements ...string) (setting string) {
	t.Helper()
	database := postgrestest.Database(t)
	for _, statement := range statements {
		query(t, database, statement)
	}
	return "DATABASE_URL=" + database
}

// numbered is a table whose ids are numbers, and whose rows are not all well.
var numbered = []string{
	`CREATE TABLE tasks (id integer, user_id text, title text, is_completed boolean, colour text, created_at timestamp, deleted_at timestamp)`,
	`INSERT INTO tasks VALUES
		(7, 'ada', 'Seven', true, 'red', '2026-02-03 12:04:05', NULL), (1, 'ada', 'One', false, 'red', '2026-02-04', NULL),
		(2, 'ada', ' ', false, 'red', '2026-02-04', NULL), (7, 'ada', 'Seven again', false, 'red', '2026-02-05', NULL),
		(3, 'ada', 'Three', false, 'red', '2026-02-04', '2026-02-05'), (5, 'bob', 'Five', false, 'red', '2026-02-04', NULL),
		(9, NULL, 'Nine', false, 'red', '2026-02-04', NULL)`,
}

const numberedColumns = "public.tasks: id=id, user_id=user_id, title=title, completed=is_completed, created_at=created_at, deleted=deleted_at\n" +
	"columns that are not copied: colour\n"

// told gives an owner's tasks, the oldest first.
func told(t *testing.T, tasks ports.TaskRepository, owner domain.UserID) []string {
	t.Helper()
	page, err := tasks.List(t.Context(), owner, domain.TaskQuery{Order: domain.Ascending, Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	all := make([]string, len(page.Tasks))
	for i, task := range page.Tasks {
		all[i] = fmt.Sprint(task.ID, " ", task.Title, " ", task.Completed, " ", task.CreatedAt.Format(time.RFC3339))
	}
	return all
}

// TestAdopt copies what can be copied, tells of the rest, and copies nothing
// twice, whatever has become of it meanwhile.
func TestAdopt(t *testing.T) {
	t.Parallel()
	database := legacy(t, numbered...)
	tasks := tasksOf(t, "bob", "bob", "bob") // whose ids go up to 6
	adopt := func(want string, args ...string) {
		t.Helper()
		code, stdout, stderr := commandOn(t.Context(), tasks, nil, []string{database}, append([]string{"adopt", "--table", "tasks"}, args...)...)
		if code != 1 || !strings.Contains(stderr, "rows that cannot be copied: ") {
			t.Errorf("adopt %s: exit code %d:\n%s", args, code, stderr)
		}
		if diff := cmp.Diff(numberedColumns+want, stdout); diff != "" {
			t.Errorf("adopt %s says (-want +got):\n%s", args, diff)
		}
	}
	const blank, nobodys = "row \"2\" of \"ada\": cannot be copied: title must not be blank\n", "row \"9\" of \"\": cannot be copied: user_id must not be empty\n"

	adopt(blank + "row \"7\" of \"ada\": cannot be copied: its id is that of a row before\n" +
		"row \"5\" of \"bob\": is task 7\n" + nobodys +
		"copied: 3, there already: 0, left out as deleted: 1, not copied: 3\n")
	ada := []string{"1 One false 2026-02-04T00:00:00Z", "7 Seven true 2026-02-03T12:04:05Z"}
	if diff := cmp.Diff(ada, told(t, tasks, "ada")); diff != "" {
		t.Errorf("ada's tasks (-want +got):\n%s", diff)
	}

	for _, change := range []domain.Change{
		domain.Edit{Target: domain.Target{ID: 1}, Title: domain.Some(titled(t, "Uno"))}, domain.Delete{Target: domain.Target{ID: 7}},
	} {
		if _, err := tasks.Apply(t.Context(), "ada", domain.NewBatch(time.Now(), change)); err != nil {
			t.Fatal(err)
		}
	}
	for range 2 {
		adopt(blank + "row \"5\" of \"bob\": is task 7\n" + nobodys + "copied: 0, there already: 4, left out as deleted: 1, not copied: 2\n")
		if diff := cmp.Diff([]string{"1 Uno false 2026-02-04T00:00:00Z"}, told(t, tasks, "ada")); diff != "" {
			t.Errorf("ada's tasks after another time (-want +got):\n%s", diff)
		}
		if got := told(t, tasks, "bob"); len(got) != 7 {
			t.Errorf("bob's tasks after another time: %s", got)
		}
	}
}

// TestAdoptRehearses opens no store for a dry run.
func TestAdoptRehearses(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := commandOn(t.Context(), nil, nil, []string{legacy(t, numbered...), "TASKWARD_MIGRATE=check"}, "adopt", "--table", "tasks", "--dry-run")
	want := numberedColumns + "a dry run: nothing is copied, and this is what would happen if there were no tasks here yet\n" +
		"row \"2\" of \"ada\": cannot be copied: title must not be blank\n" +
		"row \"7\" of \"ada\": is task 8\n" + // it does not keep what it would need to know that there was a 7
		"row \"9\" of \"\": cannot be copied: user_id must not be empty\n" +
		"copied: 4, there already: 0, left out as deleted: 1, not copied: 2\n"
	if diff := cmp.Diff(want, stdout); code != 1 || diff != "" {
		t.Errorf("exit code %d, and it says (-want +got):\n%s%s", code, diff, stderr)
	}
}

// TestAdoptTellsHowFar has a large table, of which it says now and then how
// much is done.
func TestAdoptTellsHowFar(t *testing.T) {
	t.Parallel()
	database := legacy(t, `CREATE TABLE tasks (id integer, user_id text, title text)`, `INSERT INTO tasks SELECT n, 'u', 'T' FROM generate_series(1, 25000) AS n`)
	code, stdout, stderr := commandOn(t.Context(), nil, nil, []string{database}, "adopt", "--table", "tasks", "--dry-run")
	if code != 0 || !strings.HasSuffix(stdout, "copied: 25000, there already: 0, left out as deleted: 0, not copied: 0\n") {
		t.Errorf("exit code %d:\n%s", code, stdout)
	}
	if strings.Count(stderr, "\n") != 2 || !strings.Contains(stderr, " rows=10000\n") || !strings.Contains(stderr, " rows=20000\n") {
		t.Errorf("on the way it says:\n%s", stderr)
	}
}

// TestAdoptNumbersOtherIDs numbers tasks that had no numbers in the order of
// their creation, and tells which they got, again and again.
func TestAdoptNumbersOtherIDs(t *testing.T) {
	t.Parallel()
	database := legacy(t, `CREATE TABLE "Todo" ("todoId" uuid, person text, label text, status text, "createdAt" timestamptz)`,
		`INSERT INTO "Todo" VALUES
			('c0000000-0000-4000-8000-000000000000', 'ada', 'First', 'DONE', '2026-02-03'), ('a0000000-0000-4000-8000-000000000000', 'ada', 'Second', 'TODO', '2026-02-04'),
			('b0000000-0000-4000-8000-000000000000', 'zoe', 'Hers', 'TODO', '2026-02-01')`)
	tasks := tasksOf(t)
	for _, sum := range []string{"copied: 3, there already: 0", "copied: 0, there already: 3"} {
		code, stdout, stderr := commandOn(t.Context(), tasks, nil, []string{database}, "adopt", "--table", "Todo", "--map", "user_id=person", "--map=title=label", "--ignore", "status")
		want := "public.\"Todo\": id=\"todoId\", user_id=person, title=label, created_at=\"createdAt\"\ncolumns that are not copied: status\n" +
			"row \"c0000000-0000-4000-8000-000000000000\" of \"ada\": is task 1\n" +
			"row \"a0000000-0000-4000-8000-000000000000\" of \"ada\": is task 2\n" +
			"row \"b0000000-0000-4000-8000-000000000000\" of \"zoe\": is task 1\n" +
			sum + ", left out as deleted: 0, not copied: 0\n"
		if diff := cmp.Diff(want, stdout); code != 0 || diff != "" {
			t.Errorf("exit code %d, and it says (-want +got):\n%s%s", code, diff, stderr)
		}
		want = "1 First false 2026-02-03T00:00:00Z, 2 Second false 2026-02-04T00:00:00Z"
		if got := strings.Join(told(t, tasks, "ada"), ", "); got != want {
			t.Errorf("ada's tasks are %s, want %s", got, want)
		}
	}
}

// failing is a store that fails after some changes.
type failing struct {
	keptOpen
	left *int
}

func (f failing) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	if *f.left--; *f.left < 0 {
		return nil, domain.ErrUnavailable
	}
	return f.keptOpen.Apply(ctx, owner, batch)
}

// TestAdoptGoesOn copies the rest where a run has ended too early.
func TestAdoptGoesOn(t *testing.T) {
	t.Parallel()
	database := legacy(t, `CREATE TABLE tasks (id integer, user_id text, title text)`, `INSERT INTO tasks SELECT n, 'u', 'T' || n FROM generate_series(1, 5) AS n`)
	left := 3
	tasks := failing{tasksOf(t), &left}
	code, stdout, stderr := commandOn(t.Context(), tasks, nil, []string{database}, "adopt", "--table", "tasks")
	if code != 1 || !strings.HasSuffix(stdout, "copied: 3, there already: 0, left out as deleted: 0, not copied: 0\n") || !strings.Contains(stderr, "run it again: unavailable") {
		t.Errorf("exit code %d:\n%s%s", code, stdout, stderr)
	}
	left = 5
	code, stdout, stderr = commandOn(t.Context(), tasks, nil, []string{database}, "adopt", "--table", "tasks")
	if code != 0 || !strings.HasSuffix(stdout, "copied: 2, there already: 3, left out as deleted: 0, not copied: 0\n") {
		t.Errorf("exit code %d:\n%s%s", code, stdout, stderr)
	}
	if got := told(t, tasks, "u"); len(got) != 5 {
		t.Errorf("the tasks are %s", got)
	}
}

// TestAdoptKeepsTablesApart takes no row for one of another table, and holds
// both to the limits that are set.
func TestAdoptKeepsTablesApart(t *testing.T) {
	t.Parallel()
	database := legacy(t, `CREATE TABLE a (id integer, user_id text, title text)`, `CREATE TABLE b (id integer, user_id text, title text)`,
		`INSERT INTO a VALUES (1, 'u', 'One')`, `INSERT INTO b VALUES (1, 'u', 'Uno'), (2, 'u', 'Zwei')`)
	tasks := tasksOf(t)
	var said []string
	for _, table := range []string{"a", "b", "public.a"} {
		_, stdout, _ := commandOn(t.Context(), tasks, nil, []string{database, "TASKWARD_MAX_TITLE=3"}, "adopt", "--table", table)
		_, result, _ := strings.Cut(stdout, "\n")
		said = append(said, result)
	}
	want := []string{
		"copied: 1, there already: 0, left out as deleted: 0, not copied: 0\n",
		"row \"1\" of \"u\": is task 2\nrow \"2\" of \"u\": cannot be copied: title must have at most 3 characters\ncopied: 1, there already: 0, left out as deleted: 0, not copied: 1\n",
		"copied: 0, there already: 1, left out as deleted: 0, not copied: 0\n",
	}
	if diff := cmp.Diff(want, said); diff != "" {
		t.Errorf("it says (-want +got):\n%s", diff)
	}
}

func TestAdoptRefuses(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(directory, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sqlite, empty := "DATABASE_URL=sqlite:"+filepath.Join(directory, "tasks.db"), legacy(t, `CREATE SCHEMA taskward`, `CREATE TABLE taskward.tasks (user_id text, id bigint, title text)`)
	for name, test := range map[string]struct {
		environ string
		args    []string
		want    string
	}{
		"no table named":          {empty, nil, `"table" not set`},
		"no such table":           {empty, []string{"--table", "tasks"}, `there is no table "tasks"`},
		"Taskward's own":          {empty, []string{"--table", "taskward.tasks"}, "taskward.tasks is Taskward's own"},
		"columns that are not":    {empty, []string{"--table", "taskward.tasks", "--map", "title=name"}, `there is no column "name"`},
		"no Postgres":             {sqlite, []string{"--table", "tasks"}, "DATABASE_URL is no Postgres: give the URL of the one with the table with --from-file"},
		"no file":                 {sqlite, []string{"--table", "tasks", "--from-file", filepath.Join(directory, "none")}, "--from-file: the URL cannot be read"},
		"an empty file":           {sqlite, []string{"--table", "tasks", "--from-file", file("empty", "\n")}, "names an empty file"},
		"a file of SQLite":        {sqlite, []string{"--table", "tasks", "--from-file", file("sqlite", "sqlite:a.db")}, "--from-file: the URL must begin with postgres://"},
		"a file with no URL":      {sqlite, []string{"--table", "tasks", "--from-file", file("none.txt", "hunter2")}, "--from-file: the URL must begin with sqlite: or with postgres://"},
		"a server that is down":   {sqlite, []string{"--table", "tasks", "--from-file", file("down", "postgres://u:hunter2@127.0.0.1:9/app")}, "look for table tasks"},
		"a setting that is wrong": {"TASKWARD_MAX_TITLE=0", []string{"--table", "tasks"}, "TASKWARD_MAX_TITLE must be at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := commandOn(t.Context(), nil, nil, []string{test.environ}, append([]string{"adopt"}, test.args...)...)
			if code != 1 || stdout != "" || !strings.Contains(stderr, test.want) {
				t.Errorf("exit code %d, %q is not said:\n%s%s", code, test.want, stdout, stderr)
			}
			if strings.Contains(stderr, "hunter2") {
				t.Errorf("the password is said:\n%s", stderr)
			}
		})
	}
}
