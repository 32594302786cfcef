package bunstore_test

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
)

func (m model) get(owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	had := m[owner]
	return had.live(domain.Target{ID: id})
}

// sorted gives those of the owner's tasks that pass.
func (m model) sorted(owner domain.UserID, passes func(domain.Task) bool, less func(a, b domain.Task) bool) []domain.Task {
	var found []domain.Task
	for _, task := range m[owner].tasks {
		if passes(task) {
			found = append(found, task)
		}
	}
	slices.SortFunc(found, func(a, b domain.Task) int {
		switch {
		case less(a, b):
			return -1
		case less(b, a):
			return 1
		}
		return 0
	})
	return found
}

func (m model) list(owner domain.UserID, query domain.TaskQuery) domain.TaskPage {
	found := m.sorted(owner, func(task domain.Task) bool { return passes(task, query) }, func(a, b domain.Task) bool {
		return before(bookmark(a, query), bookmark(b, query), query.Order)
	})
	page := domain.TaskPage{Sequence: m[owner].counters.Sequence}
	if query.Count {
		page.Total = domain.Some(len(found))
	}
	if after, resumed := query.After.Get(); resumed {
		found = slices.DeleteFunc(found, func(task domain.Task) bool { return !before(after, bookmark(task, query), query.Order) })
	}
	found = found[min(query.Skip, len(found)):]
	page.More = len(found) > query.Limit
	page.Tasks = found[:min(query.Limit, len(found))]
	return page
}

func passes(task domain.Task, query domain.TaskQuery) bool {
	if !task.DeletedAt.IsZero() {
		return false
	}
	if completed, asked := query.Completed.Get(); asked && task.Completed != completed {
		return false
	}
	if priority, asked := query.Priority.Get(); asked && task.Priority != priority {
		return false
	}
	for _, tag := range query.Tags.Names() {
		if !slices.Contains(task.Tags.Names(), tag) {
			return false
		}
	}
	at, due := dueAt(task)
	if !query.DueFrom.IsZero() && (!due || at.Before(query.DueFrom)) {
		return false
	}
	if !query.DueBefore.IsZero() && (!due || !at.Before(query.DueBefore)) {
		return false
	}
	if task.UpdatedAt.Before(query.UpdatedSince) {
		return false
	}
	description, _ := task.Description.Text()
	return strings.Contains(folded(task.Title.String()), query.Search) || strings.Contains(folded(description), query.Search)
}

// dueAt is the moment that a task is due, if it ever is.
func dueAt(task domain.Task) (at time.Time, due bool) {
	text := task.Due.Date().String()
	if text == "" {
		return at, false
	}
	if len(text) == len(time.DateOnly) {
		text += "T00:00:00Z"
	}
	return must(time.Parse(time.RFC3339, text)).UTC().Truncate(time.Microsecond), true
}

// folded is a text as it is searched and sorted, if it is of those words that
// the histories are made of.
func folded(text string) string { return folds.Replace(text) }

var folds = strings.NewReplacer(
	"B", "b", "Über", "uber", "ÜBER", "uber", "Straße", "straße", "ΟΔΟΣ", "οδοσ", "οδος", "οδοσ", "Молоко", "молоко",
	"İ", "i", "e\u0301", "e",
)

// bookmark is where a task stands in a list.
func bookmark(task domain.Task, query domain.TaskQuery) domain.Bookmark {
	switch query.Sort {
	case domain.ByCreation:
		return domain.Bookmark{ID: task.ID}
	case domain.ByChange:
		return domain.Bookmark{ID: task.ID, Number: int64(task.Sequence)}
	case domain.ByDue:
		at, due := dueAt(task)
		switch {
		case due:
			return domain.Bookmark{ID: task.ID, Number: at.UnixMicro()}
		case query.Order == domain.Ascending:
			return domain.Bookmark{ID: task.ID, Number: math.MaxInt64}
		}
		return domain.Bookmark{ID: task.ID, Number: math.MinInt64}
	case domain.ByPriority:
		return domain.Bookmark{ID: task.ID, Number: int64(task.Priority)}
	case domain.ByTitle:
		return domain.Bookmark{ID: task.ID, Text: folded(task.Title.String())}
	case domain.ByPosition:
		return domain.Bookmark{ID: task.ID, Text: task.Position.String()}
	}
	panic("the model has no such order")
}

func before(a, b domain.Bookmark, order domain.Order) bool {
	if order == domain.Descending {
		a, b = b, a
	}
	switch {
	case a.Number != b.Number:
		return a.Number < b.Number
	case a.Text != b.Text:
		return a.Text < b.Text
	}
	return a.ID < b.ID
}

func (m model) trash(owner domain.UserID, query domain.TrashQuery) domain.TaskPage {
	found := m.sorted(owner, func(task domain.Task) bool {
		return inTrash(task, query.Over) && (query.Before == 0 || task.Sequence < query.Before)
	}, func(a, b domain.Task) bool { return a.Sequence > b.Sequence })
	return domain.TaskPage{Tasks: found[:min(query.Limit, len(found))], More: len(found) > query.Limit}
}

func (m model) changes(owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	forgotten := m[owner].counters.Forgotten
	if since.Sequence != 0 && since.Sequence < forgotten && since.Forgotten < forgotten {
		return domain.Feed{}, domain.ErrChangesForgotten
	}
	found := m.sorted(owner, func(task domain.Task) bool { return task.Sequence > since.Sequence },
		func(a, b domain.Task) bool { return a.Sequence < b.Sequence })
	told := found[:min(limit, len(found))]
	until := domain.Mark{Sequence: since.Sequence, Forgotten: forgotten}
	for _, task := range told {
		until.Sequence = task.Sequence
	}
	return domain.Feed{Tasks: told, More: len(found) > limit, Until: until}, nil
}

// owners gives those after one who have or had tasks.
func (m model) owners(after domain.UserID, limit int) []domain.UserID {
	var found []domain.UserID
	for owner, had := range m {
		if had.counters.Sequence > 0 && owner > after {
			found = append(found, owner)
		}
	}
	slices.Sort(found)
	return found[:min(limit, len(found))]
}
