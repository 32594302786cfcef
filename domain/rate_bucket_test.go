package domain_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

// ofThree allows three at once and one each 20 s.
var ofThree = must(domain.ParseRateLimit("3/m"))

func TestTake(t *testing.T) {
	const second = time.Second
	var bucket domain.Bucket
	for i, step := range []struct {
		after time.Duration // since noon
		want  domain.RateVerdict
	}{
		{0, domain.RateVerdict{Allowed: true, Remaining: 2, Next: 20 * second, Full: 20 * second}},
		{5 * second, domain.RateVerdict{Allowed: true, Remaining: 1, Next: 15 * second, Full: 35 * second}},
		{5 * second, domain.RateVerdict{Allowed: true, Remaining: 0, Next: 15 * second, Full: 55 * second}},
		{20*second - 1000, domain.RateVerdict{Allowed: false, Remaining: 0, Next: 1000, Full: 40*second + 1000}},
		{20 * second, domain.RateVerdict{Allowed: true, Remaining: 0, Next: 20 * second, Full: 60 * second}},
		{0, domain.RateVerdict{Allowed: false, Remaining: 0, Next: 20 * second, Full: 60 * second}}, // counts as at 20 s
		{time.Hour, domain.RateVerdict{Allowed: true, Remaining: 2, Next: 20 * second, Full: 20 * second}},
	} {
		before := bucket
		var got domain.RateVerdict
		if bucket, got = ofThree.Take(bucket, noon.Add(step.after)); got != step.want {
			t.Errorf("call %d gave %+v, want %+v", i+1, got, step.want)
		}
		if !got.Allowed && bucket != before {
			t.Errorf("call %d was refused and left %+v of %+v", i+1, bucket, before)
		}
	}
}

// A bucket that was emptied under a high limit is not more than empty under a
// low one, and one that was used under a low limit counts under a high one.
func TestTakeUnderAnotherLimit(t *testing.T) {
	hundred := must(domain.ParseRateLimit("100/m burst 1000"))
	var emptied domain.Bucket
	for range 1000 {
		emptied, _ = hundred.Take(emptied, noon)
	}
	if _, got := ofThree.Take(emptied, noon); got != (domain.RateVerdict{Next: 20 * time.Second, Full: time.Minute}) {
		t.Errorf("the lower limit gives %+v", got)
	}
	if _, got := ofThree.Take(emptied, noon.Add(10*time.Minute)); !got.Allowed {
		t.Errorf("the lower limit gives %+v after the higher one's time", got)
	}
	one, _ := ofThree.Take(domain.Bucket{}, noon)
	if _, got := hundred.Take(one, noon); !got.Allowed || got.Remaining != 1000-1-34 { // 20 s are 33.3 of 0.6 s
		t.Errorf("the higher limit gives %+v", got)
	}
}

// Whatever the calls, no span of time has more that are allowed than the burst
// and one for each interval in it, and the verdict's forecasts come true.
func TestTakeProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := must(domain.ParseRateLimit(rapid.SampledFrom([]string{"3/m", "7/s", "1/s burst 5", "10000/s burst 3", "11/h burst 2"}).Draw(t, "limit")))
		pause := rapid.OneOf(rapid.Just(time.Duration(0)), rapid.Map(rapid.Int64Range(1, limit.Fill().Microseconds()), func(us int64) time.Duration { return time.Duration(us) * time.Microsecond }))
		var bucket domain.Bucket
		var allowed []time.Time
		at := noon
		for range rapid.IntRange(1, 60).Draw(t, "calls") {
			at = at.Add(pause.Draw(t, "pause"))
			var verdict domain.RateVerdict
			bucket, verdict = limit.Take(bucket, at)
			if verdict.Allowed {
				allowed = append(allowed, at)
			}
			checkForecast(t, limit, bucket, at, verdict)
		}
		for i := range allowed {
			for j := i; j < len(allowed); j++ {
				if most := limit.Burst() + int(allowed[j].Sub(allowed[i])/limit.Interval()); j-i+1 > most {
					t.Fatalf("%d were allowed in %v under %v", j-i+1, allowed[j].Sub(allowed[i]), limit)
				}
			}
		}
	})
}

// checkForecast does what the verdict says can be done, and what it says cannot.
func checkForecast(t *rapid.T, limit domain.RateLimit, bucket domain.Bucket, at time.Time, verdict domain.RateVerdict) {
	for after, want := range map[time.Duration]int{
		0: verdict.Remaining, verdict.Next - time.Microsecond: verdict.Remaining, verdict.Next: verdict.Remaining + 1,
		verdict.Full - time.Microsecond: limit.Burst() - 1, verdict.Full: limit.Burst(), verdict.Full + time.Hour: limit.Burst(),
	} {
		got := 0
		for tried, verdict := limit.Take(bucket, at.Add(after)); verdict.Allowed; tried, verdict = limit.Take(tried, at.Add(after)) {
			got++
		}
		if got != want {
			t.Fatalf("%+v of %v: %v later %d are allowed, want %d", verdict, limit, after, got, want)
		}
	}
}
