package main

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/taskward/taskward/adapters/jwtauth"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/database"
	"example.com/bench/internal/generator"
	"example.com/bench/internal/measure"
	"example.com/bench/internal/service"
)

// growth is a table that grows, and what was measured on the way.
type growth struct {
	plan
	measure.Arena
	directory string // for program and logs
	program   string
	owners    int // with few tasks, so far
	cells     []cell
}

// Numbers of the first owners of each kind, who are no others' then.
const (
	firstMany = 0
	firstMost = firstMany + manyOwners
	firstFew  = firstMost + mostOwners
)

func setUp(ctx context.Context, chosen plan, root string, progress io.Writer) (g *growth, err error) {
	g = &growth{plan: chosen, Arena: measure.Arena{Rounds: chosen.rounds, Say: measure.Progress(progress)}}
	defer func() {
		if err != nil {
			err = errors.Join(err, g.tearDown())
		}
	}()
	if g.directory, err = os.MkdirTemp("", "taskward-bench-"); err != nil {
		return g, err
	}
	g.Say("build Taskward")
	if g.program, err = service.Build(ctx, root, "./bootstrap/cmd/taskward", g.directory); err != nil {
		return g, err
	}
	if g.Cluster, err = database.Start(); err != nil {
		return g, err
	}
	return g, service.Migrate(ctx, g.program, g.Cluster.URL)
}

func (g *growth) tearDown() error {
	var failure error
	if g.Cluster != nil {
		failure = g.Cluster.Stop()
	}
	return errors.Join(failure, os.RemoveAll(g.directory))
}

// measure lets the table grow and measures at each stage.
func (g *growth) measure(ctx context.Context) error {
	first := g.stages[0]
	lone := database.Group{First: firstMany, Owners: first / g.many, Tasks: g.many, Open: open}
	if err := g.seed(ctx, lone); err != nil {
		return err
	}
	if err := g.ask(ctx, first, lone); err != nil {
		return err
	}
	if err := g.Cluster.Clear(ctx); err != nil {
		return err
	}
	if err := g.fill(ctx, first); err != nil {
		return err
	}
	if err := g.ask(ctx, first, g.fewOnes()); err != nil {
		return err
	}
	many := database.Group{First: firstMany, Owners: manyOwners, Tasks: g.many, Open: open}
	most := database.Group{First: firstMost, Owners: mostOwners, Tasks: g.most, Open: open}
	for i, rows := range g.stages[1:] {
		rest := rows - g.stages[i]
		var first []database.Group
		if i == 0 {
			first = []database.Group{many, most}
			rest -= many.Rows() + most.Rows()
		}
		if err := g.fill(ctx, rest, first...); err != nil {
			return err
		}
		if err := g.ask(ctx, rows, g.fewOnes(), many, most); err != nil {
			return err
		}
	}
	return nil
}

func (g *growth) fewOnes() database.Group {
	return database.Group{First: firstFew, Owners: g.owners, Tasks: g.few}
}

// fill adds so many tasks of owners who have few, and others' beside them.
func (g *growth) fill(ctx context.Context, rows int, others ...database.Group) error {
	added := database.Group{First: firstFew + g.owners, Owners: rows / g.few, Tasks: g.few}
	g.owners += added.Owners
	return g.seed(ctx, append(others, added)...)
}

func (g *growth) seed(ctx context.Context, groups ...database.Group) error {
	rows := 0
	for _, group := range groups {
		rows += group.Rows()
	}
	g.Say("copy %d tasks", rows)
	return g.Cluster.Seed(ctx, groups...)
}

// ask starts a server for each group of owners and measures what they ask.
func (g *growth) ask(ctx context.Context, rows int, groups ...database.Group) error {
	for _, group := range groups {
		owners, err := crowd.Owners(group.First, min(group.Owners, sampled), jwtauth.SecretIssuer{Secret: service.Secret})
		if err != nil {
			return err
		}
		server, err := service.Start(ctx, service.Taskward("Taskward", g.program, g.Cluster.URL, pool), g.directory,
			generator.Request{Method: "GET", Path: firstPage(owners[0]), Token: owners[0].Token, Status: 200})
		if err != nil {
			return err
		}
		found, err := g.cell(ctx, server, cell{rows: rows, tasks: group.Tasks}, owners)
		if err := errors.Join(err, server.Stop()); err != nil {
			return err
		}
		g.cells = append(g.cells, found)
	}
	return nil
}
