package httpapi

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/taskward/taskward/domain"
)

// parameters takes a query apart, one known parameter after the other, and
// notes everything that is wrong with it. A parameter may go by several names
// and stand there once.
type parameters struct {
	violations
	left url.Values // what nobody has asked for yet
}

// parseParameters fails for a query that is not percent-encoded as it should be.
func parseParameters(rawQuery string) (*parameters, error) {
	values, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, invalidQuery.because(err)
	}
	return &parameters{left: values}, nil
}

// text is a parameter as it stands.
func (p *parameters) text(names ...string) domain.Optional[string] {
	var given []string
	for _, name := range names {
		given = append(given, p.left[name]...)
		delete(p.left, name)
	}
	switch len(given) {
	case 0:
		return domain.Optional[string]{}
	case 1:
		return domain.Some(given[0])
	default:
		p.note(names[0], "must be given once")
		return domain.Optional[string]{}
	}
}

// number is a parameter that is a decimal number from least to most.
func (p *parameters) number(least, most int, names ...string) domain.Optional[int] {
	text, given := p.text(names...).Get()
	if !given {
		return domain.Optional[int]{}
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < least || number > most {
		p.note(names[0], fmt.Sprintf("must be a whole number from %d to %d", least, most))
		return domain.Optional[int]{}
	}
	return domain.Some(number)
}

// choice is a parameter that is one of the keys of meanings.
func choice[T any](p *parameters, meanings map[string]T, names ...string) domain.Optional[T] {
	text, given := p.text(names...).Get()
	if !given {
		return domain.Optional[T]{}
	}
	meaning, known := meanings[text]
	if !known {
		p.note(names[0], "must be one of "+strings.Join(slices.Sorted(maps.Keys(meanings)), ", "))
		return domain.Optional[T]{}
	}
	return domain.Some(meaning)
}

// tags is a parameter that may be given several times, a tag each time.
func (p *parameters) tags(name string) domain.Tags {
	names := p.left[name]
	delete(p.left, name)
	tags, err := domain.ParseTags(names)
	if err != nil {
		p.note(name, "must be tags that a task can have, each given once")
	}
	return tags
}

// moment is a parameter that is a date, whose beginning in UTC is meant, or a
// time with its offset from UTC; zero if it is not given.
func (p *parameters) moment(name string) time.Time {
	text, given := p.text(name).Get()
	if !given {
		return time.Time{}
	}
	date, err := domain.ParseDueDate(text)
	if err != nil || date.At().IsZero() { // the beginning of the year 1 would be no bound at all
		p.note(name, "must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z")
	}
	return date.At()
}

// maxSearchRunes bounds what is searched for.
const maxSearchRunes = 200

// search is a parameter that is a text to look for, without the white space
// around it.
func (p *parameters) search(name string) string {
	text := strings.TrimSpace(p.text(name).Or(""))
	if !isText(text) || utf8.RuneCountInString(text) > maxSearchRunes {
		p.note(name, fmt.Sprintf("must be text without NUL, of at most %d characters", maxSearchRunes))
	}
	return text
}

// isText reports whether every store can take the text.
func isText(text string) bool { return utf8.ValidString(text) && !strings.ContainsRune(text, 0) }

func (p *parameters) finish(strict bool) error { return judge(p.violations, p.left, strict) }
