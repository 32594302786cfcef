package portstest

import (
	"errors"

	"github.com/taskward/taskward/domain"
)

var getMutants = mutations{
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
		{"Get finds what is in the trash", getting(func(c call, id domain.TaskID) (domain.Task, error) {
			task, err := c.get(id)
			if page, failed := c.trash(domain.TrashQuery{Limit: plenty}); failed == nil && errors.Is(err, domain.ErrTaskNotFound) {
				return find(page.Tasks, func(task domain.Task) bool { return task.ID == id })
			}
			return task, err
		})},
		{"Get finds what was purged", getting(func(c call, id domain.TaskID) (domain.Task, error) {
			task, err := c.get(id)
			if feed, failed := c.changes(domain.Mark{}, plenty); failed == nil && errors.Is(err, domain.ErrTaskNotFound) {
				return find(feed.Tasks, func(task domain.Task) bool { return task.ID == id && task.IsTombstone() })
			}
			return task, err
		})},
		{"Get remembers what a delete returned", overriding(remembering(putAll))},
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
