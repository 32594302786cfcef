package bunstore

import (
	"math"

	"github.com/taskward/taskward/domain"
)

// Window turns a query into the numbers that a list statement takes: the id
// that the page begins after in its order, how many rows to fetch, which is
// one more than the page has, and how many to leave out.
func Window(query domain.TaskQuery) (after, fetch, skip int64) {
	after = int64(query.After)
	if after == 0 && query.Order == domain.NewestFirst {
		after = math.MaxInt64
	}
	fetch = int64(max(query.Limit, 0))
	if fetch < math.MaxInt64 {
		fetch++
	}
	return after, fetch, int64(max(query.Skip, 0))
}

// Page makes the rows that were fetched the page that was asked for. Where
// the query counts, each row has the total; a page without tasks brings it in
// a row that is otherwise empty.
func Page(owner domain.UserID, query domain.TaskQuery, rows []Row) (domain.TaskPage, error) {
	page := domain.TaskPage{Tasks: make([]domain.Task, 0, len(rows))}
	for _, row := range rows {
		if query.Count {
			page.Total = domain.Some(int(row.Total))
		}
		switch {
		case row.ID == 0:
		case len(page.Tasks) >= query.Limit:
			page.More = true
		default:
			task, err := row.Task(owner)
			if err != nil {
				return domain.TaskPage{}, err
			}
			page.Tasks = append(page.Tasks, task)
		}
	}
	return page, nil
}
