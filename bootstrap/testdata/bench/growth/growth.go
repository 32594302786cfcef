package main

import (
	"context"
	"errors"
	"io"

	"github.com/taskward/taskward/adapters/jwtauth"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/database"
	"example.com/bench/internal/service"
	"example.com/bench/internal/stand"
)

// growth is a table that grows, and what was measured on the way.
type growth struct {
	plan
	*stand.Stand
	owners int // with few tasks, so far
	cells  []cell
}

// Numbers of the first owners of each kind, who are no others' then.
const (
	firstMany = 0
	firstMost = firstMany + manyOwners
	firstFew  = firstMost + mostOwners
)

func setUp(ctx context.Context, chosen plan, root string, progress io.Writer) (*growth, error) {
	started, err := stand.SetUp(ctx, root, chosen.rounds, progress)
	return &growth{plan: chosen, Stand: started}, err
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
		server, err := g.Start(ctx, service.Taskward("Taskward", g.Taskward, g.Cluster.URL), owners[0])
		if err != nil {
			return err
		}
		found, err := g.cell(ctx, server, cell{rows: rows, tasks: group.Tasks}, owners)
		if err := errors.Join(err, g.Stop(server)); err != nil {
			return err
		}
		g.cells = append(g.cells, found)
	}
	return nil
}
