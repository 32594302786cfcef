package main

import (
	"time"

	"example.com/bench/internal/measure"
)

// plan says how far a table grows.
type plan struct {
	stages []int // tasks in the table, of which the first stage has owners with few or with many, and each later one both
	few    int   // tasks of most owners
	many   int   // tasks of a few owners
	most   int   // tasks of the two who have the most
	rounds measure.Rounds
}

var (
	usual = plan{
		stages: []int{10_000, 1_000_000}, few: 20, many: 10_000, most: 100_000,
		rounds: measure.Rounds{Number: 5, WarmUp: 300 * time.Millisecond, Long: time.Second},
	}
	thorough = plan{stages: append(usual.stages[:2:2], 10_000_000), few: usual.few, many: usual.many, most: usual.most, rounds: usual.rounds}
	quick    = plan{
		stages: []int{500, 10_000, 20_000}, few: 20, many: 500, most: 2_000,
		rounds: measure.Rounds{Number: 1, WarmUp: 50 * time.Millisecond, Long: 100 * time.Millisecond},
	}
)

const (
	manyOwners = 10  // who have many tasks
	mostOwners = 2   // who have the most
	open       = 10  // tasks of those that are not completed: the oldest, which a list of the newest meets last; of others it is every other one of 20
	deep       = 0.9 // of an owner's tasks are before a deep page

	// sampled is how many of the owners with few tasks are asked about: as
	// many as the service has room for among its verified tokens.
	sampled = 10_000

	connections = 4
)
