package main

import (
	"context"

	"example.com/bench/internal/generator"
	"example.com/bench/internal/measure"
	"example.com/bench/internal/service"
)

// steady is the part of the limit server's rate at which requests are due in
// the open loop: so few that Taskward is not at its end either, where a latency
// would tell no more than how long the round was.
const steady = 0.4

// measureRates is what most of the time is for: each workload on each server.
func (b *bench) measureRates(ctx context.Context, r *report) error {
	limit, err := b.Start(ctx, b.limitServer(), b.owners[0])
	if err != nil {
		return err
	}
	plain, err := b.Start(ctx, b.plain(), b.owners[0])
	if err != nil {
		return err
	}
	walled, err := b.Start(ctx, b.withWall(), b.owners[0])
	if err != nil {
		return err
	}
	onFile, err := b.Start(ctx, b.onFile(), b.owners[0])
	if err != nil {
		return err
	}
	if err := b.compare(ctx, limit, plain, walled, onFile); err != nil {
		return err
	}
	everybody := crew{b.owners, b.tasks}
	for _, workload := range []struct {
		name   string
		script generator.Script
	}{
		{"W1, a page of 20", everybody.list},
		{"W2, create", everybody.create},
		{"W3, complete", everybody.complete},
		{"W4, get", everybody.get},
		{"mix", everybody.mix},
	} {
		var sides []measure.Side
		for _, server := range []*service.Process{limit, plain, walled, onFile} {
			sides = append(sides, measure.Side{Server: server, Script: workload.script})
		}
		got, err := b.Interleave(ctx, measure.Match{Name: workload.name, Connections: few, Sides: sides})
		if err != nil {
			return err
		}
		r.workloads = append(r.workloads, quartet{workload.name, got[0], got[1], got[2], got[3]})
	}
	both := []measure.Side{{Server: limit, Script: everybody.list}, {Server: plain, Script: everybody.list}}
	if r.many, err = b.pair(ctx, measure.Match{Name: "W1 at 64", Connections: many, Sides: both}); err != nil {
		return err
	}
	if r.open, err = b.pair(ctx, measure.Match{Name: "W1 in the open loop", Connections: many, Rate: steady * r.workloads[0].limit.Median(measure.Rate), Sides: both}); err != nil {
		return err
	}
	if err := loaded(limit, plain, r); err != nil {
		return err
	}
	if r.crush, err = b.pair(ctx, measure.Match{Name: "W1 at 1000", Connections: crush, Sides: both}); err != nil {
		return err
	}
	memory, err := plain.Memory()
	if err != nil {
		return err
	}
	r.taskward.crushed = megabytes(memory)
	return b.Stop(limit, plain, walled, onFile)
}

// pair is interleave for two sides.
func (b *bench) pair(ctx context.Context, m measure.Match) (pair, error) {
	got, err := b.Interleave(ctx, m)
	if err != nil {
		return pair{}, err
	}
	return pair{got[0], got[1]}, nil
}

// loaded notes what the servers take after what they have been through.
func loaded(limit, plain *service.Process, r *report) error {
	for process, got := range map[*service.Process]*footprint{limit: &r.limit, plain: &r.taskward} {
		memory, err := process.Memory()
		if err != nil {
			return err
		}
		got.loaded = megabytes(memory)
	}
	return nil
}
