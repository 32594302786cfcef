package jwtauth

import (
	"context"
	"errors"
	"runtime"
	"time"
)

// gate bounds how many costly signatures are checked at a time: whoever knows
// a kid can have us check as many as they like, and other users' cheap checks
// must still find a processor.
type gate struct {
	queue chan struct{} // those inside, and those who wait
	slots chan struct{} // those inside; who waits longest is next
}

// queuePerSlot bounds the wait: a check takes about 4 ms.
const queuePerSlot = 64

// newGate leaves half of the processors to cheap checks, where there are two.
func newGate() *gate {
	slots := max(1, runtime.GOMAXPROCS(0)/2)
	return &gate{make(chan struct{}, slots*(1+queuePerSlot)), make(chan struct{}, slots)}
}

// do calls check when it is its turn. It gives up with [domain.Unavailable]
// if too many wait already, and when ctx ends.
func (g *gate) do(ctx context.Context, check func() error) error {
	select {
	case g.queue <- struct{}{}:
		defer func() { <-g.queue }()
	default:
		return overload(errors.New("too many wait"))
	}
	select {
	case g.slots <- struct{}{}:
		defer func() { <-g.slots }()
		return check()
	case <-ctx.Done():
		return overload(ctx.Err())
	}
}

func overload(cause error) error {
	failure := errOverload.Because(cause)
	failure.RetryAfter = time.Second
	return failure
}
