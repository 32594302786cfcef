package faults_test

import (
	"fmt"
	"sync"
	"testing"
	"time"
)

// A tally is what requests have come to so far. Many goroutines add to it.
type tally struct {
	mu         sync.Mutex
	sum        outcome
	unanswered int      // of those that failed
	failures   []string // some of them
	complaints []string // about what is lost or wrong
}

// take counts an answer, and tells whether it is one to go on with.
func (ta *tally) take(a answer) bool {
	ta.mu.Lock()
	defer ta.mu.Unlock()
	ta.sum.requests++
	ta.sum.slowest = max(ta.sum.slowest, a.took)
	if !a.failed() {
		return true
	}
	ta.sum.failed++
	if len(ta.failures) < enough {
		ta.failures = append(ta.failures, a.String())
	}
	if a.status == 0 {
		ta.unanswered++
	}
	if flaw := a.malformed(); flaw != "" {
		ta.sum.wrong++
		ta.complain("%v: %s", a, flaw)
	}
	return false
}

func (ta *tally) acknowledge() {
	ta.mu.Lock()
	defer ta.mu.Unlock()
	ta.sum.acknowledged++
}

func (ta *tally) wrong(format string, args ...any) {
	ta.mu.Lock()
	defer ta.mu.Unlock()
	ta.sum.wrong++
	ta.complain("wrong: "+format, args...)
}

func (ta *tally) lost(format string, args ...any) {
	ta.mu.Lock()
	defer ta.mu.Unlock()
	ta.sum.lost++
	ta.complain("lost: "+format, args...)
}

// enough failures and complaints are told; the numbers tell how many there were.
const enough = 10

// complain is called with ta.mu held.
func (ta *tally) complain(format string, args ...any) {
	if len(ta.complaints) < enough {
		ta.complaints = append(ta.complaints, fmt.Sprintf(format, args...))
	}
}

func (ta *tally) so() outcome {
	ta.mu.Lock()
	defer ta.mu.Unlock()
	return ta.sum
}

// report puts what has come of the runs of a fault into the table.
func (ta *tally) report(fault string, runs int) outcome {
	row := ta.so()
	row.fault, row.runs = fault, runs
	outcomes.add(row)
	return row
}

// expectIntact reports a fault under which nothing may be lost and nothing be wrong.
func (ta *tally) expectIntact(t *testing.T, fault string, runs int) {
	t.Helper()
	row := ta.report(fault, runs)
	if row.lost > 0 || row.wrong > 0 {
		t.Errorf("lost: %d, wrong: %d", row.lost, row.wrong)
	}
	for _, complaint := range ta.complaints {
		t.Error(complaint)
	}
	if row.acknowledged == 0 {
		t.Error("nothing was acknowledged, so that nothing was put to the test")
	}
}

// expectServed wants that no request failed.
func (ta *tally) expectServed(t *testing.T) {
	t.Helper()
	if row := ta.so(); row.failed > 0 {
		t.Errorf("%d of %d requests failed, such as %q", row.failed, row.requests, ta.failures)
	}
}

// expectSeen reports a control: a fault of which the number has to show something.
func (ta *tally) expectSeen(t *testing.T, fault string, runs int, what string, number func(outcome) int) {
	t.Helper()
	row := ta.so()
	row.fault, row.runs, row.control = fault, runs, true
	outcomes.add(row)
	if number(row) == 0 {
		t.Errorf("the control shows nothing %s, so that the test is blind: %+v", what, row)
	}
}

// expectAnswered wants that each request got an answer, in time.
func (ta *tally) expectAnswered(t *testing.T, limit time.Duration) {
	t.Helper()
	ta.mu.Lock()
	defer ta.mu.Unlock()
	if ta.unanswered > 0 {
		t.Errorf("%d requests got no answer", ta.unanswered)
	}
	within(t, limit, "the slowest answer", ta.sum.slowest)
}
