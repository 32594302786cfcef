package sqlite_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/migrations"
)

// What a version before tasks had all their fields says to the file.
const (
	oldSave = `
INSERT INTO tasks (user_id, id, title, description, completed, created_at, updated_at, sequence)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (user_id, id) DO UPDATE SET
	title = excluded.title, description = excluded.description, completed = excluded.completed,
	updated_at = excluded.updated_at, sequence = excluded.sequence`

	oldCount = `
INSERT INTO owners (user_id, last_task_id, sequence) VALUES (?1, ?2, ?3)
ON CONFLICT (user_id) DO UPDATE SET last_task_id = excluded.last_task_id, sequence = excluded.sequence`
)

var (
	noon  = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)
	later = noon.Add(time.Hour)
)

// What was there before tasks had all their fields has those of a task that
// was created without them, and is found like any other.
func TestUpgradeKeepsTasks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tasks.db")
	if err := sqlite.NewMigratorOf(path, stepsUpTo(t, 2)).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	old := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement, append([]any{string(owner)}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	old(oldSave, 1, "Über Straßen", "naïve\ntext", true, noon.UnixMicro(), noon.UnixMicro(), 1)
	old(oldSave, 2, "plain", nil, true, noon.UnixMicro(), later.UnixMicro(), 3)
	old(oldCount, 2, 3)
	store := open(t, migrated(t, path))
	naive, err := domain.RestoreDescription("naïve\ntext")
	if err != nil {
		t.Fatal(err)
	}
	first := domain.Task{
		Owner: owner, ID: 1, Title: title(t, "Über Straßen"), Description: naive, Completed: true, CompletedAt: noon,
		Priority: domain.Medium, Position: domain.PositionOf(1), CreatedAt: noon, UpdatedAt: noon, Sequence: 1,
	}
	second := domain.Task{
		Owner: owner, ID: 2, Title: title(t, "plain"), Completed: true, CompletedAt: later,
		Priority: domain.Medium, Position: domain.PositionOf(2), CreatedAt: noon, UpdatedAt: later, Sequence: 3,
	}
	wantList(t, store, domain.TaskQuery{Sort: domain.ByPosition, Order: domain.Ascending}, first, second)
	wantList(t, store, domain.TaskQuery{Sort: domain.ByTitle, Order: domain.Descending}, first, second)
	if completed := list(t, path, `SELECT completed_at = updated_at FROM tasks`); !slices.Equal(completed, []string{"1", "1"}) {
		t.Errorf("want the times of completion that can be known, got %v", completed)
	}
	wantList(t, store, domain.TaskQuery{Search: domain.Fold("ÜBER STRASSEN")})
	wantList(t, store, domain.TaskQuery{Search: domain.Fold("ÜBER STRAßEN")}, first)
	wantList(t, store, domain.TaskQuery{Search: domain.Fold("naive")}, first)
	wantList(t, store, domain.TaskQuery{Search: domain.Fold("Plain")}, second)

	// The old version goes on beside the new one.
	old(oldSave, 3, "Third", nil, false, later.UnixMicro(), later.UnixMicro(), 4)
	old(oldSave, 1, "Über Straßen", "naïve\ntext", false, noon.UnixMicro(), later.UnixMicro(), 5)
	old(oldSave, 2, "renamed", nil, true, noon.UnixMicro(), later.UnixMicro(), 6)
	old(oldCount, 3, 6)
	third := domain.Task{
		Owner: owner, ID: 3, Title: title(t, "Third"),
		Priority: domain.Medium, Position: domain.PositionOf(3), CreatedAt: later, UpdatedAt: later, Sequence: 4,
	}
	first.Completed, first.CompletedAt, first.UpdatedAt, first.Sequence = false, time.Time{}, later, 5
	second.Title, second.Sequence = title(t, "renamed"), 6
	wantList(t, store, domain.TaskQuery{Sort: domain.ByPosition, Order: domain.Ascending}, first, second, third)
	wantList(t, store, domain.TaskQuery{Search: "third"}, third)
	wantList(t, store, domain.TaskQuery{Search: "renamed"}, second)
	for id := domain.TaskID(1); id <= 3; id++ {
		on := domain.Target{ID: id}
		batch := domain.NewBatch(later, domain.Edit{Target: on, Priority: domain.Some(domain.High)}, domain.Delete{Target: on}, domain.Restore{Target: on})
		if _, err := store.Apply(t.Context(), owner, batch); err != nil {
			t.Errorf("task %d: %v", id, err)
		}
	}
}

// stepsUpTo are the migrations that an earlier version had.
func stepsUpTo(t *testing.T, count int) fstest.MapFS {
	t.Helper()
	entries, err := migrations.Files.ReadDir("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	steps := fstest.MapFS{}
	for _, entry := range entries[:count] {
		text, err := migrations.Files.ReadFile("sqlite/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		steps[entry.Name()] = &fstest.MapFile{Data: text}
	}
	return steps
}

func wantList(t *testing.T, store *sqlite.Store, query domain.TaskQuery, want ...domain.Task) {
	t.Helper()
	query.Limit = 10
	page, err := store.List(t.Context(), owner, query)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(page.Tasks, want) {
		t.Errorf("List(%+v): want -, got +:\n%s", query, cmp.Diff(want, page.Tasks, cmp.Comparer(func(a, b domain.Task) bool { return a == b })))
	}
}
