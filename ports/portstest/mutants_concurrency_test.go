package portstest

import (
	"errors"
	"slices"

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
			return c.apply(with(batch, domain.SetCompleted{Target: target, Completed: task.Completed}))
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
		{"the expected sequence is checked before the write", checkingFirst()},
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
	"A count that many raise, each from what they read and again if that is stale, ends at the exact sum": {
		{"the expected sequence is checked before the write", checkingFirst()},
		{"what was read is never stale", readingTogether(func(c call, batch domain.Batch) ([]domain.Task, error) {
			return c.apply(with(batch, unexpecting(batch.Changes()[0])))
		})},
		{"what is stale is left out", readingTogether(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if errors.Is(err, domain.ErrStaleTask) {
				return make([]domain.Task, len(batch.Changes())), nil
			}
			return results, err
		})},
		{"what is stale happens all the same", readingTogether(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if errors.Is(err, domain.ErrStaleTask) {
				_, failed := c.apply(with(batch, unexpecting(batch.Changes()[0])))
				return nil, errors.Join(err, failed)
			}
			return results, err
		})},
		{"what is stale conflicts", readingTogether(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if errors.Is(err, domain.ErrStaleTask) {
				return conflict(c, batch)
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
	"Of several batches with the same key at the same time, one happens": {
		{"a key is looked for before the write", overriding(func() mutant {
			var gate gate
			var kept notes[answerKey, []domain.Task]
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				once, keyed := batch.OnlyOnce().Get()
				if results, known := kept.get(answerKey{c.owner, once.Key}); keyed && known {
					return results, nil
				}
				if keyed {
					gate.pass()
				}
				results, err := c.apply(keyless(batch))
				kept.put(answerKey{c.owner, once.Key}, results)
				return results, err
			}}
		})},
		{"a batch whose key is being used fails", onKeyMeeting(conflict)},
		{"a batch whose key is being used gives nothing", onKeyMeeting(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			clear(results)
			return results, err
		})},
	},
	"Who follows Changes while others change tasks ends with exactly the owner's tasks": {
		{"some changes are seen after later ones", overriding(func() mutant {
			var seen notes[domain.Sequence, bool]
			return mutant{changes: func(c call, since domain.Mark, limit int) (domain.Feed, error) {
				feed, err := c.changes(since, limit)
				last := len(feed.Tasks) - 1
				var visible []domain.Task
				for i, task := range feed.Tasks {
					if late, _ := seen.get(task.Sequence); late || i == last {
						visible = append(visible, task)
					}
					seen.put(task.Sequence, true)
				}
				feed.Tasks = visible
				return feed, err
			}}
		})},
		{"deletions are not told", feeding(func(feed *domain.Feed) {
			feed.Tasks = slices.DeleteFunc(feed.Tasks, func(task domain.Task) bool { return !task.IsLive() })
		})},
		{"a follower goes on at the owner's sequence", running()},
		{"a follower is not told what was forgotten", carefree()},
		{"a feed tells of tasks as they were", overriding(func() mutant {
			type version struct {
				owner domain.UserID
				id    domain.TaskID
			}
			var first notes[version, domain.Task]
			return mutant{changes: func(c call, since domain.Mark, limit int) (domain.Feed, error) {
				feed, err := c.changes(since, limit)
				feed.Tasks = spoiled(feed.Tasks, func(task *domain.Task) {
					if old, known := first.get(version{c.owner, task.ID}); known && task.IsLive() {
						old.Sequence = task.Sequence
						*task = old
					}
					first.put(version{c.owner, task.ID}, *task)
				})
				return feed, err
			}}
		})},
	},
}

// onKeyMeeting applies otherwise a batch with a key that meets another one.
func onKeyMeeting(otherwise func(c call, batch domain.Batch) ([]domain.Task, error)) harness {
	return overriding(func() mutant {
		var gate gate
		return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
			if _, keyed := batch.OnlyOnce().Get(); keyed && gate.pass() {
				return otherwise(c, batch)
			}
			return c.apply(batch)
		}}
	})
}

// checkingFirst looks at the expected sequences, and writes without them.
func checkingFirst() harness {
	return overriding(func() mutant {
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
			return c.apply(with(batch, changes...))
		}}
	})
}

// readingTogether applies otherwise what follows from a Get, of which two see
// the same.
func readingTogether(otherwise func(c call, batch domain.Batch) ([]domain.Task, error)) harness {
	return overriding(func() mutant {
		var gate gate
		return mutant{
			get: func(c call, id domain.TaskID) (domain.Task, error) {
				task, err := c.get(id)
				gate.pass()
				return task, err
			},
			apply: otherwise,
		}
	})
}
