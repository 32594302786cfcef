package portstest

import (
	"slices"
	"testing"

	"github.com/taskward/taskward/ports"
)

// TestRevocations checks every sentence of [ports.Revocations] against the
// stores that open gives. It opens one for each rule. They may share one
// store, which may hold anything already: each rule works on fresh owners.
func TestRevocations(t *testing.T, open func(t *testing.T) ports.Revocations, options ...Option) {
	t.Helper()
	for _, rule := range revocationRules() {
		t.Run(rule.sentence, func(t *testing.T) { rule.check(t, open(t)) })
	}
	for _, option := range options {
		t.Run(option.sentence, option.check)
	}
}

// ClosedRevocations adds to [TestRevocations] the rule for a closed store. It
// takes one that was open and has been closed.
func ClosedRevocations(open func(t *testing.T) ports.Revocations) Option {
	return Option{closedRevocationsRule.sentence, func(t *testing.T) { closedRevocationsRule.check(t, open(t)) }}
}

// RevocationsTwice adds to [TestRevocations] the rule for two handles on one
// store, as two processes have them.
func RevocationsTwice(open func(t *testing.T) (one, other ports.Revocations)) Option {
	return Option{revocationsTwiceRule.sentence, func(t *testing.T) {
		one, other := open(t)
		revocationsTwiceRule.check(t, one, other)
	}}
}

// revocationRule is one sentence of the contract and how to find out whether it holds.
type revocationRule struct {
	sentence string
	check    func(t reporter, revocations ports.Revocations)
}

// revocationRules are the rules that every harness can set the stage for.
func revocationRules() []revocationRule {
	return slices.Concat(revokingRules, spendingRules, revocationIsolationRules, forgettingRules, revocationConcurrencyRules, revocationFaultRules)
}
