package portstest

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/taskward/taskward/domain"
)

var listMutants = mutations{
	"List returns tasks in the order asked for, at most Limit of them": {
		{"List always goes down", asking(func(query *domain.TaskQuery) { query.Order = domain.Descending })},
		{"List always goes up", asking(func(query *domain.TaskQuery) { query.Order = domain.Ascending })},
		{"List always sorts by creation", asking(func(query *domain.TaskQuery) { query.Sort = domain.ByCreation })},
		{"List sorts ids as texts", sorting(domain.ByCreation, func(a, b domain.Task) int {
			return cmp.Compare(strconv.FormatInt(int64(a.ID), 10), strconv.FormatInt(int64(b.ID), 10))
		})},
		{"List sorts by the last change", asking(func(query *domain.TaskQuery) {
			if query.Sort == domain.ByCreation {
				query.Sort = domain.ByChange
			}
		})},
		{"List sorts changes by their times", sorting(domain.ByChange, func(a, b domain.Task) int { return a.UpdatedAt.Compare(b.UpdatedAt) })},
		{"List sorts due dates as texts", sorting(domain.ByDue, func(a, b domain.Task) int {
			return cmp.Compare(a.Due.Date().String(), b.Due.Date().String())
		})},
		{"List sorts due dates by the second", sorting(domain.ByDue, func(a, b domain.Task) int {
			return cmp.Compare(a.Due.Date().At().Unix(), b.Due.Date().At().Unix())
		})},
		{"List sorts due dates by the time on the clock", sorting(domain.ByDue, func(a, b domain.Task) int {
			return cmp.Compare(first(10)(a.Due.Date().String()), first(10)(b.Due.Date().String()))
		})},
		{"List sorts priorities as texts", sorting(domain.ByPriority, func(a, b domain.Task) int { return cmp.Compare(a.Priority.String(), b.Priority.String()) })},
		{"List sorts priorities from high to low", sorting(domain.ByPriority, func(a, b domain.Task) int { return cmp.Compare(b.Priority, a.Priority) })},
		{"List sorts titles with their case", sorting(domain.ByTitle, func(a, b domain.Task) int { return cmp.Compare(a.Title.String(), b.Title.String()) })},
		{"List sorts titles with their accents", sorting(domain.ByTitle, func(a, b domain.Task) int {
			return cmp.Compare(strings.ToLower(a.Title.String()), strings.ToLower(b.Title.String()))
		})},
		{"List sorts titles by their letters", sorting(domain.ByTitle, func(a, b domain.Task) int {
			letters := strings.NewReplacer(" ", "", "_", "").Replace
			return cmp.Compare(letters(domain.Fold(a.Title.String())), letters(domain.Fold(b.Title.String())))
		})},
		{"List sorts positions without case", sorting(domain.ByPosition, func(a, b domain.Task) int {
			return cmp.Compare(strings.ToLower(a.Position.String()), strings.ToLower(b.Position.String()))
		})},
		{"List sorts positions by their whole", sorting(domain.ByPosition, func(a, b domain.Task) int { return cmp.Compare(a.Position.String()[:16], b.Position.String()[:16]) })},
		{"List is in no order", paging(func(_ domain.TaskQuery, page *domain.TaskPage) {
			rand.Shuffle(len(page.Tasks), func(i, j int) { page.Tasks[i], page.Tasks[j] = page.Tasks[j], page.Tasks[i] })
			slices.Reverse(page.Tasks)
		})},
		{"List has no limit", asking(func(query *domain.TaskQuery) { query.Limit = plenty })},
		{"List takes a limit of none for no limit", asking(func(query *domain.TaskQuery) { query.Limit = cmp.Or(query.Limit, plenty) })},
		{"List gives one too many", asking(func(query *domain.TaskQuery) { query.Limit++ })},
		{"List has a limit of its own", asking(func(query *domain.TaskQuery) { query.Limit = min(query.Limit, 10) })},
	},
	"Tasks that are the same in what List sorts by stand in the order of their ids": {
		{"the newest of tasks that are the same comes first in either order", tied(func(_ domain.Order, a, b domain.Task) int { return cmp.Compare(b.ID, a.ID) })},
		{"the oldest of tasks that are the same comes first in either order", tied(func(_ domain.Order, a, b domain.Task) int { return cmp.Compare(a.ID, b.ID) })},
		{"of tasks that are the same the last changed comes first", tied(func(order domain.Order, a, b domain.Task) int {
			if order == domain.Ascending {
				a, b = b, a
			}
			return cmp.Compare(b.Sequence, a.Sequence)
		})},
		{"dates and times that are the same moment are not the same", sorting(domain.ByDue, func(a, b domain.Task) int {
			return cmp.Or(a.Due.Date().At().Compare(b.Due.Date().At()), cmp.Compare(a.Due.Date().String(), b.Due.Date().String()))
		})},
		{"titles that are the same but for their case are not the same", sorting(domain.ByTitle, func(a, b domain.Task) int {
			return cmp.Or(cmp.Compare(domain.Fold(a.Title.String()), domain.Fold(b.Title.String())), cmp.Compare(a.Title.String(), b.Title.String()))
		})},
	},
	"Tasks that are never due come last in either order": {
		{"tasks that are never due come first", sorting(domain.ByDue, func(a, b domain.Task) int { return a.Due.Date().At().Compare(b.Due.Date().At()) })},
		{"tasks that are never due come last upwards alone", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			if query.Sort != domain.ByDue || query.Order == domain.Ascending {
				return c.list(query)
			}
			query.Order = domain.Ascending
			page, err := c.list(query)
			slices.Reverse(page.Tasks)
			return page, err
		})},
		{"tasks that are never due are left out", paging(func(query domain.TaskQuery, page *domain.TaskPage) {
			page.Tasks = slices.DeleteFunc(page.Tasks, func(task domain.Task) bool { return query.Sort == domain.ByDue && task.Due == domain.Due{} })
		})},
	},
	"An owner without tasks has an empty list": {
		{"an empty list is an error", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			page, err := c.list(query)
			if err == nil && len(page.Tasks) == 0 {
				err = errNoRows
			}
			return page, err
		})},
		{"an empty list has one empty task", paging(func(_ domain.TaskQuery, page *domain.TaskPage) {
			if len(page.Tasks) == 0 {
				page.Tasks = make([]domain.Task, 1)
			}
		})},
		{"an empty list has no total", paging(func(_ domain.TaskQuery, page *domain.TaskPage) {
			if page.Total.Or(0) == 0 {
				page.Total = domain.Optional[int]{}
			}
		})},
		{"an empty list promises more", paging(func(_ domain.TaskQuery, page *domain.TaskPage) { page.More = page.More || len(page.Tasks) == 0 })},
	},
}

// sorting has List sort otherwise where it sorts by one thing, from the lowest
// to the highest.
func sorting(by domain.Sort, compare func(a, b domain.Task) int) harness {
	return resorting(func(query domain.TaskQuery, a, b domain.Task) int {
		order := cmp.Or(compare(a, b), cmp.Compare(a.ID, b.ID))
		switch {
		case query.Sort != by:
			return 0
		case query.Order == domain.Descending:
			return -order
		}
		return order
	})
}

// tied has List sort tasks otherwise that are the same in what it sorts by.
func tied(compare func(order domain.Order, a, b domain.Task) int) harness {
	return resorting(func(query domain.TaskQuery, a, b domain.Task) int {
		one, other := query.Bookmark(a), query.Bookmark(b)
		if one.Number == other.Number && one.Text == other.Text {
			return compare(query.Order, a, b)
		}
		order := cmp.Or(cmp.Compare(one.Number, other.Number), cmp.Compare(one.Text, other.Text))
		if query.Order == domain.Descending {
			return -order
		}
		return order
	})
}

// resorting sorts all that List has, and then takes the page of it.
func resorting(compare func(query domain.TaskQuery, a, b domain.Task) int) harness {
	return listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
		limit := query.Limit
		query.Limit = plenty
		page, err := c.list(query)
		slices.SortStableFunc(page.Tasks, func(a, b domain.Task) int { return compare(query, a, b) })
		page.More = len(page.Tasks) > limit
		page.Tasks = page.Tasks[:min(len(page.Tasks), limit)]
		return page, err
	})
}
