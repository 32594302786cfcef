package portstest

import (
	"errors"

	"github.com/taskward/taskward/domain"
)

var concurrencyMutants = mutations{
	"Changes of one task at the same time happen one after another": {
		{"a toggle that meets another does the same once more", onMeeting[domain.ToggleCompleted](oneByOne(func(c call, batch domain.Batch) ([]domain.Task, error) {
			target := targetOf(batch.Changes()[0])
			task, err := c.get(target.ID)
			if err != nil {
				return nil, err
			}
			return c.apply(domain.NewBatch(batch.At(), domain.SetCompleted{Target: target, Completed: task.Completed}))
		}))},
		{"a toggle that meets another fails", onMeeting[domain.ToggleCompleted](conflict)},
		{"a toggle that meets another only says so", onMeeting[domain.ToggleCompleted](func(c call, batch domain.Batch) ([]domain.Task, error) {
			task, err := c.get(targetOf(batch.Changes()[0]).ID)
			task.Completed = !task.Completed
			return []domain.Task{task}, err
		})},
		{"the last of many toggles is forgotten", overriding(func() mutant {
			var before notes[domain.TaskID, domain.Task]
			return mutant{
				apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
					if toggle, ok := firstOf[domain.ToggleCompleted](batch); ok {
						task, err := c.get(toggle.ID)
						if err != nil {
							return nil, err
						}
						before.put(toggle.ID, task)
					}
					return c.apply(batch)
				},
				get: func(c call, id domain.TaskID) (domain.Task, error) {
					if task, ok := before.get(id); ok {
						return task, c.ctx.Err()
					}
					return c.get(id)
				},
			}
		})},
	},
	"Of several changes that expect the same sequence, one happens": {
		{"the expected sequence is checked before the write", overriding(func() mutant {
			var gate gate
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				changes := batch.Changes()
				for i, change := range changes {
					target := targetOf(change)
					if target.Expected == 0 {
						continue
					}
					task, err := c.get(target.ID)
					switch {
					case err != nil:
						return nil, err
					case task.Sequence != target.Expected:
						return nil, domain.ErrStaleTask
					}
					gate.pass()
					changes[i] = unexpecting(change)
				}
				return c.apply(domain.NewBatch(batch.At(), changes...))
			}}
		})},
		{"of edits that meet none happens", onMeeting[domain.Edit](func(call, domain.Batch) ([]domain.Task, error) {
			return nil, domain.ErrStaleTask
		})},
		{"of edits that meet some fail for a reason of their own", onMeeting[domain.Edit](conflict)},
		{"a delete of what others have deleted succeeds", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if _, deletes := firstOf[domain.Delete](batch); deletes && errors.Is(err, domain.ErrTaskNotFound) {
				return make([]domain.Task, len(batch.Changes())), nil
			}
			return results, err
		})},
	},
	"Batches that change the same tasks in different orders all happen": {
		{"batches that cross end in a deadlock error", overriding(func() mutant {
			var gate gate
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				changes := batch.Changes()
				if len(changes) > 1 && gate.pass() && targetOf(changes[0]).ID > targetOf(changes[len(changes)-1]).ID {
					return nil, errors.New("deadlock detected")
				}
				return c.apply(batch)
			}}
		})},
		{"batches that cross write over each other", inTable(func(t *table) {
			var gate gate
			t.between = func() { gate.pass() }
		})},
	},
}
