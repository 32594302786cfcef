package domain

import (
	"regexp"
	"strings"
	"time"
)

// Due is when a task is to be done: on a date, or at a time of day. It is kept
// as it was written, so that no time zone moves it. Its zero value is never.
type Due struct {
	date DueDate
	zone Zone
}

// NewDue joins a date with the zone that it is meant in. A zone needs a date:
// the error is [Invalid].
func NewDue(date DueDate, zone Zone) (Due, error) {
	if date == (DueDate{}) && zone != (Zone{}) {
		return Due{}, Invalidity(Violation{"due_zone", "needs a due_date"})
	}
	return Due{date, zone}, nil
}

// Date is the date or time, zero if there is none.
func (d Due) Date() DueDate { return d.date }

// Zone is the time zone that the date is meant in, zero if nobody told.
func (d Due) Zone() Zone { return d.zone }

// edited is the due with what is given replaced. A date that is cleared takes
// its zone with it. Whether a zone has a date is for [NewDue] to say.
func (d Due) edited(date Optional[DueDate], zone Optional[Zone]) Due {
	d.date = date.Or(d.date)
	if d.date == (DueDate{}) {
		d.zone = Zone{}
	}
	d.zone = zone.Or(d.zone)
	return d
}

// DueDate is a date (2026-11-22) or a time (RFC 3339 section 5.6,
// 2026-11-22T17:00:00+01:00), kept as it was written.
type DueDate struct {
	text string
	at   time.Time
}

// dueTime is the form of RFC 3339, which time.Parse takes less seriously, with
// up to nanoseconds.
var dueTime = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[-+]([01][0-9]|2[0-3]):[0-5][0-9])$`)

// ParseDueDate accepts a date, or a date and time with its offset from UTC, of
// the years 1 to 9999. The error is [Invalid].
func ParseDueDate(text string) (DueDate, error) {
	layout := time.DateOnly
	if dueTime.MatchString(text) {
		layout = time.RFC3339
	}
	at, err := time.Parse(layout, text)
	at = Moment(at)
	if err != nil || at.Year() < 1 || at.Year() > 9999 {
		return DueDate{}, Invalidity(Violation{"due_date", "must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z"})
	}
	return DueDate{text, at}, nil
}

// String gives the date as it was written, empty if there is none.
func (d DueDate) String() string { return d.text }

// At is the moment by which tasks are compared: that of a time, and of a date
// its beginning in UTC, whatever zone it is meant in. It is zero if there is
// no date.
func (d DueDate) At() time.Time { return d.at }

// Zone is the IANA name of a time zone, such as Europe/Berlin.
type Zone struct{ name string }

// ParseZone accepts the name of a time zone that load knows, as
// [time.LoadLocation] does. The error is [Invalid].
func ParseZone(name string, load func(name string) (*time.Location, error)) (Zone, error) {
	invalid := Invalidity(Violation{"due_zone", "must be the IANA name of a time zone, such as Europe/Berlin"})
	if name == "" || name == "Local" { // which load would take for UTC, and for the zone of the machine
		return Zone{}, invalid
	}
	if _, err := load(name); err != nil {
		return Zone{}, invalid
	}
	return RestoreZone(name)
}

// RestoreZone takes a zone back from a store, though the time-zone data may
// know it no longer.
func RestoreZone(name string) (Zone, error) {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	if len(name) > 64 || strings.Trim(name, letters+"0123456789_+-/") != "" {
		return Zone{}, Invalidity(Violation{"due_zone", "must be the IANA name of a time zone, such as Europe/Berlin"})
	}
	return Zone{name}, nil
}

// String gives the name, empty if there is none.
func (z Zone) String() string { return z.name }
