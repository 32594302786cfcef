package boltstore

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/taskward/taskward/domain"
	"go.etcd.io/bbolt"
)

// ledger is all that is kept of one owner, within a transaction.
type ledger struct {
	tx       *bbolt.Tx
	owner    domain.UserID
	counters domain.Counters
	rows     rows
}

// countersRecord is a domain.Counters as its row holds it.
type countersRecord struct {
	LastTaskID domain.TaskID   `json:"lastTaskId"`
	Sequence   domain.Sequence `json:"sequence"`
	Forgotten  domain.Sequence `json:"forgotten"`
}

var countersKey = []byte("counters")

// openLedger opens the ledger of an owner, an empty one if there is none.
// Only one that can be written to then gets a bucket.
func openLedger(tx *bbolt.Tx, owner domain.UserID) (*ledger, error) {
	bucket := tx.Bucket([]byte(owner))
	if bucket == nil && tx.Writable() {
		var err error
		if bucket, err = tx.CreateBucket([]byte(owner)); err != nil {
			return nil, fmt.Errorf("boltstore: create the bucket of owner %q: %w", owner, err)
		}
	}
	mine := &ledger{tx: tx, owner: owner, rows: rows{bucket: bucket}}
	var record countersRecord
	err := mine.rows.get(countersKey, &record)
	mine.counters = domain.Counters(record)
	return mine, err
}

// commit keeps what was written, if all of it could be.
func (l *ledger) commit() error {
	l.rows.put(countersKey, countersRecord(l.counters))
	err := l.rows.err
	if err == nil {
		err = l.tx.Commit()
	}
	if err != nil {
		return fmt.Errorf("boltstore: write for owner %q: %w", l.owner, err)
	}
	return nil
}

// apply makes the changes of a batch, and returns what they came to.
func (l *ledger) apply(batch domain.Batch) ([]domain.Task, error) {
	once, keyed := batch.OnlyOnce().Get()
	if keyed {
		if results, known, err := l.answered(once, batch.At()); known || err != nil {
			return results, err
		}
	}
	effects, err := batch.Play(l.owner, l.counters, l)
	if err != nil {
		return nil, err
	}
	l.counters = effects.Counters
	for _, task := range effects.Saved {
		if err := l.put(task); err != nil {
			return nil, err
		}
	}
	if batch.Deletes() {
		if err := l.forget(batch.TrashOver()); err != nil {
			return nil, err
		}
	}
	if keyed && len(effects.Results) > 0 {
		l.dropAnswers(batch.At())
		l.putAnswer(once, effects.Results)
	}
	return effects.Results, nil
}

// forget drops what was deleted at over or earlier.
func (l *ledger) forget(over time.Time) error {
	tasks, err := l.tasks(byDeletion, math.MinInt64, over.UnixMicro()+1, math.MaxInt)
	for _, task := range tasks {
		l.counters.Forgotten = max(l.counters.Forgotten, task.Sequence)
		l.drop(task)
	}
	return err
}

// erase drops all but the counters.
func (l *ledger) erase() error {
	if l.counters == (domain.Counters{}) {
		return nil
	}
	l.counters = l.counters.Erased()
	name := []byte(l.owner)
	err := l.tx.DeleteBucket(name)
	if err == nil {
		l.rows.bucket, err = l.tx.CreateBucket(name)
	}
	if err != nil {
		return fmt.Errorf("boltstore: empty the bucket of owner %q: %w", l.owner, err)
	}
	return nil
}

// put stores the task in place of what has its id.
func (l *ledger) put(task domain.Task) error {
	switch old, err := l.Task(task.ID); {
	case err == nil:
		l.drop(old)
	case !errors.Is(err, domain.ErrTaskNotFound):
		return err
	}
	l.rows.put(taskKey(task.ID), recordOf(task), taskEntries(task)...)
	return nil
}

// drop removes the task's row and what leads to it.
func (l *ledger) drop(task domain.Task) {
	l.rows.remove(append(taskEntries(task), taskKey(task.ID))...)
}

// Task implements [domain.Holdings].
func (l *ledger) Task(id domain.TaskID) (domain.Task, error) { return l.at(taskKey(id)) }

// Around implements [domain.Holdings].
func (l *ledger) Around(position domain.Position) (below, above domain.Position, err error) {
	tasks, err := l.all()
	below, above = domain.Nearest(position, tasks)
	return below, above, err
}

// all gives the owner's tasks, live or not: each has had a change.
func (l *ledger) all() ([]domain.Task, error) {
	return l.tasks(byChange, math.MinInt64, math.MaxInt64, math.MaxInt)
}

// tasks gives the tasks that an index has at the numbers from one and before
// another, in its order: where there are more than limit, one more.
func (l *ledger) tasks(in index, from, before int64, limit int) ([]domain.Task, error) {
	var tasks []domain.Task
	for _, key := range l.rows.span(in, from, before) {
		task, err := l.at(key)
		if err != nil {
			return nil, err
		}
		if tasks = append(tasks, task); len(tasks) > limit {
			break
		}
	}
	return tasks, nil
}

// at gives the task whose row has this key.
func (l *ledger) at(key []byte) (domain.Task, error) {
	var record taskRecord
	if err := l.rows.get(key, &record); err != nil {
		return domain.Task{}, err
	}
	if record.ID == 0 {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return record.task(l.owner)
}
