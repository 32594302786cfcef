package portstest

import (
	"slices"
	"time"

	"github.com/taskward/taskward/domain"
)

// with is the batch with other changes.
func with(batch domain.Batch, changes ...domain.Change) domain.Batch {
	return remade(batch.At(), batch.TrashOver(), batch.OnlyOnce(), changes)
}

// dated is the batch at another time.
func dated(batch domain.Batch, at time.Time) domain.Batch {
	return remade(at, batch.TrashOver(), batch.OnlyOnce(), batch.Changes())
}

// forgetting is the batch with another time at which the trash is over.
func forgetting(batch domain.Batch, over time.Time) domain.Batch {
	return remade(batch.At(), over, batch.OnlyOnce(), batch.Changes())
}

// rekeyed is the batch with its key, if it has one, made another.
func rekeyed(batch domain.Batch, spoil func(*domain.Once)) domain.Batch {
	if key, keyed := batch.OnlyOnce().Get(); keyed {
		spoil(&key)
		return batch.Once(key)
	}
	return batch
}

// keyless is the batch without its key.
func keyless(batch domain.Batch) domain.Batch {
	return remade(batch.At(), batch.TrashOver(), domain.Optional[domain.Once]{}, batch.Changes())
}

func remade(at, over time.Time, once domain.Optional[domain.Once], changes []domain.Change) domain.Batch {
	batch := domain.NewBatch(at, changes...).ForgettingTrash(over)
	if key, keyed := once.Get(); keyed {
		batch = batch.Once(key)
	}
	return batch
}

// aimed gives a change with its target made another; a create has none.
func aimed(change domain.Change, aim func(*domain.Target)) domain.Change {
	switch change := change.(type) {
	case domain.Edit:
		aim(&change.Target)
		return change
	case domain.SetCompleted:
		aim(&change.Target)
		return change
	case domain.ToggleCompleted:
		aim(&change.Target)
		return change
	case domain.Delete:
		aim(&change.Target)
		return change
	case domain.Restore:
		aim(&change.Target)
		return change
	case domain.Purge:
		aim(&change.Target)
		return change
	}
	return change
}

// targetOf gives the target of a change, zero for a create.
func targetOf(change domain.Change) (target domain.Target) {
	aimed(change, func(found *domain.Target) { target = *found })
	return target
}

// each spoils the changes of the kind C.
func each[C domain.Change](spoil func(*C)) func(domain.Change) domain.Change {
	return func(change domain.Change) domain.Change {
		if kind, ok := change.(C); ok {
			spoil(&kind)
			var spoiled domain.Change = kind
			return spoiled
		}
		return change
	}
}

// firstOf gives the first change of a batch if it is of the kind C.
func firstOf[C domain.Change](batch domain.Batch) (change C, ok bool) {
	if changes := batch.Changes(); len(changes) > 0 {
		change, ok = changes[0].(C)
	}
	return change, ok
}

// has reports whether a batch has a change of the kind C.
func has[C domain.Change](batch domain.Batch) bool {
	return slices.ContainsFunc(batch.Changes(), func(change domain.Change) bool {
		_, ok := change.(C)
		return ok
	})
}
