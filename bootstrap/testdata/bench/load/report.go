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

	limit, taskward footprint
	workloads       []quartet // the first is W1
	many, open      pair
	crush           pair
	tokens          pair // of a shared secret, of a key pair
	page            measure.Series
	known, nothing  measure.Series
	requests        int64 // to replicas
	wrong           int
}

// footprint is what a server takes, in megabytes and milliseconds.
type footprint struct {
	binary          float64
	ready, idle     results.Spread
	loaded, crushed float64
}

// quartet is one workload on all servers.
type quartet struct {
	name                         string
	limit, plain, walled, onFile measure.Series
}

// pair is one load on two sides.
type pair struct{ base, other measure.Series }

func (p pair) ratio(of measure.Metric) results.Spread { return p.other.Against(p.base, of) }

// second has so many microseconds.
const second = 1e6

// String gives the report as Markdown.
func (r *report) String() string {
	var page strings.Builder
	page.WriteString(r.circumstances)
	fmt.Fprintf(&page, "%d tasks of %d owners; %d connections to PostgreSQL for each server; medians of %d rounds of %v, in turns.\n\n",
		r.owners*r.tasks, r.owners, service.Pool, r.rounds.Number, r.rounds.Long)
	page.WriteString(results.Table(r.goals()))
	page.WriteString("\nEach workload at 16 connections, the limit server in figures and Taskward against it:\n\n")
	page.WriteString("| workload | server |" + measure.Headings + "\n|---|---|---|---|---|---|\n")
	for _, w := range r.workloads {
		fmt.Fprintf(&page, "| %s | limit |%s\n", w.name, w.limit.Figures())
		fmt.Fprintf(&page, "| | Taskward |%s\n", w.plain.Ratios(w.limit))
		fmt.Fprintf(&page, "| | Taskward, RLS on |%s\n", w.walled.Ratios(w.limit))
	}
	page.WriteString(r.onSQLite())
	page.WriteString("\nW1 under other loads:\n\n| load | limit's p99 | Taskward's | requests a second |\n|---|---|---|---|\n")
	for _, load := range []struct {
		name string
		pair pair
	}{
		{"64 connections", r.many},
		{fmt.Sprintf("open loop at %.0f requests a second", steady*r.workloads[0].limit.Median(measure.Rate)), r.open},
		{"1000 connections", r.crush},
	} {
		fmt.Fprintf(&page, "| %s | %.2f ms | %.2f × | %.2f × |\n", load.name,
			load.pair.base.Median(measure.P99), load.pair.ratio(measure.P99).Median, load.pair.ratio(measure.Rate).Median)
	}
	mix := r.workloads[len(r.workloads)-1].plain
	server, database := mix.Median(measure.ServerCPU), mix.Median(measure.DatabaseCPU)
	fmt.Fprintf(&page, "\nA request of the mix takes %.0f µs of Taskward's CPU and %.0f µs of PostgreSQL's: a core of the one serves %.0f a second, a core of the other %.0f.\n",
		server, database, second/server, second/database)
	fmt.Fprintf(&page, "\nThe limit server takes %.0f MB idle and %.0f MB loaded, answers %.0f ms after its start, and is a binary of %.0f MB. "+
		"Taskward takes %.0f MB after 1000 connections.\n\nreplicas: %d, requests: %d, wrong: %d\n",
		r.limit.idle.Median, r.limit.loaded, r.limit.ready.Median, r.limit.binary, r.taskward.crushed, r.replicas, r.requests, r.wrong)
	return page.String()
}
