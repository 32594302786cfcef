package faults_test

import (
	"sync"
	"testing"
)

// Services that are replaced one after the other, behind something that asks whether they are ready, fail no request, not even one that
// takes until nobody else is let in.
func TestRollingRestart(t *testing.T) {
	runs := times(20, 4)
	ta := roll(t, runs, func(t *testing.T, d database, r *replica) {
		slow := newcomers(t, r.url, 1)[0]
		tx := lockOwners(t, d, slow)
		observer := d.connect(t)
		var asking sync.WaitGroup
		asking.Go(func() {
			if a := slow.send(t.Context(), "POST", "/api/me/tasks", `{"title":"Takes long"}`); a.status != 201 {
				t.Errorf("a request that was under way: %v", a)
			}
		})
		eventually(t, "a request is under way", func() bool { return count(t, observer, waitingForLocks) > 0 })
		r.process.terminate(t)
		eventually(t, "nobody is let in", func() bool { return r.get(t, "/livez").err != nil })
		unlock(t, tx)
		asking.Wait()
		r.process.expectEnd(t)
	})
	ta.expectServed(t)
	ta.expectIntact(t, "rolling restart of two replicas", runs)
}

func TestRollingRestartControl(t *testing.T) {
	runs := times(5, 2)
	ta := roll(t, runs, func(_ *testing.T, _ database, r *replica) { r.process.kill() })
	ta.expectSeen(t, "rolling restart with kill -9", runs, "failed", func(o outcome) int { return o.failed })
}

// roll ends and starts each of two replicas, under a load that comes through a balancer.
func roll(t *testing.T, runs int, end func(*testing.T, database, *replica)) *tally {
	t.Helper()
	d := newDatabase(t)
	// Ten times as long as it takes to be seen.
	settings := "TASKWARD_DRAIN_DELAY=500ms"
	replicas := []*replica{serve(t, d.url, settings), serve(t, d.url, settings)}
	b := newBalancer(t, replicas...)
	ready := func() bool { return b.seats[0].ready.Load() && b.seats[1].ready.Load() }
	eventually(t, "the balancer has both", ready)
	load := startLoad(t, b.url)
	for range runs {
		for _, r := range replicas {
			load.awaitAcknowledged(t, 20)
			end(t, d, r)
			r.start(t)
			r.await(t)
			eventually(t, "the balancer has both", ready)
		}
	}
	load.awaitRequests(t, times(10_000, 1000))
	load.audit(t, replicas[0].url)
	return load.tally
}
