package jwtauth_test

import (
	"sync/atomic"
	"time"
)

// clock is one that a test sets, and that a verifier reads in the background.
type clock struct{ now atomic.Pointer[time.Time] }

func newClock() *clock {
	c := &clock{}
	c.set(noon)
	return c
}

func (c *clock) Now() time.Time { return *c.now.Load() }

func (c *clock) set(now time.Time) { c.now.Store(&now) }

func (c *clock) advance(d time.Duration) { c.set(c.Now().Add(d)) }
