package bunstore_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// store is all that is kept of tasks.
type store interface {
	ports.TaskRepository
	ports.Owners
}

// The same history gives the same answers in memory, where domain gives them
// from all that an owner has, and on the engines.
func TestHistoriesAreTheSameEverywhere(t *testing.T) {
	for name, open := range map[string]func(*testing.T) store{
		"sqlite":   openSQLite,
		"postgres": openPostgres,
	} {
		t.Run(name, func(t *testing.T) {
			engine := open(t)
			owners := 0
			rapid.Check(t, func(t *rapid.T) {
				owners++
				h := begin(t, engine, domain.UserID(fmt.Sprintf("Owner %d", owners)))
				t.Repeat(map[string]func(*rapid.T){
					"":        h.read,
					"change":  h.change,
					"again":   h.again,
					"advance": h.advance,
					"erase":   h.erase,
				})
			})
		})
	}
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

var noon = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)

// history is what happens to one owner in two stores.
type history struct {
	engine, memory store
	owner          domain.UserID
	now            time.Time
	last           domain.Batch

	// As the memory has it.
	sequence    domain.Sequence
	live, trash []domain.Task
	seen        []domain.Task // that a change has left
}

// begin makes a few tasks, so that most of what follows finds some. Without an
// engine the history is the memory's alone.
func begin(t *rapid.T, engine store, owner domain.UserID) *history {
	h := &history{engine: engine, memory: memory.NewTasks(), owner: owner, now: noon}
	for range rapid.SampledFrom([]int{8, 4, 0}).Draw(t, "first") {
		h.last = domain.NewBatch(h.now, h.anyCreate(t))
		h.apply(t)
	}
	return h
}

// both holds an answer of the engine against that of the memory.
func both[T any](t *rapid.T, h *history, what string, ask func(ports.TaskRepository) (T, error)) T {
	t.Helper()
	want, wantErr := ask(h.memory)
	if h.engine == nil {
		return want
	}
	got, gotErr := ask(h.engine)
	if difference := cmp.Diff(decision(wantErr), decision(gotErr)); difference != "" {
		t.Fatalf("%s: the engine fails with %v, want -, got +:\n%s", what, gotErr, difference)
	}
	if difference := cmp.Diff(want, got, identity); difference != "" {
		t.Fatalf("%s: want -, got +:\n%s", what, difference)
	}
	return want
}

// identity compares tasks as they are meant to be, by ==.
var identity = cmp.Options{
	cmp.Comparer(func(a, b domain.Task) bool { return a == b }),
	cmp.Comparer(func(a, b domain.Optional[int]) bool { return a == b }),
	cmp.Comparer(func(a, b []domain.Task) bool { return slices.Equal(a, b) }),
}

// decision is what an error tells whoever asked.
func decision(err error) []string {
	var batch *domain.BatchError
	var failure *domain.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &batch):
		var lines []string
		for _, failure := range batch.Failures {
			lines = append(lines, fmt.Sprintf("%d %s", failure.Index, decision(failure.Err)))
		}
		return lines
	case errors.As(err, &failure):
		return []string{failure.Code, failure.Detail}
	}
	return []string{"no decision", err.Error()}
}

func (h *history) read(t *rapid.T) {
	ctx := context.Background()
	both(t, h, "State", func(s ports.TaskRepository) (domain.Counters, error) { return s.State(ctx, h.owner) })
	id := h.id(t, h.live)
	both(t, h, "Get", func(s ports.TaskRepository) (domain.Task, error) { return s.Get(ctx, h.owner, id) })
	query := h.query(t)
	both(t, h, fmt.Sprintf("List(%+v)", query), func(s ports.TaskRepository) (domain.TaskPage, error) {
		page, err := s.List(ctx, h.owner, query)
		if len(page.Tasks) == 0 {
			page.Sequence = 0 // such a page need not tell
		}
		return page, err
	})
	trash := domain.TrashQuery{Before: h.anySequence(t), Limit: limits.Draw(t, "limit"), Over: h.over(t)}
	both(t, h, fmt.Sprintf("Trash(%+v)", trash), func(s ports.TaskRepository) (domain.TaskPage, error) { return s.Trash(ctx, h.owner, trash) })
	since := domain.Mark{Sequence: h.anySequence(t), Forgotten: h.anySequence(t)}
	limit := limits.Draw(t, "limit")
	both(t, h, fmt.Sprintf("Changes(%+v, %d)", since, limit), func(s ports.TaskRepository) (domain.Feed, error) {
		return s.Changes(ctx, h.owner, since, limit)
	})
}

func (h *history) change(t *rapid.T) {
	most := rapid.SampledFrom([]int{1, 1, 5}).Draw(t, "most")
	changes := rapid.SliceOfN(rapid.Custom(h.anyChange), min(most, rapid.IntRange(0, 9).Draw(t, "least")), most).Draw(t, "changes")
	h.last = domain.NewBatch(h.now, changes...).ForgettingTrash(h.over(t))
	if rapid.IntRange(0, 3).Draw(t, "keyed") == 0 {
		h.last = h.last.Once(domain.Once{
			Key:     rapid.SampledFrom([]domain.OnceKey{"a", "A", "key"}).Draw(t, "key"),
			Request: sha256.Sum256([]byte{rapid.ByteRange(0, 1).Draw(t, "request")}),
			Until:   h.now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "life")) * time.Second),
		})
	}
	h.apply(t)
}

// again sends the last batch once more.
func (h *history) again(t *rapid.T) { h.apply(t) }

func (h *history) apply(t *rapid.T) {
	results := both(t, h, fmt.Sprintf("Apply(%+v)", h.last), func(s ports.TaskRepository) ([]domain.Task, error) {
		return s.Apply(context.Background(), h.owner, h.last)
	})
	h.seen = append(h.seen, results...)
	h.look(t)
}

func (h *history) look(t *rapid.T) {
	page, listErr := h.memory.List(context.Background(), h.owner, domain.TaskQuery{Limit: 100})
	trash, trashErr := h.memory.Trash(context.Background(), h.owner, domain.TrashQuery{Limit: 100})
	counters, stateErr := h.memory.State(context.Background(), h.owner)
	if err := errors.Join(listErr, trashErr, stateErr); err != nil {
		t.Fatal(err)
	}
	h.sequence, h.live, h.trash = counters.Sequence, page.Tasks, trash.Tasks
}

func (h *history) advance(t *rapid.T) {
	h.now = h.now.Add(time.Duration(rapid.IntRange(-10, 120).Draw(t, "seconds")) * time.Second)
}

func (h *history) erase(t *rapid.T) {
	if rapid.IntRange(0, 19).Draw(t, "rarely") != 7 {
		return
	}
	both(t, h, "Erase", func(s ports.TaskRepository) (struct{}, error) {
		return struct{}{}, s.Erase(context.Background(), h.owner)
	})
	h.look(t)
}
