package main

import (
	"time"

	"example.com/bench/internal/measure"
	"example.com/bench/internal/service"
)

// plan says how much is measured.
type plan struct {
	owners, tasks int // tasks are those of each owner
	rounds        measure.Rounds
}

// What has to be compiled while it runs has a second for that in each turn.
var (
	thorough = plan{
		owners: 10_000, tasks: 100,
		rounds: measure.Rounds{Number: 5, WarmUp: time.Second, Long: 2 * time.Second},
	}
	quick = plan{
		owners: 200, tasks: 50,
		rounds: measure.Rounds{Number: 1, WarmUp: 50 * time.Millisecond, Long: 200 * time.Millisecond},
	}
)

// connections of the load generator.
const connections = 16

const (
	workers = 2 // of a rival
	pool    = service.Pool / workers
)
