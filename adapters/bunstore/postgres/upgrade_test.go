package postgres_test

import (
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/migrations"
)

// What a version before tasks had all their fields says to the database.
const (
	oldCreate = `
WITH owner AS (
	INSERT INTO taskward.owners AS o (user_id, last_task_id, sequence) VALUES ($1, 1, 1)
	ON CONFLICT (user_id) DO UPDATE SET last_task_id = o.last_task_id + 1, sequence = o.sequence + 1
	RETURNING last_task_id, sequence
)
INSERT INTO taskward.tasks (user_id, id, title, description, completed, created_at, updated_at, sequence)
SELECT $1, owner.last_task_id, $3, $4, $5, $2, $2, owner.sequence FROM owner`

	oldComplete = `
WITH owner AS (
	SELECT sequence FROM taskward.owners WHERE user_id = $1 FOR NO KEY UPDATE
), changed AS (
	UPDATE taskward.tasks AS t SET
		completed = COALESCE($5, NOT t.completed),
		updated_at = GREATEST(t.updated_at, $4),
		sequence = owner.sequence + 1
	FROM owner WHERE t.user_id = $1 AND t.id = $2 AND ($3::bigint = 0 OR t.sequence = $3)
	RETURNING t.*
)
UPDATE taskward.owners AS o SET sequence = changed.sequence FROM changed WHERE o.user_id = $1`

	oldSave = `
INSERT INTO taskward.tasks (user_id, id, title, description, completed, created_at, updated_at, sequence)
SELECT $1, saved.* FROM unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[], $6::timestamptz[], $7::timestamptz[], $8::bigint[]) AS saved
ON CONFLICT (user_id, id) DO UPDATE SET
	title = excluded.title, description = excluded.description, completed = excluded.completed,
	updated_at = excluded.updated_at, sequence = excluded.sequence`
)

var (
	noon  = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)
	later = noon.Add(time.Hour)
)

// What was there before tasks had all their fields has those of a task that
// was created without them, and is found like any other.
func TestUpgradeKeepsTasks(t *testing.T) {
	url := postgrestest.Database(t)
	if err := migratorOf(t, url, stepsUpTo(t, 2)).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	connection := connect(t, url)
	old := func(statement string, args ...any) {
		t.Helper()
		if _, err := connection.Exec(t.Context(), statement, append([]any{string(owner)}, args...)...); err != nil {
			t.Fatal(err)
		}
	}
	old(oldCreate, noon, "Über Straßen", "naïve\ntext", true)
	old(oldCreate, noon, "plain", nil, false)
	old(oldComplete, 2, 0, later, true)
	migrator, err := postgres.NewMigrator(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrator.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	store := open(t, postgres.Options{URL: url, Prepare: true})
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
	if completed := list(t, url, `SELECT (completed_at = updated_at)::text FROM taskward.tasks`); !slices.Equal(completed, []string{"true", "true"}) {
		t.Errorf("want the times of completion that can be known, got %v", completed)
	}
	wantList(t, store, domain.TaskQuery{Search: domain.Fold("ÜBER STRASSEN")})
	wantList(t, store, domain.TaskQuery{Search: domain.Fold("ÜBER STRAßEN")}, first)
	wantList(t, store, domain.TaskQuery{Search: domain.Fold("naive")}, first)
	wantList(t, store, domain.TaskQuery{Search: domain.Fold("Plain")}, second)

	// The old version goes on beside the new one.
	old(oldCreate, later, "Third", nil, false)
	old(oldComplete, 1, 0, later, nil)
	old(oldSave, []int64{2}, []string{"renamed"}, []*string{nil}, []bool{true}, []time.Time{noon}, []time.Time{later}, []int64{6})
	old(`UPDATE taskward.owners SET sequence = 6 WHERE user_id = $1`)
	third := domain.Task{
		Owner: owner, ID: 3, Title: title(t, "Third"),
		Priority: domain.Medium, Position: domain.PositionOf(3), CreatedAt: later, UpdatedAt: later, Sequence: 4,
	}
	first.Completed, first.CompletedAt, first.UpdatedAt, first.Sequence = false, time.Time{}, later, 5
	second.Title, second.Sequence = title(t, "renamed"), 6
	wantList(t, store, domain.TaskQuery{Sort: domain.ByPosition, Order: domain.Ascending}, first, second, third)
	wantList(t, store, domain.TaskQuery{Search: "third"}, third)
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
	entries, err := migrations.Files.ReadDir("postgres")
	if err != nil {
		t.Fatal(err)
	}
	steps := fstest.MapFS{}
	for _, entry := range entries[:count] {
		text, err := migrations.Files.ReadFile("postgres/" + entry.Name())
		if err != nil {
			t.Fatal(err)
		}
		steps[entry.Name()] = &fstest.MapFile{Data: text}
	}
	return steps
}

func wantList(t *testing.T, store *postgres.Store, query domain.TaskQuery, want ...domain.Task) {
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
