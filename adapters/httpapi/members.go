package httpapi

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/taskward/taskward/domain"
)

// members takes an object apart, one known member after the other, and notes
// everything that is wrong with it.
type members struct {
	violations
	left object // what nobody has asked for yet
}

// requiredText is a member that is a string and has to be there.
func (m *members) requiredText(name string) string {
	if _, given := m.left[name]; !given {
		m.note(name, "is required")
	}
	return m.text(name).Or("")
}

// text is a member that is a string.
func (m *members) text(name string) domain.Optional[string] {
	value, given := m.take(name)
	if !given {
		return domain.Optional[string]{}
	}
	return m.unquote(name, value, "must be a string")
}

// textOrNull is a member that is a string or null.
func (m *members) textOrNull(name string) domain.Optional[*string] {
	value, given := m.take(name)
	switch {
	case !given:
		return domain.Optional[*string]{}
	case value.Kind() == jsontext.KindNull:
		return domain.Some[*string](nil)
	}
	if text, ok := m.unquote(name, value, "must be a string or null").Get(); ok {
		return domain.Some(&text)
	}
	return domain.Optional[*string]{}
}

// boolean is a member that is true or false.
func (m *members) boolean(name string) domain.Optional[bool] {
	value, given := m.take(name)
	if !given {
		return domain.Optional[bool]{}
	}
	switch value.Kind() {
	case jsontext.KindTrue:
		return domain.Some(true)
	case jsontext.KindFalse:
		return domain.Some(false)
	default:
		m.note(name, "must be true or false")
		return domain.Optional[bool]{}
	}
}

// textsOrNull is a member that is an array of strings or null, which is none.
func (m *members) textsOrNull(name string) domain.Optional[[]string] {
	const rule = "must be an array of strings or null"
	value, given := m.take(name)
	switch {
	case !given:
		return domain.Optional[[]string]{}
	case value.Kind() == jsontext.KindNull:
		return domain.Some[[]string](nil)
	case value.Kind() != jsontext.KindBeginArray:
		m.note(name, rule)
		return domain.Optional[[]string]{}
	}
	var texts []string
	if err := json.Unmarshal(value, &texts); err != nil {
		m.note(name, rule)
		return domain.Optional[[]string]{}
	}
	return domain.Some(texts)
}

// number is a member that is a whole number.
func (m *members) number(name string) domain.Optional[int64] {
	value, given := m.take(name)
	if !given {
		return domain.Optional[int64]{}
	}
	number, err := strconv.ParseInt(string(value), 10, 64)
	if err != nil {
		m.note(name, "must be a whole number")
		return domain.Optional[int64]{}
	}
	return domain.Some(number)
}

// timeOrNull is a member that is a time (RFC 3339) or null, and zero if not given.
func (m *members) timeOrNull(name string) time.Time {
	text, given := m.textOrNull(name).Get()
	if !given || text == nil {
		return time.Time{}
	}
	due, err := domain.ParseDueDate(*text)
	if err != nil || len(*text) <= len(time.DateOnly) {
		m.note(name, "must be a time like 2026-11-22T17:00:00Z or null")
	}
	return due.At()
}

// nested is a value that is an object, nil if it is none.
func (m *members) nested(name string, value jsontext.Value) object {
	nested := object{}
	if value.Kind() != jsontext.KindBeginObject || json.Unmarshal(value, &nested) != nil {
		m.note(name, "must be an object")
		return nil
	}
	return nested
}

func (m *members) finish(strict bool) error { return judge(m.violations, m.left, strict) }

func (m *members) take(name string) (jsontext.Value, bool) {
	value, given := m.left[name]
	delete(m.left, name)
	return value, given
}

func (m *members) unquote(name string, value jsontext.Value, rule string) domain.Optional[string] {
	text, err := jsontext.AppendUnquote(nil, value)
	if err != nil {
		m.note(name, rule)
		return domain.Optional[string]{}
	}
	return domain.Some(string(text))
}
