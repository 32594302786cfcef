package portstest

import (
	"errors"

	"github.com/taskward/taskward/domain"
)

var numberingMutants = mutations{
	"Ids number each owner's tasks from 1": {
		{"ids number the tasks of all owners", inTable(func(t *table) {
			t.counts = func(_ domain.UserID, counters domain.Counters) domain.Counters {
				for _, other := range t.counters {
					counters.LastTaskID = max(counters.LastTaskID, other.LastTaskID)
				}
				return counters
			}
		})},
		{"ids number from 0", inTable(func(t *table) {
			t.counts = func(_ domain.UserID, counters domain.Counters) domain.Counters {
				if counters == (domain.Counters{}) {
					counters.LastTaskID = -1
				}
				return counters
			}
		})},
		{"ids are the sequence", inTable(func(t *table) {
			t.counts = func(_ domain.UserID, counters domain.Counters) domain.Counters {
				counters.LastTaskID = domain.TaskID(counters.Sequence) * 2
				return counters
			}
		})},
	},
	"An id is never given again after a delete": {
		{"the next id follows the highest there is", inTable(func(t *table) {
			t.counts = func(owner domain.UserID, counters domain.Counters) domain.Counters {
				counters.LastTaskID = 0
				for _, row := range t.rows {
					if row.Owner == owner {
						counters.LastTaskID = max(counters.LastTaskID, row.ID)
					}
				}
				return counters
			}
		})},
		{"the next id follows the highest live one", inTable(func(t *table) {
			t.counts = func(owner domain.UserID, counters domain.Counters) domain.Counters {
				counters.LastTaskID = 0
				for _, row := range t.rows {
					if row.Owner == owner && row.IsLive() {
						counters.LastTaskID = max(counters.LastTaskID, row.ID)
					}
				}
				return counters
			}
		})},
		{"ids begin anew when no task is left", inTable(func(t *table) {
			t.counts = func(owner domain.UserID, counters domain.Counters) domain.Counters {
				if _, err := find(t.rows, func(row domain.Task) bool { return row.Owner == owner }); err != nil {
					counters.LastTaskID = 0
				}
				return counters
			}
		})},
	},
	"A create that fails takes no id and leaves nothing": {
		{"a create that fails uses up an id", spentBy(func(_ domain.Batch, counters *domain.Counters) { counters.LastTaskID++ })},
		{"a create that fails counts as a change", spentBy(func(_ domain.Batch, counters *domain.Counters) { counters.Sequence++ })},
		{"an import that fails keeps its id for itself", spentBy(func(batch domain.Batch, counters *domain.Counters) {
			if imported, imports := firstOf[domain.Import](batch); imports {
				counters.LastTaskID = max(counters.LastTaskID, imported.ID)
			}
		})},
		{"a create that fails leaves a task without a place", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if err != nil {
				_, failed := c.apply(with(batch, unplaced(batch.Changes()[0])))
				err = errors.Join(err, failed)
			}
			return results, err
		})},
		{"a create that fails leaves a task in the trash", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if err != nil {
				_, failed := createAndDrop(c, with(batch, unplaced(batch.Changes()[0])))
				err = errors.Join(err, failed)
			}
			return results, err
		})},
		{"a create without a place to stand happens elsewhere", changing(unplaced)},
	},
	"Concurrent creates of one owner get different ids without a gap": {
		{"creates at the same time get the same id", inTable(func(t *table) {
			var gate gate
			t.between = func() { gate.pass() }
		})},
		{"a create that meets another leaves a gap", onMeeting[domain.Create](func(c call, batch domain.Batch) ([]domain.Task, error) {
			if _, err := createAndDrop(c, batch); err != nil {
				return nil, err
			}
			return c.apply(batch)
		})},
		{"a create that meets another only says so", onMeeting[domain.Create](createAndDrop)},
		{"a create that meets another fails", onMeeting[domain.Create](conflict)},
	},
	"A change gives its task a sequence above all earlier ones of the owner": {
		{"a sequence counts the changes of one task", remaking(func(before, after domain.Task) domain.Task {
			after.Sequence = before.Sequence + 1
			return after
		})},
		{"a change keeps the sequence", remaking(func(before, after domain.Task) domain.Task {
			if before.ID != 0 {
				after.Sequence = before.Sequence
			}
			return after
		})},
		{"a change that changes nothing keeps the sequence", remaking(func(before, after domain.Task) domain.Task {
			if before.Title == after.Title && before.Description == after.Description && before.Completed == after.Completed {
				after.Sequence = before.Sequence
			}
			return after
		})},
		{"a sequence is not stored", inTable(func(t *table) {
			t.stores = func(before, after domain.Task) domain.Task {
				if before.ID != 0 {
					after.Sequence = before.Sequence
				}
				return after
			}
		})},
		{"a delete takes no sequence", changingWithout[domain.Delete]()},
		{"a restore takes no sequence", changingWithout[domain.Restore]()},
		{"a purge takes no sequence", changingWithout[domain.Purge]()},
		{"an import takes no sequence", changingWithout[domain.Import]()},
		{"there are no sequences", giving(func(task *domain.Task) { task.Sequence = 0 })},
	},
}

// spentBy spoils the counters of the owner for whom a create fails.
func spentBy(spoil func(batch domain.Batch, counters *domain.Counters)) harness {
	return inTable(func(t *table) {
		t.plays = func(p play) (domain.Effects, error) {
			effects, err := p.sound()
			if err != nil {
				spoil(p.batch, &p.counters)
				t.counters[p.owner] = p.counters
			}
			return effects, err
		}
	})
}

// unplaced is a create or an import that says nothing of where.
func unplaced(change domain.Change) domain.Change {
	change = each(func(create *domain.Create) { create.Place = domain.Optional[domain.Place]{} })(change)
	return each(func(imported *domain.Import) { imported.Place = domain.Optional[domain.Place]{} })(change)
}

// changingWithout takes the sequence back that a single change of the kind C was given.
func changingWithout[C domain.Change]() harness {
	return effecting(func(_ *table, p play, effects *domain.Effects) {
		if _, kind := firstOf[C](p.batch); kind && len(effects.Results) == 1 {
			effects.Counters = p.counters
			effects.Saved[0].Sequence--
			effects.Results[0].Sequence--
		}
	})
}

var errConflict = errors.New("could not serialize access due to concurrent update")

// conflict answers as a database does that leaves it to its callers to try again.
func conflict(call, domain.Batch) ([]domain.Task, error) { return nil, errConflict }

// onMeeting applies otherwise a single change of the kind C that meets another
// at the same time.
func onMeeting[C domain.Change](otherwise func(c call, batch domain.Batch) ([]domain.Task, error)) harness {
	return overriding(func() mutant {
		var gate gate
		return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
			if _, kind := firstOf[C](batch); kind && len(batch.Changes()) == 1 && gate.pass() {
				return otherwise(c, batch)
			}
			return c.apply(batch)
		}}
	})
}

// createAndDrop applies a single create and undoes it.
func createAndDrop(c call, batch domain.Batch) ([]domain.Task, error) {
	results, err := c.apply(batch)
	if err != nil {
		return nil, err
	}
	_, err = c.apply(with(batch, domain.Delete{Target: on(results[0].ID)}))
	return results, err
}
