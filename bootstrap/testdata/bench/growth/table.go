package main

import (
	"fmt"
	"strings"

	"example.com/bench/internal/measure"
	"example.com/bench/internal/results"
)

// table gives what was measured as Markdown: PostgreSQL's CPU a request,
// against the first page in the smallest table.
func (g *growth) table() string {
	base := g.at(g.stages[0], g.few).columns[first]
	var text strings.Builder
	fmt.Fprintf(&text, "Medians of %d rounds of %v at %d connections. Owners with %d tasks or more have %d that are open, the oldest.\n\n",
		g.rounds.Number, g.rounds.Long, connections, g.many, open)
	text.WriteString(results.Table(g.goals()))
	fmt.Fprintf(&text, "\nPostgreSQL's CPU a request, against the %.0f µs of the first page in the smallest table:\n\n| tasks | of each owner |", base.Median(measure.DatabaseCPU))
	for _, heading := range headings {
		text.WriteString(" " + heading + " |")
	}
	text.WriteString("\n|---|---|" + strings.Repeat("---|", questions) + "\n")
	for _, c := range g.cells {
		fmt.Fprintf(&text, "| %d | %d |", c.rows, c.tasks)
		for _, column := range c.columns {
			if column == nil {
				text.WriteString(" – |")
				continue
			}
			fmt.Fprintf(&text, " %.2f × |", column.Against(base, measure.DatabaseCPU).Median)
		}
		text.WriteString("\n")
	}
	return text.String()
}

// at gives the cell of a table of so many tasks and owners who have so many.
func (g *growth) at(rows, tasks int) cell {
	for _, c := range g.cells {
		if c.rows == rows && c.tasks == tasks {
			return c
		}
	}
	return cell{columns: make([]measure.Series, questions)}
}

// goals are those that Taskward was built to, at the last stage.
func (g *growth) goals() []results.Goal {
	largest := g.stages[len(g.stages)-1]
	small, large := g.at(g.stages[0], g.few), g.at(largest, g.few)
	many, most := g.at(largest, g.many), g.at(largest, g.most)
	ratio := func(what string, of, to measure.Series) results.Goal {
		return results.AtMost(what, 2, of.Against(to, measure.DatabaseCPU))
	}
	return []results.Goal{
		ratio(fmt.Sprintf("first page of %d tasks in the table: PostgreSQL CPU of that of %d", largest, g.stages[0]), large.columns[first], small.columns[first]),
		ratio(fmt.Sprintf("page at depth %.0f: PostgreSQL CPU of the first", deep*float64(g.most)), most.columns[deeper], most.columns[first]),
		ratio(fmt.Sprintf("the %d open tasks of an owner of %d: PostgreSQL CPU of the first page", open, g.many), many.columns[unfinished], many.columns[first]),
	}
}
