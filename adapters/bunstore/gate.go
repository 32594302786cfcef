package bunstore

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/taskward/taskward/domain"
)

// Gate is where calls wait for one of a pool's connections. database/sql hands
// a connection that is free to any of those who wait, at random, and lets any
// number wait for any time: so some wait far longer than others.
type Gate struct {
	seats    chan struct{} // those inside; Go wakes who has waited longest
	waiting  atomic.Int64
	waited   atomic.Uint64 // those who found no place at once
	refused  atomic.Uint64 // those of them who were told to come again
	queue    int64
	patience time.Duration
}

// NewGate returns the gate of a pool of so many connections, before which so
// many calls may wait, each for no longer than patience.
func NewGate(connections, queue int, patience time.Duration) *Gate {
	return &Gate{seats: make(chan struct{}, connections), queue: int64(queue), patience: patience}
}

// errOverload is what those are told that would wait too long.
var errOverload = &domain.Error{
	Kind: domain.Unavailable, Code: "overloaded", RetryAfter: time.Second,
	Detail: "The service has more to do at the moment than it can. Try again soon.",
}

// Pass does work while it holds a place for a connection. It does nothing, and
// gives the context's error, if that ends before it is its turn, and
// [domain.Unavailable] where too many wait already, or it would wait too long.
func (g *Gate) Pass(ctx context.Context, work func() error) error {
	select {
	case g.seats <- struct{}{}:
	default:
		if err := g.wait(ctx); err != nil {
			return err
		}
	}
	defer func() { <-g.seats }()
	return work()
}

func (g *Gate) wait(ctx context.Context) error {
	defer g.waiting.Add(-1)
	g.waited.Add(1)
	if g.waiting.Add(1) > g.queue {
		return g.refuse()
	}
	patience := time.NewTimer(g.patience)
	defer patience.Stop()
	select {
	case g.seats <- struct{}{}:
		return nil
	case <-patience.C:
		return g.refuse()
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *Gate) refuse() error {
	g.refused.Add(1)
	return errOverload
}
