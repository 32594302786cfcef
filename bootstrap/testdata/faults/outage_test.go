package faults_test

import (
	"context"
	"sync"
	"testing"
	"time"
)

// While PostgreSQL is down each answer asks to come again, and as soon as it is back the service serves, without a restart.
func TestRestartOfPostgreSQL(t *testing.T) {
	runs := times(10, 2)
	d := newDatabase(t)
	r := serve(t, d.url)
	pid := r.process.command.Process.Pid
	load := startLoad(t, r.url)
	ada := client{r.url, newPerson()}
	for range runs {
		load.awaitAcknowledged(t, 50)
		if err := d.Stop(); err != nil {
			t.Fatal(err)
		}
		for _, attempt := range []answer{
			ada.send(t.Context(), "GET", "/api/me/tasks", ""),
			ada.send(t.Context(), "POST", "/api/me/tasks", `{"title":"Not now"}`),
			ada.send(t.Context(), "POST", "/api/me/tasks", `{"title":"Not now"}`, "Idempotency-Key: 1"),
			ada.send(t.Context(), "PATCH", "/api/me/tasks/1", `{"title":"Not now"}`),
			ada.send(t.Context(), "DELETE", "/api/me/tasks/1", ""),
			ada.send(t.Context(), "GET", "/api/me/changes", ""),
			r.get(t, "/readyz"),
		} {
			attempt.expectLater(t)
		}
		r.get(t, "/livez").expect(t, 200)
		d.restart(t)
		within(t, time.Second, "the first success after PostgreSQL is back", ada.untilServed(t))
	}
	load.awaitAcknowledged(t, 50)
	r.expectAlive(t)
	if r.process.command.Process.Pid != pid {
		t.Error("the service is another process than before")
	}
	load.audit(t, r.url)
	load.tally.expectAnswered(t, longestWait)
	load.tally.expectIntact(t, "restart of PostgreSQL", runs)
}

// untilServed asks until there is an answer, and tells how long that took.
func (c client) untilServed(t *testing.T) time.Duration {
	t.Helper()
	return eventually(t, "tasks are served", func() bool { return c.send(t.Context(), "GET", "/api/me/tasks", "").status == 200 })
}

// Connections that PostgreSQL, or what stands between, ends while nobody uses them are not missed.
func TestIdleConnectionsCut(t *testing.T) {
	runs := times(10, 2)
	d := newDatabase(t)
	r := serve(t, d.url)
	administrator := d.connect(t)
	ta := &tally{}
	persons := make([]client, 4)
	for i := range persons {
		persons[i] = client{r.url, newPerson()}
	}
	together := func() {
		var asking sync.WaitGroup
		for _, person := range persons {
			asking.Go(func() { person.workThrough(t.Context(), ta) })
		}
		asking.Wait()
	}
	for range runs {
		together()
		const cut = `SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND pid <> pg_backend_pid()`
		if count(t, administrator, cut) == 0 {
			t.Fatal("there was no idle connection to cut")
		}
		together()
	}
	ta.expectServed(t)
	ta.expectIntact(t, "idle connections cut", runs)
}

// workThrough makes one request of each kind that PostgreSQL is asked in another way for.
func (c client) workThrough(ctx context.Context, ta *tally) {
	l := &ledger{person: c.person}
	w := &writer{url: c.url, ledgers: []*ledger{l}, tally: ta}
	if !w.create(ctx, l) || !w.createOnce(ctx, l) || !l.entries[0].known() {
		return
	}
	for _, step := range []func(context.Context, *ledger, *entry) bool{w.read, w.patch, w.complete, w.delete} {
		step(ctx, l, l.entries[0])
	}
	w.list(ctx, l)
}
