package domain_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestParseRateLimit(t *testing.T) {
	for text, want := range map[string]struct {
		burst    int
		interval time.Duration
	}{
		"100/s":              {100, 10 * time.Millisecond},
		"600/m burst 200":    {200, 100 * time.Millisecond},
		"20/h":               {20, 3 * time.Minute},
		"1/h burst 1000000":  {1_000_000, time.Hour},
		"10000/s burst 1":    {1, 100 * time.Microsecond},
		"36000000/h burst 2": {2, 100 * time.Microsecond},
		"7/s":                {7, 142858 * time.Microsecond}, // 142857.14…
		"3/s burst 5":        {5, 333334 * time.Microsecond},
	} {
		limit, err := domain.ParseRateLimit(text)
		if err != nil || limit.String() != text || limit.Burst() != want.burst || limit.Interval() != want.interval ||
			limit.Fill() != time.Duration(want.burst)*want.interval || limit.IsZero() {
			t.Errorf("ParseRateLimit(%q) = %q with burst %d, interval %v, fill %v; error %v", text, limit, limit.Burst(), limit.Interval(), limit.Fill(), err)
		}
	}
	if limit, err := domain.ParseRateLimit("5/s burst 5"); err != nil || limit.String() != "5/s" {
		t.Errorf("a burst that goes without saying is written %q, error %v", limit, err)
	}
	const form = "must be like 100/s, 600/m or 20/h, and may have a burst: 600/m burst 200"
	for text, want := range map[string]domain.Violation{
		"": {"rate", form}, "off": {"rate", form}, "100": {"rate", form}, "/s": {"rate", form}, "0/s": {"rate", form},
		"-1/s": {"rate", form}, "+1/s": {"rate", form}, "01/s": {"rate", form}, "1.5/s": {"rate", form}, "1e3/s": {"rate", form},
		"1/d": {"rate", form}, "1/S": {"rate", form}, "1/": {"rate", form}, "1/s/s": {"rate", form}, " 1/s": {"rate", form}, "1/s ": {"rate", form},
		"1/s burst": {"rate", form}, "1/s burst ": {"rate", form}, "1/s burst 0": {"rate", form}, "1/s  burst 1": {"rate", form},
		"1/s burst 1 burst 1": {"rate", form}, "1/s burst -1": {"rate", form}, "99999999999999999999/h": {"rate", form},
		"10001/s": {"rate", "must be at most 10000 a second"}, "600001/m": {"rate", "must be at most 10000 a second"},
		"36000001/h burst 1": {"rate", "must be at most 10000 a second"},
		"1/s burst 1000001":  {"burst", "must be at most 1000000"}, "36000000/h": {"burst", "must be at most 1000000"},
	} {
		limit, err := domain.ParseRateLimit(text)
		wantOnly(t, err, want.Field, want.Detail)
		if !limit.IsZero() {
			t.Errorf("ParseRateLimit(%q) gave %q with its error", text, limit)
		}
	}
	if text := (domain.RateLimit{}).String(); text != "" {
		t.Errorf("no limit is written %q", text)
	}
}

func TestRateLimitProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		almost := rapid.StringMatching(`[0-9]{1,6}/[smhd]( burst [0-9]{1,8})?`)
		checkRateLimit(t, rapid.OneOf(almost, anyText()).Draw(t, "text"))
	})
}

func FuzzParseRateLimit(f *testing.F) {
	for _, seed := range []string{"100/s", "600/m burst 200", "1/h burst 1000000", "", "0/s", "1/s burst 0", "10001/s", "1/s burst ", "\xff", strings.Repeat("9", 40) + "/h"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkRateLimit(t, text) })
}

// checkRateLimit holds what ParseRateLimit makes of a text against what is
// promised of limits: above all that the times that follow from one can be
// counted, and that it is never more than was asked for.
func checkRateLimit(t rapid.TB, text string) {
	t.Helper()
	limit, err := domain.ParseRateLimit(text)
	if err != nil {
		if domain.KindOf(err) != domain.Invalid {
			t.Errorf("ParseRateLimit(%q) gave error %v", text, err)
		}
		return
	}
	if again, err := domain.ParseRateLimit(limit.String()); err != nil || again != limit {
		t.Fatalf("ParseRateLimit(%q) = %q, which is read as %q, error %v", text, limit, again, err)
	}
	if limit.String() != text && !strings.HasPrefix(text, limit.String()+" burst ") {
		t.Errorf("ParseRateLimit(%q) = %q", text, limit)
	}
	interval := limit.Interval()
	if interval < 100*time.Microsecond || interval > time.Hour || interval%time.Microsecond != 0 {
		t.Errorf("the interval of %q is %v", text, interval)
	}
	// The largest whole number that a float64 has before it begins to skip some
	// is that of the microseconds up to the year 2255.
	if full := noon.Add(limit.Fill()); limit.Fill() < interval || full.UnixMicro() >= 1<<53 {
		t.Errorf("a bucket of %q fills in %v, until %v", text, limit.Fill(), full)
	}
	if _, verdict := limit.Take(domain.Bucket{}, noon); !verdict.Allowed {
		t.Errorf("%q allows nothing", text)
	}
}
