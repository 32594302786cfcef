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
		{"a batch is played backwards", batching(func(batch domain.Batch) domain.Batch {
			return with(batch, reversed(batch.Changes())...)
		})},
		{"creates come first", batching(func(batch domain.Batch) domain.Batch {
			changes := batch.Changes()
			slices.SortStableFunc(changes, func(a, b domain.Change) int { return cmp.Compare(targetOf(a).ID, targetOf(b).ID) })
			return with(batch, changes...)
		})},
		{"each change sees the tasks as they were before the batch", inTable(func(t *table) {
			t.plays = func(p play) (domain.Effects, error) {
				all := domain.Effects{Counters: p.counters}
				for _, change := range p.batch.Changes() {
					one, err := with(p.batch, change).Play(p.owner, all.Counters, p.holdings)
					if err != nil {
						return domain.Effects{}, err
					}
					all.Counters = one.Counters
					all.Saved = append(all.Saved, one.Saved...)
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
		{"what a batch both makes and deletes is gone", effecting(func(_ *table, p play, effects *domain.Effects) {
			effects.Saved = slices.DeleteFunc(effects.Saved, func(task domain.Task) bool {
				_, err := p.holdings.Task(task.ID)
				return err != nil && !task.IsLive()
			})
		})},
	},
	"Apply returns for each change the task as it left it": {
		{"Apply returns the task from before the change", effecting(func(_ *table, p play, effects *domain.Effects) {
			for i, result := range effects.Results {
				if before, err := p.holdings.Task(result.ID); err == nil {
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
		{"Apply returns what it deleted as it was", resultOf[domain.Delete](func(task *domain.Task) { task.DeletedAt = time.Time{} })},
		{"Apply returns nothing of what it deleted", resultOf[domain.Delete](func(task *domain.Task) { *task = domain.Task{} })},
		{"Apply returns nothing of what it restored", resultOf[domain.Restore](func(task *domain.Task) { *task = domain.Task{} })},
		{"Apply returns nothing of what it purged", resultOf[domain.Purge](func(task *domain.Task) { *task = domain.Task{} })},
		{"Apply returns an import as it was before", resultOf[domain.Import](func(task *domain.Task) { task.UpdatedAt = task.UpdatedAt.AddDate(1, 0, 0) })},
		{"Apply returns the last task alone", resulting(func(_ []domain.Change, results []domain.Task) []domain.Task {
			return results[max(0, len(results)-1):]
		})},
		{"Apply returns newer tasks first", resulting(func(_ []domain.Change, results []domain.Task) []domain.Task {
			slices.SortStableFunc(results, func(a, b domain.Task) int { return cmp.Compare(b.ID, a.ID) })
			return results
		})},
	},
	"A change of a task that is not there fails with domain.ErrTaskNotFound": {
		{"a change of a missing task does nothing", notFoundAs(func(domain.Batch) error { return nil })},
		{"a change of a missing task makes it", inTable(func(t *table) {
			t.plays = func(p play) (domain.Effects, error) {
				p.holdings = obliging{p.holdings, p.owner}
				return p.sound()
			}
		})},
		{"a change of a missing task gives the driver's error", notFoundAs(func(domain.Batch) error { return errNoRows })},
		{"a delete of a missing task succeeds", notFoundAs(succeedingOn[domain.Delete])},
		{"a restore of a task that is there succeeds", notFoundAs(succeedingOn[domain.Restore])},
		{"a purge of a missing task succeeds", notFoundAs(succeedingOn[domain.Purge])},
		{"a purge takes a task that is there", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if purge, ok := firstOf[domain.Purge](batch); ok {
				if _, err := c.get(purge.ID); err == nil {
					if _, err := c.apply(with(batch, domain.Delete{Target: on(purge.ID)})); err != nil {
						return nil, err
					}
				}
			}
			return c.apply(batch)
		})},
		{"an edit finds a task in the trash", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if edit, ok := firstOf[domain.Edit](batch); ok && errors.Is(err, domain.ErrTaskNotFound) {
				if _, err := c.apply(with(batch, domain.Restore{Target: on(edit.ID)})); err == nil {
					return c.apply(batch)
				}
			}
			return results, err
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
		{"a delete ignores the expected sequence", changing(each(func(change *domain.Delete) { change.Expected = 0 }))},
		{"a restore ignores the expected sequence", changing(each(func(change *domain.Restore) { change.Expected = 0 }))},
		{"a purge ignores the expected sequence", changing(each(func(change *domain.Purge) { change.Expected = 0 }))},
		{"a later sequence than the task's will do", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			changes := batch.Changes()
			for i, change := range changes {
				if task, err := c.get(targetOf(change).ID); err == nil && task.Sequence < targetOf(change).Expected {
					changes[i] = unexpecting(change)
				}
			}
			return c.apply(with(batch, changes...))
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
				_, failed := c.apply(with(batch, changes...))
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
				if _, failed := c.apply(with(batch, change)); failed != nil {
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
				if err != nil && has[domain.Create](p.batch) {
					p.counters.LastTaskID++
					t.counters[p.owner] = p.counters
				}
				return effects, err
			}
		})},
		{"a batch that fails counts as a change", inTable(func(t *table) {
			t.plays = func(p play) (domain.Effects, error) {
				effects, err := p.sound()
				if err != nil {
					p.counters.Sequence++
					t.counters[p.owner] = p.counters
				}
				return effects, err
			}
		})},
		{"a batch that fails forgets the trash", inTable(func(t *table) {
			t.plays = func(p play) (domain.Effects, error) {
				effects, err := p.sound()
				if err != nil {
					t.forget(p.owner, p.batch.TrashOver())
				}
				return effects, err
			}
		})},
	},
	"A batch that fails tells each change that does": {
		{"a batch tells the first change that fails", failing(func(failed *domain.BatchError) error {
			failed.Failures = failed.Failures[:1]
			return failed
		})},
		{"a batch tells the last change that fails", failing(func(failed *domain.BatchError) error {
			failed.Failures = failed.Failures[len(failed.Failures)-1:]
			return failed
		})},
		{"a batch tells of no change that it fails", failing(func(failed *domain.BatchError) error { return failed.Failures[0].Err })},
		{"a batch counts the changes that fail from 1", failing(func(failed *domain.BatchError) error {
			for i := range failed.Failures {
				failed.Failures[i].Index++
			}
			return failed
		})},
		{"a batch fails for one reason", failing(func(failed *domain.BatchError) error {
			for i := range failed.Failures {
				failed.Failures[i].Err = failed.Failures[0].Err
			}
			return failed
		})},
	},
	"An empty batch changes nothing": {
		{"an empty batch fails", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if len(batch.Changes()) == 0 {
				return nil, domain.Invalidity()
			}
			return c.apply(batch)
		})},
		{"an empty batch uses up an id", onEmpty(func(_ *table, _ play, effects *domain.Effects) { effects.Counters.LastTaskID++ })},
		{"an empty batch counts as a change", onEmpty(func(_ *table, _ play, effects *domain.Effects) { effects.Counters.Sequence++ })},
		{"an empty batch returns a task", onEmpty(func(_ *table, _ play, effects *domain.Effects) { effects.Results = make([]domain.Task, 1) })},
		{"an empty batch updates all tasks", onEmpty(func(t *table, p play, _ *domain.Effects) {
			for i := range t.rows {
				t.rows[i].UpdatedAt = p.batch.At()
			}
		})},
		{"an empty batch empties the trash", onEmpty(func(t *table, p play, _ *domain.Effects) { t.forget(p.owner, p.batch.TrashOver()) })},
		{"an empty batch makes a task", batching(func(batch domain.Batch) domain.Batch {
			if len(batch.Changes()) == 0 {
				return with(batch, domain.Create{})
			}
			return batch
		})},
	},
}

// resultOf spoils what Apply returns for a change of the kind C.
func resultOf[C domain.Change](spoil func(*domain.Task)) harness {
	return resulting(func(changes []domain.Change, results []domain.Task) []domain.Task {
		for i := range results {
			if _, kind := changes[i].(C); kind {
				spoil(&results[i])
			}
		}
		return results
	})
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

// succeedingOn says that a batch which begins with a change of the kind C has
// not failed.
func succeedingOn[C domain.Change](batch domain.Batch) error {
	if _, kind := firstOf[C](batch); kind {
		return nil
	}
	return domain.ErrTaskNotFound
}

// failing tells otherwise why a batch of several changes fails.
func failing(otherwise func(*domain.BatchError) error) harness {
	return applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
		results, err := c.apply(batch)
		var failed *domain.BatchError
		if errors.As(err, &failed) {
			err = otherwise(failed)
		}
		return results, err
	})
}

// onEmpty spoils the effects of an empty batch.
func onEmpty(spoil func(t *table, p play, effects *domain.Effects)) harness {
	return effecting(func(t *table, p play, effects *domain.Effects) {
		if len(p.batch.Changes()) == 0 {
			spoil(t, p, effects)
		}
	})
}

// obliging are holdings that have any task.
type obliging struct {
	domain.Holdings
	owner domain.UserID
}

func (o obliging) Task(id domain.TaskID) (domain.Task, error) {
	task, err := o.Holdings.Task(id)
	if errors.Is(err, domain.ErrTaskNotFound) {
		return domain.Task{Owner: o.owner, ID: id}, nil
	}
	return task, err
}

// applyEach applies each change of a batch by itself, whatever becomes of the others.
func applyEach(c call, batch domain.Batch) error {
	var errs []error
	for _, change := range batch.Changes() {
		_, err := c.apply(with(batch, change))
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func unexpecting(change domain.Change) domain.Change {
	return aimed(change, func(target *domain.Target) { target.Expected = 0 })
}
