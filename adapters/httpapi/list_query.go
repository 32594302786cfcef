package httpapi

import (
	"net/url"

	"github.com/taskward/taskward/domain"
)

const (
	defaultPage = 50     // tasks on a page, where the client asks for pages
	maxPage     = 200    // tasks that a client may ask for on a page
	maxBare     = 1000   // tasks in an answer to a client that does not ask for pages
	maxOffset   = 10_000 // tasks to leave out: the store has to walk over each of them
)

var (
	completedValues = map[string]bool{"true": true, "false": false}
	statusValues    = map[string]domain.Optional[bool]{
		"all":       {},
		"pending":   domain.Some(false),
		"completed": domain.Some(true),
	}
	orderValues = map[string]domain.Order{"asc": domain.OldestFirst, "desc": domain.NewestFirst}
	sortValues  = map[string]struct{}{"id": {}, "created": {}, "created_at": {}} // ids are given in the order of creation
)

// parseListQuery makes of a query what the owner's list is asked for.
func parseListQuery(rawQuery string, owner domain.UserID, strict bool) (domain.TaskQuery, error) {
	parameters, err := parseParameters(rawQuery)
	if err != nil {
		return domain.TaskQuery{}, err
	}
	choice(parameters, sortValues, "sort", "sort_by")
	cursor, resumed := parameters.text("cursor").Get()
	limit := parameters.number(1, maxPage, "limit")
	skip := parameters.number(0, maxOffset, "offset", "skip")
	query := domain.TaskQuery{
		Completed: parameters.completed(),
		Order:     choice(parameters, orderValues, "order", "sort_order").Or(domain.NewestFirst),
		Skip:      skip.Or(0),
		Limit:     limit.Or(defaultPage),
		Count:     choice(parameters, completedValues, "count").Or(false),
	}
	_, limited := limit.Get()
	_, skipped := skip.Get()
	if !limited && !skipped && !resumed {
		query.Limit = maxBare
	}
	if skipped && resumed {
		parameters.note("offset", "must not be given with a cursor")
	}
	if err := parameters.finish(strict); err != nil {
		return domain.TaskQuery{}, err
	}
	if resumed {
		query.After, err = decodeCursor(cursor, owner, query)
	}
	return query, err
}

// completed is what status and completed say together.
func (p *parameters) completed() domain.Optional[bool] {
	status := choice(p, statusValues, "status").Or(domain.Optional[bool]{})
	said, ok := agree(status, choice(p, completedValues, "completed"))
	if !ok {
		p.note("completed", "must not contradict status")
	}
	return said
}

// nextLink is the Link header (RFC 8288) of a page that others follow after
// last. It leads to the same list, asked for in the same way.
func nextLink(requested *url.URL, owner domain.UserID, query domain.TaskQuery, last domain.TaskID) string {
	values := requested.Query()
	values.Del("offset")
	values.Del("skip")
	values.Set("cursor", encodeCursor(owner, query, last))
	return "<" + requested.EscapedPath() + "?" + values.Encode() + `>; rel="next"`
}
