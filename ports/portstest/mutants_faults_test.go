package portstest

import (
	"context"
	"errors"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var faultMutants = mutations{
	"Every method returns the context's error if the context has ended": {
		{"Get ignores the context", getting(func(c call, id domain.TaskID) (domain.Task, error) { return c.endless().get(id) })},
		{"List ignores the context", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) { return c.endless().list(query) })},
		{"Trash ignores the context", trashing(func(c call, query domain.TrashQuery) (domain.TaskPage, error) { return c.endless().trash(query) })},
		{"Changes ignores the context", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			return c.endless().changes(since, limit)
		})},
		{"State ignores the context", stating(func(c call) (domain.Counters, error) { return c.endless().state() })},
		{"Erase ignores the context", erasing(func(c call) error { return c.endless().erase() })},
		{"Apply ignores the context", applying(func(c call, batch domain.Batch) ([]domain.Task, error) { return c.endless().apply(batch) })},
		{"Apply ignores the context of a batch of one", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if len(batch.Changes()) == 1 {
				c = c.endless()
			}
			return c.apply(batch)
		})},
		{"Apply ignores the context of a batch of several", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if len(batch.Changes()) > 1 {
				c = c.endless()
			}
			return c.apply(batch)
		})},
		{"Apply ignores the context of a batch with a key", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if _, keyed := batch.OnlyOnce().Get(); keyed {
				c = c.endless()
			}
			return c.apply(batch)
		})},
		{"an ended context gives the driver's error", endingWith(errors.New("interrupted"))},
		{"an ended context makes the store unavailable", endingWith(domain.ErrUnavailable)},
		{"any ended context counts as cancelled", endingWith(context.Canceled)},
	},
	"Apply and Erase change nothing if the context has ended": {
		{"Erase looks at the context after the write", erasing(func(c call) error { return errors.Join(c.endless().erase(), c.ctx.Err()) })},
		{"Apply looks at the context after the write", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.endless().apply(batch)
			return results, errors.Join(err, c.ctx.Err())
		})},
		{"Apply looks at the context after the first change", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if changes := batch.Changes(); len(changes) > 1 && c.ctx.Err() != nil {
				_, err := c.endless().apply(with(batch, changes[0]))
				return nil, errors.Join(err, c.ctx.Err())
			}
			return c.apply(batch)
		})},
		{"Apply uses up an id when the context has ended", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if _, creates := firstOf[domain.Create](batch); creates && c.ctx.Err() != nil && len(batch.Changes()) == 1 {
				_, err := createAndDrop(c.endless(), batch)
				return nil, errors.Join(err, c.ctx.Err())
			}
			return c.apply(batch)
		})},
		{"Apply keeps the key when the context has ended", overriding(func() mutant {
			var taken notes[answerKey, bool]
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				once, keyed := batch.OnlyOnce().Get()
				if known, _ := taken.get(answerKey{c.owner, once.Key}); known {
					return make([]domain.Task, len(batch.Changes())), nil
				}
				if keyed && c.ctx.Err() != nil {
					taken.put(answerKey{c.owner, once.Key}, true)
				}
				return c.apply(batch)
			}}
		})},
		{"Apply forgets the trash when the context has ended", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if has[domain.Delete](batch) && c.ctx.Err() != nil {
				made, err := c.endless().apply(with(batch, bare("passing")))
				if err != nil {
					return nil, err
				}
				if _, err := c.endless().apply(with(batch, domain.Delete{Target: on(made[0].ID)})); err != nil {
					return nil, err
				}
			}
			return c.apply(batch)
		})},
		{"Apply succeeds all the same", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if err != nil && errors.Is(err, c.ctx.Err()) {
				return make([]domain.Task, len(batch.Changes())), nil
			}
			return results, err
		})},
	},
	closedRule.sentence: {
		{"a closed store answers", harness{closed: func() ports.TaskRepository { return memory.NewTasks() }}},
		{"a closed store gives the driver's error", closedAs(answering(func(call, error) error { return errors.New("database is closed") }))},
		{"a closed store has no tasks", closedAs(mutant{
			get:  func(call, domain.TaskID) (domain.Task, error) { return domain.Task{}, domain.ErrTaskNotFound },
			list: func(call, domain.TaskQuery) (domain.TaskPage, error) { return domain.TaskPage{}, nil },
		})},
		{"a closed store has no trash", closedAs(mutant{trash: func(call, domain.TrashQuery) (domain.TaskPage, error) { return domain.TaskPage{}, nil }})},
		{"a closed store tells of no changes", closedAs(mutant{changes: func(call, domain.Mark, int) (domain.Feed, error) { return domain.Feed{}, nil }})},
		{"a closed store has no counters", closedAs(mutant{state: func(call) (domain.Counters, error) { return domain.Counters{}, nil }})},
		{"a closed store erases", closedAs(mutant{erase: func(call) error { return nil }})},
		{"a closed store accepts changes", closedAs(mutant{
			apply: func(_ call, batch domain.Batch) ([]domain.Task, error) {
				return make([]domain.Task, len(batch.Changes())), nil
			},
		})},
	},
	twiceRule.sentence: {
		{"two handles have a store each", harness{twice: func() (one, other ports.TaskRepository) {
			return memory.NewTasks(), memory.NewTasks()
		}}},
		{"two handles remember each what it read", twiceAs(remembering(putNothing))},
		{"a handle shows what it did itself alone", twiceAs(remembering(putAll))},
		{"two handles have their own keys", twiceAs(func() mutant {
			return mutant{apply: keptBy(func(owner domain.UserID, key domain.OnceKey) string { return string(owner) + "/" + string(key) })}
		})},
		{"two handles have their own trash", twiceAs(func() mutant {
			var deleted notes[domain.UserID, []domain.Task]
			return mutant{
				apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
					results, err := c.apply(batch)
					if _, deletes := firstOf[domain.Delete](batch); deletes {
						deleted.put(c.owner, results)
					}
					return results, err
				},
				trash: func(c call, _ domain.TrashQuery) (domain.TaskPage, error) {
					own, _ := deleted.get(c.owner)
					return domain.TaskPage{Tasks: own}, c.ctx.Err()
				},
			}
		})},
		{"two handles erase each what it made", twiceAs(func() mutant {
			var made notes[domain.UserID, bool]
			return mutant{
				erase: func(c call) error {
					made.put(c.owner, true)
					return nil
				},
				get: func(c call, id domain.TaskID) (domain.Task, error) {
					if gone, _ := made.get(c.owner); gone {
						return domain.Task{}, domain.ErrTaskNotFound
					}
					return c.get(id)
				},
			}
		})},
		{"the second handle leaves ids to the first", harness{twice: func() (one, other ports.TaskRepository) {
			shared := memory.NewTasks()
			return shared, mutant{sound: shared, apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				if _, creates := firstOf[domain.Create](batch); creates {
					if _, err := createAndDrop(c, batch); err != nil {
						return nil, err
					}
				}
				return c.apply(batch)
			}}
		}}},
		{"two handles change one owner at the same time", harness{twice: func() (one, other ports.TaskRepository) {
			var gate gate
			shared := newTable(func(t *table) { t.between = func() { gate.pass() } })
			return queued(shared), queued(shared)
		}}},
	},
}

// endless is the call without its context's end.
func (c call) endless() call {
	c.ctx = context.WithoutCancel(c.ctx)
	return c
}

// answering answers every error with another.
func answering(answer func(call, error) error) mutant {
	told := func(c call, err error) error {
		if err != nil {
			return answer(c, err)
		}
		return nil
	}
	return mutant{
		get: func(c call, id domain.TaskID) (domain.Task, error) {
			task, err := c.get(id)
			return task, told(c, err)
		},
		list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			page, err := c.list(query)
			return page, told(c, err)
		},
		trash: func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
			page, err := c.trash(query)
			return page, told(c, err)
		},
		changes: func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			feed, err := c.changes(since, limit)
			return feed, told(c, err)
		},
		state: func(c call) (domain.Counters, error) {
			counters, err := c.state()
			return counters, told(c, err)
		},
		apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			return results, told(c, err)
		},
		erase: func(c call) error { return told(c, c.erase()) },
	}
}

// endingWith answers with another error where a context has ended.
func endingWith(answer error) harness {
	return overriding(func() mutant {
		return answering(func(c call, err error) error {
			if errors.Is(err, c.ctx.Err()) {
				return answer
			}
			return err
		})
	})
}

// closedAs opens a mutant of a closed store.
func closedAs(mutant mutant) harness {
	return harness{closed: func() ports.TaskRepository {
		mutant.sound = closedMemory()
		return mutant
	}}
}

func closedMemory() ports.TaskRepository {
	tasks := memory.NewTasks()
	if err := tasks.Close(); err != nil {
		panic(err)
	}
	return tasks
}

// twiceAs opens two mutants of one store.
func twiceAs(open func() mutant) harness {
	return harness{twice: func() (ports.TaskRepository, ports.TaskRepository) {
		shared := memory.NewTasks()
		one, other := open(), open()
		one.sound, other.sound = shared, shared
		return one, other
	}}
}

// queued is a handle that lets one Apply at a time through, and knows of no
// other handle.
func queued(shared ports.TaskRepository) ports.TaskRepository {
	return mutant{sound: shared, apply: oneByOne(call.apply)}
}
