package httpapi

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// An entity tag (RFC 9110 section 8.8.3) is the sequence as of which an answer
// is true: a task's own, or its owner's for a list. It is strong. An answer
// that is compressed is another one, byte for byte, and so has another tag.

// gzipTag ends the tag of an answer that is compressed.
const gzipTag = "-gzip"

func setTag(c echo.Context, sequence domain.Sequence) {
	c.Response().Header().Set("ETag", `"`+strconv.FormatInt(int64(sequence), 10)+`"`)
}

// entityTag is one of a condition, without its quotes.
type entityTag struct {
	opaque string
	weak   bool
}

// sequence is what the tag stands for, and -1, which is nobody's, if it is not
// one of ours.
func (t entityTag) sequence() domain.Sequence {
	digits := strings.TrimSuffix(t.opaque, gzipTag)
	sequence, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || sequence < 1 || strconv.FormatInt(sequence, 10) != digits {
		return -1
	}
	return domain.Sequence(sequence)
}

// condition is the value of If-Match or If-None-Match, RFC 9110 section 13.1.
// Its zero value is none.
type condition struct {
	any  bool // "*"
	tags []entityTag
}

// maxTags bounds a condition: each of its tags may have to be tried.
const maxTags = 10

// conditionIn gives the condition that a header states.
func conditionIn(header http.Header, name string) (condition, error) {
	values := header.Values(name)
	if len(values) == 0 {
		return condition{}, nil
	}
	parsed, ok := parseCondition(strings.Join(values, ","))
	if !ok {
		return condition{}, invalidCondition.saying(name + ` is * or a list of at most 10 entity tags, each in quotes: "42".`)
	}
	return parsed, nil
}

// isStated reports whether there is a condition at all.
func (c condition) isStated() bool { return c.any || len(c.tags) > 0 }

func parseCondition(text string) (condition, bool) {
	if strings.Trim(text, " \t") == "*" {
		return condition{any: true}, true
	}
	var parsed condition
	for {
		text = strings.TrimLeft(text, " \t,")
		if text == "" {
			return parsed, len(parsed.tags) > 0
		}
		var tag entityTag
		text, tag.weak = strings.CutPrefix(text, "W/")
		opened, quoted := strings.CutPrefix(text, `"`)
		opaque, rest, closed := strings.Cut(opened, `"`)
		rest = strings.TrimLeft(rest, " \t")
		if !quoted || !closed || strings.ContainsFunc(opaque, isNoTagCharacter) || rest != "" && rest[0] != ',' || len(parsed.tags) == maxTags {
			return condition{}, false
		}
		tag.opaque = opaque
		parsed.tags = append(parsed.tags, tag)
		text = rest
	}
}

// isNoTagCharacter is true for what an etagc cannot be, RFC 9110 section 8.8.3.
func isNoTagCharacter(r rune) bool { return r <= ' ' || r == '"' || r == 0x7F }

// isCurrent answers a condition of If-None-Match (section 13.1.2): whether the
// client has what is there now. Weak tags will do. Nobody has anything of an
// owner without a change.
func (c condition) isCurrent(sequence domain.Sequence) (entityTag, bool) {
	for _, tag := range c.tags {
		if tag.sequence() == sequence {
			return tag, true
		}
	}
	return entityTag{}, c.any && sequence > 0
}

// notModified answers that the client has what is there already, with the tag
// under which it has it.
func notModified(c echo.Context, tag entityTag, sequence domain.Sequence) error {
	setTag(c, sequence)
	if tag.opaque != "" {
		c.Response().Header().Set("ETag", `"`+tag.opaque+`"`)
	}
	return c.NoContent(http.StatusNotModified)
}

// targets are the task in the path at each of the states that a condition of
// If-Match lets pass (section 13.1.1).
func (a *API) targets(c echo.Context, demanded condition) ([]domain.Target, error) {
	target := domain.Target{ID: taskID(c)}
	switch {
	case demanded.any:
		return []domain.Target{target}, nil
	case demanded.isStated():
		var targets []domain.Target
		for _, target.Expected = range demanded.expected() {
			targets = append(targets, target)
		}
		return targets, nil
	case a.options.RequireIfMatch:
		return nil, preconditionRequired
	}
	return []domain.Target{target}, nil
}

// atFirst makes a change at the first of the targets that the task is at.
// Whether it is there is decided where the change is made.
func atFirst(targets []domain.Target, change func(domain.Target) (domain.Task, error)) (changed domain.Task, err error) {
	for _, target := range targets {
		if changed, err = change(target); !errors.Is(err, domain.ErrStaleTask) {
			break
		}
	}
	return changed, err
}

// change makes a change that needs nothing but its target, the task in the path.
func (a *API) change(c echo.Context, change func(domain.Target) (domain.Task, error)) (domain.Task, error) {
	demanded, err := conditionIn(c.Request().Header, "If-Match")
	if err != nil {
		return domain.Task{}, err
	}
	targets, err := a.targets(c, demanded)
	if err != nil {
		return domain.Task{}, err
	}
	return atFirst(targets, change)
}

// expected are the states that the tags of a condition of If-Match stand for,
// of which a weak one never matches; -1, which no task has, if that is none.
func (c condition) expected() []domain.Sequence {
	var expected []domain.Sequence
	for _, tag := range c.tags {
		if sequence := tag.sequence(); sequence > 0 && !tag.weak {
			expected = append(expected, sequence)
		}
	}
	if len(expected) == 0 {
		return []domain.Sequence{-1}
	}
	return expected
}
