package faults_test

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

// A state is what a task is at a moment.
type state struct {
	there     bool
	title     string
	completed bool
}

// An entry is one task as its writer knows it. Its description never changes, and no other task has it.
type entry struct {
	description string
	key         string // Idempotency-Key of its making, empty if it has none
	id          int64  // 0 until the making was acknowledged
	version     int64
	may         []state // what it may be: more than one thing if the last write was not answered
	was         []state // what it was before
	accounted   bool    // as lost or wrong already
}

// known tells whether the entry can be written to: there is no doubt about it, and it is there.
func (e *entry) known() bool { return len(e.may) == 1 && e.may[0].there && !e.accounted }

// turn notes a write that was acknowledged.
func (e *entry) turn(next state) {
	e.was = append(e.was, e.may...)
	e.may = []state{next}
}

// doubt notes a write that was not answered, of which the effect may come at any time from now on.
func (e *entry) doubt(next state) { e.may = append(e.may, next) }

func stateOf(t task) state { return state{true, t.Title, t.Completed} }

// A ledger is all that one writer knows of one person's tasks.
type ledger struct {
	person  person
	entries []*entry
}

var nextLink = regexp.MustCompile(`<([^>]+)>; rel="next"`)

// list reads all tasks of a person.
func list(ctx context.Context, c client) ([]task, error) {
	var all []task
	for path := "/api/me/tasks?limit=200"; path != ""; {
		a := c.send(ctx, "GET", path, "")
		page, err := a.tasks()
		if a.status != 200 || err != nil {
			return nil, fmt.Errorf("%v: %w", a, err)
		}
		all = append(all, page...)
		path = ""
		if link := nextLink.FindStringSubmatch(a.header.Get("Link")); link != nil {
			next, err := url.Parse(link[1])
			if err != nil {
				return nil, err
			}
			path = next.RequestURI()
		}
	}
	return all, nil
}

// audit holds what is there against what was acknowledged.
func (l *ledger) audit(ctx context.Context, url string, into *tally) error {
	found, err := list(ctx, client{url, l.person})
	if err != nil {
		return err
	}
	there := map[string][]task{}
	for _, task := range found {
		there[task.Description] = append(there[task.Description], task)
		if task.UserID != l.person.id {
			into.wrong("a task of %s in the list of %s", task.UserID, l.person.id)
		}
	}
	for _, entry := range l.entries {
		entry.audit(there[entry.description], into)
		delete(there, entry.description)
	}
	for description, tasks := range there {
		into.wrong("nobody made %q: %+v", description, tasks)
	}
	return nil
}

func (e *entry) audit(found []task, into *tally) {
	if e.accounted {
		return
	}
	var is state
	if len(found) == 1 {
		is = stateOf(found[0])
	}
	switch {
	case len(found) > 1:
		into.wrong("made %d times: %s", len(found), strconv.Quote(e.description))
	case slices.Contains(e.may, is):
		if e.id != 0 && is.there && found[0].ID != e.id {
			into.wrong("task %d is now %d: %q", e.id, found[0].ID, e.description)
		}
	case !is.there || slices.Contains(e.was, is):
		into.lost("task %d is %+v, want %+v", e.id, is, e.may)
	default:
		into.wrong("task %d is %+v, want %+v", e.id, is, e.may)
	}
}
