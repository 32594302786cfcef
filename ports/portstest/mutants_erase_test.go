package portstest

import (
	"errors"
	"slices"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var eraseMutants = mutations{
	"Erase removes all that the owner has, but for the counters": {
		{"Erase only counts", leaving(func(domain.Task) bool { return true })},
		{"Erase leaves the trash", leaving(func(row domain.Task) bool { return !row.IsLive() && !row.IsTombstone() })},
		{"Erase leaves what was purged", leaving(domain.Task.IsTombstone)},
		{"Erase leaves an owner alone who has nothing but a trash", erasing(func(c call) error {
			page, err := c.list(domain.TaskQuery{Limit: 1})
			if err != nil || len(page.Tasks) == 0 {
				return err
			}
			return c.erase()
		})},
		{"Erase moves all tasks to the trash", erasing(func(c call) error {
			page, err := c.list(domain.TaskQuery{Limit: plenty})
			for _, task := range page.Tasks {
				_, failed := c.apply(domain.NewBatch(later, domain.Delete{Target: on(task.ID)}))
				err = errors.Join(err, failed)
			}
			return err
		})},
		{"Erase leaves the keys", applying(keptBy(func(owner domain.UserID, key domain.OnceKey) string { return string(owner) + "/" + string(key) }))},
		{"Erase removes the counters", erasingInTable(func(t *table, owner domain.UserID) { delete(t.counters, owner) })},
		{"Erase removes the last id", erasingInTable(func(t *table, owner domain.UserID) {
			t.counters[owner] = domain.Counters{Sequence: t.counters[owner].Sequence}
		})},
	},
	"Erase counts as a change after which nothing before it is told": {
		{"Erase does not count", erasingInTable(func(t *table, owner domain.UserID) {
			counters := t.counters[owner]
			counters.Sequence--
			counters.Forgotten--
			t.counters[owner] = counters
		})},
		{"Erase forgets nothing", erasingInTable(func(t *table, owner domain.UserID) {
			counters := t.counters[owner]
			counters.Forgotten = 0
			t.counters[owner] = counters
		})},
		{"Erase forgets all but itself", erasingInTable(func(t *table, owner domain.UserID) {
			counters := t.counters[owner]
			counters.Forgotten--
			t.counters[owner] = counters
		})},
		{"Erase counts each task", erasing(func(c call) error {
			page, err := c.list(domain.TaskQuery{Limit: plenty})
			for _, task := range page.Tasks {
				_, failed := c.apply(domain.NewBatch(later, domain.Delete{Target: on(task.ID)}))
				err = errors.Join(err, failed)
			}
			return errors.Join(err, c.erase())
		})},
		{"who follows an erased owner's changes is told of nothing", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			feed, err := c.changes(since, limit)
			if errors.Is(err, domain.ErrChangesForgotten) {
				return domain.Feed{Until: since}, nil
			}
			return feed, err
		})},
	},
	"An erased owner's ids are not given again": {
		{"ids begin anew after Erase", erasingInTable(func(t *table, owner domain.UserID) {
			counters := t.counters[owner]
			counters.LastTaskID = 0
			t.counters[owner] = counters
		})},
		{"the last id is given again after Erase", erasingInTable(func(t *table, owner domain.UserID) {
			counters := t.counters[owner]
			counters.LastTaskID--
			t.counters[owner] = counters
		})},
	},
	"To erase an owner who never had a task changes nothing": {
		{"to erase an owner without tasks fails", erasing(func(c call) error {
			if state, err := c.state(); err != nil || state == (domain.Counters{}) {
				return errors.Join(err, errNoRows)
			}
			return c.erase()
		})},
		{"to erase an owner without tasks counts as a change", harness{tasks: func() ports.TaskRepository {
			table := newTable(func(*table) {})
			return mutant{sound: table, erase: func(c call) error {
				table.mu.Lock()
				defer table.mu.Unlock()
				table.counters[c.owner] = table.counters[c.owner].Erased()
				return c.ctx.Err()
			}}
		}}},
		{"to erase an owner without tasks uses up an id", erasing(func(c call) error {
			_, err := c.apply(domain.NewBatch(later, bare("passing"), domain.Delete{Target: on(1)}))
			return errors.Join(err, c.erase())
		})},
	},
}

// leaving has Erase leave some of the owner's rows.
func leaving(some func(domain.Task) bool) harness {
	return harness{tasks: func() ports.TaskRepository {
		table := newTable(func(*table) {})
		return mutant{sound: table, erase: func(c call) error {
			left := slices.DeleteFunc(table.seen(c.owner, table.eraseSees), func(row domain.Task) bool { return !some(row) })
			err := c.erase()
			table.mu.Lock()
			defer table.mu.Unlock()
			table.rows = append(table.rows, left...)
			return err
		}}
	}}
}
