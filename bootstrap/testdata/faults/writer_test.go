package faults_test

import (
	"context"
	"crypto/rand"
	"fmt"
	lots "math/rand/v2"
	"net/http"
)

// A writer makes, changes and deletes tasks of persons whose tasks nobody else changes, so that it knows what has to be there.
type writer struct {
	url     string
	ledgers []*ledger
	tally   *tally
	pending []*entry // whose making has a key and was not answered yet
}

const personsPerWriter = 5

func newWriter(url string, tally *tally) *writer {
	w := &writer{url: url, tally: tally}
	for range personsPerWriter {
		w.ledgers = append(w.ledgers, &ledger{person: newPerson()})
	}
	return w
}

// step makes one request, and tells whether it was answered.
func (w *writer) step(ctx context.Context) bool {
	l := w.ledgers[lots.N(len(w.ledgers))]
	e := l.some()
	switch lot := lots.N(100); {
	case len(w.pending) > 0 && lot < 50:
		return w.retry(ctx)
	case e == nil || lot < 25:
		return w.create(ctx, l)
	case lot < 40:
		return w.createOnce(ctx, l)
	case lot < 60:
		return w.patch(ctx, l, e)
	case lot < 72:
		return w.complete(ctx, l, e)
	case lot < 80:
		return w.delete(ctx, l, e)
	case lot < 95:
		return w.read(ctx, l, e)
	}
	return w.list(ctx, l)
}

// some gives an entry that can be written to, if a few lots find one.
func (l *ledger) some() *entry {
	for range min(5, len(l.entries)) {
		if e := l.entries[lots.N(len(l.entries))]; e.known() {
			return e
		}
	}
	return nil
}

func (l *ledger) enter(key string) *entry {
	e := &entry{description: l.person.id + " " + rand.Text(), key: key, may: []state{{}}}
	l.entries = append(l.entries, e)
	return e
}

const firstTitle = "As it was made"

func (e *entry) body() string {
	return fmt.Sprintf(`{"title":%q,"description":%q}`, firstTitle, e.description)
}

func (w *writer) create(ctx context.Context, l *ledger) bool {
	e := l.enter("")
	return w.made(l, e, w.client(l).send(ctx, "POST", "/api/me/tasks", e.body()))
}

func (w *writer) createOnce(ctx context.Context, l *ledger) bool {
	e := l.enter(rand.Text())
	answered := w.makeOnce(ctx, l, e)
	if !answered {
		w.pending = append(w.pending, e)
	}
	return answered
}

func (w *writer) makeOnce(ctx context.Context, l *ledger, e *entry) bool {
	return w.made(l, e, w.client(l).send(ctx, "POST", "/api/me/tasks", e.body(), "Idempotency-Key: "+e.key))
}

// retry sends what was not answered again.
func (w *writer) retry(ctx context.Context) bool {
	e := w.pending[0]
	for _, l := range w.ledgers {
		if e.description[:len(l.person.id)] == l.person.id && !w.makeOnce(ctx, l, e) {
			return false
		}
	}
	w.pending = w.pending[1:]
	return true
}

// made takes the answer to a making.
func (w *writer) made(l *ledger, e *entry, a answer) bool {
	is := state{true, firstTitle, false}
	if !w.tally.take(a) {
		e.doubt(is)
		return false
	}
	made, err := a.task()
	if a.status != http.StatusCreated || err != nil || made.UserID != l.person.id || made.Description != e.description || stateOf(made) != is {
		e.accounted = true
		w.tally.wrong("%v", a)
		return true
	}
	w.tally.acknowledge()
	e.id, e.version = made.ID, made.Version
	e.turn(is)
	return true
}

func (w *writer) patch(ctx context.Context, l *ledger, e *entry) bool {
	next := state{true, "Changed " + rand.Text(), e.may[0].completed}
	var condition []string
	if lots.N(2) == 0 {
		condition = []string{fmt.Sprintf(`If-Match: "%d"`, e.version)}
	}
	a := w.client(l).send(ctx, "PATCH", e.path(), fmt.Sprintf(`{"title":%q}`, next.title), condition...)
	return w.changed(l, e, next, a)
}

func (w *writer) complete(ctx context.Context, l *ledger, e *entry) bool {
	next := e.may[0]
	next.completed = !next.completed
	a := w.client(l).send(ctx, "PATCH", e.path()+"/complete", fmt.Sprintf(`{"completed":%t}`, next.completed))
	return w.changed(l, e, next, a)
}

func (w *writer) changed(l *ledger, e *entry, next state, a answer) bool {
	if !w.tally.take(a) {
		e.doubt(next)
		return false
	}
	if w.expectTask(l, e, next, a) {
		w.tally.acknowledge()
		e.turn(next)
	}
	return true
}

func (w *writer) delete(ctx context.Context, l *ledger, e *entry) bool {
	a := w.client(l).send(ctx, "DELETE", e.path(), "")
	switch {
	case !w.tally.take(a):
		e.doubt(state{})
		return false
	case a.status == http.StatusNotFound:
		w.lost(e, a)
	case a.status != http.StatusNoContent:
		w.wrong(e, a)
	default:
		w.tally.acknowledge()
		e.turn(state{})
	}
	return true
}

func (w *writer) read(ctx context.Context, l *ledger, e *entry) bool {
	a := w.client(l).send(ctx, "GET", e.path(), "")
	if !w.tally.take(a) {
		return false
	}
	w.expectTask(l, e, e.may[0], a)
	return true
}

// list looks for what is of others.
func (w *writer) list(ctx context.Context, l *ledger) bool {
	a := w.client(l).send(ctx, "GET", "/api/me/tasks?limit=20", "")
	if !w.tally.take(a) {
		return false
	}
	tasks, err := a.tasks()
	if a.status != http.StatusOK || err != nil {
		w.tally.wrong("%v", a)
	}
	for _, task := range tasks {
		if task.UserID != l.person.id || len(task.Description) < len(l.person.id) || task.Description[:len(l.person.id)] != l.person.id {
			w.tally.wrong("of somebody else: %v", a)
		}
	}
	return true
}

// expectTask wants the task as it should be.
func (w *writer) expectTask(l *ledger, e *entry, want state, a answer) bool {
	got, err := a.task()
	switch {
	case a.status == http.StatusNotFound || a.status == http.StatusPreconditionFailed:
		w.lost(e, a)
		return false
	case a.status != http.StatusOK || err != nil || got.ID != e.id || got.UserID != l.person.id || got.Description != e.description || stateOf(got) != want:
		w.wrong(e, a)
		return false
	}
	e.version = got.Version
	return true
}

func (w *writer) lost(e *entry, a answer) {
	e.accounted = true
	w.tally.lost("%v, want %+v at version %d", a, e.may, e.version)
}

func (w *writer) wrong(e *entry, a answer) {
	e.accounted = true
	w.tally.wrong("%v, want %+v at version %d", a, e.may, e.version)
}

func (w *writer) client(l *ledger) client { return client{w.url, l.person} }

func (e *entry) path() string { return fmt.Sprintf("/api/me/tasks/%d", e.id) }
