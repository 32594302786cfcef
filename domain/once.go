package domain

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"
)

// Once has a [Batch] happen at most once, however often it is sent: a store
// keeps the results under the key, and gives them to whoever sends the same
// request with it again.
type Once struct {
	Key     OnceKey
	Request [sha256.Size]byte // tells requests apart
	Until   time.Time         // from then on the key is free again
	Brief   bool              // keep nothing of the results but which tasks they were
}

// OnceKey names one request of an owner's.
type OnceKey string

// MaxOnceKeyBytes bounds a [OnceKey], so that every store can index it.
const MaxOnceKeyBytes = 255

// ParseOnceKey accepts 1 to [MaxOnceKeyBytes] visible ASCII characters. The
// error is [Invalid].
func ParseOnceKey(text string) (OnceKey, error) {
	unfit := func(r rune) bool { return r <= ' ' || r > '~' }
	if text == "" || len(text) > MaxOnceKeyBytes || strings.ContainsFunc(text, unfit) {
		return "", Invalidity(Violation{"Idempotency-Key", "must be 1 to 255 visible ASCII characters"})
	}
	return OnceKey(text), nil
}

// Matches returns nil if a batch with the same key was for the same request,
// and otherwise [ErrKeyReused].
func (o Once) Matches(request [sha256.Size]byte) error {
	if o.Request != request {
		return ErrKeyReused
	}
	return nil
}

// Kept is what a store keeps of the results: as they are, or if the key is
// brief their tombstones, so that it does not hold on to what is erased later.
func (o Once) Kept(results []Task) []Task {
	kept := slices.Clone(results)
	for i, task := range kept {
		if o.Brief && !task.IsTombstone() {
			task.DeletedAt = task.UpdatedAt
			kept[i] = task.tombstone()
		}
	}
	return kept
}
