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
	switchValues = map[string]bool{"true": true, "false": false}
	statusValues = map[string]domain.Optional[bool]{
		"all":       {},
		"pending":   domain.Some(false),
		"completed": domain.Some(true),
	}
	priorityValues = map[string]domain.Optional[domain.Priority]{
		"all":    {},
		"low":    domain.Some(domain.Low),
		"medium": domain.Some(domain.Medium),
		"high":   domain.Some(domain.High),
	}
	orderValues = map[string]domain.Order{"asc": domain.Ascending, "desc": domain.Descending}
	sortValues  = map[string]domain.Sort{
		"id": domain.ByCreation, "created": domain.ByCreation, "created_at": domain.ByCreation, // ids are given in the order of creation
		"updated": domain.ByChange, "updated_at": domain.ByChange,
		"due": domain.ByDue, "due_date": domain.ByDue,
		"priority": domain.ByPriority,
		"title":    domain.ByTitle,
		"position": domain.ByPosition,
	}
)

// parseListQuery makes of a query what the owner's list is asked for.
func parseListQuery(rawQuery string, owner domain.UserID, strict bool) (domain.TaskQuery, error) {
	parameters, err := parseParameters(rawQuery)
	if err != nil {
		return domain.TaskQuery{}, err
	}
	cursor, resumed := parameters.text("cursor").Get()
	limit := parameters.number(1, maxPage, "limit")
	skip := parameters.number(0, maxOffset, "offset", "skip")
	query := domain.TaskQuery{
		Completed:    parameters.completed(),
		Priority:     choice(parameters, priorityValues, "priority").Or(domain.Optional[domain.Priority]{}),
		Tags:         parameters.tags("tag"),
		DueFrom:      parameters.moment("due_after"),
		DueBefore:    parameters.moment("due_before"),
		UpdatedSince: parameters.moment("updated_since"),
		Search:       parameters.search("search"),
		Sort:         choice(parameters, sortValues, "sort", "sort_by").Or(domain.ByCreation),
		Skip:         skip.Or(0),
		Limit:        limit.Or(defaultPage),
		Count:        choice(parameters, switchValues, "count").Or(false),
	}
	query.Order = choice(parameters, orderValues, "order", "sort_order").Or(defaultOrder(query.Sort))
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
		end, err := decodeCursor(cursor, owner, query)
		query.After = domain.Some(end)
		return query, err
	}
	return query, nil
}

// defaultOrder lists from the beginning what people expect to be listed so.
func defaultOrder(sort domain.Sort) domain.Order {
	switch sort {
	case domain.ByDue, domain.ByTitle, domain.ByPosition:
		return domain.Ascending
	case domain.ByCreation, domain.ByChange, domain.ByPriority:
	}
	return domain.Descending
}

// completed is what status and completed say together.
func (p *parameters) completed() domain.Optional[bool] {
	status := choice(p, statusValues, "status").Or(domain.Optional[bool]{})
	said, ok := agree(status, choice(p, switchValues, "completed"))
	if !ok {
		p.note("completed", "must not contradict status")
	}
	return said
}

// nextLink is the Link header (RFC 8288) to the page after a cursor. It leads
// to the same list, asked for in the same way.
func nextLink(requested *url.URL, cursor string) string {
	values := requested.Query()
	values.Del("offset")
	values.Del("skip")
	values.Set("cursor", cursor)
	return "<" + requested.EscapedPath() + "?" + values.Encode() + `>; rel="next"`
}
