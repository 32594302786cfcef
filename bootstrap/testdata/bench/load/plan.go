package main

import (
	"time"

	"example.com/bench/internal/measure"
)

// plan says how much is measured.
type plan struct {
	owners, tasks int // tasks are those of each owner
	rounds        measure.Rounds
	starts        int
	replicas      int
	contention    time.Duration // how long replicas are written to
}

var (
	thorough = plan{
		owners: 10_000, tasks: 100,
		rounds: measure.Rounds{Number: 5, WarmUp: 300 * time.Millisecond, Long: 2 * time.Second},
		starts: 7, replicas: 4, contention: 15 * time.Second,
	}
	quick = plan{
		owners: 200, tasks: 50,
		rounds: measure.Rounds{Number: 1, WarmUp: 50 * time.Millisecond, Long: 200 * time.Millisecond},
		starts: 1, replicas: 2, contention: 2 * time.Second,
	}
)

// Connections of the load generator.
const (
	few   = 16
	many  = 64
	crush = 1000
)
