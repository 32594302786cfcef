package boltstore

import (
	"context"

	"github.com/taskward/taskward/domain"
	"go.etcd.io/bbolt"
)

// What a transaction is for.
const (
	reading = false
	writing = true
)

// begin begins a transaction, which the caller has to roll back: that does
// nothing after a commit.
func (s *Store) begin(ctx context.Context, writable bool) (*bbolt.Tx, error) {
	tx, err := s.db.Begin(writable)
	if err != nil {
		return nil, domain.ErrUnavailable.Because(err)
	}
	// Not before now: who writes may have waited long for the one before.
	if err := ctx.Err(); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return tx, nil
}

// within gives what do comes to with an owner's ledger. What that writes is
// kept if all of it could be written, and otherwise nothing.
func within[T any](ctx context.Context, s *Store, writable bool, owner domain.UserID, do func(mine *ledger) (T, error)) (T, error) {
	var none T
	tx, err := s.begin(ctx, writable)
	if err != nil {
		return none, err
	}
	defer func() { _ = tx.Rollback() }()
	mine, err := openLedger(tx, owner)
	if err != nil {
		return none, err
	}
	before := mine.counters
	result, err := do(mine)
	if err != nil {
		return none, err
	}
	// Each change raises a counter. Where none did a commit would wait for the
	// disk in vain, and make known an owner nobody has heard of.
	if mine.counters == before {
		return result, nil
	}
	if err := mine.commit(); err != nil {
		return none, err
	}
	return result, nil
}
