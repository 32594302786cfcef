package domain_test

import (
	"errors"
	"math"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestParseTaskID(t *testing.T) {
	for text, want := range map[string]domain.TaskID{
		"1": 1, "9": 9, "10": 10, "1234567890": 1234567890, "9223372036854775807": math.MaxInt64,
	} {
		if id, err := domain.ParseTaskID(text); err != nil || id != want {
			t.Errorf("ParseTaskID(%q) = %d, %v; want %d", text, id, err, want)
		}
	}
	for _, text := range []string{
		"", "0", "00", "-0", "-1", "+1", "01", " 1", "1 ", "1\n", "1.0", "1e3", "0x1", "1_000", "1,000", "abc", "null", "\x00", "1\x00", "%00",
		"١", "１", "-9223372036854775808", "9223372036854775808", "18446744073709551617", "9999999999999999999999", "\xff",
	} {
		if id, err := domain.ParseTaskID(text); !errors.Is(err, domain.ErrTaskNotFound) || id != 0 {
			t.Errorf("ParseTaskID(%q) = %d, %v; want %v", text, id, err, domain.ErrTaskNotFound)
		}
	}
}

func TestTaskIDProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Int64Min(1).Draw(t, "id")
		if got, err := domain.ParseTaskID(strconv.FormatInt(id, 10)); err != nil || got != domain.TaskID(id) {
			t.Errorf("ParseTaskID of %d = %d, %v", id, got, err)
		}
		almost := rapid.StringMatching(`[-+ ]?[0-9]{0,20}[_. ]?[0-9]?`)
		checkTaskID(t, rapid.OneOf(almost, anyText()).Draw(t, "text"))
	})
}

func FuzzParseTaskID(f *testing.F) {
	for _, seed := range []string{"1", "0", "-1", "01", "9223372036854775808", "abc", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkTaskID(t, text) })
}

// checkTaskID holds what ParseTaskID makes of a text against the one form an id is written in.
func checkTaskID(t rapid.TB, text string) {
	t.Helper()
	id, err := domain.ParseTaskID(text)
	if err != nil {
		if !errors.Is(err, domain.ErrTaskNotFound) || id != 0 {
			t.Errorf("ParseTaskID(%q) = %d, %v", text, id, err)
		}
		return
	}
	if written := strconv.FormatInt(int64(id), 10); id < 1 || written != text {
		t.Errorf("ParseTaskID(%q) = %d", text, id)
	}
}

func TestMoment(t *testing.T) {
	east := time.FixedZone("", 5*3600+1800)
	want := time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)
	for name, at := range map[string]time.Time{
		"a moment":                    want,
		"in another zone":             want.In(east),
		"with nanoseconds":            want.Add(999),
		"both":                        want.Add(1).In(east),
		"in the zone of this process": want.Local(),
	} {
		if got := domain.Moment(at); got != want {
			t.Errorf("the moment %s is %#v, want %#v", name, got, want)
		}
	}
	now := time.Now() //nolint:forbidigo // a clock alone gives a monotonic reading
	if got := domain.Moment(now); got != got.Round(0) {
		t.Errorf("%v has a monotonic reading", got)
	}
}

func TestMomentProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seconds := rapid.Int64Range(-62135596800, 253402300799).Draw(t, "seconds") // the years 1 to 9999
		at := time.Unix(seconds, rapid.Int64Range(0, 999999999).Draw(t, "nanoseconds")).
			In(time.FixedZone("", rapid.IntRange(-50000, 50000).Draw(t, "offset")))
		got := domain.Moment(at)
		if lost := at.Sub(got); lost < 0 || lost >= time.Microsecond {
			t.Errorf("the moment of %v is off by %v", at, lost)
		}
		if got.Location() != time.UTC || got.Nanosecond()%1000 != 0 {
			t.Errorf("the moment of %v is %v, not in UTC and whole microseconds", at, got)
		}
		if again := domain.Moment(got); again != got {
			t.Errorf("the moment of %v is %v", got, again)
		}
	})
}
