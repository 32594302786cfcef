package portstest

import (
	"testing"

	"github.com/taskward/taskward/ports"
)

// TestOwners checks every sentence of [ports.Owners] against what open gives,
// together with a repository on the same store. It opens both for each rule.
// They may share one store, which may hold anything already: each rule works
// on fresh owners.
func TestOwners(t *testing.T, open func(t *testing.T) (ports.Owners, ports.TaskRepository), options ...Option) {
	t.Helper()
	for _, rule := range ownersRules {
		t.Run(rule.sentence, func(t *testing.T) {
			owners, tasks := open(t)
			rule.check(t, owners, tasks)
		})
	}
	for _, option := range options {
		t.Run(option.sentence, option.check)
	}
}

// ClosedOwners adds to [TestOwners] the rule for a closed store. It takes one
// that was open and has been closed.
func ClosedOwners(open func(t *testing.T) ports.Owners) Option {
	return Option{closedOwnersRule.sentence, func(t *testing.T) { closedOwnersRule.check(t, open(t), nil) }}
}

// ownersRule is one sentence of the contract and how to find out whether it holds.
type ownersRule struct {
	sentence string
	check    func(t reporter, owners ports.Owners, tasks ports.TaskRepository)
}
