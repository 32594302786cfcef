package portstest

import (
	"context"
	"slices"
	"sync"

	"github.com/taskward/taskward/domain"
)

// exchange is a ports.Wakeups as a switchboard would be. It is sound as
// newExchange gives it; each hook that is set is a fault.
type exchange struct {
	mu    sync.Mutex
	lines []line

	room  int                                    // how many wakes a channel holds
	waits bool                                   // for who listens, if that is full
	rings func(woken domain.UserID, l line) bool // whether a line rings
	begin func(l line)                           // with a line that begins
	end   func(e *exchange, l line)              // instead of hanging up
}

// line is that of somebody who listens.
type line struct {
	owner domain.UserID
	bell  chan struct{}
}

// ring lets the bell of a line ring, unless it does already.
func (l line) ring() {
	select {
	case l.bell <- struct{}{}:
	default:
	}
}

func newExchange(spoil func(*exchange)) *exchange {
	e := &exchange{
		room:  1,
		rings: func(woken domain.UserID, l line) bool { return l.owner == woken },
		begin: func(line) {},
		end:   (*exchange).hangUp,
	}
	spoil(e)
	return e
}

func (e *exchange) Wake(_ context.Context, owner domain.UserID) {
	for _, line := range e.open() {
		switch {
		case !e.rings(owner, line):
		case e.waits:
			line.bell <- struct{}{}
		default:
			line.ring()
		}
	}
}

func (e *exchange) Listen(owner domain.UserID) (woken <-chan struct{}, stop func()) {
	line := line{owner, make(chan struct{}, e.room)}
	e.begin(line)
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lines = append(e.lines, line)
	return line.bell, func() { e.end(e, line) }
}

func (e *exchange) open() []line {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.lines)
}

// hangUp ends a line, and takes what has come over it.
func (e *exchange) hangUp(gone line) {
	e.drop(func(l line) bool { return l == gone })
	for len(gone.bell) > 0 {
		<-gone.bell
	}
}

func (e *exchange) drop(gone func(line) bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.lines = slices.DeleteFunc(e.lines, gone)
}

func (e *exchange) has(owner domain.UserID) bool {
	for _, l := range e.open() {
		if l.owner == owner {
			return true
		}
	}
	return false
}
