package httpapi

import (
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

// Whose a task is, its id and its times are never taken from a body: members
// of such names are unknown here.

func parseDraft(body object, strict bool) (application.Draft, error) {
	members := &members{left: body}
	draft := application.Draft{
		Title:       members.requiredText("title"),
		Description: members.textOrNull("description").Or(nil),
		Completed:   members.boolean("completed").Or(false),
	}
	return draft, members.finish(strict)
}

func parseRevision(body object, strict bool) (application.Revision, error) {
	members := &members{left: body}
	revision := application.Revision{
		Title:       members.text("title"),
		Description: members.textOrNull("description"),
		Completed:   members.boolean("completed"),
	}
	return revision, members.finish(strict)
}

// parseCompletion takes the state to set from the body or from the query, and
// nothing to toggle it. The two may both be there if they agree.
func parseCompletion(body object, rawQuery string, strict bool) (domain.Optional[bool], error) {
	parameters, err := parseParameters(rawQuery)
	if err != nil {
		return domain.Optional[bool]{}, err
	}
	members := &members{left: body}
	completed, ok := agree(members.boolean("completed"), choice(parameters, completedValues, "completed"))
	if !ok {
		parameters.note("completed", "must be the same in the body and in the query")
	}
	return completed, domain.Violated(members.finish(strict), parameters.finish(strict))
}
