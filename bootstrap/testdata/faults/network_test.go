package faults_test

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// deadline is how long a request may take; grace is for the answer to reach the client.
const (
	deadline = 10 * time.Second
	grace    = 500 * time.Millisecond
)

// A network that swallows everything and says nothing. Each request is answered all the same, and when the network is back, so is the
// service.
func TestBlackHole(t *testing.T) {
	// It has to last for longer than a request may, or nobody is given up.
	lasts := time.Duration(times(30, 12)) * time.Second
	d := newDatabase(t)
	line := newLine(t, d)
	r := serve(t, line.url)
	load := startLoad(t, r.url)
	load.awaitAcknowledged(t, 200)
	before := r.process.resources(t)

	began := time.Now()
	line.spoil(t, `{"type":"timeout","stream":"upstream"}`, `{"type":"timeout","stream":"downstream"}`)
	over := time.After(lasts)
	var readiness answer
	var asking sync.WaitGroup
	asking.Go(func() { readiness = client{url: r.url}.send(t.Context(), "GET", "/readyz", "") })
	eventually(t, "the black hole is over", func() bool {
		if alive := r.get(t, "/livez"); alive.status != 200 || alive.took > time.Second {
			t.Errorf("%v after %v", alive, alive.took)
		}
		select {
		case <-over:
			return true
		default:
			return false
		}
	})
	asking.Wait()
	readiness.expectLater(t)
	within(t, deadline+grace, "the answer of /readyz", readiness.took)

	line.mend()
	lasted := time.Since(began)
	within(t, 2*time.Second, "the first success after the black hole", client{r.url, newPerson()}.untilServed(t))
	load.awaitAcknowledged(t, 200)
	load.audit(t, r.url)
	load.tally.expectAnswered(t, deadline+grace)
	load.tally.expectIntact(t, fmt.Sprintf("black hole of %v before PostgreSQL", lasted.Round(time.Second)), 1)

	// As many connections may have come to be as the pool has places.
	eventually(t, "the service has given back what it took", func() bool {
		now := r.process.resources(t)
		return now.descriptors <= before.descriptors+8 && now.threads <= before.threads+8
	})
	fresh := serve(t, d.url)
	startLoad(t, fresh.url).awaitAcknowledged(t, 200)
	if was, is := fresh.process.goroutines(t), r.process.goroutines(t); is > was+20 {
		t.Errorf("%d goroutines after the black hole, %d in a service that knew none", is, was)
	}
}

// A server that stands still and then goes on: what it was asked for before may happen when nobody waits for it any more.
func TestFrozenPostgreSQL(t *testing.T) {
	lasts := time.Duration(times(30, 12)) * time.Second // longer than a request may
	d := newDatabase(t)
	r := serve(t, d.url)
	load := startLoad(t, r.url)
	load.awaitAcknowledged(t, 200)
	thaw := d.freeze(t)
	began := time.Now()
	r.get(t, "/readyz").expectLater(t)
	eventually(t, "it has lasted", func() bool { return time.Since(began) > lasts })
	thaw()
	within(t, 2*time.Second, "the first success after that", client{r.url, newPerson()}.untilServed(t))
	load.awaitAcknowledged(t, 200)
	load.audit(t, r.url)
	load.tally.expectAnswered(t, deadline+grace)
	load.tally.expectIntact(t, fmt.Sprintf("PostgreSQL frozen for %v", lasts), 1)
}

// A network that is slow, or ends connections in the middle of answers, makes no answer wrong.
func TestSpoiltNetwork(t *testing.T) {
	requests := times(1000, 200)
	for _, fault := range []struct {
		name   string
		toxics []string
	}{
		{"latency of 200 ms", []string{`{"type":"latency","stream":"downstream","attributes":{"latency":100,"jitter":50}}`, `{"type":"latency","stream":"upstream","attributes":{"latency":100,"jitter":50}}`}},
		{"answers cut after 4000 bytes", []string{`{"type":"limit_data","stream":"downstream","attributes":{"bytes":4000}}`}},
		{"requests cut after 4000 bytes", []string{`{"type":"limit_data","stream":"upstream","attributes":{"bytes":4000}}`}},
		{"connections reset after 50 ms", []string{`{"type":"reset_peer","stream":"downstream","attributes":{"timeout":50}}`}},
		{"answers in slices of some bytes", []string{`{"type":"slicer","stream":"downstream","attributes":{"average_size":20,"size_variation":10,"delay":100}}`}},
	} {
		t.Run(fault.name, func(t *testing.T) {
			d := newDatabase(t)
			line := newLine(t, d)
			r := serve(t, line.url)
			load := startLoad(t, r.url)
			load.awaitAcknowledged(t, 50)
			line.spoil(t, fault.toxics...)
			load.awaitRequests(t, load.tally.so().requests+requests)
			line.mend()
			within(t, 2*time.Second, "the first success after that", client{r.url, newPerson()}.untilServed(t))
			load.audit(t, r.url)
			load.tally.expectAnswered(t, deadline+grace)
			load.tally.expectIntact(t, fault.name+" before PostgreSQL", 1)
		})
	}
}
