package faults_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// What several clients see of a few persons' tasks, over two replicas of which one is killed, and PostgreSQL too, could have happened one
// after the other, each thing at a moment between its request and its answer.
func TestLinearizable(t *testing.T) {
	d := newDatabase(t)
	replicas := []*replica{serve(t, d.url), serve(t, d.url)}
	h := newHistory(times(20_000, 2000))
	urls := []string{replicas[0].url, replicas[1].url}
	var watching sync.WaitGroup
	watching.Go(func() {
		h.awaitHalf()
		replicas[0].process.kill()
		replicas[0].start(t)
		replicas[0].await(t)
		d.kill(t)
		d.restart(t)
	})
	h.record(t, urls...)
	watching.Wait()
	if !h.halved() {
		t.Fatal("nothing was killed")
	}
	if result := h.check(); result != porcupine.Ok {
		t.Errorf("the history is %s, want %s", result, porcupine.Ok)
		h.tally.wrong("the history is %s", result)
	}
	h.tally.expectIntact(t, "history over kill -9 of both, linearizable", 1)
}

// A cache that sometimes answers what was so before is found out.
func TestLinearizableControl(t *testing.T) {
	d := newDatabase(t)
	r := serve(t, d.url)
	target, err := url.Parse(r.url)
	if err != nil {
		t.Fatal(err)
	}
	cache := &staleCache{proxy: &httputil.ReverseProxy{
		Rewrite:   func(request *httputil.ProxyRequest) { request.SetURL(target) },
		Transport: connections.Transport,
	}}
	server := httptest.NewServer(cache)
	t.Cleanup(server.Close)
	h := newHistory(times(20_000, 2000))
	h.record(t, r.url, server.URL)
	if row := h.tally.so(); row.wrong > 0 {
		t.Errorf("%d answers are wrong by themselves: %q", row.wrong, h.tally.complaints)
	}
	if result := h.check(); result == porcupine.Illegal {
		h.tally.wrong("as it has to be: %s", result)
	}
	h.tally.expectSeen(t, "history over a stale cache", 1, "wrong", func(o outcome) int { return o.wrong })
}

// A staleCache answers one in twenty reads with the first answer to it.
type staleCache struct {
	proxy *httputil.ReverseProxy
	reads atomic.Int64
	first sync.Map // by token and path
}

func (c *staleCache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || !strings.Contains(r.URL.Path, "/tasks/") {
		c.proxy.ServeHTTP(w, r)
		return
	}
	fresh := httptest.NewRecorder()
	c.proxy.ServeHTTP(fresh, r)
	kept, _ := c.first.LoadOrStore(r.Header.Get("Authorization")+r.URL.Path, fresh)
	if c.reads.Add(1)%20 != 0 {
		kept = fresh
	}
	answer := kept.(*httptest.ResponseRecorder)
	w.Header().Set("Content-Type", answer.Header().Get("Content-Type"))
	w.WriteHeader(answer.Code)
	_, _ = bytes.NewReader(answer.Body.Bytes()).WriteTo(w) // the client may have gone
}

// checkFor is how long a history may be thought about.
const checkFor = 5 * time.Minute
