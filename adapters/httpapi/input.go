package httpapi

import (
	"github.com/go-json-experiment/json/jsontext"

	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

// Whose a task is, its id and its times are never taken from a body: members
// of such names are unknown here. (An import is another matter: it makes
// tasks that have a past.)

func (v Variants) draft(members *members) application.Draft {
	return application.Draft{
		Title:       members.requiredText("title"),
		Description: members.textOrNull("description").Or(nil),
		Completed:   v.completed(members).Or(false),
		Priority:    members.textOrNull("priority").Or(nil),
		Tags:        members.textsOrNull("tags").Or(nil),
		DueDate:     members.textOrNull("due_date").Or(nil),
		DueZone:     members.textOrNull("due_zone").Or(nil),
		Place:       members.place("position"),
	}
}

func (v Variants) revision(members *members) application.Revision {
	return application.Revision{
		Title:       members.text("title"),
		Description: members.textOrNull("description"),
		Completed:   v.completed(members),
		Priority:    members.textOrNull("priority"),
		Tags:        members.textsOrNull("tags"),
		DueDate:     members.textOrNull("due_date"),
		DueZone:     members.textOrNull("due_zone"),
		Place:       members.place("position"),
	}
}

func (v Variants) record(members *members) application.Record {
	for _, exported := range []string{"id", "user_id", "version"} { // which an import makes anew
		members.take(exported)
	}
	return application.Record{
		Draft:       v.draft(members),
		CreatedAt:   members.timeOrNull("created_at"),
		UpdatedAt:   members.timeOrNull("updated_at"),
		CompletedAt: members.timeOrNull("completed_at"),
	}
}

// place is a member that says where a task is to stand: a position, as it is
// in an answer, or {"before":id} or {"behind":id}. Null is nowhere in
// particular.
func (m *members) place(name string) domain.Optional[domain.Place] {
	const rule = `must be the position of a task, or {"before":id} or {"behind":id}`
	value, given := m.take(name)
	switch {
	case !given || value.Kind() == jsontext.KindNull:
		return domain.Optional[domain.Place]{}
	case value.Kind() == jsontext.KindString:
		text := m.unquote(name, value, rule).Or("")
		position, err := domain.ParsePosition(text)
		if err != nil {
			m.note(name, rule)
		}
		return domain.Some(domain.At(position))
	}
	var beside members
	beside.left = beside.nested(name, value)
	before, isBefore := beside.number("before").Get()
	behind, isBehind := beside.number("behind").Get()
	if isBefore == isBehind || len(beside.left) > 0 {
		m.note(name, rule)
	}
	if isBefore {
		return domain.Some(domain.Before(domain.TaskID(before)))
	}
	return domain.Some(domain.Behind(domain.TaskID(behind)))
}

// parseDraft, parseRevision and parseCompletion take a whole body.

func (a *API) parseDraft(body object, strict bool) (application.Draft, error) {
	members := &members{left: body}
	draft := a.options.Variants.draft(members)
	return draft, members.finish(strict)
}

func (a *API) parseRevision(body object, strict bool) (application.Revision, error) {
	members := &members{left: body}
	revision := a.options.Variants.revision(members)
	return revision, members.finish(strict)
}

// parseCompletion takes the state to set from the body or from the query, and
// nothing to toggle it. The two may both be there if they agree.
func (a *API) parseCompletion(body object, rawQuery string, strict bool) (domain.Optional[bool], error) {
	parameters, err := parseParameters(rawQuery)
	if err != nil {
		return domain.Optional[bool]{}, err
	}
	members := &members{left: body}
	completed, ok := agree(a.options.Variants.completed(members), choice(parameters, switchValues, "completed"))
	if !ok {
		parameters.note("completed", "must be the same in the body and in the query")
	}
	return completed, domain.Violated(members.finish(strict), parameters.finish(strict))
}
