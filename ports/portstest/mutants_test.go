package portstest

import (
	"maps"
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

// TestMutants runs the suite's rules over broken adapters. The rule for the
// sentence that a fault makes untrue has to fail.
func TestMutants(t *testing.T) {
	all := mutations{}
	for _, group := range []mutations{
		isolationMutants, ownerIDMutants, numberingMutants, fidelityMutants, getMutants, listMutants, pageMutants, filterMutants,
		trashMutants, feedMutants, applyMutants, fieldMutants, placeMutants, deletionMutants, onceMutants, eraseMutants,
		concurrencyMutants, faultMutants,
	} {
		maps.Copy(all, group)
	}
	var kills kills
	for _, sentence := range taskRepositorySentences() {
		try(t, &kills, sentence, byFault(all[sentence]), func(t *testing.T, mutant harness) string {
			check, staged := mutant.staged()[sentence]
			if !staged {
				t.Fatalf("the stage is not set for the rule %q", sentence)
			}
			return verdict(t, check)
		})
		delete(all, sentence)
	}
	for sentence := range all {
		t.Errorf("mutants break the rule %q, which does not exist", sentence)
	}
	kills.print(t)
}

func byFault(mutations []mutation) map[string]harness {
	mutants := map[string]harness{}
	for _, mutation := range mutations {
		mutants[mutation.fault] = mutation.harness
	}
	return mutants
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
			for sentence, check := range sound.staged() {
				if failure := verdict(t, check); failure != "" {
					t.Errorf("%s: %s", sentence, failure)
				}
			}
		})
	}
}

// staged gives the rules that the harness can set the stage for, by their sentences.
func (h harness) staged() map[string]func(reporter) {
	staged := map[string]func(reporter){}
	if h.tasks != nil {
		for _, rule := range taskRepositoryRules() {
			staged[rule.sentence] = func(t reporter) { rule.check(t, h.tasks()) }
		}
	}
	if h.closed != nil {
		staged[closedRule.sentence] = func(t reporter) { closedRule.check(t, h.closed()) }
	}
	if h.twice != nil {
		staged[twiceRule.sentence] = func(t reporter) {
			one, other := h.twice()
			twiceRule.check(t, one, other)
		}
	}
	return staged
}
