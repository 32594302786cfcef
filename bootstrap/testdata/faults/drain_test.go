package faults_test

import (
	"testing"
)

// Services that are replaced one after the other, behind something that asks whether they are ready, fail no request.
func TestRollingRestart(t *testing.T) {
	runs := times(20, 4)
	ta := roll(t, runs, func(t *testing.T, r *replica) { r.process.terminate(t) })
	ta.expectServed(t)
	ta.expectIntact(t, "rolling restart of two replicas", runs)
}

func TestRollingRestartControl(t *testing.T) {
	runs := times(5, 2)
	ta := roll(t, runs, func(_ *testing.T, r *replica) { r.process.kill() })
	ta.expectSeen(t, "rolling restart with kill -9", runs, "failed", func(o outcome) int { return o.failed })
}

// roll ends and starts each of two replicas, under a load that comes through a balancer.
func roll(t *testing.T, runs int, end func(*testing.T, *replica)) *tally {
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
			end(t, r)
			r.start(t)
			r.await(t)
			eventually(t, "the balancer has both", ready)
		}
	}
	load.awaitRequests(t, times(10_000, 1000))
	load.audit(t, replicas[0].url)
	return load.tally
}
