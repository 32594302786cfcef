package portstest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/ports"
)

// mutations are adapters that are broken on purpose, by the sentence of the
// contract that each of them makes untrue.
type mutations map[string][]mutation

// mutation is one fault and an adapter that has it.
type mutation struct {
	fault string
	harness
}

// harness sets the stage for the rules of [TestTaskRepository]: those for any
// repository, for a closed one and for two handles on one store. Rules whose
// function is nil are left out.
type harness struct {
	tasks  func() ports.TaskRepository
	closed func() ports.TaskRepository
	twice  func() (one, other ports.TaskRepository)
}

// TestMutants runs the suite over broken adapters. The rule for the sentence
// that a fault makes untrue has to fail, whichever others do. A rule that no
// fault is meant for proves nothing: that fails the test, too.
func TestMutants(t *testing.T) {
	all := mutations{}
	for _, group := range []mutations{
		isolationMutants, numberingMutants, fidelityMutants, listMutants, applyMutants, concurrencyMutants, faultMutants,
	} {
		maps.Copy(all, group)
	}
	var table strings.Builder
	for _, sentence := range taskRepositorySentences() {
		if len(all[sentence]) == 0 {
			t.Errorf("no mutant breaks the rule %q", sentence)
		}
		for _, mutation := range all[sentence] {
			t.Run(mutation.fault, func(t *testing.T) {
				killers := mutation.failures(t)
				if killers[sentence] == "" {
					t.Errorf("survives the rule %q", sentence)
				}
				fmt.Fprintf(&table, "\n%s\n\t%s", mutation.fault, strings.Join(slices.Sorted(maps.Keys(killers)), "\n\t"))
			})
		}
		delete(all, sentence)
	}
	for sentence := range all {
		t.Errorf("mutants break the rule %q, which does not exist", sentence)
	}
	t.Logf("each fault, and the rules that find it:%s", table.String())
}

// TestSoundAdapters is the control: what the mutants are made from fails no rule.
func TestSoundAdapters(t *testing.T) {
	for name, sound := range map[string]harness{
		"memory": {
			tasks:  func() ports.TaskRepository { return memory.NewTasks() },
			closed: closedMemory,
			twice: func() (one, other ports.TaskRepository) {
				shared := memory.NewTasks()
				return shared, shared
			},
		},
		"table":  inTable(func(*table) {}),
		"mutant": overriding(func() mutant { return mutant{} }),
	} {
		t.Run(name, func(t *testing.T) {
			for sentence, failure := range sound.failures(t) {
				t.Errorf("%s: %s", sentence, failure)
			}
		})
	}
}

// failures runs the rules and tells for each that fails what it says first.
func (h harness) failures(t *testing.T) map[string]string {
	t.Helper()
	failures := map[string]string{}
	try := func(sentence string, check func(reporter)) {
		if failure := verdict(t, check); failure != "" {
			failures[sentence] = failure
		}
	}
	if h.tasks != nil {
		for _, rule := range taskRepositoryRules() {
			try(rule.sentence, func(t reporter) { rule.check(t, h.tasks()) })
		}
	}
	if h.closed != nil {
		try(closedRule.sentence, func(t reporter) { closedRule.check(t, h.closed()) })
	}
	if h.twice != nil {
		try(twiceRule.sentence, func(t reporter) {
			one, other := h.twice()
			twiceRule.check(t, one, other)
		})
	}
	return failures
}
