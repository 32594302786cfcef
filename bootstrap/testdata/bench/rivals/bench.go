package main

import (
	"context"
	"io"
	"math/rand/v2"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/generator"
	"example.com/bench/internal/measure"
	"example.com/bench/internal/results"
	"example.com/bench/internal/service"
	"example.com/bench/internal/stand"
)

// bench is all that a measurement needs.
type bench struct {
	plan
	*stand.Stand
	root   string
	owners []crowd.Owner
}

func setUp(ctx context.Context, chosen plan, root string, progress io.Writer) (*bench, error) {
	started, err := stand.SetUp(ctx, root, chosen.rounds, progress)
	return &bench{plan: chosen, Stand: started, root: root}, err
}

// measure has Taskward and its rivals list tasks in turns.
func (b *bench) measure(ctx context.Context, rivals ...rival) (*report, error) {
	circumstances, err := results.Circumstances(ctx, b.root, b.Cluster)
	if err != nil {
		return nil, err
	}
	if b.owners, err = b.Fill(ctx, b.plan.owners, b.tasks); err != nil {
		return nil, err
	}
	specs := []service.Spec{service.Taskward("Taskward", b.Taskward, b.Cluster.URL)}
	for _, rival := range rivals {
		specs = append(specs, rival.Spec)
	}
	var servers []*service.Process
	match := measure.Match{Name: "W1", Connections: connections, Gradual: true}
	for _, spec := range specs {
		server, err := b.Start(ctx, spec, b.owners[0])
		if err != nil {
			return nil, err
		}
		servers = append(servers, server)
		match.Sides = append(match.Sides, measure.Side{Server: server, Script: b.list})
	}
	if err := b.compare(ctx, servers...); err != nil {
		return nil, err
	}
	got, err := b.interleave(ctx, match)
	if err != nil {
		return nil, err
	}
	r := &report{plan: b.plan, circumstances: circumstances, taskward: got[0]}
	for i, rival := range rivals {
		r.duels = append(r.duels, duel{rival, got[1+i]})
	}
	return r, b.Stop(servers...)
}

// interleave lets each side have a turn first that does not count, in which
// it makes its connections and compiles what it likes to.
func (b *bench) interleave(ctx context.Context, match measure.Match) ([]measure.Series, error) {
	first := b.Arena
	first.Number, first.Say = 1, func(string, ...any) {}
	if _, err := first.Interleave(ctx, match); err != nil {
		return nil, err
	}
	return b.Interleave(ctx, match)
}

// list is W1: the first page.
func (b *bench) list(draw *rand.Rand, request *generator.Request) {
	owner := b.owners[draw.IntN(len(b.owners))]
	*request = owner.FirstPage()
	if draw.IntN(crowd.Sampled) == 0 {
		request.Check = owner.IsPage
	}
}
