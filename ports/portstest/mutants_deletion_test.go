package portstest

import (
	"slices"
	"time"

	"github.com/taskward/taskward/domain"
)

var deletionMutants = mutations{
	"A delete moves the task to the trash": {
		{"a delete only says so", effecting(func(_ *table, _ play, effects *domain.Effects) {
			effects.Saved = slices.DeleteFunc(effects.Saved, func(task domain.Task) bool { return !task.IsLive() })
		})},
		{"a delete is for good", inTable(func(t *table) {
			t.stores = func(_, after domain.Task) domain.Task {
				if !after.IsLive() {
					return domain.Task{Owner: after.Owner, ID: after.ID, DeletedAt: after.DeletedAt, Sequence: after.Sequence}
				}
				return after
			}
		})},
		{"a delete removes all tasks of the owner", effecting(func(t *table, p play, _ *domain.Effects) {
			if has[domain.Delete](p.batch) {
				t.rows = slices.DeleteFunc(t.rows, func(row domain.Task) bool { return row.Owner == p.owner })
			}
		})},
		{"a batch deletes one task", effecting(func(_ *table, p play, effects *domain.Effects) {
			if has[domain.Delete](p.batch) {
				effects.Saved = effects.Saved[:1]
			}
		})},
		{"a deleted task is still listed", overriding(func() mutant {
			var deleted notes[domain.UserID, []domain.Task]
			return mutant{
				apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
					results, err := c.apply(batch)
					if _, deletes := firstOf[domain.Delete](batch); deletes {
						deleted.put(c.owner, results)
					}
					return results, err
				},
				list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
					page, err := c.list(query)
					gone, _ := deleted.get(c.owner)
					page.Tasks = append(page.Tasks, gone...)
					return page, err
				},
			}
		})},
		{"the trash has no descriptions", remaking(func(_, after domain.Task) domain.Task {
			if !after.IsLive() {
				after.Description = domain.Description{}
			}
			return after
		})},
		{"a delete happens when the task was last updated", remaking(func(before, after domain.Task) domain.Task {
			if !after.IsLive() {
				after.DeletedAt = before.UpdatedAt
			}
			return after
		})},
	},
	"A restore takes the task back with its id": {
		{"a restore only says so", effecting(func(_ *table, p play, effects *domain.Effects) {
			if has[domain.Restore](p.batch) {
				effects.Saved = nil
			}
		})},
		{"a restore gives a new id", effecting(func(_ *table, p play, effects *domain.Effects) {
			if _, restores := firstOf[domain.Restore](p.batch); restores {
				effects.Counters.LastTaskID++
				effects.Saved[0].ID = effects.Counters.LastTaskID
				effects.Results[0].ID = effects.Counters.LastTaskID
			}
		})},
		{"a restored task stands at the end", onRestore(func(_, after domain.Task) domain.Task {
			after.Position = domain.PositionOf(after.ID)
			return after
		})},
		{"a restored task is pending", onRestore(func(_, after domain.Task) domain.Task {
			after.Completed, after.CompletedAt = false, time.Time{}
			return after
		})},
		{"a restored task was created anew", onRestore(func(_, after domain.Task) domain.Task {
			after.CreatedAt = after.UpdatedAt
			return after
		})},
		{"a restored task has lost its tags", onRestore(func(_, after domain.Task) domain.Task {
			after.Tags = domain.Tags{}
			return after
		})},
		{"a restored task is as it was", onRestore(func(before, after domain.Task) domain.Task {
			after.UpdatedAt = before.UpdatedAt
			return after
		})},
		{"a restore takes back all there is", effecting(func(t *table, p play, _ *domain.Effects) {
			for i := range t.rows {
				if has[domain.Restore](p.batch) && t.rows[i].Owner == p.owner {
					t.rows[i].DeletedAt = time.Time{}
				}
			}
		})},
		{"a task is restored again and again", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if restore, ok := firstOf[domain.Restore](batch); ok {
				if task, err := c.get(restore.ID); err == nil {
					return []domain.Task{task}, nil
				}
			}
			return c.apply(batch)
		})},
	},
	"A purge takes the task from the trash for good": {
		{"a purge only says so", effecting(func(_ *table, _ play, effects *domain.Effects) {
			effects.Saved = slices.DeleteFunc(effects.Saved, domain.Task.IsTombstone)
		})},
		{"a purge empties the trash", effecting(func(t *table, p play, _ *domain.Effects) {
			if has[domain.Purge](p.batch) {
				t.rows = slices.DeleteFunc(t.rows, func(row domain.Task) bool { return row.Owner == p.owner && !row.IsLive() })
			}
		})},
		{"a purge keeps what the task was", effecting(func(_ *table, p play, effects *domain.Effects) {
			if _, purges := firstOf[domain.Purge](p.batch); purges {
				before, _ := p.holdings.Task(effects.Saved[0].ID)
				before.Sequence = effects.Saved[0].Sequence
				effects.Saved[0], effects.Results[0] = before, before
			}
		})},
		{"a purge happens again and again", notFoundAs(succeedingOn[domain.Purge])},
		{"a purge says when it happened", resultOf[domain.Purge](func(task *domain.Task) { task.DeletedAt = later })},
	},
	"What was deleted at TrashOver or earlier cannot be restored": {
		{"TrashOver is ignored", batching(func(batch domain.Batch) domain.Batch { return forgetting(batch, time.Time{}) })},
		{"TrashOver keeps what was deleted at that moment", batching(func(batch domain.Batch) domain.Batch {
			return forgetting(batch, batch.TrashOver().Add(-time.Microsecond))
		})},
		{"TrashOver loses what was deleted at the next moment", batching(func(batch domain.Batch) domain.Batch {
			return forgetting(batch, batch.TrashOver().Add(time.Microsecond))
		})},
		{"nothing can be restored once the trash is over", batching(func(batch domain.Batch) domain.Batch {
			if !batch.TrashOver().IsZero() {
				return forgetting(batch, batch.At())
			}
			return batch
		})},
	},
	"A delete forgets what was deleted at TrashOver or earlier, at least a hundred tasks at a time": {
		{"a delete forgets nothing", inTable(func(t *table) { t.forgets = func([]domain.Task) []domain.Task { return nil } })},
		{"a delete forgets ten tasks at a time", inTable(func(t *table) {
			t.forgets = func(over []domain.Task) []domain.Task { return over[:min(len(over), 10)] }
		})},
		{"a delete forgets a hundred tasks once", inTable(func(t *table) {
			t.forgets = func(over []domain.Task) []domain.Task {
				if len(over) < 100 {
					return nil
				}
				return over
			}
		})},
		{"a delete forgets all that is in the trash", batching(func(batch domain.Batch) domain.Batch {
			if !batch.TrashOver().IsZero() {
				return forgetting(batch, batch.At().Add(-time.Microsecond))
			}
			return batch
		})},
		{"a delete forgets what was deleted before TrashOver", batching(func(batch domain.Batch) domain.Batch {
			return forgetting(batch, batch.TrashOver().Add(-time.Microsecond))
		})},
		{"what was purged is never forgotten", inTable(func(t *table) {
			t.forgets = func(over []domain.Task) []domain.Task { return slices.DeleteFunc(over, domain.Task.IsTombstone) }
		})},
		{"what was not purged is never forgotten", inTable(func(t *table) {
			t.forgets = func(over []domain.Task) []domain.Task {
				return slices.DeleteFunc(over, func(task domain.Task) bool { return !task.IsTombstone() })
			}
		})},
		{"that something is forgotten is not noted", stating(func(c call) (domain.Counters, error) {
			counters, err := c.state()
			counters.Forgotten = 0
			return counters, err
		})},
		{"all is noted as forgotten", stating(func(c call) (domain.Counters, error) {
			counters, err := c.state()
			if counters.Forgotten > 0 {
				counters.Forgotten = counters.Sequence
			}
			return counters, err
		})},
	},
}

// onRestore has a single restore make another task than it should.
func onRestore(remake func(before, after domain.Task) domain.Task) harness {
	return remaking(func(before, after domain.Task) domain.Task {
		if !before.IsLive() && after.IsLive() {
			return remake(before, after)
		}
		return after
	})
}
