package main

import (
	"example.com/bench/internal/measure"
	"example.com/bench/internal/results"
)

// goals are those that Taskward was built to.
func (r *report) goals() []results.Goal {
	var goals []results.Goal
	for i, bounds := range []struct{ plain, walled float64 }{{0.90, 0.82}, {0.80, 0.73}, {0.90, 0.87}, {0.90, 0.83}} {
		w := r.workloads[i]
		goals = append(goals,
			results.AtLeast(w.name+": requests of the limit", bounds.plain, w.plain.Against(w.limit, measure.Rate)),
			results.AtLeast("the same with RLS on", bounds.walled, w.walled.Against(w.limit, measure.Rate)))
	}
	first := r.workloads[0]
	return append(goals,
		results.AtMost("W1: server CPU a request, of the limit", 1.30, first.plain.Against(first.limit, measure.ServerCPU)),
		results.AtMost("the same with RLS on", 1.38, first.walled.Against(first.limit, measure.ServerCPU)),
		results.AtMost("W1: PostgreSQL CPU a request, of the limit", 1.15, first.plain.Against(first.limit, measure.DatabaseCPU)),
		results.AtLeast("W1 with EdDSA tokens: requests of W1 with HS256 tokens", 0.95, r.tokens.ratio(measure.Rate)),
		results.AtMost("W1 at 64 connections: p99 of the limit", 1.5, r.many.ratio(measure.P99)),
		results.AtMost("W1 at 1000 connections: p99 of the limit", 1.3, r.crush.ratio(measure.P99)),
		results.AtMost("a list that the client has (304): CPU of W1", 0.5, r.known.Against(r.page, measure.AllCPU)),
		results.AtMost("changes with nothing new: CPU of W1", 0.5, r.nothing.Against(r.page, measure.AllCPU)),
		results.Goal{What: "W2 on SQLite, each create on disk: a second", Bound: 1000, AtLeast: true, Measured: r.workloads[1].onFile.Spread(measure.Rate)},
		within("memory, loaded", " MB", 45, results.SpreadOf(r.taskward.loaded)),
		within("memory, idle", " MB", 20, r.taskward.idle),
		within("first 200 after the start", " ms", 50, r.taskward.ready),
		within("binary, stripped", " MB", 30, results.SpreadOf(r.taskward.binary)),
		within("answers of replicas that were wrong, and changes that were lost", "", 0, results.SpreadOf(float64(r.wrong))),
	)
}

// within is a goal that is no ratio.
func within(what, unit string, bound float64, measured results.Spread) results.Goal {
	return results.Goal{What: what, Bound: bound, Unit: unit, Measured: measured}
}
