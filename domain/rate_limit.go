package domain

import (
	"strconv"
	"strings"
	"time"
)

// RateLimit is how often somebody may ask: so many in a span of time, and so
// many at once. The zero value is no limit; any other allows something.
type RateLimit struct {
	count int           // in each per
	per   time.Duration // a second, a minute or an hour
	burst int
}

// What a [RateLimit] may be at most. Both keep the times that follow from it
// within what stores can count exactly.
const (
	MaxRatePerSecond = 10_000
	MaxRateBurst     = 1_000_000
)

// ParseRateLimit reads what [RateLimit.String] writes: "100/s", "600/m" or
// "20/h", which allow as many at once, or with " burst 200" behind it. The error
// is [Invalid].
func ParseRateLimit(text string) (RateLimit, error) {
	rate, burst, bursts := strings.Cut(text, " burst ")
	count, unit, _ := strings.Cut(rate, "/")
	if !bursts {
		burst = count
	}
	limit := RateLimit{count: naturalNumber(count), per: ratePeriods[unit], burst: naturalNumber(burst)}
	switch {
	case limit.count == 0 || limit.per == 0 || limit.burst == 0:
		return RateLimit{}, Invalidity(Violation{"rate", "must be like 100/s, 600/m or 20/h, and may have a burst: 600/m burst 200"})
	case limit.count > MaxRatePerSecond*int(limit.per/time.Second):
		return RateLimit{}, Invalidity(Violation{"rate", "must be at most 10000 a second"})
	case limit.burst > MaxRateBurst:
		return RateLimit{}, Invalidity(Violation{"burst", "must be at most 1000000"})
	}
	return limit, nil
}

var ratePeriods = map[string]time.Duration{"s": time.Second, "m": time.Minute, "h": time.Hour}

// naturalNumber gives the number from 1 up that the text is the usual way to
// write, and 0 for any other text.
func naturalNumber(text string) int {
	number, err := strconv.ParseUint(text, 10, 31)
	if err != nil || strconv.FormatUint(number, 10) != text {
		return 0
	}
	return int(number)
}

// String writes the limit as [ParseRateLimit] reads it, and nothing for none.
func (l RateLimit) String() string {
	if l.IsZero() {
		return ""
	}
	text := strconv.Itoa(l.count) + "/"
	for unit, period := range ratePeriods {
		if period == l.per {
			text += unit
		}
	}
	if l.burst != l.count {
		text += " burst " + strconv.Itoa(l.burst)
	}
	return text
}

// IsZero reports whether there is no limit.
func (l RateLimit) IsZero() bool { return l == RateLimit{} }

// Burst is how many are allowed at once.
func (l RateLimit) Burst() int { return l.burst }

// Interval is how long it takes until one more is allowed, in whole
// microseconds. It is rounded up, so that the rate is never exceeded.
func (l RateLimit) Interval() time.Duration {
	step := time.Duration(l.count) * time.Microsecond
	return (l.per + step - 1) / step * time.Microsecond
}

// Fill is how long it takes until as many as the burst are allowed again after
// as many were used up.
func (l RateLimit) Fill() time.Duration { return time.Duration(l.burst) * l.Interval() }
