package portstest

import (
	"crypto/rand"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Limits of the rules. They are slow, for a store that forgets by a clock of
// its own must not do so while a rule runs.
var (
	// fiveSlow has an interval of 514.285715 s.
	fiveSlow = must(domain.ParseRateLimit("7/h burst 5"))
	twoSlow  = must(domain.ParseRateLimit("7/h burst 2"))
	// forgettable is full again soon, but not before it can be looked for.
	forgettable = must(domain.ParseRateLimit("5/s burst 1"))
)

// meter is what the store under test has of one subject, under fiveSlow if
// nothing else is said. Its methods fail the test where the store should not
// have failed.
type meter struct {
	t       reporter
	limiter ports.RateLimiter
	subject domain.UserID
	limit   domain.RateLimit
}

// newMeter gives the meter of a subject whom nobody has used before.
func newMeter(t reporter, limiter ports.RateLimiter) meter {
	return meter{t, limiter, domain.UserID("Subject-" + rand.Text()), fiveSlow}
}

// of gives the meter of another subject in the same store.
func (m meter) of(subject domain.UserID) meter {
	m.subject = subject
	return m
}

// under gives the meter of the same subject under another limit.
func (m meter) under(limit domain.RateLimit) meter {
	m.limit = limit
	return m
}

func (m meter) take(at time.Time) domain.RateVerdict {
	m.t.Helper()
	verdict, err := m.limiter.Take(m.t.Context(), m.subject, m.limit, at)
	if err != nil {
		m.t.Fatalf("of %.40q, Take at %v: %v", m.subject, at, err)
	}
	return verdict
}

// takeAll takes as often as is allowed at that time, which has to be so often.
func (m meter) takeAll(want int, at time.Time) {
	m.t.Helper()
	got := 0
	for got <= m.limit.Burst() && m.take(at).Allowed {
		got++
	}
	if got != want {
		m.t.Errorf("of %.40q, %d were allowed at %v under %v, want %d", m.subject, got, at, m.limit, want)
	}
}

// want fails the test unless the call gets this verdict.
func (m meter) want(want domain.RateVerdict, at time.Time) {
	m.t.Helper()
	if got := m.take(at); got != want {
		m.t.Errorf("of %.40q, Take at %v under %v gave\n\t%+v, want\n\t%+v", m.subject, at, m.limit, got, want)
	}
}

// wantAllowed fails the test unless the call is allowed as it should be.
func (m meter) wantAllowed(want bool, at time.Time) {
	m.t.Helper()
	if got := m.take(at); got.Allowed != want {
		m.t.Errorf("of %.40q, Take at %v under %v gave %+v, want allowed %t", m.subject, at, m.limit, got, want)
	}
}
