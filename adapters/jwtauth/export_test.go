package jwtauth

import "context"

// Gate is the bound on costly checks, which no test can reach from outside
// without milliseconds of cryptography a turn.
type Gate struct{ gate *gate }

// NewGate makes a gate as a [Verifier] has it.
func NewGate() Gate { return Gate{newGate()} }

// Slots and Queue are how many checks run, and how many wait, at a time.
func (g Gate) Slots() int { return cap(g.gate.slots) }

// Queue is how many checks wait at a time.
func (g Gate) Queue() int { return cap(g.gate.queue) - cap(g.gate.slots) }

// Do calls check when it is its turn.
func (g Gate) Do(ctx context.Context, check func() error) error { return g.gate.do(ctx, check) }

// NearMiss names the usual mistake between two issuers, if it is one.
func NearMiss(found, expected string) string { return nearMiss(found, expected) }
