package portstest

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/taskward/taskward/domain"
)

var applyMutants = mutations{
	"Apply makes the changes of the batch in their order, each seeing those before it": {
		{"a batch is played backwards", batching(func(at time.Time, changes []domain.Change) domain.Batch {
			slices.Reverse(changes)
			return domain.NewBatch(at, changes...)
		})},
		{"creates come first", batching(func(at time.Time, changes []domain.Change) domain.Batch {
			slices.SortStableFunc(changes, func(a, b domain.Change) int { return cmp.Compare(targetOf(a).ID, targetOf(b).ID) })
			return domain.NewBatch(at, changes...)
		})},
		{"each change sees the tasks as they were before the batch", inTable(func(t *table) {
			t.plays = func(p play) (domain.Effects, error) {
				all := domain.Effects{Counters: p.counters}
				for _, change := range p.batch.Changes() {
					one, err := domain.NewBatch(p.batch.At(), change).Play(p.owner, all.Counters, p.load)
					if err != nil {
						return domain.Effects{}, err
					}
					all.Counters = one.Counters
					all.Saved = append(all.Saved, one.Saved...)
					all.Deleted = append(all.Deleted, one.Deleted...)
					all.Results = append(all.Results, one.Results...)
				}
				return all, nil
			}
		})},
		{"a batch stores its first change of each task", effecting(func(_ *table, _ play, effects *domain.Effects) {
			for i, saved := range effects.Saved {
				first := slices.IndexFunc(effects.Results, func(task domain.Task) bool { return task.ID == saved.ID })
				effects.Saved[i] = effects.Results[first]
			}
		})},
	},
	"Apply returns for each change the task as it left it, or as it was when deleted": {
		{"Apply returns the task from before the change", effecting(func(_ *table, p play, effects *domain.Effects) {
			for i, result := range effects.Results {
				if before, err := p.load(result.ID); err == nil {
					effects.Results[i] = before
				}
			}
		})},
		{"Apply returns each task as the batch left it", resulting(func(_ []domain.Change, results []domain.Task) []domain.Task {
			last := map[domain.TaskID]domain.Task{}
			for _, task := range results {
				last[task.ID] = task
			}
			for i, task := range results {
				results[i] = last[task.ID]
			}
			return results
		})},
		{"Apply returns nothing of what it deleted", resulting(func(changes []domain.Change, results []domain.Task) []domain.Task {
			for i := range results {
				if _, deletes := changes[i].(domain.Delete); deletes {
					results[i] = domain.Task{}
				}
			}
			return results
		})},
		{"Apply marks what it deleted", resulting(func(changes []domain.Change, results []domain.Task) []domain.Task {
			for i := range results {
				if _, deletes := changes[i].(domain.Delete); deletes {
					results[i].Sequence++
				}
			}
			return results
		})},
		{"Apply returns the last task alone", resulting(func(_ []domain.Change, results []domain.Task) []domain.Task {
			return results[max(0, len(results)-1):]
		})},
		{"Apply returns newer tasks first", resulting(func(_ []domain.Change, results []domain.Task) []domain.Task {
			slices.SortStableFunc(results, func(a, b domain.Task) int { return cmp.Compare(b.ID, a.ID) })
			return results
		})},
	},
	"A create stores its fields and the batch's time": {
		{"a create drops completed", changing(onCreate(func(create *domain.Create) { create.Completed = false }))},
		{"a create drops the description", changing(onCreate(func(create *domain.Create) { create.Description = domain.Description{} }))},
		{"a create gives an empty description to a task without one", changing(onCreate(func(create *domain.Create) {
			text, _ := create.Description.Text()
			create.Description = description(text)
		}))},
		{"a create takes the time from a clock", batching(func(_ time.Time, changes []domain.Change) domain.Batch {
			return domain.NewBatch(time.Now(), changes...)
		})},
		{"a create keeps whole seconds", batching(func(at time.Time, changes []domain.Change) domain.Batch {
			return domain.NewBatch(at.Truncate(time.Second), changes...)
		})},
		{"a create has not been updated yet", remaking(func(before, after domain.Task) domain.Task {
			if before.ID == 0 {
				after.UpdatedAt = time.Time{}
			}
			return after
		})},
		{"a create leaves the owner out of its answer", resulting(func(_ []domain.Change, results []domain.Task) []domain.Task {
			for i := range results {
				results[i].Owner = ""
			}
			return results
		})},
	},
	"An edit replaces what it names and keeps the rest": {
		{"an edit clears the description if it does not name it", changing(onEdit(func(edit *domain.Edit) {
			edit.Description = domain.Some(edit.Description.Or(domain.Description{}))
		}))},
		{"an edit makes a task pending if it does not name completed", changing(onEdit(func(edit *domain.Edit) {
			edit.Completed = domain.Some(edit.Completed.Or(false))
		}))},
		{"an edit clears the title if it does not name it", changing(onEdit(func(edit *domain.Edit) {
			edit.Title = domain.Some(edit.Title.Or(domain.Title{}))
		}))},
		{"an edit cannot clear the description", changing(onEdit(func(edit *domain.Edit) {
			if edit.Description.Or(domain.Description{}) == (domain.Description{}) {
				edit.Description = domain.Optional[domain.Description]{}
			}
		}))},
		{"an edit cannot empty the description", changing(onEdit(func(edit *domain.Edit) {
			if edit.Description == domain.Some(description("")) {
				edit.Description = domain.Optional[domain.Description]{}
			}
		}))},
		{"an edit cannot make a task pending", changing(onEdit(func(edit *domain.Edit) {
			if !edit.Completed.Or(false) {
				edit.Completed = domain.Optional[bool]{}
			}
		}))},
		{"an edit replaces the title alone if it names it", changing(onEdit(func(edit *domain.Edit) {
			if edit.Title != (domain.Optional[domain.Title]{}) {
				edit.Description = domain.Optional[domain.Description]{}
			}
		}))},
		{"an edit makes the task anew", remaking(func(before, after domain.Task) domain.Task {
			if before.ID != 0 {
				after.CreatedAt = after.UpdatedAt
			}
			return after
		})},
		{"an edit that names nothing is refused", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if edit, ok := firstOf[domain.Edit](batch); ok && edit == (domain.Edit{Target: edit.Target}) {
				return nil, domain.Invalidity()
			}
			return c.apply(batch)
		})},
	},
	"Completion is set or toggled": {
		{"set toggles", changing(func(change domain.Change) domain.Change {
			if set, ok := change.(domain.SetCompleted); ok {
				return domain.ToggleCompleted{Target: set.Target}
			}
			return change
		})},
		{"toggle sets", changing(func(change domain.Change) domain.Change {
			if toggle, ok := change.(domain.ToggleCompleted); ok {
				return domain.SetCompleted{Target: toggle.Target, Completed: true}
			}
			return change
		})},
		{"set knows one state", changing(func(change domain.Change) domain.Change {
			if set, ok := change.(domain.SetCompleted); ok {
				set.Completed = true
				return set
			}
			return change
		})},
		{"completion is not stored", inTable(func(t *table) {
			t.stores = func(before, after domain.Task) domain.Task {
				if before.ID != 0 {
					after.Completed = before.Completed
				}
				return after
			}
		})},
		{"completion spreads to all tasks of the owner", inTable(func(t *table) {
			t.stores = func(before, after domain.Task) domain.Task {
				for i, row := range t.rows {
					if row.Owner == after.Owner && before.ID != 0 {
						t.rows[i].Completed = after.Completed
					}
				}
				return after
			}
		})},
	},
	"A delete removes the task": {
		{"a delete only says so", effecting(func(_ *table, _ play, effects *domain.Effects) { effects.Deleted = nil })},
		{"a delete removes all tasks of the owner", effecting(func(t *table, p play, effects *domain.Effects) {
			if len(effects.Deleted) > 0 {
				t.rows = slices.DeleteFunc(t.rows, func(row domain.Task) bool { return row.Owner == p.owner })
			}
		})},
		{"a batch removes one task", effecting(func(_ *table, _ play, effects *domain.Effects) {
			effects.Deleted = effects.Deleted[:min(1, len(effects.Deleted))]
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
	},
	"A change's time becomes UpdatedAt, which never goes back": {
		{"UpdatedAt stays", remaking(func(before, after domain.Task) domain.Task {
			if before.ID != 0 {
				after.UpdatedAt = before.UpdatedAt
			}
			return after
		})},
		{"UpdatedAt stays unless the title changes", remaking(func(before, after domain.Task) domain.Task {
			if before.Title == after.Title {
				after.UpdatedAt = before.UpdatedAt
			}
			return after
		})},
		{"UpdatedAt goes back", effecting(func(_ *table, p play, effects *domain.Effects) {
			for i := range effects.Saved {
				effects.Saved[i].UpdatedAt = p.batch.At()
			}
			for i := range effects.Results {
				effects.Results[i].UpdatedAt = p.batch.At()
			}
		})},
		{"UpdatedAt goes back where it is stored", effecting(func(_ *table, p play, effects *domain.Effects) {
			for i := range effects.Saved {
				effects.Saved[i].UpdatedAt = p.batch.At()
			}
		})},
		{"UpdatedAt moves on by itself", remaking(func(before, after domain.Task) domain.Task {
			if before.UpdatedAt.Equal(after.UpdatedAt) {
				after.UpdatedAt = after.UpdatedAt.Add(time.Microsecond)
			}
			return after
		})},
		{"all tasks of the owner are updated", inTable(func(t *table) {
			t.stores = func(_, after domain.Task) domain.Task {
				for i, row := range t.rows {
					if row.Owner == after.Owner {
						t.rows[i].UpdatedAt = after.UpdatedAt
					}
				}
				return after
			}
		})},
	},
	"A change of a task that is not there fails with domain.ErrTaskNotFound": {
		{"a change of a missing task does nothing", notFoundAs(func(domain.Batch) error { return nil })},
		{"a change of a missing task makes it", inTable(func(t *table) {
			t.plays = func(p play) (domain.Effects, error) {
				load := p.load
				p.load = func(id domain.TaskID) (domain.Task, error) {
					task, err := load(id)
					if errors.Is(err, domain.ErrTaskNotFound) {
						return domain.Task{Owner: p.owner, ID: id}, nil
					}
					return task, err
				}
				return p.sound()
			}
		})},
		{"a change of a missing task gives the driver's error", notFoundAs(func(domain.Batch) error { return errNoRows })},
		{"a delete of a missing task succeeds", notFoundAs(func(batch domain.Batch) error {
			if _, deletes := firstOf[domain.Delete](batch); deletes {
				return nil
			}
			return domain.ErrTaskNotFound
		})},
		{"a missing task has changed", notFoundAs(func(batch domain.Batch) error {
			if targetOf(batch.Changes()[0]).Expected != 0 {
				return domain.ErrStaleTask
			}
			return domain.ErrTaskNotFound
		})},
	},
	"A change that expects another sequence fails with domain.ErrStaleTask and stores nothing": {
		{"the expected sequence is ignored", changing(unexpecting)},
		{"a delete ignores the expected sequence", changing(func(change domain.Change) domain.Change {
			if _, deletes := change.(domain.Delete); deletes {
				return unexpecting(change)
			}
			return change
		})},
		{"a later sequence than the task's will do", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			changes := batch.Changes()
			for i, change := range changes {
				if task, err := c.get(targetOf(change).ID); err == nil && task.Sequence < targetOf(change).Expected {
					changes[i] = unexpecting(change)
				}
			}
			return c.apply(domain.NewBatch(batch.At(), changes...))
		})},
		{"an expected sequence never fits", changing(func(change domain.Change) domain.Change {
			return aimed(change, func(target *domain.Target) { target.Expected *= 1000 })
		})},
		{"a task that has changed is not there", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if errors.Is(err, domain.ErrStaleTask) {
				err = domain.ErrTaskNotFound
			}
			return results, err
		})},
		{"what was created beside a stale change stays", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if _, creates := firstOf[domain.Create](batch); creates && errors.Is(err, domain.ErrStaleTask) {
				return nil, errors.Join(err, applyEach(c, batch))
			}
			return results, err
		})},
		{"a stale change happens all the same", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if errors.Is(err, domain.ErrStaleTask) {
				changes := batch.Changes()
				for i := range changes {
					changes[i] = unexpecting(changes[i])
				}
				_, failed := c.apply(domain.NewBatch(batch.At(), changes...))
				return nil, errors.Join(err, failed)
			}
			return results, err
		})},
	},
	"If one change of a batch fails, none of them happens": {
		{"a batch happens up to the change that fails", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			for _, change := range batch.Changes() {
				if err == nil {
					break
				}
				if _, failed := c.apply(domain.NewBatch(batch.At(), change)); failed != nil {
					break
				}
			}
			return results, err
		})},
		{"a batch happens but for the change that fails", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if err != nil {
				err = errors.Join(err, applyEach(c, batch))
			}
			return results, err
		})},
		{"a batch that fails uses up ids", inTable(func(t *table) {
			t.plays = func(p play) (domain.Effects, error) {
				effects, err := p.sound()
				for _, change := range p.batch.Changes() {
					if _, creates := change.(domain.Create); creates && err != nil {
						p.counters.LastTaskID++
						t.counters[p.owner] = p.counters
					}
				}
				return effects, err
			}
		})},
	},
	"An empty batch changes nothing": {
		{"an empty batch fails", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if len(batch.Changes()) == 0 {
				return nil, domain.Invalidity()
			}
			return c.apply(batch)
		})},
		{"an empty batch uses up an id", effecting(func(_ *table, p play, effects *domain.Effects) {
			if len(p.batch.Changes()) == 0 {
				effects.Counters.LastTaskID++
			}
		})},
		{"an empty batch returns a task", resulting(func(changes []domain.Change, results []domain.Task) []domain.Task {
			if len(changes) == 0 {
				return make([]domain.Task, 1)
			}
			return results
		})},
		{"an empty batch updates all tasks", effecting(func(t *table, p play, _ *domain.Effects) {
			for i := range t.rows {
				if len(p.batch.Changes()) == 0 {
					t.rows[i].UpdatedAt = p.batch.At()
				}
			}
		})},
		{"an empty batch makes a task", batching(func(at time.Time, changes []domain.Change) domain.Batch {
			if len(changes) == 0 {
				changes = append(changes, domain.Create{})
			}
			return domain.NewBatch(at, changes...)
		})},
	},
}

// notFoundAs answers otherwise where a task is missing.
func notFoundAs(answer func(domain.Batch) error) harness {
	return applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
		results, err := c.apply(batch)
		if errors.Is(err, domain.ErrTaskNotFound) {
			return make([]domain.Task, len(batch.Changes())), answer(batch)
		}
		return results, err
	})
}

// applyEach applies each change of a batch by itself, whatever becomes of the others.
func applyEach(c call, batch domain.Batch) error {
	var errs []error
	for _, change := range batch.Changes() {
		_, err := c.apply(domain.NewBatch(batch.At(), change))
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func unexpecting(change domain.Change) domain.Change {
	return aimed(change, func(target *domain.Target) { target.Expected = 0 })
}

func onCreate(spoil func(*domain.Create)) func(domain.Change) domain.Change {
	return func(change domain.Change) domain.Change {
		if create, ok := change.(domain.Create); ok {
			spoil(&create)
			return create
		}
		return change
	}
}

func onEdit(spoil func(*domain.Edit)) func(domain.Change) domain.Change {
	return func(change domain.Change) domain.Change {
		if edit, ok := change.(domain.Edit); ok {
			spoil(&edit)
			return edit
		}
		return change
	}
}
