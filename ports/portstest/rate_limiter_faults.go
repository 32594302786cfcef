package portstest

import (
	"errors"
	"slices"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var rateConcurrencyRules = []rateLimiterRule{
	{"Of many calls at the same moment as many are allowed as the burst", func(t reporter, limiter ports.RateLimiter) {
		for range 4 {
			m := newMeter(t, limiter)
			wantInTurn(t, together(scene{t: t}, func(int) (domain.RateVerdict, error) {
				return limiter.Take(t.Context(), m.subject, m.limit, noon)
			}), 4, 3, 2, 1, 0)
			later := noon.Add(2 * m.limit.Interval())
			wantInTurn(t, together(scene{t: t}, func(int) (domain.RateVerdict, error) {
				return limiter.Take(t.Context(), m.subject, m.limit, later)
			}), 1, 0)
		}
	}},
}

// wantInTurn fails the test unless of those that were allowed each left as
// many as it should.
func wantInTurn(t reporter, verdicts []domain.RateVerdict, want ...int) {
	t.Helper()
	var left []int
	for _, verdict := range verdicts {
		if verdict.Allowed {
			left = append(left, verdict.Remaining)
		}
	}
	slices.SortFunc(left, func(a, b int) int { return b - a })
	if !slices.Equal(left, want) {
		t.Errorf("calls at the same time left %v, want %v", left, want)
	}
}

var rateLimiterTwiceRule = struct {
	sentence string
	check    func(t reporter, one, other ports.RateLimiter)
}{"Two handles on one store share the buckets", func(t reporter, one, other ports.RateLimiter) {
	here := newMeter(t, one)
	there := meter{t, other, here.subject, here.limit}
	interval := here.limit.Interval()
	for i, m := range []meter{here, there, here, there, here} {
		m.want(domain.RateVerdict{Allowed: true, Remaining: 4 - i, Next: interval, Full: time.Duration(i+1) * interval}, noon)
	}
	there.wantAllowed(false, noon)
	there.takeAll(1, noon.Add(interval))
	here.wantAllowed(false, noon.Add(interval))
	at := noon.Add(6 * interval)
	wantInTurn(t, together(scene{t: t}, func(member int) (domain.RateVerdict, error) {
		handle := []ports.RateLimiter{one, other}[member%2]
		return handle.Take(t.Context(), here.subject, here.limit, at)
	}), 4, 3, 2, 1, 0)
}}

var rateFaultRules = []rateLimiterRule{
	{"Take returns the context's error if the context has ended", func(t reporter, limiter ports.RateLimiter) {
		m := newMeter(t, limiter)
		for want, ctx := range ended(t) {
			if _, err := limiter.Take(ctx, m.subject, m.limit, noon); !errors.Is(err, want) {
				t.Errorf("Take gave error %v, want %v", err, want)
			}
		}
	}},
	{"Nothing is taken if the context has ended", func(t reporter, limiter ports.RateLimiter) {
		m := newMeter(t, limiter)
		for _, ctx := range ended(t) {
			if verdict, err := limiter.Take(ctx, m.subject, m.limit, noon); err == nil || verdict != (domain.RateVerdict{}) {
				t.Errorf("Take gave %+v and error %v", verdict, err)
			}
		}
		m.takeAll(5, noon)
	}},
}

var closedRateLimiterRule = rateLimiterRule{"A closed store answers with domain.Unavailable", func(t reporter, limiter ports.RateLimiter) {
	m := newMeter(t, limiter)
	if verdict, err := limiter.Take(t.Context(), m.subject, m.limit, noon); domain.KindOf(err) != domain.Unavailable || verdict.Allowed {
		t.Errorf("Take gave %+v and error %v", verdict, err)
	}
}}
