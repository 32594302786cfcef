package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestParseDueDate(t *testing.T) {
	for text, want := range map[string]time.Time{
		"2026-11-22":                          time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		"2024-02-29":                          time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC),
		"0001-01-01":                          time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC),
		"9999-12-31":                          time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC),
		"2026-11-22T17:00:00Z":                time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC),
		"2026-11-22T17:00:00+01:00":           time.Date(2026, 11, 22, 16, 0, 0, 0, time.UTC),
		"2026-11-22T00:30:00+05:30":           time.Date(2026, 11, 21, 19, 0, 0, 0, time.UTC),
		"2026-11-22T17:00:00-00:00":           time.Date(2026, 11, 22, 17, 0, 0, 0, time.UTC),
		"2026-11-22T17:00:00.5Z":              time.Date(2026, 11, 22, 17, 0, 0, 500_000_000, time.UTC),
		"2026-11-22T17:00:00.123456789+01:00": time.Date(2026, 11, 22, 16, 0, 0, 123_456_000, time.UTC),
		"0001-01-01T00:00:00Z":                time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC),
		"9999-12-31T23:59:59.999999Z":         time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
	} {
		date, err := domain.ParseDueDate(text)
		if err != nil || date.String() != text || date.At() != want {
			t.Errorf("ParseDueDate(%q) = %q at %v, %v; want %v", text, date, date.At(), err, want)
		}
	}
}

func TestParseDueDateRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                       "",
		"white space around":            " 2026-11-22 ",
		"a new line behind":             "2026-11-22\n",
		"no such day":                   "2026-02-30",
		"no leap year":                  "2025-02-29",
		"month 13":                      "2026-13-01",
		"day 0":                         "2026-11-00",
		"one digit":                     "2026-1-2",
		"two digits of a year":          "26-11-22",
		"five":                          "12026-11-22",
		"the year 0":                    "0000-01-01",
		"a negative year":               "-001-01-01",
		"a sign":                        "+2026-11-22",
		"slashes":                       "2026/11/22",
		"another order":                 "22-11-2026",
		"without dashes":                "20261122",
		"a week":                        "2026-W47-7",
		"only the time":                 "17:00:00Z",
		"no offset":                     "2026-11-22T17:00:00",
		"no seconds":                    "2026-11-22T17:00Z",
		"a space for the T":             "2026-11-22 17:00:00Z",
		"a small t":                     "2026-11-22t17:00:00z",
		"hour 24":                       "2026-11-22T24:00:00Z",
		"one digit of an hour":          "2026-11-22T7:00:00Z",
		"minute 60":                     "2026-11-22T17:60:00Z",
		"a leap second":                 "2016-12-31T23:59:60Z",
		"a comma":                       "2026-11-22T17:00:00,5Z",
		"a point and nothing":           "2026-11-22T17:00:00.Z",
		"more than nanoseconds":         "2026-11-22T17:00:00.1234567890+01:00",
		"far more":                      "2026-11-22T17:00:00." + strings.Repeat("1", 1<<20) + "Z",
		"an offset of a day":            "2026-11-22T17:00:00+24:00",
		"an offset without colon":       "2026-11-22T17:00:00+0100",
		"an offset of hours":            "2026-11-22T17:00:00+01",
		"a zone beside it":              "2026-11-22T17:00:00+01:00[Europe/Berlin]",
		"before the year 1 in UTC":      "0001-01-01T00:00:00+00:01",
		"behind the year 9999 in UTC":   "9999-12-31T23:59:59-00:01",
		"words":                         "tomorrow",
		"a number":                      "1795392000",
		"null":                          "null",
		"other digits":                  "２０２６-11-22",
		"NUL":                           "2026-11-22\x00",
		"no text":                       "2026-11-22\xff",
		"the zero time of another kind": "0000-00-00",
	} {
		t.Run(name, func(t *testing.T) {
			date, err := domain.ParseDueDate(text)
			wantOnly(t, err, "due_date", "must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z")
			if date != (domain.DueDate{}) {
				t.Errorf("ParseDueDate gave %q with its error", date)
			}
		})
	}
}

func TestDueDateProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		almost := rapid.StringMatching(`[0-9]{4}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{0,10})?(Z|[-+][0-2][0-9]:[0-6][0-9]))?`)
		checkDueDate(t, rapid.OneOf(almost, anyText()).Draw(t, "text"))
	})
}

func FuzzParseDueDate(f *testing.F) {
	for _, seed := range []string{
		"2026-11-22", "2026-11-22T17:00:00Z", "2026-11-22T17:00:00.123456789+01:00", "", "0001-01-01T00:00:00+01:00", "2016-12-31T23:59:60Z", "\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkDueDate(t, text) })
}

// checkDueDate holds what ParseDueDate makes of a text against its rules.
func checkDueDate(t rapid.TB, text string) {
	t.Helper()
	date, err := domain.ParseDueDate(text)
	if err != nil {
		wantInvalid(t, err, "due_date")
		return
	}
	at := date.At()
	if date.String() != text || at != domain.Moment(at) || at.Year() < 1 || at.Year() > 9999 {
		t.Errorf("ParseDueDate(%q) = %q at %v", text, date, at)
	}
	layout := time.RFC3339Nano
	if len(text) == len(time.DateOnly) {
		layout = time.DateOnly
	}
	if parsed, err := time.Parse(layout, text); err != nil || domain.Moment(parsed) != at {
		t.Errorf("ParseDueDate(%q) is at %v, time.Parse gives %v, %v", text, at, parsed, err)
	}
}

func TestParseZone(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+12", "America/Port-au-Prince", "EST5EDT"} {
		if zone, err := domain.ParseZone(name, time.LoadLocation); err != nil || zone.String() != name {
			t.Errorf("ParseZone(%q) = %q, %v", name, zone, err)
		}
	}
}

func TestParseZoneRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":              "",
		"that of the machine":  "Local",
		"no zone":              "Europe/Atlantis",
		"a folder":             "Europe",
		"a path out":           "Europe/../../etc/passwd",
		"a path from the root": "/etc/localtime",
		"a backslash":          `Europe\Berlin`,
		"an offset":            "+01:00",
		"white space around":   " Europe/Berlin",
		"another file":         "tzdata.zi",
		"a table":              "zone1970.tab",
		"NUL":                  "Europe/Berlin\x00",
		"no text":              "\xff",
		"far too much":         strings.Repeat("a/", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			zone, err := domain.ParseZone(text, time.LoadLocation)
			wantOnly(t, err, "due_zone", "must be the IANA name of a time zone, such as Europe/Berlin")
			if zone != (domain.Zone{}) {
				t.Errorf("ParseZone gave %q with its error", zone)
			}
		})
	}
}

func TestZonesAreThoseThatAreKnown(t *testing.T) {
	var asked []string
	load := func(name string) (*time.Location, error) {
		asked = append(asked, name)
		if name != "Mars/Olympus" {
			return nil, errors.New("unknown time zone")
		}
		return time.UTC, nil
	}
	if zone, err := domain.ParseZone("Mars/Olympus", load); err != nil || zone.String() != "Mars/Olympus" {
		t.Errorf("a zone that is known is %q, %v", zone, err)
	}
	_, err := domain.ParseZone("Europe/Berlin", load)
	wantInvalid(t, err, "due_zone")
	if len(asked) != 2 || asked[1] != "Europe/Berlin" {
		t.Errorf("looked up were %q", asked)
	}
}

func TestRestoreZone(t *testing.T) {
	for _, name := range []string{"", "Europe/Atlantis", "Local", strings.Repeat("a", 64)} {
		if zone, err := domain.RestoreZone(name); err != nil || zone.String() != name {
			t.Errorf("RestoreZone(%q) = %q, %v", name, zone, err)
		}
	}
	for _, name := range []string{"a b", "a.b", "a\x00", "é", "\xff", "a\n", strings.Repeat("a", 65)} {
		zone, err := domain.RestoreZone(name)
		wantInvalid(t, err, "due_zone")
		if zone != (domain.Zone{}) {
			t.Errorf("RestoreZone(%q) gave %q with its error", name, zone)
		}
	}
}

func FuzzParseZone(f *testing.F) {
	for _, seed := range []string{"UTC", "Europe/Berlin", "Local", "", "../zone", "/etc/localtime", "Etc/GMT+12", "a\x00", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		zone, err := domain.ParseZone(name, time.LoadLocation)
		if err != nil {
			wantInvalid(t, err, "due_zone")
			return
		}
		if zone.String() != name || strings.Contains(name, "..") || strings.HasPrefix(name, "/") {
			t.Errorf("ParseZone(%q) = %q", name, zone)
		}
		if restored, err := domain.RestoreZone(name); restored != zone || err != nil {
			t.Errorf("RestoreZone(%q) = %q, %v", name, restored, err)
		}
	})
}

func TestNewDue(t *testing.T) {
	when, berlin := date("2026-11-22T17:00:00+01:00"), zone("Europe/Berlin")
	for _, test := range []struct {
		date domain.DueDate
		zone domain.Zone
	}{{when, berlin}, {when, domain.Zone{}}, {domain.DueDate{}, domain.Zone{}}} {
		due, err := domain.NewDue(test.date, test.zone)
		if err != nil || due.Date() != test.date || due.Zone() != test.zone {
			t.Errorf("NewDue(%q, %q) = %+v, %v", test.date, test.zone, due, err)
		}
	}
	due, err := domain.NewDue(domain.DueDate{}, berlin)
	wantOnly(t, err, "due_zone", "needs a due_date")
	if due != (domain.Due{}) {
		t.Errorf("NewDue gave %+v with its error", due)
	}
	if never := (domain.Due{}); never.Date().String() != "" || never.Zone().String() != "" || !never.Date().At().IsZero() {
		t.Errorf("never is %+v", never)
	}
}
