package portstest

import (
	"context"
	"testing"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// TestAuditLog checks every sentence of [ports.AuditLog] against the log of the
// harness.
func TestAuditLog(t *testing.T, harness AuditHarness, options ...Option) {
	t.Helper()
	for _, rule := range auditRules {
		t.Run(rule.sentence, func(t *testing.T) { rule.check(t, harness) })
	}
	for _, option := range options {
		t.Run(option.sentence, option.check)
	}
}

// AuditHarness is a log, and what it takes to test it: somebody who reads what
// was written. All rules share it, and other entries may be in it already: each
// rule works on fresh requests.
type AuditHarness struct {
	Log ports.AuditLog

	// Read gives all entries that there are, in their order.
	Read func(ctx context.Context) ([]domain.AuditEntry, error)
}

// ClosedAuditLog adds to [TestAuditLog] the rule for a closed log. It takes one
// that was open and has been closed.
func ClosedAuditLog(open func(t *testing.T) ports.AuditLog) Option {
	return Option{closedAuditRule.sentence, func(t *testing.T) { closedAuditRule.check(t, AuditHarness{Log: open(t)}) }}
}

// auditRule is one sentence of the contract and how to find out whether it holds.
type auditRule struct {
	sentence string
	check    func(t reporter, h AuditHarness)
}
