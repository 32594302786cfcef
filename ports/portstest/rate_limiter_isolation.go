package portstest

import (
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var rateIsolationRules = []rateLimiterRule{
	{"What one subject takes changes nothing for another", func(t reporter, limiter ports.RateLimiter) {
		wantOwnBuckets(newMeter(t, limiter), "@-one", "@-other")
	}},
	{"Subjects are compared byte for byte", func(t reporter, limiter ports.RateLimiter) {
		for _, pair := range alikeUserIDs {
			wantOwnBuckets(newMeter(t, limiter), pair[0], pair[1])
		}
	}},
	{"Any subject has a bucket", func(t reporter, limiter ports.RateLimiter) {
		for _, odd := range hostileUserIDs {
			m := newMeter(t, limiter)
			m.subject += domain.UserID(odd)
			m.subject = m.subject[:min(len(m.subject), domain.MaxUserIDBytes)]
			m.takeAll(5, noon)
			m.takeAll(1, noon.Add(m.limit.Interval()))
		}
	}},
	{"A bucket that is not full is kept while others are used", func(t reporter, limiter ports.RateLimiter) {
		m := newMeter(t, limiter)
		m.takeAll(5, noon)
		for i := range plenty {
			at := noon.Add(time.Duration(i) * m.limit.Interval() / plenty)
			newMeter(t, limiter).under([]domain.RateLimit{forgettable, fiveSlow}[i%2]).wantAllowed(true, at)
		}
		m.wantAllowed(false, noon.Add(m.limit.Interval()-time.Microsecond))
		m.takeAll(1, noon.Add(m.limit.Interval()))
	}},
}

// wantOwnBuckets fails the test if one of two subjects has less left when the
// other has taken all; both ways, for a store may mix up only later subjects
// with earlier ones. In the subjects' names @ stands for a fresh one.
func wantOwnBuckets(m meter, one, other string) {
	m.t.Helper()
	for _, pair := range [][2]string{{one, other}, {other, one}} {
		fresh := string(newMeter(m.t, m.limiter).subject)
		mine := m.of(domain.UserID(strings.ReplaceAll(pair[0], "@", fresh)))
		theirs := m.of(domain.UserID(strings.ReplaceAll(pair[1], "@", fresh)))
		mine.takeAll(5, noon)
		theirs.takeAll(5, noon)
		theirs.takeAll(1, noon.Add(m.limit.Interval()))
		mine.takeAll(1, noon.Add(m.limit.Interval()))
	}
}

var countedRateLimiterRule = struct {
	sentence string
	check    func(t reporter, limiter ports.RateLimiter, kept func() int)
}{"Buckets that are full are forgotten while others are used", func(t reporter, limiter ports.RateLimiter, kept func() int) {
	const many, few = 100, 50
	at := noon
	for range many {
		newMeter(t, limiter).under(forgettable).wantAllowed(true, at)
	}
	if count := kept(); count == 0 {
		t.Errorf("nothing is kept of %d subjects", many)
	}
	for range many {
		if kept() <= few {
			return
		}
		at = at.Add(time.Second)
		newMeter(t, limiter).under(forgettable).wantAllowed(true, at)
		select { // a store may forget by a clock of its own
		case <-time.After(20 * time.Millisecond):
		case <-t.Context().Done():
		}
	}
	t.Errorf("%d buckets are kept, though nearly all are full", kept())
}}
