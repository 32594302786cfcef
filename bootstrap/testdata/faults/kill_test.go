package faults_test

import (
	"path/filepath"
	"testing"
)

// Whatever is killed, each write that was acknowledged is there once, with its content.
func TestKill(t *testing.T) {
	runs := times(20, 3)
	ways := []func(database, *testing.T){
		func(d database, t *testing.T) { d.kill(t); d.restart(t) },
		func(d database, t *testing.T) { d.killBackends(t) },
		func(d database, t *testing.T) { d.killPostmaster(t); d.restart(t) },
	}
	for _, victim := range []struct {
		name string
		kill func(t *testing.T, run int, d database, r *replica)
	}{
		{"service", func(t *testing.T, _ int, _ database, r *replica) {
			r.process.kill()
			r.start(t)
		}},
		{"PostgreSQL", func(t *testing.T, run int, d database, _ *replica) {
			ways[run%len(ways)](d, t)
		}},
		{"service and PostgreSQL", func(t *testing.T, run int, d database, r *replica) {
			if run%2 == 0 {
				r.process.kill()
			}
			d.kill(t)
			r.process.kill()
			d.restart(t)
			r.start(t)
		}},
	} {
		t.Run(victim.name, func(t *testing.T) {
			d := newDatabase(t)
			r := serve(t, d.url)
			load := startLoad(t, r.url)
			for run := range runs {
				load.awaitAcknowledged(t, 50)
				victim.kill(t, run, d, r)
			}
			load.awaitAcknowledged(t, 50)
			r.await(t)
			load.audit(t, r.url)
			load.tally.expectIntact(t, "kill -9 of "+victim.name, runs)
		})
	}
}

func TestKillOnSQLite(t *testing.T) {
	runs := times(20, 3)
	r := serve(t, "sqlite:"+filepath.Join(t.TempDir(), "tasks.db"))
	load := startLoad(t, r.url)
	for range runs {
		load.awaitAcknowledged(t, 50)
		r.process.kill()
		r.start(t)
	}
	load.awaitAcknowledged(t, 50)
	r.await(t)
	load.audit(t, r.url)
	load.tally.expectIntact(t, "kill -9 of service on SQLite", runs)
}

// A commit that does not wait for its log is lost with the server.
func TestKillControl(t *testing.T) {
	runs := times(5, 2)
	d := newDatabase(t)
	d.exec(t, "ALTER DATABASE "+d.name+" SET synchronous_commit = off")
	r := serve(t, d.url)
	load := startLoad(t, r.url)
	for range runs {
		load.awaitAcknowledged(t, 50)
		d.kill(t)
		d.restart(t)
	}
	load.awaitAcknowledged(t, 50)
	r.await(t)
	load.audit(t, r.url)
	load.tally.expectSeen(t, "kill -9 of PostgreSQL, synchronous_commit=off", runs, "lost", func(o outcome) int { return o.lost })
}
