package portstest

import (
	"cmp"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/taskward/taskward/domain"
)

var listMutants = mutations{
	"Get returns the task as the last Apply left it": {
		{"Get remembers what it once read", overriding(remembering(putNothing))},
		{"Get misses edits", reading(func(task *domain.Task) {
			if task.UpdatedAt != task.CreatedAt {
				task.Title = title("as it was")
			}
		})},
		{"Get ignores the id", getting(func(c call, id domain.TaskID) (domain.Task, error) {
			return c.get(min(id, 1))
		})},
	},
	"Get returns domain.ErrTaskNotFound for an id never given": {
		{"Get gives no task and no error for an unknown id", getting(func(c call, id domain.TaskID) (domain.Task, error) {
			task, err := c.get(id)
			if errors.Is(err, domain.ErrTaskNotFound) {
				err = nil
			}
			return task, err
		})},
		{"Get gives the driver's error for an unknown id", getting(func(c call, id domain.TaskID) (domain.Task, error) {
			task, err := c.get(id)
			if errors.Is(err, domain.ErrTaskNotFound) {
				err = errNoRows
			}
			return task, err
		})},
		{"Get cuts ids to 32 bits", getting(func(c call, id domain.TaskID) (domain.Task, error) {
			return c.get(id & 0xffffffff)
		})},
		{"Get refuses an id that cannot be", getting(func(c call, id domain.TaskID) (domain.Task, error) {
			if id < 1 {
				return domain.Task{}, domain.Invalidity()
			}
			return c.get(id)
		})},
	},
	"Get returns domain.ErrTaskNotFound for a deleted task": {
		{"Get remembers what a delete returned", overriding(remembering(putAll))},
	},
	"List returns tasks in the order asked for, at most Limit of them": {
		{"List is always newest first", asking(func(query *domain.TaskQuery) { query.Order = domain.NewestFirst })},
		{"List is always oldest first", asking(func(query *domain.TaskQuery) { query.Order = domain.OldestFirst })},
		{"List sorts ids as texts", inTable(func(t *table) {
			t.sorts = func(a, b domain.Task) int {
				return cmp.Compare(strconv.FormatInt(int64(b.ID), 10), strconv.FormatInt(int64(a.ID), 10))
			}
		})},
		{"List sorts by the last change", inTable(func(t *table) {
			t.sorts = func(a, b domain.Task) int { return b.UpdatedAt.Compare(a.UpdatedAt) }
		})},
		{"List is in no order", paging(func(_ domain.TaskQuery, page *domain.TaskPage) {
			rand.Shuffle(len(page.Tasks), func(i, j int) { page.Tasks[i], page.Tasks[j] = page.Tasks[j], page.Tasks[i] })
			slices.Reverse(page.Tasks)
		})},
		{"List has no limit", asking(func(query *domain.TaskQuery) { query.Limit = 1000 })},
		{"List takes a limit of none for no limit", asking(func(query *domain.TaskQuery) { query.Limit = cmp.Or(query.Limit, 1000) })},
		{"List gives one too many", asking(func(query *domain.TaskQuery) { query.Limit++ })},
		{"List has a limit of its own", asking(func(query *domain.TaskQuery) { query.Limit = min(query.Limit, 10) })},
	},
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
			after, err := c.list(domain.TaskQuery{Order: query.Order, After: page.Tasks[len(page.Tasks)-1].ID})
			page.More = after.More
			return page, err
		})},
	},
	"After resumes where a page ended, also when the task it names is gone": {
		{"After is where the page begins", asking(func(query *domain.TaskQuery) {
			switch {
			case query.After == 0:
			case query.Order == domain.OldestFirst:
				query.After--
			default:
				query.After++
			}
		})},
		{"After is ignored", asking(func(query *domain.TaskQuery) { query.After = 0 })},
		{"After is ignored, oldest first", asking(func(query *domain.TaskQuery) {
			if query.Order == domain.OldestFirst {
				query.After = 0
			}
		})},
		{"After is lost when its task is gone", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			if _, err := c.get(query.After); errors.Is(err, domain.ErrTaskNotFound) {
				query.After = 0
			}
			return c.list(query)
		})},
		{"nothing follows a task that is gone", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			if _, err := c.get(query.After); query.After != 0 && errors.Is(err, domain.ErrTaskNotFound) {
				query.Limit = 0
			}
			return c.list(query)
		})},
	},
	"Pages neither skip nor repeat a task while others are created and deleted": {
		{"a page begins at an offset", paged(func(_ int, query domain.TaskQuery, newest domain.TaskID) domain.TaskQuery {
			switch {
			case query.After == 0:
			case query.Order == domain.OldestFirst:
				query.Skip += int(query.After)
			default:
				query.Skip += int(newest - query.After + 1)
			}
			query.After = 0
			return query
		})},
		{"a page begins after as many tasks as were shown", paged(func(shown int, query domain.TaskQuery, _ domain.TaskID) domain.TaskQuery {
			if query.After != 0 {
				query.Skip, query.After = query.Skip+shown, 0
			}
			return query
		})},
		{"pages have no end", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			query.After = 0
			page, err := c.list(query)
			page.More = true
			return page, err
		})},
	},
	"Skip leaves out the first tasks": {
		{"Skip is ignored", asking(func(query *domain.TaskQuery) { query.Skip = 0 })},
		{"Skip is ignored with After", asking(func(query *domain.TaskQuery) {
			if query.After != 0 {
				query.Skip = 0
			}
		})},
		{"Skip is ignored, oldest first", asking(func(query *domain.TaskQuery) {
			if query.Order == domain.OldestFirst {
				query.Skip = 0
			}
		})},
		{"Skip counts tasks in the other state", filteringLate(func(*domain.TaskQuery) {})},
		{"Skip counts pages", asking(func(query *domain.TaskQuery) { query.Skip *= query.Limit })},
	},
	"Completed lists only tasks in that state": {
		{"Completed is ignored", asking(func(query *domain.TaskQuery) { query.Completed = domain.Optional[bool]{} })},
		{"Completed is ignored if false", asking(func(query *domain.TaskQuery) {
			if !query.Completed.Or(false) {
				query.Completed = domain.Optional[bool]{}
			}
		})},
		{"Completed is the other way round", asking(func(query *domain.TaskQuery) {
			if completed, ok := query.Completed.Get(); ok {
				query.Completed = domain.Some(!completed)
			}
		})},
		{"Completed is ignored with After", asking(func(query *domain.TaskQuery) {
			if query.After != 0 {
				query.Completed = domain.Optional[bool]{}
			}
		})},
		{"Completed thins out a page", filteringLate(func(query *domain.TaskQuery) { query.Skip = 0 })},
	},
	"Total counts all tasks that pass Completed, whatever page is asked for, if Count is set": {
		{"the total is that of the page", totalling(func(_ domain.TaskQuery, page domain.TaskPage, _ int) int { return len(page.Tasks) })},
		{"the total counts what follows", totalling(func(query domain.TaskQuery, _ domain.TaskPage, total int) int { return total - query.Skip })},
		{"the total counts both states", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			page, err := c.list(query)
			if err != nil {
				return page, err
			}
			query.Completed = domain.Optional[bool]{}
			all, err := c.list(query)
			page.Total = all.Total
			return page, err
		})},
		{"the total counts what is deleted", overriding(func() mutant {
			var last notes[domain.UserID, domain.TaskID]
			return mutant{
				apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
					results, err := c.apply(batch)
					for _, task := range results {
						last.put(c.owner, task.ID)
					}
					return results, err
				},
				list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
					page, err := c.list(query)
					if total, ok := last.get(c.owner); ok && query.Count && query.Completed == (domain.Optional[bool]{}) {
						page.Total = domain.Some(int(total))
					}
					return page, err
				},
			}
		})},
		{"there is a total unasked", asking(func(query *domain.TaskQuery) { query.Count = true })},
		{"there is no total", asking(func(query *domain.TaskQuery) { query.Count = false })},
		{"there is no total of an empty page", asking(func(query *domain.TaskQuery) { query.Count = query.Count && query.Limit > 0 })},
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

// errNoRows is an error as a driver has it.
var errNoRows = errors.New("no rows in result set")

// remembering puts a memory before Get, to which Apply may add.
func remembering(remember func(put func(domain.Task), results []domain.Task)) func() mutant {
	return func() mutant {
		type key struct {
			owner domain.UserID
			id    domain.TaskID
		}
		var seen notes[key, domain.Task]
		put := func(task domain.Task) { seen.put(key{task.Owner, task.ID}, task) }
		return mutant{
			get: func(c call, id domain.TaskID) (domain.Task, error) {
				if task, ok := seen.get(key{c.owner, id}); ok {
					return task, c.ctx.Err()
				}
				task, err := c.get(id)
				if err == nil {
					put(task)
				}
				return task, err
			},
			apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				results, err := c.apply(batch)
				remember(put, results)
				return results, err
			},
		}
	}
}

func putNothing(func(domain.Task), []domain.Task) {}

func putAll(put func(domain.Task), results []domain.Task) {
	for _, task := range results {
		put(task)
	}
}

// filteringLate has List look at the state of tasks when it has a page of both.
func filteringLate(spoil func(*domain.TaskQuery)) harness {
	return listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
		state := query.Completed
		spoil(&query)
		query.Completed = domain.Optional[bool]{}
		page, err := c.list(query)
		page.Tasks = slices.DeleteFunc(page.Tasks, func(task domain.Task) bool { return state.Or(task.Completed) != task.Completed })
		return page, err
	})
}

// totalling counts otherwise.
func totalling(count func(query domain.TaskQuery, page domain.TaskPage, total int) int) harness {
	return paging(func(query domain.TaskQuery, page *domain.TaskPage) {
		if total, ok := page.Total.Get(); ok {
			page.Total = domain.Some(count(query, *page, total))
		}
	})
}

// paged looks for a page by counting tasks: those shown to this owner so far
// in a row of pages, or all up to the newest.
func paged(find func(shown int, query domain.TaskQuery, newest domain.TaskID) domain.TaskQuery) harness {
	return overriding(func() mutant {
		var shown notes[domain.UserID, int]
		return mutant{list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			newest, err := c.list(domain.TaskQuery{Limit: 1})
			if err != nil || len(newest.Tasks) == 0 {
				return newest, err
			}
			before, _ := shown.get(c.owner)
			if query.After == 0 {
				before = 0
			}
			page, err := c.list(find(before, query, newest.Tasks[0].ID))
			shown.put(c.owner, before+len(page.Tasks))
			return page, err
		}}
	})
}
