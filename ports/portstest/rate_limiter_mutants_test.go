package portstest

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// rateLimiterHarness sets the stage for the rules of [TestRateLimiter]. Rules
// whose function is nil are left out.
type rateLimiterHarness struct {
	limiter func() ports.RateLimiter
	closed  func() ports.RateLimiter
	twice   func() (one, other ports.RateLimiter)
	counted func() (limiter ports.RateLimiter, kept func() int)
}

// TestRateLimiterMutants runs each rule over limiters that are broken on
// purpose, by the sentence of the contract that each of them makes untrue. The
// rule for that sentence has to fail, and there has to be one such limiter for
// each rule.
func TestRateLimiterMutants(t *testing.T) {
	var kills kills
	left := maps.Clone(rateLimiterMutants)
	for _, sentence := range rateLimiterSentences() {
		try(t, &kills, sentence, left[sentence], func(t *testing.T, mutant rateLimiterHarness) string {
			t.Helper()
			return mutant.failure(t, sentence)
		})
		delete(left, sentence)
	}
	for sentence := range left {
		t.Errorf("mutants break the rule %q, which does not exist", sentence)
	}
	kills.print(t)
}

// TestSoundRateLimiters is the control: what the mutants are made from fails no rule.
func TestSoundRateLimiters(t *testing.T) {
	for name, sound := range map[string]rateLimiterHarness{
		"memory": {
			limiter: func() ports.RateLimiter { return memory.NewRateLimiter() },
			closed:  closedRateLimiter,
			twice: func() (one, other ports.RateLimiter) {
				shared := memory.NewRateLimiter()
				return shared, shared
			},
		},
		"tank":   inTank(func(*tank) {}),
		"mutant": overMemory(rateCall.take),
	} {
		t.Run(name, func(t *testing.T) {
			for _, sentence := range rateLimiterSentences() {
				if failure := sound.failure(t, sentence); failure != "" {
					t.Errorf("%s: %s", sentence, failure)
				}
			}
		})
	}
}

func rateLimiterSentences() []string {
	var sentences []string
	for _, rule := range rateLimiterRules() {
		sentences = append(sentences, rule.sentence)
	}
	return append(sentences, closedRateLimiterRule.sentence, rateLimiterTwiceRule.sentence, countedRateLimiterRule.sentence)
}

// failure gives what the rule for a sentence says, empty if it says nothing or
// the stage cannot be set for it.
func (h rateLimiterHarness) failure(t *testing.T, sentence string) string {
	t.Helper()
	switch {
	case sentence == closedRateLimiterRule.sentence && h.closed != nil:
		return verdict(t, func(t reporter) { closedRateLimiterRule.check(t, h.closed()) })
	case sentence == rateLimiterTwiceRule.sentence && h.twice != nil:
		return verdict(t, func(t reporter) {
			one, other := h.twice()
			rateLimiterTwiceRule.check(t, one, other)
		})
	case sentence == countedRateLimiterRule.sentence && h.counted != nil:
		return verdict(t, func(t reporter) {
			limiter, kept := h.counted()
			countedRateLimiterRule.check(t, limiter, kept)
		})
	}
	for _, rule := range rateLimiterRules() {
		if rule.sentence == sentence && h.limiter != nil {
			return verdict(t, func(t reporter) { rule.check(t, h.limiter()) })
		}
	}
	return ""
}

// shifted is a bucket that is full at another time.
func shifted(bucket domain.Bucket, by time.Duration) domain.Bucket {
	bucket.Full = bucket.Full.Add(by)
	return bucket
}

var rateLimiterMutants = map[string]map[string]rateLimiterHarness{
	"Take allows a call if there is one left in the bucket, and takes it": {
		"everything is allowed": saying(func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict {
			verdict.Allowed = true
			return verdict
		}),
		"nothing is allowed": saying(func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict {
			verdict.Allowed = false
			return verdict
		}),
		"nothing is taken": storing(func(domain.Bucket, domain.RateLimit, time.Time) domain.Bucket { return domain.Bucket{} }),
		"one too many is allowed": inTank(func(k *tank) {
			k.reads = func(bucket domain.Bucket, limit domain.RateLimit, _ time.Time) domain.Bucket {
				return shifted(bucket, -limit.Interval())
			}
		}),
		"one too few is allowed": inTank(func(k *tank) {
			k.reads = func(bucket domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket {
				if !bucket.Full.After(at) {
					bucket.Full = at
				}
				return shifted(bucket, time.Microsecond)
			}
		}),
		"the last one is for a call that is alone": saying(func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict {
			verdict.Allowed = verdict.Allowed && verdict.Remaining > 0
			return verdict
		}),
	},
	"A subject of whom nothing is known has a full bucket": {
		"it has an empty one": inTank(func(k *tank) {
			k.reads = func(bucket domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket {
				if bucket == (domain.Bucket{}) {
					bucket.Full = at.Add(limit.Fill())
				}
				return bucket
			}
		}),
		"it has one": inTank(func(k *tank) {
			k.reads = func(bucket domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket {
				if bucket == (domain.Bucket{}) {
					bucket.Full = at.Add(limit.Fill() - limit.Interval())
				}
				return bucket
			}
		}),
		"the first call is free": taking(func(limit domain.RateLimit, bucket domain.Bucket, at time.Time) (domain.Bucket, domain.RateVerdict) {
			if bucket == (domain.Bucket{}) {
				return domain.Bucket{Full: at, Last: at}, limit.Verdict(true, 0)
			}
			return limit.Take(bucket, at)
		}),
	},
	"One comes back with each interval, to the microsecond": {
		"none comes back":                 inTank(func(k *tank) { k.at = func(domain.Bucket, time.Time) time.Time { return noon } }),
		"all come back with one interval": inTank(func(k *tank) { k.reads = refilled }),
		"one comes back too early": storing(func(after domain.Bucket, _ domain.RateLimit, _ time.Time) domain.Bucket {
			return shifted(after, -time.Microsecond)
		}),
		"one comes back too late": storing(func(after domain.Bucket, _ domain.RateLimit, _ time.Time) domain.Bucket {
			return shifted(after, time.Microsecond)
		}),
		"times are kept in milliseconds": storing(func(after domain.Bucket, _ domain.RateLimit, _ time.Time) domain.Bucket {
			return inUnits(after, time.Millisecond)
		}),
		"times are kept in fourteen digits": storing(func(after domain.Bucket, _ domain.RateLimit, _ time.Time) domain.Bucket {
			return inUnits(after, 100*time.Microsecond)
		}),
		"times of calls are read in milliseconds": inTank(func(k *tank) {
			k.at = func(_ domain.Bucket, at time.Time) time.Time { return at.Truncate(time.Millisecond) }
		}),
		"they come back all at once when it is full": inTank(func(k *tank) {
			k.at = func(bucket domain.Bucket, at time.Time) time.Time {
				if at.Before(bucket.Full) {
					return bucket.Last
				}
				return at
			}
		}),
	},
	"A bucket never holds more than the burst": {
		"what comes back is saved up": inTank(func(k *tank) {
			k.counts = func(domain.RateLimit) domain.RateLimit { return must(domain.ParseRateLimit("7/h burst 20")) }
			k.reads = func(bucket domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket {
				if bucket == (domain.Bucket{}) {
					bucket.Full = at
				}
				return shifted(bucket, 15*limit.Interval())
			}
			k.stores = func(after domain.Bucket, limit domain.RateLimit, _ time.Time) domain.Bucket {
				return shifted(after, -15*limit.Interval())
			}
		}),
		"it holds one more after a while": inTank(func(k *tank) {
			k.reads = func(bucket domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket {
				if bucket != (domain.Bucket{}) && at.After(bucket.Full) {
					return shifted(bucket, -limit.Interval())
				}
				return bucket
			}
			k.takes = func(limit domain.RateLimit, bucket domain.Bucket, at time.Time) (domain.Bucket, domain.RateVerdict) {
				if owed := bucket.Full.Sub(at); owed < 0 && !bucket.Last.IsZero() {
					return domain.Bucket{Full: at, Last: at}, limit.Verdict(true, 0)
				}
				return limit.Take(bucket, at)
			}
		}),
	},
	"A call that is not allowed takes nothing": {
		"it is owed all the same": taking(func(limit domain.RateLimit, bucket domain.Bucket, at time.Time) (domain.Bucket, domain.RateVerdict) {
			after, verdict := limit.Take(bucket, at)
			if !verdict.Allowed {
				after = shifted(after, limit.Interval())
			}
			return after, verdict
		}),
		"it costs a microsecond": taking(func(limit domain.RateLimit, bucket domain.Bucket, at time.Time) (domain.Bucket, domain.RateVerdict) {
			after, verdict := limit.Take(bucket, at)
			if !verdict.Allowed {
				after = shifted(after, time.Microsecond)
			}
			return after, verdict
		}),
		"it begins the wait anew": taking(func(limit domain.RateLimit, bucket domain.Bucket, at time.Time) (domain.Bucket, domain.RateVerdict) {
			after, verdict := limit.Take(bucket, at)
			if !verdict.Allowed {
				after.Full = at.Add(limit.Fill())
			}
			return after, verdict
		}),
	},
	"In any span of time no more are allowed than the burst and one for each interval in it": {
		"a window begins anew at fixed times": taking(inWindows),
		"it lets through twice the rate": inTank(func(k *tank) {
			k.counts = func(limit domain.RateLimit) domain.RateLimit {
				return must(domain.ParseRateLimit(strings.Replace(limit.String(), "7/", "14/", 1)))
			}
		}),
		"it lets through half the rate": inTank(func(k *tank) {
			k.counts = func(limit domain.RateLimit) domain.RateLimit {
				return must(domain.ParseRateLimit(strings.Replace(limit.String(), "7/", "3/", 1)))
			}
		}),
	},
	"The verdict says how many more are allowed at the same moment": {
		"it says the burst": saying(func(verdict domain.RateVerdict, limit domain.RateLimit) domain.RateVerdict {
			verdict.Remaining = limit.Burst()
			return verdict
		}),
		"it counts the call itself": saying(func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict {
			if verdict.Allowed {
				verdict.Remaining++
			}
			return verdict
		}),
		"it counts what has not quite come back": saying(func(verdict domain.RateVerdict, limit domain.RateLimit) domain.RateVerdict {
			if verdict.Next < limit.Interval() {
				verdict.Remaining++
			}
			return verdict
		}),
		"it is negative where nothing is left": saying(func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict {
			if !verdict.Allowed {
				verdict.Remaining = -1
			}
			return verdict
		}),
	},
	"The verdict says how long it is until there is one more, and until the bucket is full, to the microsecond": {
		"one more is an interval away": saying(func(verdict domain.RateVerdict, limit domain.RateLimit) domain.RateVerdict {
			verdict.Next = limit.Interval()
			return verdict
		}),
		"one more is said in milliseconds": saying(func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict {
			verdict.Next = verdict.Next.Truncate(time.Millisecond)
			return verdict
		}),
		"it is full when there is one more": saying(func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict {
			verdict.Full = verdict.Next
			return verdict
		}),
		"there is one more when it is full": saying(func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict {
			verdict.Next = verdict.Full
			return verdict
		}),
		"nothing is said of who is not allowed": saying(func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict {
			if !verdict.Allowed {
				return domain.RateVerdict{}
			}
			return verdict
		}),
		"a wait is said to who has some left only": saying(func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict {
			if verdict.Remaining == 0 {
				verdict.Next = 0
			}
			return verdict
		}),
	},
	"A call with an earlier time than one that was allowed counts as at the time of that one": {
		"it waits until the clock has caught up": inTank(func(k *tank) {
			k.reads = func(bucket domain.Bucket, _ domain.RateLimit, _ time.Time) domain.Bucket {
				bucket.Last = time.Time{}
				return bucket
			}
		}),
		"time goes back for the bucket": inTank(func(k *tank) {
			k.reads = func(bucket domain.Bucket, _ domain.RateLimit, at time.Time) domain.Bucket {
				if at.Before(bucket.Last) {
					return domain.Bucket{Full: at.Add(bucket.Full.Sub(bucket.Last)), Last: at}
				}
				return bucket
			}
		}),
		"it finds a full bucket": inTank(func(k *tank) {
			k.reads = func(bucket domain.Bucket, _ domain.RateLimit, at time.Time) domain.Bucket {
				if at.Before(bucket.Last) {
					return domain.Bucket{}
				}
				return bucket
			}
		}),
		"one of a day before finds a full bucket": inTank(func(k *tank) {
			k.reads = func(bucket domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket {
				if bucket.Last.Sub(at) > limit.Fill() {
					return domain.Bucket{}
				}
				return bucket
			}
		}),
		"how far it is back counts as time that has passed": inTank(func(k *tank) {
			k.at = func(bucket domain.Bucket, at time.Time) time.Time {
				if at.Before(bucket.Last) {
					return bucket.Last.Add(bucket.Last.Sub(at))
				}
				return at
			}
		}),
	},
	"What was taken under one limit counts under another": {
		"each limit has a bucket": inTank(func(k *tank) {
			k.key = func(subject domain.UserID, limit domain.RateLimit) domain.UserID {
				return subject + domain.UserID(" "+limit.String())
			}
		}),
		"the first limit stays": func() rateLimiterHarness {
			var first notes[domain.UserID, domain.RateLimit]
			return overMemory(func(c rateCall) (domain.RateVerdict, error) {
				if limit, known := first.get(c.subject); known {
					c.limit = limit
				}
				first.put(c.subject, c.limit)
				return c.take()
			})
		}(),
	},
	"A bucket never lacks more than the burst": {
		"what was taken under a higher limit is owed in full": taking(func(limit domain.RateLimit, bucket domain.Bucket, at time.Time) (domain.Bucket, domain.RateVerdict) {
			if owed := bucket.Full.Sub(at); owed > limit.Fill() {
				return bucket, limit.Verdict(false, owed)
			}
			return limit.Take(bucket, at)
		}),
		"who owes more than a limit has is let off": inTank(func(k *tank) {
			k.reads = func(bucket domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket {
				if bucket.Full.Sub(at) > limit.Fill() {
					return domain.Bucket{}
				}
				return bucket
			}
		}),
	},
	"What one subject takes changes nothing for another": {
		"all share one bucket":                        keyedBySubject(func(domain.UserID) domain.UserID { return "everybody" }),
		"subjects are told apart by their first byte": keyedBySubject(spelled(first(1))),
		"subjects are told apart by their length":     keyedBySubject(spelled(func(id string) string { return strings.Repeat("x", len(id)) })),
	},
	"Subjects are compared byte for byte": {
		"upper and lower case subjects are the same":         keyedBySubject(spelled(strings.ToLower)),
		"white space around a subject is trimmed":            keyedBySubject(spelled(strings.TrimSpace)),
		"white space after a subject is trimmed":             keyedBySubject(spelled(func(id string) string { return strings.TrimRight(id, " \t") })),
		"invisible characters of a subject are dropped":      keyedBySubject(spelled(strings.NewReplacer("\u200b", "").Replace)),
		"subjects are normalised":                            keyedBySubject(spelled(normalised)),
		"subjects are told apart by their first 255 bytes":   keyedBySubject(spelled(first(255))),
		"a subject ends at its first per cent or underscore": keyedBySubject(spelled(func(id string) string { return strings.TrimRight(id, "x%_") })),
	},
	"Any subject has a bucket": {
		"a subject with a new line is refused": overMemory(func(c rateCall) (domain.RateVerdict, error) {
			if strings.Contains(string(c.subject), "\n") {
				return domain.RateVerdict{}, errors.New("protocol error")
			}
			return c.take()
		}),
		"subjects of more than 1000 bytes are not limited": overMemory(func(c rateCall) (domain.RateVerdict, error) {
			if len(c.subject) > 1000 {
				return domain.RateVerdict{Allowed: true}, nil
			}
			return c.take()
		}),
		"subjects above the basic plane are not kept": overMemory(func(c rateCall) (domain.RateVerdict, error) {
			if strings.ContainsFunc(string(c.subject), func(r rune) bool { return r > 0xFFFF }) {
				c.sound = memory.NewRateLimiter()
			}
			return c.take()
		}),
	},
	"A bucket that is not full is kept while others are used": {
		"whatever is kept is forgotten": inTank(func(k *tank) { k.forgets = func(domain.Bucket, time.Time) bool { return true } }),
		"a bucket is forgotten an interval early": inTank(func(k *tank) {
			k.forgets = func(bucket domain.Bucket, at time.Time) bool {
				return !bucket.Full.After(at.Add(4*fiveSlow.Interval() + time.Second))
			}
		}),
		"all are forgotten when one is full": func() rateLimiterHarness {
			return inTank(func(k *tank) {
				k.forgets = func(_ domain.Bucket, at time.Time) bool {
					for _, bucket := range k.buckets {
						if !bucket.Full.After(at) {
							return true
						}
					}
					return false
				}
			})
		}(),
	},
	countedRateLimiterRule.sentence: {
		"nothing is forgotten": inTank(func(k *tank) { k.forgets = func(domain.Bucket, time.Time) bool { return false } }),
		"what is full is kept for a day": inTank(func(k *tank) {
			k.forgets = func(bucket domain.Bucket, at time.Time) bool { return bucket.Full.Before(at.AddDate(0, 0, -1)) }
		}),
	},
	"Of many calls at the same moment as many are allowed as the burst": {
		"Take looks before it writes": overtaking(),
		"those who meet all fail": func() rateLimiterHarness {
			var gate gate
			return overMemory(func(c rateCall) (domain.RateVerdict, error) {
				if gate.pass() {
					return domain.RateVerdict{}, errors.New("transaction failed")
				}
				return c.take()
			})
		}(),
		"those who meet are not allowed": func() rateLimiterHarness {
			var gate gate
			return overMemory(func(c rateCall) (domain.RateVerdict, error) {
				met := gate.pass()
				verdict, err := c.take()
				verdict.Allowed = verdict.Allowed && !met
				return verdict, err
			})
		}(),
	},
	rateLimiterTwiceRule.sentence: {
		"two handles have a store each": {twice: func() (one, other ports.RateLimiter) {
			return memory.NewRateLimiter(), memory.NewRateLimiter()
		}},
		"two handles look before they write": overtaking(),
	},
	"Take returns the context's error if the context has ended": {
		"Take ignores the context":              overMemory(func(c rateCall) (domain.RateVerdict, error) { return c.endless().take() }),
		"an ended context gives another error":  endingTakeWith(errors.New("interrupted")),
		"an ended context makes it unavailable": endingTakeWith(domain.ErrUnavailable),
		"any ended context counts as cancelled": endingTakeWith(context.Canceled),
	},
	"Nothing is taken if the context has ended": {
		"Take looks at the context after it has taken": overMemory(func(c rateCall) (domain.RateVerdict, error) {
			_, err := c.endless().take()
			return domain.RateVerdict{}, errors.Join(err, c.ctx.Err())
		}),
		"a verdict comes with the error": overMemory(func(c rateCall) (domain.RateVerdict, error) {
			verdict, err := c.take()
			if err != nil {
				verdict.Allowed = true
			}
			return verdict, err
		}),
		"Take succeeds all the same": overMemory(func(c rateCall) (domain.RateVerdict, error) {
			if c.ctx.Err() != nil {
				return domain.RateVerdict{}, nil
			}
			return c.take()
		}),
	},
	closedRateLimiterRule.sentence: {
		"a closed store answers": {closed: func() ports.RateLimiter { return memory.NewRateLimiter() }},
		"a closed store gives the driver's error": overMemory(func(c rateCall) (domain.RateVerdict, error) {
			if verdict, err := c.take(); err == nil {
				return verdict, nil
			}
			return domain.RateVerdict{}, errors.New("client is closed")
		}),
		"a closed store allows all": overMemory(func(rateCall) (domain.RateVerdict, error) { return domain.RateVerdict{Allowed: true}, nil }),
	},
}

// refilled is a full bucket once an interval has passed.
func refilled(bucket domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket {
	if at.Sub(bucket.Last) >= limit.Interval() {
		return domain.Bucket{Last: bucket.Last}
	}
	return bucket
}

// inUnits keeps the times of a bucket in a coarser unit.
func inUnits(bucket domain.Bucket, unit time.Duration) domain.Bucket {
	return domain.Bucket{Full: bucket.Full.Truncate(unit), Last: bucket.Last.Truncate(unit)}
}

// inWindows counts calls in windows that begin at fixed times, as simple
// limiters do: around the end of one there may be twice as many.
func inWindows(limit domain.RateLimit, bucket domain.Bucket, at time.Time) (domain.Bucket, domain.RateVerdict) {
	window := at.Truncate(limit.Fill())
	if bucket.Last.Before(window) {
		bucket = domain.Bucket{Full: window, Last: window}
	}
	owed := bucket.Full.Sub(window)
	if owed >= limit.Fill() {
		return bucket, limit.Verdict(false, limit.Fill())
	}
	bucket.Full = bucket.Full.Add(limit.Interval())
	return bucket, limit.Verdict(true, owed+limit.Interval())
}

func endingTakeWith(answer error) rateLimiterHarness {
	return overMemory(func(c rateCall) (domain.RateVerdict, error) {
		verdict, err := c.take()
		if err != nil && errors.Is(err, c.ctx.Err()) {
			return verdict, answer
		}
		return verdict, err
	})
}
