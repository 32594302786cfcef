package faults_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
	"time"
)

// An outcome is what came of one fault.
type outcome struct {
	fault        string
	control      bool // the fault is one that has to be seen
	runs         int
	requests     int
	acknowledged int           // writes that were answered with success
	failed       int           // requests that were answered with 503, 504 or 429, or not at all
	lost         int           // acknowledged writes that are not there
	wrong        int           // answers that are neither right nor say that there is none, and what is there though nobody wrote it
	slowest      time.Duration // answer
}

// outcomes are those of all tests.
var outcomes report

type report struct {
	mu   sync.Mutex
	rows []outcome
}

func (r *report) add(row outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows = append(r.rows, row)
}

func (r *report) print(to io.Writer) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.rows) == 0 {
		return nil
	}
	slices.SortFunc(r.rows, func(a, b outcome) int { return strings.Compare(a.fault, b.fault) })
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "fault\truns\trequests\tacknowledged\tfailed\tlost\twrong\tslowest") // Flush tells
	for _, row := range r.rows {
		name := row.fault
		if row.control {
			name = "control: " + name
		}
		_, _ = fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%v\n", name, row.runs, row.requests, row.acknowledged,
			row.failed, row.lost, row.wrong, row.slowest.Round(time.Millisecond))
	}
	return table.Flush()
}
