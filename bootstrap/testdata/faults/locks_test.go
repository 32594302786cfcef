package faults_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// lockOwners locks the rows that changes of persons begin with, until the transaction that it gives ends.
func lockOwners(t *testing.T, d database, persons ...client) pgx.Tx {
	t.Helper()
	tx, err := d.connect(t).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, person := range persons {
		if _, err := tx.Exec(t.Context(), "SELECT FROM taskward.owners WHERE user_id = $1 FOR UPDATE", person.person.id); err != nil {
			t.Fatal(err)
		}
	}
	return tx
}

func unlock(t *testing.T, tx pgx.Tx) {
	t.Helper()
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// newcomers are persons with a task each.
func newcomers(t *testing.T, url string, number int) []client {
	t.Helper()
	persons := make([]client, number)
	for i := range persons {
		persons[i] = client{url, newPerson()}
		persons[i].send(t.Context(), "POST", "/api/me/tasks", `{"title":"Mine"}`).expect(t, 201)
	}
	return persons
}

const waitingForLocks = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

// Whoever does not wait for the answer is not worked for any more.
func TestClientGone(t *testing.T) {
	runs := times(20, 3)
	d := newDatabase(t)
	r := serve(t, d.url)
	observer := d.connect(t)
	ada := newcomers(t, r.url, 1)[0]
	ta := &tally{}
	for range runs {
		tx := lockOwners(t, d, ada)
		for _, request := range [][]string{
			{"POST", "/api/me/tasks", `{"title":"In vain"}`},
			{"POST", "/api/me/tasks", `{"title":"In vain"}`, "Idempotency-Key: 1"},
			{"PATCH", "/api/me/tasks/1", `{"title":"In vain"}`},
			{"DELETE", "/api/me/tasks/1", ""},
		} {
			ctx, leave := context.WithCancel(t.Context())
			var asking sync.WaitGroup
			asking.Go(func() { ta.take(ada.send(ctx, request[0], request[1], request[2], request[3:]...)) })
			eventually(t, "the request waits", func() bool { return count(t, observer, waitingForLocks) == 1 })
			leave()
			took := eventually(t, "nothing waits", func() bool { return count(t, observer, waitingForLocks) == 0 })
			within(t, time.Second, fmt.Sprintf("the end of %s in PostgreSQL", request[0]), took)
			asking.Wait()
		}
		unlock(t, tx)
		kept, err := ada.send(t.Context(), "GET", "/api/me/tasks", "").expect(t, 200).tasks()
		if err != nil || len(kept) != 1 || kept[0].Title != "Mine" {
			t.Fatalf("want the one task as it was made, got %+v and %v", kept, err)
		}
	}
	ta.report("client goes away from a query", runs)
}

// When all connections are waiting, those who come have to be told in time, and as soon as one is free, served.
func TestPoolExhausted(t *testing.T) {
	runs := times(3, 1)
	d := newDatabase(t)
	r := serve(t, d.url, "GOMAXPROCS=1") // which makes the pool small
	ta := &tally{}
	holders := newcomers(t, r.url, 64)
	others := newcomers(t, r.url, 8)
	// exhaust has all connections wait for locks, until those who asked are answered.
	exhaust := func() (pgx.Tx, *sync.WaitGroup) {
		tx := lockOwners(t, d, holders...)
		var waiting sync.WaitGroup
		for _, holder := range holders {
			waiting.Go(func() { ta.take(holder.send(t.Context(), "POST", "/api/me/tasks", `{"title":"Waits"}`)) })
		}
		eventually(t, "a read is not answered at once", func() bool {
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			return others[0].send(ctx, "GET", "/api/me/tasks", "").status != 200
		})
		return tx, &waiting
	}
	for range runs {
		tx, waiting := exhaust()
		var asking sync.WaitGroup
		answers := make([]answer, len(others))
		for i, other := range others {
			asking.Go(func() { answers[i] = other.send(t.Context(), "GET", "/api/me/tasks", "") })
		}
		r.get(t, "/livez").expect(t, 200)
		asking.Wait()
		for _, a := range answers {
			ta.take(a)
			if a.status != 200 {
				a.expectLater(t)
			}
		}
		waiting.Wait()
		unlock(t, tx)

		tx, waiting = exhaust()
		unlock(t, tx)
		within(t, time.Second, "the first success when a connection is free again", others[0].untilServed(t))
		waiting.Wait()
	}
	ta.expectAnswered(t, deadline+grace)
	switch row := ta.report("all connections taken", runs); {
	case row.failed == 0:
		t.Error("nobody was refused, so that the pool was not exhausted")
	case row.wrong > 0:
		t.Errorf("%d answers are wrong: %q", row.wrong, ta.complaints)
	}
}

// Statements that take too long are given up, and so is their request.
func TestStatementTimeout(t *testing.T) {
	runs := times(20, 3)
	d := newDatabase(t)
	r := serve(t, d.url+"&statement_timeout=200")
	ada := newcomers(t, r.url, 1)[0]
	ta := &tally{}
	for range runs {
		tx := lockOwners(t, d, ada)
		for _, headers := range [][]string{nil, {"Idempotency-Key: 1"}} {
			a := ada.send(t.Context(), "POST", "/api/me/tasks", `{"title":"Too late"}`, headers...)
			ta.take(a)
			a.expectLater(t)
			within(t, deadline, "an answer for a statement of 200 ms", a.took)
		}
		unlock(t, tx)
	}
	if kept, err := ada.send(t.Context(), "GET", "/api/me/tasks", "").expect(t, 200).tasks(); err != nil || len(kept) != 1 {
		t.Errorf("want one task, got %+v and %v", kept, err)
	}
	ta.report("statement time-out", runs)
}
