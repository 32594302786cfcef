package portstest

import (
	"testing"

	"github.com/taskward/taskward/ports"
)

// TestWakeups checks every sentence of [ports.Wakeups] against what open
// gives. It opens one for each rule. They may share one store, at which others
// may listen already: each rule works on fresh owners. As a wake may get lost,
// a rule wakes again until it arrives, for some seconds.
func TestWakeups(t *testing.T, open func(t *testing.T) ports.Wakeups, options ...Option) {
	t.Helper()
	for _, rule := range wakeupRules {
		t.Run(rule.sentence, func(t *testing.T) { rule.check(t, open(t)) })
	}
	for _, option := range options {
		t.Run(option.sentence, option.check)
	}
}

// ClosingWakeups adds to [TestWakeups] the rule for those who listen when it
// is closed.
func ClosingWakeups(open func(t *testing.T) ClosableWakeups) Option {
	return Option{closingWakeupsRule.sentence, func(t *testing.T) { closingWakeupsRule.check(t, open(t)) }}
}

// ClosedWakeups adds to [TestWakeups] the rule for those who listen after it
// was closed. It takes one that was open and has been closed.
func ClosedWakeups(open func(t *testing.T) ports.Wakeups) Option {
	return Option{closedWakeupsRule.sentence, func(t *testing.T) { closedWakeupsRule.check(t, open(t)) }}
}

// WakeupsTwice adds to [TestWakeups] the rule for two handles on one store, as
// two processes have them.
func WakeupsTwice(open func(t *testing.T) (one, other ports.Wakeups)) Option {
	return Option{wakeupsTwiceRule.sentence, func(t *testing.T) {
		one, other := open(t)
		wakeupsTwiceRule.check(t, one, other)
	}}
}

// ClosableWakeups are [ports.Wakeups] that can be closed.
type ClosableWakeups interface {
	ports.Wakeups
	Close() error
}

// wakeupRule is one sentence of the contract and how to find out whether it holds.
type wakeupRule struct {
	sentence string
	check    func(t reporter, wakeups ports.Wakeups)
}
