package portstest

import (
	"errors"
	"runtime"
	"slices"

	"github.com/taskward/taskward/domain"
)

var pageMutants = mutations{
	"More tells whether others follow": {
		{"there is never more", paging(func(_ domain.TaskQuery, page *domain.TaskPage) { page.More = false })},
		{"there is always more", paging(func(_ domain.TaskQuery, page *domain.TaskPage) { page.More = true })},
		{"there is more if the page is full", paging(func(query domain.TaskQuery, page *domain.TaskPage) { page.More = len(page.Tasks) == query.Limit })},
		{"there is more if other tasks come before", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			page, err := c.list(query)
			if err != nil {
				return page, err
			}
			all, err := c.list(domain.TaskQuery{Count: true, Completed: query.Completed})
			page.More = all.Total.Or(0) > len(page.Tasks)
			return page, err
		})},
		{"there is more if tasks follow in the other state", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			page, err := c.list(query)
			if err != nil || len(page.Tasks) == 0 {
				return page, err
			}
			after, err := c.list(domain.TaskQuery{Order: query.Order, After: after(page.Tasks[len(page.Tasks)-1].ID)})
			page.More = after.More
			return page, err
		})},
	},
	"After resumes where a page ended, also when the task it names is gone": {
		{"After is where the page begins", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			mark, resumed := query.After.Get()
			if !resumed {
				return c.list(query)
			}
			all, err := c.list(domain.TaskQuery{Sort: query.Sort, Order: query.Order, Limit: plenty})
			if err != nil {
				return all, err
			}
			query.After = nowhere
			for _, task := range all.Tasks {
				if query.Bookmark(task) == mark {
					break
				}
				query.After = domain.Some(query.Bookmark(task))
			}
			return c.list(query)
		})},
		{"After is ignored", asking(func(query *domain.TaskQuery) { query.After = nowhere })},
		{"After is ignored upwards", asking(func(query *domain.TaskQuery) {
			if query.Order == domain.Ascending {
				query.After = nowhere
			}
		})},
		{"After is lost when its task is gone", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			if _, err := c.get(query.After.Or(domain.Bookmark{}).ID); errors.Is(err, domain.ErrTaskNotFound) {
				query.After = nowhere
			}
			return c.list(query)
		})},
		{"nothing follows a task that is gone", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			if _, err := c.get(query.After.Or(domain.Bookmark{}).ID); query.After != nowhere && errors.Is(err, domain.ErrTaskNotFound) {
				query.Limit = 0
			}
			return c.list(query)
		})},
		{"After knows of ids alone", resuming(func(_ domain.TaskQuery, after, task domain.Bookmark) bool { return task.ID > after.ID })},
		{"After leaves out what is the same", resuming(func(query domain.TaskQuery, after, task domain.Bookmark) bool {
			return query.Sort != domain.ByCreation && after.Number == task.Number && after.Text == task.Text
		})},
		{"After leaves out what is never due", resuming(func(query domain.TaskQuery, after, task domain.Bookmark) bool {
			never := query.Bookmark(domain.Task{}).Number
			return query.Sort == domain.ByDue && task.Number == never && after.Number != never
		})},
	},
	"Pages neither skip nor repeat a task while others are created and deleted": {
		{"a page begins after as many tasks as were shown", overriding(func() mutant {
			var shown notes[domain.UserID, int]
			return mutant{list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
				before, _ := shown.get(c.owner)
				if query.After == nowhere {
					before = 0
				}
				query.Skip, query.After = query.Skip+before, nowhere
				page, err := c.list(query)
				shown.put(c.owner, before+len(page.Tasks))
				return page, err
			}}
		})},
		{"pages overlap", overriding(func() mutant {
			var before notes[domain.UserID, domain.Optional[domain.Bookmark]]
			return mutant{list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
				asked := query.After
				if asked != nowhere {
					query.After, _ = before.get(c.owner)
				}
				before.put(c.owner, asked)
				return c.list(query)
			}}
		})},
		{"a page leaves a task out", asking(func(query *domain.TaskQuery) {
			if query.After != nowhere {
				query.Skip++
			}
		})},
		{"pages have no end", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			query.After = nowhere
			page, err := c.list(query)
			page.More = true
			return page, err
		})},
	},
	"Skip leaves out the first tasks": {
		{"Skip is ignored", asking(func(query *domain.TaskQuery) { query.Skip = 0 })},
		{"Skip is ignored with After", asking(func(query *domain.TaskQuery) {
			if query.After != nowhere {
				query.Skip = 0
			}
		})},
		{"Skip is ignored upwards", asking(func(query *domain.TaskQuery) {
			if query.Order == domain.Ascending {
				query.Skip = 0
			}
		})},
		{"Skip counts tasks in the other state", filteringLate(func(*domain.TaskQuery) {})},
		{"Skip counts pages", asking(func(query *domain.TaskQuery) { query.Skip *= query.Limit })},
	},
	"Sequence is the owner's, as of which the page is true, unless the page is empty": {
		{"a page is as of the last change in it", paging(func(_ domain.TaskQuery, page *domain.TaskPage) {
			page.Sequence = 0
			for _, task := range page.Tasks {
				page.Sequence = max(page.Sequence, task.Sequence)
			}
		})},
		{"a page is as of nothing", paging(func(_ domain.TaskQuery, page *domain.TaskPage) { page.Sequence = 0 })},
		{"a page that counts is as of nothing", paging(func(query domain.TaskQuery, page *domain.TaskPage) {
			if query.Count {
				page.Sequence = 0
			}
		})},
		{"a page with a filter is as of nothing", paging(func(query domain.TaskQuery, page *domain.TaskPage) {
			if query.Completed != (domain.Optional[bool]{}) || query.Search != "" {
				page.Sequence = 0
			}
		})},
		{"a page is as of the number of tasks", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			page, err := c.list(query)
			if err != nil {
				return page, err
			}
			state, err := c.state()
			page.Sequence = domain.Sequence(state.LastTaskID)
			return page, err
		})},
		{"a page is as of a time after it was read", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			page, err := c.list(query)
			if err != nil || len(page.Tasks) == 0 {
				return page, err
			}
			before := page.Sequence
			// The bound is for a crowd that does other things.
			for spins := 0; page.Sequence == before && runtime.NumGoroutine() > crowd/2 && spins < 10_000; spins++ {
				runtime.Gosched()
				state, err := c.state()
				if err != nil {
					return page, err
				}
				page.Sequence = state.Sequence
			}
			return page, nil
		})},
		{"an empty page is as of the future", paging(func(_ domain.TaskQuery, page *domain.TaskPage) {
			if len(page.Tasks) == 0 {
				page.Sequence++
			}
		})},
	},
}

// nowhere is where a list begins.
var nowhere domain.Optional[domain.Bookmark]

// resuming has After leave out tasks that follow it.
func resuming(leavesOut func(query domain.TaskQuery, after, task domain.Bookmark) bool) harness {
	return paging(func(query domain.TaskQuery, page *domain.TaskPage) {
		if after, resumed := query.After.Get(); resumed {
			page.Tasks = slices.DeleteFunc(page.Tasks, func(task domain.Task) bool { return leavesOut(query, after, query.Bookmark(task)) })
		}
	})
}
