package bunstore_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

// Whatever happens to several owners, every store gives the answers that the
// model gives. A history in which one does not is told as a program.
func TestHistories(t *testing.T) {
	for engine, open := range engines {
		t.Run(engine, func(t *testing.T) {
			store := open(t)
			rapid.Check(t, func(t *rapid.T) {
				course := begin(t, newHistory(t, engine, store))
				t.Repeat(map[string]func(*rapid.T){
					"":        course.read,
					"change":  course.change,
					"again":   course.again,
					"advance": course.advance,
					"erase":   course.erase,
				})
			})
		})
	}
}

// history is what happens to some owners in a store and in the model.
type history struct {
	t      rapid.TB
	engine string
	store  store
	model  model
	house  string   // what the ids of its owners begin with
	calls  []string // that changed something, as they are written
}

// houses counts the histories, so that each has owners of its own, behind all
// that the store has had before.
var houses atomic.Int64

func newHistory(t rapid.TB, engine string, store store) *history {
	return &history{t: t, engine: engine, store: store, model: model{}, house: fmt.Sprintf("%09d ", houses.Add(1))}
}

func (h *history) owner(name string) domain.UserID { return domain.UserID(h.house + name) }

func (h *history) apply(owner string, batch domain.Batch) []domain.Task {
	h.t.Helper()
	call := written("apply", owner, batch)
	h.calls = append(h.calls, call)
	got, gotErr := h.store.Apply(context.Background(), h.owner(owner), batch)
	want, wantErr := h.model.apply(h.owner(owner), batch, got)
	compare(h, call, want, got, wantErr, gotErr)
	return got
}

func (h *history) erase(owner string) {
	h.t.Helper()
	call := written("erase", owner)
	h.calls = append(h.calls, call)
	err := h.store.Erase(context.Background(), h.owner(owner))
	h.model.erase(h.owner(owner))
	compare(h, call, struct{}{}, struct{}{}, nil, err)
}

func (h *history) get(owner string, id domain.TaskID) {
	h.t.Helper()
	got, gotErr := h.store.Get(context.Background(), h.owner(owner), id)
	want, wantErr := h.model.get(h.owner(owner), id)
	compare(h, written("get", owner, id), want, got, wantErr, gotErr)
}

func (h *history) list(owner string, query domain.TaskQuery) {
	h.t.Helper()
	got, err := h.store.List(context.Background(), h.owner(owner), query)
	want := h.model.list(h.owner(owner), query)
	if len(want.Tasks) == 0 && got.Sequence == 0 {
		want.Sequence = 0 // which such a page need not tell
	}
	compare(h, written("list", owner, query), want, got, nil, err)
}

func (h *history) trash(owner string, query domain.TrashQuery) {
	h.t.Helper()
	got, err := h.store.Trash(context.Background(), h.owner(owner), query)
	compare(h, written("trash", owner, query), h.model.trash(h.owner(owner), query), got, nil, err)
}

func (h *history) changes(owner string, since domain.Mark, limit int) {
	h.t.Helper()
	got, gotErr := h.store.Changes(context.Background(), h.owner(owner), since, limit)
	want, wantErr := h.model.changes(h.owner(owner), since, limit)
	compare(h, written("changes", owner, since, limit), want, got, wantErr, gotErr)
}

func (h *history) state(owner string) {
	h.t.Helper()
	got, err := h.store.State(context.Background(), h.owner(owner))
	compare(h, written("state", owner), h.model[h.owner(owner)].counters, got, nil, err)
}

func (h *history) owners(after string, limit int) {
	h.t.Helper()
	got, err := h.store.Owners(context.Background(), h.owner(after), limit)
	compare(h, written("owners", after, limit), h.model.owners(h.owner(after), limit), got, nil, err)
}

// written gives a call as it is written in a program.
func written(method string, args ...any) string {
	texts := make([]string, len(args))
	for i, arg := range args {
		texts[i] = source(arg)
	}
	return "h." + method + "(" + strings.Join(texts, ", ") + ")"
}

// compare holds what the store answers to a call against what the model does.
func compare[T any](h *history, call string, want, got T, wantErr, gotErr error) {
	h.t.Helper()
	difference := cmp.Diff(decision(wantErr), decision(gotErr))
	if difference == "" {
		difference = cmp.Diff(want, got, identity)
	}
	if difference != "" {
		h.t.Fatalf("%s: want -, got +:\n%s\n%s", call, difference, h.program(call))
	}
}

// identity compares tasks as they are meant to be, by ==.
var identity = cmp.Options{
	cmp.Comparer(func(a, b domain.Task) bool { return a == b }),
	cmp.Comparer(func(a, b domain.Optional[int]) bool { return a == b }),
	cmp.Comparer(func(a, b []domain.Task) bool { return slices.Equal(a, b) }),
	cmp.Comparer(func(a, b []domain.UserID) bool { return slices.Equal(a, b) }),
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

// program is the history, up to a last call, as a test of this package.
func (h *history) program(last string) string {
	calls := h.calls
	if !slices.Contains(calls[max(0, len(calls)-1):], last) {
		calls = append(slices.Clone(calls), last)
	}
	return fmt.Sprintf("func TestFoundHistory(t *testing.T) {\n\th := newHistory(t, %q, engines[%q](t))\n\t%s\n}", h.engine, h.engine, strings.Join(calls, "\n\t"))
}
