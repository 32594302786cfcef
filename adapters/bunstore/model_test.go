package bunstore_test

import (
	"crypto/sha256"
	"maps"
	"slices"
	"time"

	"github.com/taskward/taskward/domain"
)

// model is what a store of tasks has to do, said once more and as plainly as
// can be: maps, and loops over all that there is. It takes the values of domain
// and none of its rules, so that both can be held against each other.
type model map[domain.UserID]possessions

// possessions are what one owner has.
type possessions struct {
	counters domain.Counters
	tasks    map[domain.TaskID]domain.Task
	answers  map[domain.OnceKey]answer
}

// answer is what a batch with a key came to.
type answer struct {
	request [sha256.Size]byte
	until   time.Time
	results []domain.Task
}

func (p possessions) clone() possessions {
	return possessions{p.counters, maps.Clone(p.tasks), maps.Clone(p.answers)}
}

// apply makes the changes of a batch. Where a task is to stand beside another
// any position will do that is right there, so it is taken from what the store
// gave, if it gave anything.
func (m model) apply(owner domain.UserID, batch domain.Batch, gave []domain.Task) ([]domain.Task, error) {
	once, keyed := batch.OnlyOnce().Get()
	if given, known := m[owner].answers[once.Key]; keyed && known && given.until.After(batch.At()) {
		if given.request != once.Request {
			return nil, domain.ErrKeyReused
		}
		return given.results, nil
	}
	if len(batch.Changes()) == 0 {
		return nil, nil
	}
	had := m[owner].clone()
	if had.tasks == nil {
		had = possessions{tasks: map[domain.TaskID]domain.Task{}, answers: map[domain.OnceKey]answer{}}
	}
	results, err := had.play(owner, batch, gave)
	if err != nil {
		return nil, err
	}
	for _, change := range batch.Changes() {
		if _, deletes := change.(domain.Delete); deletes {
			had.forget(batch.TrashOver())
			break
		}
	}
	if keyed {
		maps.DeleteFunc(had.answers, func(_ domain.OnceKey, old answer) bool { return !old.until.After(batch.At()) })
		had.answers[once.Key] = answer{once.Request, once.Until, kept(results, once.Brief)}
	}
	m[owner] = had
	return results, nil
}

func (p *possessions) play(owner domain.UserID, batch domain.Batch, gave []domain.Task) ([]domain.Task, error) {
	var results []domain.Task
	var failures []domain.ChangeFailure
	for i, change := range batch.Changes() {
		p.counters.Sequence++
		after, err := p.change(owner, batch, change)
		if place, placed := placeOf(change).Get(); err == nil && placed {
			var given domain.Position
			if i < len(gave) {
				given = gave[i].Position
			}
			after.Position, err = p.put(after, place, given)
		}
		if err != nil {
			failures = append(failures, domain.ChangeFailure{Index: i, Err: err})
			continue
		}
		after.Sequence = p.counters.Sequence
		p.tasks[after.ID] = after
		results = append(results, after)
	}
	switch {
	case len(failures) == 0:
		return results, nil
	case len(batch.Changes()) == 1:
		return nil, failures[0].Err
	}
	return nil, &domain.BatchError{Failures: failures}
}

// forget drops what was deleted at over or earlier.
func (p *possessions) forget(over time.Time) {
	for id, task := range p.tasks {
		if !task.DeletedAt.IsZero() && !task.DeletedAt.After(over) {
			delete(p.tasks, id)
			p.counters.Forgotten = max(p.counters.Forgotten, task.Sequence)
		}
	}
}

func kept(results []domain.Task, brief bool) []domain.Task {
	results = slices.Clone(results)
	for i, task := range results {
		switch {
		case brief && purged(task):
		case brief:
			results[i] = tombstone(task, task.UpdatedAt)
		}
	}
	return results
}

func (m model) erase(owner domain.UserID) {
	if counters := m[owner].counters; counters.Sequence > 0 {
		counters.Sequence++
		counters.Forgotten = counters.Sequence
		m[owner] = possessions{counters, map[domain.TaskID]domain.Task{}, map[domain.OnceKey]answer{}}
	}
}
