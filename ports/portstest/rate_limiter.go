package portstest

import (
	"slices"
	"testing"

	"github.com/taskward/taskward/ports"
)

// TestRateLimiter checks every sentence of [ports.RateLimiter] against the
// limiters that open gives. It opens one for each rule. They may share one
// store, which may hold anything already: each rule works on fresh subjects.
func TestRateLimiter(t *testing.T, open func(t *testing.T) ports.RateLimiter, options ...Option) {
	t.Helper()
	for _, rule := range rateLimiterRules() {
		t.Run(rule.sentence, func(t *testing.T) { rule.check(t, open(t)) })
	}
	for _, option := range options {
		t.Run(option.sentence, option.check)
	}
}

// ClosedRateLimiter adds to [TestRateLimiter] the rule for a closed store. It
// takes one that was open and has been closed.
func ClosedRateLimiter(open func(t *testing.T) ports.RateLimiter) Option {
	return Option{closedRateLimiterRule.sentence, func(t *testing.T) { closedRateLimiterRule.check(t, open(t)) }}
}

// RateLimiterTwice adds to [TestRateLimiter] the rule for two handles on one
// store, as two processes have them.
func RateLimiterTwice(open func(t *testing.T) (one, other ports.RateLimiter)) Option {
	return Option{rateLimiterTwiceRule.sentence, func(t *testing.T) {
		one, other := open(t)
		rateLimiterTwiceRule.check(t, one, other)
	}}
}

// CountedRateLimiter adds to [TestRateLimiter] the rule for what is forgotten.
// It takes a store that nobody else uses, and how many buckets it keeps.
func CountedRateLimiter(open func(t *testing.T) (limiter ports.RateLimiter, kept func() int)) Option {
	return Option{countedRateLimiterRule.sentence, func(t *testing.T) {
		limiter, kept := open(t)
		countedRateLimiterRule.check(t, limiter, kept)
	}}
}

// rateLimiterRule is one sentence of the contract and how to find out whether it holds.
type rateLimiterRule struct {
	sentence string
	check    func(t reporter, limiter ports.RateLimiter)
}

// rateLimiterRules are the rules that every harness can set the stage for.
func rateLimiterRules() []rateLimiterRule {
	return slices.Concat(takingRules, rateVerdictRules, rateTimeRules, rateIsolationRules, rateConcurrencyRules, rateFaultRules)
}
