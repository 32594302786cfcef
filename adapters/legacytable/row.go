package legacytable

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/taskward/taskward/domain"
)

// row is what a row holds, and what is wrong with it. A value is nil, a bool,
// a json.Number, a string, or an array or object of those.
type row struct {
	values map[field]any
	faults []error
}

// read takes a row apart that PostgreSQL has made a JSON array.
func read(order []field, text string) (*row, error) {
	invalid := domain.Invalidity(domain.Violation{Field: "row", Detail: "must be text in UTF-8"})
	if !utf8.ValidString(text) { // what is not would be decoded as something else
		return nil, invalid
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber() // or long ids would be rounded
	var values []any
	if err := decoder.Decode(&values); err != nil || len(values) != len(order) {
		return nil, invalid
	}
	r := &row{values: make(map[field]any, len(order))}
	for i, field := range order {
		r.values[field] = values[i]
	}
	return r, nil
}

func (r *row) fault(of field, detail string) {
	r.faults = append(r.faults, domain.Invalidity(domain.Violation{Field: string(of), Detail: detail}))
}

// parsed notes what a rule of the domain's says against the input.
func parsed[In, Out any](r *row, input In, parse func(In) (Out, error)) Out {
	output, err := parse(input)
	if err != nil {
		r.faults = append(r.faults, err)
	}
	return output
}

// isSet is false for what stands for nothing.
func (r *row) isSet(of field) bool {
	value := r.values[of]
	return value != nil && value != false && value != json.Number("0")
}

// identity gives an id, be it a number or text, and an empty one for null.
func (r *row) identity(of field) string {
	if number, ok := r.values[of].(json.Number); ok {
		return number.String()
	}
	return r.text(of)
}

// text gives a text, and an empty one for null.
func (r *row) text(of field) string {
	text, ok := r.values[of].(string)
	if !ok && r.values[of] != nil {
		r.fault(of, "must be text")
	}
	return text
}

// completed is whether a boolean, a number or a word says so. Where there is
// none, a task is completed if it has a time at which it was.
func (r *row) completed() bool {
	switch value := r.values[completed].(type) {
	case nil:
		return r.isSet(completedAt)
	case bool:
		return value
	}
	is, known := statuses.meaning(r.identity(completed))
	if !known {
		r.fault(completed, "must be a boolean, or a word such as pending or done")
	}
	return is
}

// priority is what a word says, zero if there is none.
func (r *row) priority() domain.Priority {
	if r.values[priority] == nil {
		return 0
	}
	is, known := priorities.meaning(r.text(priority))
	if !known {
		r.fault(priority, "must be a word such as low, medium or high")
	}
	return is
}

// names gives the members of an array, be it PostgreSQL's or JSON, or what
// stands between the commas of a text. Blank ones and repetitions do not count.
func (r *row) names(of field) []string {
	listed, isArray := r.values[of].([]any)
	if !isArray {
		text := r.text(of)
		if json.Unmarshal([]byte(text), &listed) != nil {
			for part := range strings.SplitSeq(text, ",") {
				listed = append(listed, part)
			}
		}
	}
	var names []string
	for _, member := range listed {
		name, isText := member.(string)
		name = strings.TrimSpace(name)
		switch {
		case !isText && member != nil:
			r.fault(of, "must be a list of texts")
		case name != "" && !slices.Contains(names, name):
			names = append(names, name)
		}
	}
	return names
}

// due joins the date with its zone, which without a date says nothing.
func (r *row) due() domain.Due {
	text := r.text(dueDate)
	if text == "" {
		return domain.Due{}
	}
	if utc, ok := strings.CutSuffix(text, "+00:00"); ok {
		text = utc + "Z"
	}
	if _, err := domain.ParseDueDate(text); err != nil {
		if at, err := parseTime(text); err == nil {
			text = at.Format(time.RFC3339Nano)
		}
	}
	date := parsed(r, text, domain.ParseDueDate)
	var zone domain.Zone
	if name := r.text(dueZone); name != "" && date != (domain.DueDate{}) {
		zone = parsed(r, name, func(name string) (domain.Zone, error) { return domain.ParseZone(name, time.LoadLocation) })
	}
	return parsed(r, zone, func(zone domain.Zone) (domain.Due, error) { return domain.NewDue(date, zone) })
}

// time gives a time, and a zero one for null.
func (r *row) time(of field) time.Time {
	text := r.text(of)
	if text == "" {
		return time.Time{}
	}
	at, err := parseTime(text)
	if err != nil {
		r.fault(of, "must be a date and time of the years 1 to 9999")
	}
	return at
}

// parseTime takes what PostgreSQL makes of its types, and what programs write
// into text. What tells no zone is in UTC.
func parseTime(text string) (at time.Time, err error) {
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if at, err = time.Parse(layout, text); err == nil {
			break
		}
	}
	at = domain.Moment(at)
	if err == nil && (at.Year() < 1 || at.Year() > 9999) {
		err = errors.New("the year has no four digits")
	}
	return at, err
}
