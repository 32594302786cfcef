package portstest

import (
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
)

var onceMutants = mutations{
	"A batch with a key happens once, and gives its results again until the key is free": {
		{"keys are ignored", batching(keyless)},
		{"a key is good for one hour", batching(func(batch domain.Batch) domain.Batch {
			return rekeyed(batch, func(once *domain.Once) { once.Until = batch.At().Add(time.Hour) })
		})},
		{"a key is never free again", batching(func(batch domain.Batch) domain.Batch {
			return rekeyed(batch, func(once *domain.Once) { once.Until = batch.At().AddDate(1000, 0, 0) })
		})},
		{"a key is free a moment too late", batching(func(batch domain.Batch) domain.Batch {
			return rekeyed(batch, func(once *domain.Once) { once.Until = once.Until.Add(time.Microsecond) })
		})},
		{"a key is free a moment too early", batching(func(batch domain.Batch) domain.Batch {
			return rekeyed(batch, func(once *domain.Once) { once.Until = once.Until.Add(-time.Microsecond) })
		})},
		{"a key that comes again is taken for longer", overriding(func() mutant {
			var until notes[answerKey, time.Time]
			var kept notes[answerKey, []domain.Task]
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				once, keyed := batch.OnlyOnce().Get()
				name := answerKey{c.owner, once.Key}
				if end, taken := until.get(name); keyed && taken && end.After(batch.At()) {
					until.put(name, once.Until)
					results, _ := kept.get(name)
					return slices.Clone(results), nil
				}
				results, err := c.apply(keyless(batch))
				if keyed && err == nil {
					until.put(name, once.Until)
					kept.put(name, slices.Clone(results))
				}
				return results, err
			}}
		})},
		{"what comes again gives nothing", onceAgain(func(call, []domain.Task) []domain.Task { return nil })},
		{"what comes again gives one task", onceAgain(func(_ call, results []domain.Task) []domain.Task { return slices.Repeat(results[:1], len(results)) })},
		{"what comes again gives tasks as they are now", onceAgain(func(c call, results []domain.Task) []domain.Task {
			return spoiled(results, func(task *domain.Task) {
				if now, err := c.get(task.ID); err == nil {
					*task = now
				}
			})
		})},
		{"what comes again gives what is left", onceAgain(func(c call, results []domain.Task) []domain.Task {
			return slices.DeleteFunc(results, func(task domain.Task) bool {
				_, err := c.get(task.ID)
				return err != nil
			})
		})},
		{"what comes again gives no description", onceAgain(func(_ call, results []domain.Task) []domain.Task {
			return spoiled(results, func(task *domain.Task) { task.Description = domain.Description{} })
		})},
		{"what comes again gives no time of completion", onceAgain(func(_ call, results []domain.Task) []domain.Task {
			return spoiled(results, func(task *domain.Task) { task.CompletedAt = time.Time{} })
		})},
		{"what comes again gives no time of deletion", onceAgain(func(_ call, results []domain.Task) []domain.Task {
			return spoiled(results, func(task *domain.Task) { task.DeletedAt = time.Time{} })
		})},
		{"what comes again gives whole seconds", onceAgain(func(_ call, results []domain.Task) []domain.Task {
			return spoiled(results, timed(func(t time.Time) time.Time { return t.Truncate(time.Second) }))
		})},
		{"what comes again counts as a change", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			before, err := c.state()
			if err != nil {
				return nil, err
			}
			results, err := c.apply(batch)
			if after, _ := c.state(); err == nil && before == after && len(results) > 0 {
				_, err = c.apply(domain.NewBatch(batch.At(), bare("again")))
			}
			return results, err
		})},
		{"keys have no case", keeping(func(owner domain.UserID, key domain.OnceKey) string {
			return string(owner) + "/" + strings.ToLower(string(key))
		})},
		{"keys are trimmed", keeping(func(owner domain.UserID, key domain.OnceKey) string {
			return string(owner) + "/" + strings.TrimSpace(string(key))
		})},
		{"keys have a hundred bytes", keeping(func(owner domain.UserID, key domain.OnceKey) string {
			return string(owner) + "/" + first(100)(string(key))
		})},
		{"a key that is free stays with what it stood for", overriding(func() mutant {
			var kept notes[answerKey, []domain.Task]
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				once, keyed := batch.OnlyOnce().Get()
				results, err := c.apply(batch)
				if old, known := kept.get(answerKey{c.owner, once.Key}); keyed && known {
					return slices.Clone(old), err
				}
				if keyed && err == nil {
					kept.put(answerKey{c.owner, once.Key}, slices.Clone(results))
				}
				return results, err
			}}
		})},
	},
	"A brief key gives tombstones of its results again": {
		{"a brief key keeps the results whole", batching(func(batch domain.Batch) domain.Batch {
			return rekeyed(batch, func(once *domain.Once) { once.Brief = false })
		})},
		{"a brief key gives nothing but tombstones", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			once, _ := batch.OnlyOnce().Get()
			return once.Kept(results), err
		})},
		{"a brief key forgets which tasks it was", onceAgain(func(_ call, results []domain.Task) []domain.Task {
			return spoiled(results, func(task *domain.Task) { task.ID = 0 })
		})},
	},
	"A key that stands for another request fails with domain.ErrKeyReused": {
		{"a key stands for any request", batching(func(batch domain.Batch) domain.Batch {
			return rekeyed(batch, func(once *domain.Once) { once.Request = [sha256.Size]byte{} })
		})},
		{"another request with the same key happens, too", keyReusedAs(func(c call, batch domain.Batch) ([]domain.Task, error) { return c.apply(keyless(batch)) })},
		{"another request with the same key does nothing", keyReusedAs(func(_ call, batch domain.Batch) ([]domain.Task, error) {
			return make([]domain.Task, len(batch.Changes())), nil
		})},
		{"another request with the same key fails for a reason of its own", keyReusedAs(func(call, domain.Batch) ([]domain.Task, error) {
			return nil, errors.New("duplicate key value violates unique constraint")
		})},
		{"another request takes over the key", keyReusedAs(func(c call, batch domain.Batch) ([]domain.Task, error) {
			_, err := c.apply(dated(batch, batch.At().AddDate(1000, 0, 0)))
			return nil, errors.Join(domain.ErrKeyReused, err)
		})},
		{"another request is played before its key is looked at", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			if errors.Is(err, domain.ErrKeyReused) {
				for _, change := range batch.Changes() {
					if _, gone := c.get(targetOf(change).ID); gone != nil && targetOf(change).ID != 0 {
						return nil, domain.ErrTaskNotFound
					}
				}
			}
			return results, err
		})},
	},
	"A batch that fails does not take its key": {
		{"a batch that fails keeps failing", overriding(func() mutant {
			var failed notes[answerKey, error]
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				once, keyed := batch.OnlyOnce().Get()
				if err, known := failed.get(answerKey{c.owner, once.Key}); keyed && known {
					return nil, err
				}
				results, err := c.apply(batch)
				if keyed && err != nil {
					failed.put(answerKey{c.owner, once.Key}, err)
				}
				return results, err
			}}
		})},
		{"a batch that fails has done nothing from then on", overriding(func() mutant {
			var failed notes[answerKey, bool]
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				once, keyed := batch.OnlyOnce().Get()
				if known, _ := failed.get(answerKey{c.owner, once.Key}); keyed && known {
					return make([]domain.Task, len(batch.Changes())), nil
				}
				results, err := c.apply(batch)
				if keyed && err != nil {
					failed.put(answerKey{c.owner, once.Key}, true)
				}
				return results, err
			}}
		})},
		{"a batch that fails reserves its key for the request", overriding(func() mutant {
			var reserved notes[answerKey, [sha256.Size]byte]
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				once, keyed := batch.OnlyOnce().Get()
				if request, known := reserved.get(answerKey{c.owner, once.Key}); keyed && known && request != once.Request {
					return nil, domain.ErrKeyReused
				}
				if keyed {
					reserved.put(answerKey{c.owner, once.Key}, once.Request)
				}
				return c.apply(batch)
			}}
		})},
	},
}

// onceAgain spoils the results of a batch that comes with a key of before.
func onceAgain(spoil func(c call, results []domain.Task) []domain.Task) harness {
	return overriding(func() mutant {
		var seen notes[answerKey, bool]
		return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			once, keyed := batch.OnlyOnce().Get()
			if again, _ := seen.get(answerKey{c.owner, once.Key}); keyed && again && err == nil {
				return spoil(c, results), nil
			}
			if keyed {
				seen.put(answerKey{c.owner, once.Key}, true)
			}
			return results, err
		}}
	})
}

// keyReusedAs does otherwise where a key stands for another request.
func keyReusedAs(otherwise func(c call, batch domain.Batch) ([]domain.Task, error)) harness {
	return applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
		results, err := c.apply(batch)
		if errors.Is(err, domain.ErrKeyReused) {
			return otherwise(c, batch)
		}
		return results, err
	})
}
