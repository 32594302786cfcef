package main

import (
	"fmt"
	"strings"

	"example.com/bench/internal/measure"
	"example.com/bench/internal/results"
	"example.com/bench/internal/service"
)

// report is all that was measured.
type report struct {
	plan
	circumstances string
	taskward      measure.Series
	duels         []duel
}

// duel is a rival, and what it came to.
type duel struct {
	rival
	series measure.Series
}

// String gives the report as Markdown.
func (r *report) String() string {
	var page strings.Builder
	page.WriteString(r.circumstances)
	var goals []results.Goal
	for _, d := range r.duels {
		page.WriteString(d.versions + ".\n")
		goals = append(goals, results.AtLeast(fmt.Sprintf("W1: requests of %s, %d workers", d.Name, workers), d.bound, r.taskward.Against(d.series, measure.Rate)))
	}
	fmt.Fprintf(&page, "%d tasks of %d owners; %d connections to PostgreSQL for each server; medians of %d rounds of %v, in turns.\n\n",
		r.owners*r.tasks, r.owners, service.Pool, r.rounds.Number, r.rounds.Long)
	page.WriteString(results.Table(goals))
	fmt.Fprintf(&page, "\nW1 at %d connections, Taskward in figures and the others against it:\n\n", connections)
	page.WriteString("| server |" + measure.Headings + "\n|---|---|---|---|---|\n")
	page.WriteString("| Taskward |" + r.taskward.Figures() + "\n")
	for _, d := range r.duels {
		fmt.Fprintf(&page, "| %s |%s\n", d.Name, d.series.Ratios(r.taskward))
	}
	return page.String()
}
