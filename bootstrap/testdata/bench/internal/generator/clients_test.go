package generator_test

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"example.com/bench/internal/generator"
)

// serve gives the address of a server of the handler.
func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// dial connects clients to a server of the handler.
func dial(t *testing.T, clients int, handler http.HandlerFunc) *generator.Clients {
	t.Helper()
	all, err := generator.DialAll(t.Context(), serve(t, handler), clients, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = all.Close() }) // which the server may have done
	return all
}

func get(_ *rand.Rand, request *generator.Request) {
	*request = generator.Request{Method: "GET", Path: "/", Status: http.StatusOK}
}

// A server that stands still for a while is late for all that were due in that
// time, whether or not they could be sent.
func TestOpenCountsFromWhenARequestWasDue(t *testing.T) {
	const pause = 300 * time.Millisecond
	var served atomic.Int64
	clients := dial(t, 1, func(http.ResponseWriter, *http.Request) {
		if served.Add(1) == 10 {
			<-time.After(pause)
		}
	})
	outcome, err := clients.Open(t.Context(), get, time.Second, 100)
	if err != nil {
		t.Fatal(err)
	}
	if outcome.Requests != 100 || outcome.Wrong != 0 {
		t.Fatalf("%d requests, %d wrong: %v", outcome.Requests, outcome.Wrong, outcome.Fault)
	}
	// 30 of the 100 were due while it stood still.
	if late := time.Duration(outcome.Latencies.ValueAtQuantile(80)); late < pause/4 {
		t.Errorf("a fifth of the answers was later than %v, want %v or more", late, pause/4)
	}
}

func TestClosedCountsWhatIsWrong(t *testing.T) {
	clients := dial(t, 2, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			w.WriteHeader(http.StatusTeapot)
		}
	})
	sour := errors.New("sour")
	var sent atomic.Int64
	outcome, err := clients.Closed(t.Context(), func(draw *rand.Rand, request *generator.Request) {
		get(draw, request)
		switch sent.Add(1) {
		case 3:
			request.Path = "/pot"
		case 5:
			request.Check = func(*generator.Answer) error { return sour }
		}
	}, 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if outcome.Wrong != 2 || outcome.Fault == nil || outcome.Requests != sent.Load() {
		t.Errorf("%d of %d requests wrong (%v), want 2 of %d", outcome.Wrong, outcome.Requests, outcome.Fault, sent.Load())
	}
}

// Those who are there are at work while others come.
func TestGatherConnectsOneAfterAnother(t *testing.T) {
	const number = 4
	var seen sync.Map // clients by their addresses
	var came, before atomic.Int64
	address := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		if _, known := seen.LoadOrStore(r.RemoteAddr, true); !known {
			came.Add(1)
		} else if came.Load() < number {
			before.Add(1)
		}
	})
	clients, err := generator.Gather(t.Context(), address, number, 1, get, 200*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = clients.Close() }) // which the server may have done
	if came.Load() != number || before.Load() == 0 {
		t.Errorf("%d clients came, and sent %d requests before the last of them", came.Load(), before.Load())
	}
	if outcome, err := clients.Closed(t.Context(), get, 20*time.Millisecond); err != nil || came.Load() != number {
		t.Errorf("%d requests later %d clients have come (error %v)", outcome.Requests, came.Load(), err)
	}
}
