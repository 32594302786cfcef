package faults_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"
)

// A balancer hands requests to those services in turn that say they are ready, as load balancers do.
type balancer struct {
	url   string
	seats []*seat
	turn  atomic.Uint64
}

// A seat is one service of a balancer.
type seat struct {
	proxy *httputil.ReverseProxy
	ready atomic.Bool
}

// probing is how often a balancer asks whether a service is ready.
const probing = 50 * time.Millisecond

func newBalancer(t *testing.T, replicas ...*replica) *balancer {
	t.Helper()
	b := &balancer{}
	for _, r := range replicas {
		target, err := url.Parse(r.url)
		if err != nil {
			t.Fatal(err)
		}
		s := &seat{proxy: &httputil.ReverseProxy{
			Rewrite:      func(request *httputil.ProxyRequest) { request.SetURL(target) },
			Transport:    &http.Transport{MaxIdleConnsPerHost: 64},
			ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) }, // the client sees what a failure is
		}}
		b.seats = append(b.seats, s)
		go s.probe(t, r)
	}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	b.url = server.URL
	return b
}

func (s *seat) probe(t *testing.T, r *replica) {
	ticker := time.NewTicker(probing)
	defer ticker.Stop()
	for {
		s.ready.Store(client{url: r.url}.send(t.Context(), "GET", "/readyz", "").status == 200)
		select {
		case <-ticker.C:
		case <-t.Context().Done():
			return
		}
	}
}

func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	turn := b.turn.Add(1)
	for i := range b.seats {
		if s := b.seats[(turn+uint64(i))%uint64(len(b.seats))]; s.ready.Load() {
			s.proxy.ServeHTTP(w, r)
			return
		}
	}
	panic(http.ErrAbortHandler) // nobody is left to ask
}
