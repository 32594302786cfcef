package bunstore

import (
	"math"

	"github.com/taskward/taskward/domain"
)

// Fetch is how many rows a statement has to look for, which is one more than
// are asked for, to tell whether others follow.
func Fetch(limit int) int64 {
	fetch := int64(max(limit, 0))
	if fetch < math.MaxInt64 {
		fetch++
	}
	return fetch
}

// Page makes the lines that were fetched the page that was asked for. Where
// the query counts, each line has the total; a page without tasks brings it in
// a line that is otherwise empty.
func Page(owner domain.UserID, query domain.TaskQuery, lines Lines) (domain.TaskPage, error) {
	return pageOf(owner, query.Limit, query.Count, lines)
}

// TrashPage makes the lines that were fetched the page that was asked for.
func TrashPage(owner domain.UserID, query domain.TrashQuery, lines Lines) (domain.TaskPage, error) {
	return pageOf(owner, query.Limit, false, lines)
}

// usual is how many tasks a page has, or less.
const usual = 32

func pageOf(owner domain.UserID, limit int, counted bool, lines Lines) (domain.TaskPage, error) {
	page := domain.TaskPage{Tasks: make([]domain.Task, 0, min(max(limit, 0), usual))}
	for line, err := range lines {
		if err != nil {
			return domain.TaskPage{}, err
		}
		page.Sequence = line.counters().Sequence
		if counted {
			page.Total = domain.Some(int(line.Total))
		}
		switch {
		case line.ID == 0:
		case len(page.Tasks) >= limit:
			page.More = true
		default:
			task, err := line.Task(owner)
			if err != nil {
				return domain.TaskPage{}, err
			}
			page.Tasks = append(page.Tasks, task)
		}
	}
	return page, nil
}

// Before is the sequence that the tasks of a page of the trash are below.
func Before(query domain.TrashQuery) int64 {
	if query.Before == 0 {
		return math.MaxInt64
	}
	return int64(query.Before)
}
