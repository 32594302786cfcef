package faults_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"testing"
)

// A replica is a `taskward serve`, which can be killed and started again where it was.
type replica struct {
	url      string
	settings []string
	within   []string // a program that runs it, and its arguments
	process  *process
}

// serve starts a replica on a database, with settings that go before those that all have, and waits until it is ready.
func serve(t *testing.T, database string, settings ...string) *replica {
	t.Helper()
	r := newReplica(t, database, settings...)
	r.start(t)
	r.await(t)
	return r
}

func newReplica(t *testing.T, database string, settings ...string) *replica {
	t.Helper()
	address := freeAddress(t)
	return &replica{
		url: "http://" + address,
		settings: append([]string{
			"TASKWARD_ADDR=" + address, "DATABASE_URL=" + database, "BETTER_AUTH_SECRET=" + secret, "TASKWARD_LOG_LEVEL=warn",
		}, settings...),
	}
}

func (r *replica) start(t *testing.T) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	command := slices.Concat(r.within, []string{path, "serve"})
	r.process = startProcess(t, r.settings, command[0], command[1:]...)
}

func (r *replica) await(t *testing.T) {
	t.Helper()
	eventually(t, r.url+" is ready", func() bool {
		r.expectAlive(t)
		return r.get(t, "/readyz").status == 200
	})
}

// get asks for what needs no token.
func (r *replica) get(t *testing.T, path string) answer {
	t.Helper()
	return client{url: r.url}.send(t.Context(), "GET", path, "")
}

func (r *replica) expectAlive(t *testing.T) {
	t.Helper()
	if r.process.hasExited() {
		t.Fatalf("taskward serve has ended; it printed:\n%s", r.process.printed.gist())
	}
}

// freeAddress finds a port below those that Linux hands out to outgoing connections: one of them could take it while a replica is down.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+rand.N(12000))
		if listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address); err == nil {
			if err := listener.Close(); err != nil {
				t.Fatal(err)
			}
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}
