package portstest

import (
	"cmp"
	"slices"
	"time"

	"github.com/taskward/taskward/domain"
)

var trashMutants = mutations{
	"Trash returns what is in the trash, the last deleted first, at most Limit tasks": {
		{"the trash has no limit", askingTrash(func(query *domain.TrashQuery) { query.Limit = plenty })},
		{"the trash takes a limit of none for no limit", askingTrash(func(query *domain.TrashQuery) { query.Limit = cmp.Or(query.Limit, plenty) })},
		{"the trash gives one too many", askingTrash(func(query *domain.TrashQuery) { query.Limit++ })},
		{"the trash is sorted by id", trashSorted(func(a, b domain.Task) int { return cmp.Compare(b.ID, a.ID) })},
		{"the trash is sorted by the time of deletion", trashSorted(func(a, b domain.Task) int { return b.DeletedAt.Compare(a.DeletedAt) })},
		{"the trash begins with the first deleted", trashSorted(func(a, b domain.Task) int { return cmp.Compare(a.Sequence, b.Sequence) })},
		{"the trash has what is there", trashWith(domain.Task.IsLive)},
		{"the trash has what was purged", trashWith(domain.Task.IsTombstone)},
		{"the trash is empty", trashing(func(c call, _ domain.TrashQuery) (domain.TaskPage, error) { return domain.TaskPage{}, c.ctx.Err() })},
		{"the trash keeps what was restored", overriding(func() mutant {
			var restored notes[domain.UserID, []domain.Task]
			return mutant{
				apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
					results, err := c.apply(batch)
					if _, restores := firstOf[domain.Restore](batch); restores && err == nil {
						restored.put(c.owner, results)
					}
					return results, err
				},
				trash: func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
					page, err := c.trash(query)
					back, _ := restored.get(c.owner)
					page.Tasks = append(page.Tasks, back...)
					return page, err
				},
			}
		})},
	},
	"Before resumes where a page of the trash ended": {
		{"Before is ignored", askingTrash(func(query *domain.TrashQuery) { query.Before = 0 })},
		{"Before is where the page begins", askingTrash(func(query *domain.TrashQuery) {
			if query.Before != 0 {
				query.Before++
			}
		})},
		{"Before leaves out a task", askingTrash(func(query *domain.TrashQuery) { query.Before = max(0, query.Before-1) })},
		{"Before is a number of tasks", trashing(func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
			if query.Before == 0 {
				return c.trash(query)
			}
			page, err := c.trash(domain.TrashQuery{Limit: plenty})
			page.Tasks = page.Tasks[min(len(page.Tasks), query.Limit):]
			return page, err
		})},
		{"there is never more in the trash", trashMore(func(domain.TrashQuery, domain.TaskPage) bool { return false })},
		{"there is always more in the trash", trashMore(func(domain.TrashQuery, domain.TaskPage) bool { return true })},
		{"there is more in the trash if the page is full", trashMore(func(query domain.TrashQuery, page domain.TaskPage) bool {
			return len(page.Tasks) == query.Limit
		})},
	},
	"Trash leaves out what was deleted at Over or earlier": {
		{"Over is ignored", askingTrash(func(query *domain.TrashQuery) { query.Over = time.Time{} })},
		{"Over keeps what was deleted at that moment", askingTrash(func(query *domain.TrashQuery) {
			if !query.Over.IsZero() {
				query.Over = query.Over.Add(-time.Microsecond)
			}
		})},
		{"Over leaves out what was deleted at the next moment", askingTrash(func(query *domain.TrashQuery) {
			if !query.Over.IsZero() {
				query.Over = query.Over.Add(time.Microsecond)
			}
		})},
		{"Over looks at UpdatedAt", trashing(func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
			over := query.Over
			query.Over = time.Time{}
			page, err := c.trash(query)
			page.Tasks = slices.DeleteFunc(page.Tasks, func(task domain.Task) bool { return !task.UpdatedAt.After(over) })
			return page, err
		})},
		{"Over empties the trash", overriding(func() mutant {
			var over notes[domain.UserID, time.Time]
			return mutant{trash: func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
				if last, _ := over.get(c.owner); query.Over.Before(last) {
					query.Over = last
				}
				over.put(c.owner, query.Over)
				return c.trash(query)
			}}
		})},
		{"there is more in the trash if it is over", trashing(func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
			page, err := c.trash(query)
			if err != nil {
				return page, err
			}
			all, err := c.trash(domain.TrashQuery{Limit: plenty})
			page.More = len(all.Tasks) > len(page.Tasks)
			return page, err
		})},
	},
}

// askingTrash spoils what Trash is asked for.
func askingTrash(spoil func(*domain.TrashQuery)) harness {
	return trashing(func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
		spoil(&query)
		return c.trash(query)
	})
}

// trashMore has Trash tell otherwise whether there is more.
func trashMore(is func(domain.TrashQuery, domain.TaskPage) bool) harness {
	return trashing(func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
		page, err := c.trash(query)
		page.More = is(query, page)
		return page, err
	})
}

// trashSorted sorts the trash otherwise.
func trashSorted(compare func(a, b domain.Task) int) harness {
	return trashing(func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
		page, err := c.trash(query)
		slices.SortStableFunc(page.Tasks, compare)
		return page, err
	})
}

// trashWith has Trash return other tasks as well.
func trashWith(others func(domain.Task) bool) harness {
	return trashing(func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
		page, err := c.trash(query)
		if err != nil {
			return page, err
		}
		feed, err := c.changes(domain.Mark{}, plenty)
		for _, task := range feed.Tasks {
			if others(task) {
				page.Tasks = append(page.Tasks, task)
			}
		}
		return page, err
	})
}
