package boltstore

import (
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	"github.com/taskward/taskward/domain"
)

// What an owner's bucket has.
var (
	countersKey   = []byte("counters")
	tasksBucket   = []byte("tasks")
	answersBucket = []byte("answers")
)

// ledger is what one owner has, as a transaction sees it. It is what a batch
// looks at: [domain.Holdings].
type ledger struct {
	owner  domain.UserID
	bucket *bbolt.Bucket // nil for an owner who is not known
}

// answer is what a batch with a key came to.
type answer struct {
	Once    domain.Once
	Results []record
}

// Task implements domain.Holdings.
func (l ledger) Task(id domain.TaskID) (domain.Task, error) {
	kept, known, err := get[record](l.bucketOf(tasksBucket), keyOf(id))
	switch {
	case err != nil:
		return domain.Task{}, err
	case !known:
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return kept.task(l.owner)
}

// Around implements domain.Holdings.
func (l ledger) Around(position domain.Position) (below, above domain.Position, err error) {
	tasks, err := l.all()
	below, above = domain.Nearest(position, tasks)
	return below, above, err
}

func (l ledger) counters() (domain.Counters, error) {
	counters, _, err := get[domain.Counters](l.bucket, countersKey)
	return counters, err
}

func (l ledger) all() ([]domain.Task, error) {
	var tasks []domain.Task
	err := each(l.bucketOf(tasksBucket), func(_ []byte, kept record) error {
		task, err := kept.task(l.owner)
		tasks = append(tasks, task)
		return err
	})
	return tasks, err
}

func (l ledger) apply(batch domain.Batch) ([]domain.Task, error) {
	once, keyed := batch.OnlyOnce().Get()
	if keyed {
		given, known, err := get[answer](l.bucketOf(answersBucket), []byte(once.Key))
		if err != nil {
			return nil, err
		}
		if known && given.Once.Until.After(batch.At()) {
			return l.again(given, once)
		}
	}
	counters, err := l.counters()
	if err != nil {
		return nil, err
	}
	effects, err := batch.Play(l.owner, counters, l)
	if err != nil {
		return nil, err
	}
	if err := l.store(effects, batch); err != nil {
		return nil, err
	}
	if keyed {
		err = l.answer(answer{once, recordsOf(once.Kept(effects.Results))}, batch.At())
	}
	return effects.Results, err
}

// again gives the results of the batch that took the key.
func (l ledger) again(given answer, once domain.Once) ([]domain.Task, error) {
	if err := given.Once.Matches(once.Request); err != nil {
		return nil, err
	}
	return tasksOf(given.Results, l.owner)
}

func (l ledger) store(effects domain.Effects, batch domain.Batch) error {
	tasks, err := l.bucket.CreateBucketIfNotExists(tasksBucket)
	if err != nil {
		return err
	}
	for _, task := range effects.Saved {
		if err := put(tasks, keyOf(task.ID), recordOf(task)); err != nil {
			return err
		}
	}
	counters := effects.Counters
	if batch.Deletes() {
		forgotten, err := l.forgetTrash(tasks, batch.TrashOver())
		if err != nil {
			return err
		}
		counters.Forgotten = max(counters.Forgotten, forgotten)
	}
	return put(l.bucket, countersKey, counters)
}

// forgetTrash drops what was deleted at over or earlier, tombstones included,
// and gives the last of the changes that cannot be told any more.
func (l ledger) forgetTrash(tasks *bbolt.Bucket, over time.Time) (last domain.Sequence, err error) {
	err = drop(tasks, func(kept record) bool {
		forget := !kept.DeletedAt.IsZero() && !kept.DeletedAt.After(over)
		if forget {
			last = max(last, kept.Sequence)
		}
		return forget
	})
	return last, err
}

// answer keeps an answer for who sends the batch again, and drops those whose
// keys are free.
func (l ledger) answer(given answer, at time.Time) error {
	answers, err := l.bucket.CreateBucketIfNotExists(answersBucket)
	if err != nil {
		return err
	}
	if err := drop(answers, func(old answer) bool { return !old.Once.Until.After(at) }); err != nil {
		return err
	}
	return put(answers, []byte(given.Once.Key), given)
}

func (l ledger) erase() error {
	counters, err := l.counters()
	if err != nil {
		return err
	}
	for _, name := range [][]byte{tasksBucket, answersBucket} {
		if l.bucketOf(name) != nil {
			if err := l.bucket.DeleteBucket(name); err != nil {
				return err
			}
		}
	}
	return put(l.bucket, countersKey, counters.Erased())
}

func (l ledger) bucketOf(name []byte) *bbolt.Bucket {
	if l.bucket == nil {
		return nil
	}
	return l.bucket.Bucket(name)
}

func keyOf(id domain.TaskID) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(id)) //nolint:gosec // G115: an id below 0 is a key that nothing has
}
