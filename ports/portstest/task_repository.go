package portstest

import (
	"context"
	"slices"
	"testing"

	"github.com/taskward/taskward/ports"
)

// TestTaskRepository checks every sentence of [ports.TaskRepository] against
// the repositories that open gives. It opens one for each rule. They may share
// one store, which may hold anything already: each rule works on fresh owners.
func TestTaskRepository(t *testing.T, open func(t *testing.T) ports.TaskRepository, options ...Option) {
	t.Helper()
	for _, rule := range taskRepositoryRules() {
		t.Run(rule.sentence, func(t *testing.T) { rule.check(t, open(t)) })
	}
	for _, option := range options {
		t.Run(option.sentence, option.check)
	}
}

// taskRepositoryRules are the rules that every harness can set the stage for.
func taskRepositoryRules() []rule {
	return slices.Concat(
		isolationRules, ownerIDRules, numberingRules, fidelityRules, getRules, listRules, pageRules, filterRules, trashRules, feedRules,
		applyRules, fieldRules, placeRules, deletionRules, onceRules, eraseRules, concurrencyRules, faultRules,
	)
}

// Option adds a rule that only some harnesses can set the stage for.
type Option struct {
	sentence string
	check    func(t *testing.T)
}

// Closed adds the rule for a closed store. It takes a repository that was
// open and has been closed.
func Closed(open func(t *testing.T) ports.TaskRepository) Option {
	return Option{closedRule.sentence, func(t *testing.T) { closedRule.check(t, open(t)) }}
}

// Twice adds the rule for two handles on one store, as two processes have them.
func Twice(open func(t *testing.T) (one, other ports.TaskRepository)) Option {
	return Option{twiceRule.sentence, func(t *testing.T) {
		one, other := open(t)
		twiceRule.check(t, one, other)
	}}
}

// rule is one sentence of a port's contract and how to find out whether it holds.
type rule struct {
	sentence string
	check    func(t reporter, tasks ports.TaskRepository)
}

// reporter is what a rule needs of a test. The mutants' test has another one.
type reporter interface {
	Context() context.Context
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
	Helper()
}
