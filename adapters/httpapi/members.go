package httpapi

import (
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
