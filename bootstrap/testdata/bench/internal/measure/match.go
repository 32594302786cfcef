package measure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"example.com/bench/internal/database"
	"example.com/bench/internal/generator"
	"example.com/bench/internal/service"
)

// Side is one of those that are compared.
type Side struct {
	Name   string // where the server's would not tell sides apart
	Server *service.Process
	Script generator.Script
}

func (s Side) name() string { return cmp.Or(s.Name, s.Server.Name) }

// Match is a comparison under one load.
type Match struct {
	Name        string
	Connections int
	Gradual     bool    // clients come one after another, while a side warms up
	Rate        float64 // requests a second that are due; 0: as many as are answered
	Sides       []Side
}

// Rounds says how often each side has its turn, and for how long.
type Rounds struct {
	Number       int
	WarmUp, Long time.Duration
}

// Arena is where the sides meet.
type Arena struct {
	Rounds
	Cluster *database.Cluster
	Say     func(format string, values ...any)
}

// Interleave has the sides take turns, so that what changes on the machine
// meets all of them. It gives the series of each side.
func (a Arena) Interleave(ctx context.Context, m Match) ([]Series, error) {
	all := make([]Series, len(m.Sides))
	for round := range a.Number {
		for turn := range m.Sides {
			at := (round + turn) % len(m.Sides) // each goes first now and then
			got, err := a.sample(ctx, m, m.Sides[at], uint64(round))
			if err != nil {
				return nil, fmt.Errorf("%s, %s: %w", m.Name, m.Sides[at].name(), err)
			}
			all[at] = append(all[at], got)
		}
	}
	for i, side := range m.Sides {
		a.Say("%s, %s: %.0f requests a second, p99 %.2f ms", m.Name, side.name(), all[i].Median(Rate), all[i].Median(P99))
	}
	return all, nil
}

// sample is one turn of one side. An answer that is wrong ends the measurement.
func (a Arena) sample(ctx context.Context, m Match, s Side, round uint64) (_ Sample, err error) {
	clients, err := a.warmUp(ctx, m, s, round)
	if err != nil {
		return Sample{}, err
	}
	defer func() { err = errors.Join(err, clients.Close()) }()
	server, database, err := a.cpu(s.Server)
	if err != nil {
		return Sample{}, err
	}
	outcome, err := m.load(ctx, clients, s, a.Long)
	if err != nil {
		return Sample{}, err
	}
	serverAfter, databaseAfter, err := a.cpu(s.Server)
	if err != nil {
		return Sample{}, err
	}
	if outcome.Wrong > 0 {
		return Sample{}, fmt.Errorf("%d of %d answers were wrong, such as: %w", outcome.Wrong, outcome.Requests, outcome.Fault)
	}
	requests := float64(outcome.Requests)
	return Sample{
		rate:        requests / outcome.Took.Seconds(),
		p99:         float64(outcome.Latencies.ValueAtQuantile(99)) / float64(time.Millisecond),
		serverCPU:   float64((serverAfter - server).Microseconds()) / requests,
		databaseCPU: float64((databaseAfter - database).Microseconds()) / requests,
	}, s.Server.ForgetLog()
}

// warmUp gives clients that have been at it for a while.
func (a Arena) warmUp(ctx context.Context, m Match, s Side, round uint64) (*generator.Clients, error) {
	if m.Gradual {
		return generator.Gather(ctx, s.Server.Address, m.Connections, round, s.Script, a.WarmUp)
	}
	clients, err := generator.DialAll(ctx, s.Server.Address, m.Connections, round)
	if err != nil {
		return nil, err
	}
	if _, err := m.load(ctx, clients, s, a.WarmUp); err != nil {
		return nil, errors.Join(err, clients.Close())
	}
	return clients, nil
}

func (m Match) load(ctx context.Context, clients *generator.Clients, s Side, duration time.Duration) (generator.Outcome, error) {
	if m.Rate > 0 {
		return clients.Open(ctx, s.Script, duration, m.Rate)
	}
	return clients.Closed(ctx, s.Script, duration)
}

func (a Arena) cpu(of *service.Process) (server, database time.Duration, err error) {
	server, serverErr := of.CPU()
	database, databaseErr := a.Cluster.CPU()
	return server, database, errors.Join(serverErr, databaseErr)
}
