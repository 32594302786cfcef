package faults_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A load is writers at work.
type load struct {
	writers []*writer
	tally   *tally
	enough  atomic.Bool
	working sync.WaitGroup
}

const writers = 8

// startLoad sets writers to work on a service.
func startLoad(t *testing.T, url string) *load {
	t.Helper()
	l := &load{tally: &tally{}}
	for range writers {
		w := newWriter(url, l.tally)
		l.writers = append(l.writers, w)
		l.working.Go(func() { l.work(t.Context(), w) })
	}
	t.Cleanup(l.stop)
	return l
}

// calm is how long a writer leaves a service alone that has not answered, so that what is in doubt stays little.
const calm = 20 * time.Millisecond

func (l *load) work(ctx context.Context, w *writer) {
	for !l.enough.Load() {
		if w.step(ctx) {
			continue
		}
		select {
		case <-time.After(calm):
		case <-ctx.Done():
		}
	}
}

func (l *load) stop() {
	l.enough.Store(true)
	l.working.Wait()
}

// awaitAcknowledged waits for so many more writes, and some more that nobody knows, so that what comes then hits any moment.
func (l *load) awaitAcknowledged(t *testing.T, more int) {
	t.Helper()
	until := l.tally.so().acknowledged + more + rand.N(more)
	eventually(t, fmt.Sprintf("%d writes are acknowledged", until), func() bool { return l.tally.so().acknowledged >= until })
}

// awaitRequests waits until there were so many requests.
func (l *load) awaitRequests(t *testing.T, number int) {
	t.Helper()
	for last := -1; l.tally.so().requests < number; {
		eventually(t, "requests are made", func() bool { return l.tally.so().requests > last+100 })
		last = l.tally.so().requests
	}
}

// audit stops the writers, has what was sent with a key answered, and holds what is there against what was acknowledged.
func (l *load) audit(t *testing.T, url string) {
	t.Helper()
	l.stop()
	for _, w := range l.writers {
		w.url = url
		for len(w.pending) > 0 {
			eventually(t, "a create with a key is answered", func() bool { return w.retry(t.Context()) })
		}
		for _, ledger := range w.ledgers {
			if err := ledger.audit(t.Context(), url, l.tally); err != nil {
				t.Fatal(err)
			}
		}
	}
}
