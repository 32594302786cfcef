package portstest

import (
	"math/rand/v2"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var takingRules = []rateLimiterRule{
	{"Take allows a call if there is one left in the bucket, and takes it", func(t reporter, limiter ports.RateLimiter) {
		for _, limit := range []domain.RateLimit{fiveSlow, twoSlow} {
			m := newMeter(t, limiter).under(limit)
			m.takeAll(limit.Burst(), noon)
			m.wantAllowed(false, noon)
			m.wantAllowed(false, noon.Add(time.Second))
		}
	}},
	{"A subject of whom nothing is known has a full bucket", func(t reporter, limiter ports.RateLimiter) {
		for _, at := range []time.Time{noon, earlier, later} {
			m := newMeter(t, limiter)
			m.want(domain.RateVerdict{Allowed: true, Remaining: 4, Next: fiveSlow.Interval(), Full: fiveSlow.Interval()}, at)
			m.takeAll(4, at)
		}
	}},
	{"One comes back with each interval, to the microsecond", func(t reporter, limiter ports.RateLimiter) {
		m := newMeter(t, limiter)
		m.takeAll(5, noon)
		interval := fiveSlow.Interval()
		for i := range 3 {
			at := noon.Add(time.Duration(i+1) * interval)
			m.wantAllowed(false, at.Add(-time.Microsecond))
			m.takeAll(1, at)
		}
		m.takeAll(2, noon.Add(5*interval+interval/2))
		m.wantAllowed(false, noon.Add(6*interval-time.Microsecond))
		m.takeAll(1, noon.Add(6*interval))
	}},
	{"A bucket never holds more than the burst", func(t reporter, limiter ports.RateLimiter) {
		m := newMeter(t, limiter)
		m.wantAllowed(true, noon)
		m.takeAll(5, noon.Add(2*fiveSlow.Interval()))
		m.takeAll(5, noon.AddDate(1, 0, 0))
	}},
	{"A call that is not allowed takes nothing", func(t reporter, limiter ports.RateLimiter) {
		m := newMeter(t, limiter)
		m.takeAll(5, noon)
		interval := fiveSlow.Interval()
		for i := range 10 {
			m.wantAllowed(false, noon.Add(interval-time.Duration(10-i)*time.Microsecond))
		}
		m.takeAll(1, noon.Add(interval))
		m.wantAllowed(false, noon.Add(2*interval-1*time.Microsecond))
		m.takeAll(1, noon.Add(2*interval))
	}},
	{"In any span of time no more are allowed than the burst and one for each interval in it", func(t reporter, limiter ports.RateLimiter) {
		draw := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // G404: the same calls each time
		for _, busy := range []int64{1, 3, 30} {
			m := newMeter(t, limiter)
			var allowed []time.Time
			at := noon
			for range 200 {
				at = at.Add(time.Duration(draw.Int64N(2*m.limit.Interval().Microseconds()/busy)) * time.Microsecond)
				if m.take(at).Allowed {
					allowed = append(allowed, at)
				}
			}
			m.wantWithin(allowed)
			if least := int(at.Sub(noon) / m.limit.Interval()); busy > 1 && len(allowed) < least {
				t.Errorf("of 200 calls in %v %d were allowed, want at least %d", at.Sub(noon), len(allowed), least)
			}
		}
	}},
}

// wantWithin fails the test if there is a span of time in which more were
// allowed than the limit has.
func (m meter) wantWithin(allowed []time.Time) {
	m.t.Helper()
	for i, begin := range allowed {
		for j, end := range allowed[i:] {
			if most := m.limit.Burst() + int(end.Sub(begin)/m.limit.Interval()); j+1 > most {
				m.t.Fatalf("%d were allowed in %v under %v, want at most %d", j+1, end.Sub(begin), m.limit, most)
			}
		}
	}
}

var rateVerdictRules = []rateLimiterRule{
	{"The verdict says how many more are allowed at the same moment", func(t reporter, limiter ports.RateLimiter) {
		m := newMeter(t, limiter)
		for _, want := range []int{4, 3, 2, 1, 0, 0} {
			if got := m.take(noon).Remaining; got != want {
				t.Errorf("%d remain, want %d", got, want)
			}
		}
		at := noon.Add(2*fiveSlow.Interval() + fiveSlow.Interval()/2)
		for _, want := range []int{1, 0, 0} {
			if got := m.take(at).Remaining; got != want {
				t.Errorf("later %d remain, want %d", got, want)
			}
		}
	}},
	{"The verdict says how long it is until there is one more, and until the bucket is full, to the microsecond", func(t reporter, limiter ports.RateLimiter) {
		m := newMeter(t, limiter)
		interval, little := fiveSlow.Interval(), 7*time.Microsecond
		m.want(domain.RateVerdict{Allowed: true, Remaining: 4, Next: interval, Full: interval}, noon)
		m.want(domain.RateVerdict{Allowed: true, Remaining: 3, Next: interval - little, Full: 2*interval - little}, noon.Add(little))
		m.takeAll(3, noon.Add(little))
		m.want(domain.RateVerdict{Next: interval - 2*little, Full: 5*interval - 2*little}, noon.Add(2*little))
		m.want(domain.RateVerdict{Next: little, Full: 4*interval + little}, noon.Add(interval-little))
		m.want(domain.RateVerdict{Allowed: true, Next: interval, Full: 5 * interval}, noon.Add(interval))
	}},
}

var rateTimeRules = []rateLimiterRule{
	{"A call with an earlier time than one that was allowed counts as at the time of that one", func(t reporter, limiter ports.RateLimiter) {
		interval := fiveSlow.Interval()
		for _, behind := range []time.Duration{time.Microsecond, interval, 5 * interval, 24 * time.Hour} {
			m := newMeter(t, limiter)
			m.wantAllowed(true, noon)
			m.want(domain.RateVerdict{Allowed: true, Remaining: 3, Next: interval, Full: 2 * interval}, noon.Add(-behind))
			m.takeAll(3, noon.Add(-behind))
			m.want(domain.RateVerdict{Next: interval, Full: 5 * interval}, noon.Add(-behind))
			m.want(domain.RateVerdict{Next: interval / 5, Full: 4*interval + interval/5}, noon.Add(interval-interval/5))
			m.wantAllowed(false, noon.Add(-behind))
			m.takeAll(1, noon.Add(interval))
			m.wantAllowed(false, noon)
			m.wantAllowed(false, noon.Add(2*interval-time.Microsecond))
			m.takeAll(1, noon.Add(2*interval))
		}
	}},
	{"What was taken under one limit counts under another", func(t reporter, limiter ports.RateLimiter) {
		m := newMeter(t, limiter)
		m.under(twoSlow).wantAllowed(true, noon)
		m.takeAll(4, noon)
		m.under(twoSlow).wantAllowed(false, noon)
		quicker := must(domain.ParseRateLimit("14/h burst 20"))
		m.under(quicker).takeAll(10, noon) // five of the one are ten of the other
	}},
	{"A bucket never lacks more than the burst", func(t reporter, limiter ports.RateLimiter) {
		m := newMeter(t, limiter)
		m.takeAll(5, noon)
		m.under(twoSlow).want(domain.RateVerdict{Next: twoSlow.Interval(), Full: 2 * twoSlow.Interval()}, noon)
	}},
}
