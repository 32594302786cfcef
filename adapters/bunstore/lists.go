package bunstore

import (
	"math"
	"strconv"
	"time"

	"github.com/taskward/taskward/domain"
)

// Lists is what engines say differently when they list an owner's live tasks.
// The owner is the first parameter.
type Lists struct {
	Mark     string // of a parameter, before its number
	Limit    string // what is said before the parameter of how many
	Tasks    string // the owner's, with a condition at the end
	Open     string // the same of those that are not completed
	Sequence string // the owner's

	// What lists are sorted by.
	Title    string
	Position string

	HasTags  func(names string) string // whether a task has all of a JSON array
	Mentions func(text string) string  // whether title or description has a folded text
}

// Statement gives the statement that answers a query, and its arguments. Its
// text has no value in it: queries that differ in nothing but values are one
// statement.
func (l Lists) Statement(owner domain.UserID, query domain.TaskQuery) (statement string, args []any) {
	list := listing{Lists: l, query: query, args: append(make([]any, 0, 8), string(owner))}
	statement = list.statement()
	return statement, list.args
}

// listing is one list statement in the making.
type listing struct {
	Lists
	query domain.TaskQuery
	args  []any
}

// mark adds an argument and gives the parameter that stands for it.
func (l *listing) mark(value any) string {
	l.args = append(l.args, value)
	return l.Mark + strconv.Itoa(len(l.args))
}

func (l *listing) statement() string {
	source, key := l.source(), l.key()
	columns := Columns + `, ` + l.Sequence + ` AS owner_sequence`
	if l.query.Count {
		columns += `, ` + key + ` AS place`
	}
	page := `SELECT ` + columns + ` FROM ` + source + l.after(key) + l.order(key) +
		` ` + l.Limit + l.mark(Fetch(l.query.Limit)) + ` OFFSET ` + l.mark(int64(max(l.query.Skip, 0)))
	if !l.query.Count {
		return page
	}
	// The total comes with each row, and alone where the page is empty.
	return `SELECT ` + Columns + `, owner_sequence, total FROM (SELECT count(*) AS total FROM ` + source + `) AS counted LEFT JOIN (` + page + `) AS page ON true` + l.order(`place`)
}

// source is where the tasks that pass the filters come from.
func (l *listing) source() string {
	query, source := l.query, l.Tasks
	switch completed, only := query.Completed.Get(); {
	case only && completed:
		source += ` AND completed`
	case only && query.Sort == domain.ByChange: // for which another index is better
		source += ` AND NOT completed`
	case only:
		source = l.Open
	}
	if priority, only := query.Priority.Get(); only {
		source += ` AND priority = ` + l.mark(int64(priority))
	}
	if query.Tags != (domain.Tags{}) {
		source += ` AND ` + l.HasTags(l.mark(string(encodeTags(query.Tags))))
	}
	if !query.DueFrom.IsZero() {
		source += ` AND due_at >= ` + l.mark(ceiling(query.DueFrom).UnixMicro())
	}
	if !query.DueBefore.IsZero() {
		source += ` AND due_at < ` + l.mark(ceiling(query.DueBefore).UnixMicro())
	}
	if !query.UpdatedSince.IsZero() {
		source += ` AND updated_at >= ` + l.mark(ceiling(query.UpdatedSince))
	}
	if query.Search != "" {
		source += ` AND ` + l.Mentions(l.mark(query.Search))
	}
	return source
}

// ceiling is the first moment that stores can hold which is not before t.
func ceiling(t time.Time) time.Time { return domain.Moment(t.Add(time.Microsecond - 1)) }

// key is what the list is sorted by.
func (l *listing) key() string {
	switch l.query.Sort {
	case domain.ByCreation:
		return `id`
	case domain.ByChange:
		return `sequence`
	case domain.ByDue:
		if l.query.Order == domain.Ascending {
			return `COALESCE(due_at, 9223372036854775807)`
		}
		return `COALESCE(due_at, -9223372036854775807 - 1)` // without the sign the least number is none
	case domain.ByPriority:
		return `priority`
	case domain.ByTitle:
		return l.Title
	case domain.ByPosition:
		return l.Position
	}
	return `id`
}

// isUnique is whether no two tasks of an owner are the same in what the list
// is sorted by.
func (l *listing) isUnique() bool {
	return l.query.Sort == domain.ByCreation || l.query.Sort == domain.ByChange
}

func (l *listing) order(key string) string {
	direction := ``
	if l.query.Order == domain.Descending {
		direction = ` DESC`
	}
	if l.isUnique() {
		return ` ORDER BY ` + key + direction
	}
	return ` ORDER BY ` + key + direction + `, id` + direction
}

// after is the condition of a page that begins after a bookmark. A list in the
// order of an index always has one, so that there is no other plan than to
// read that index from there, whatever is known of the table.
func (l *listing) after(key string) string {
	mark, resumed := l.query.After.Get()
	follows, beginning := ` > `, int64(math.MinInt64)
	if l.query.Order == domain.Descending {
		follows, beginning = ` < `, math.MaxInt64
	}
	switch {
	case l.isUnique() && !resumed:
		return ` AND ` + key + follows + l.mark(beginning)
	case !resumed:
		return ``
	}
	switch l.query.Sort {
	case domain.ByCreation:
		return ` AND id` + follows + l.mark(int64(mark.ID))
	case domain.ByChange:
		return ` AND sequence` + follows + l.mark(mark.Number)
	case domain.ByDue, domain.ByPriority:
		return ` AND (` + key + `, id)` + follows + `(` + l.mark(mark.Number) + `, ` + l.mark(int64(mark.ID)) + `)`
	case domain.ByTitle, domain.ByPosition:
		return ` AND (` + key + `, id)` + follows + `(` + l.mark(mark.Text) + `, ` + l.mark(int64(mark.ID)) + `)`
	}
	return ``
}
