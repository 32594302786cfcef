// Package boltstore keeps tasks in a bbolt file.
//
// Each owner has a bucket, in which are their counters, a bucket of tasks by
// id and one of answers by key. bbolt lets one writer in at a time, so what an
// Apply reads holds until it has written. Lists read all of an owner's tasks.
package boltstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// ownersBucket has a bucket for each owner.
var ownersBucket = []byte("owners")

// lockTimeout is how long Open waits for another process to leave the file.
const lockTimeout = 5 * time.Second

// Store is a ports.TaskRepository and a ports.Owners. It may be used by many
// goroutines, but by one process alone.
type Store struct{ db *bbolt.DB }

// At gives what opens the file at path, as bootstrap.Use takes it.
func At(path string) func(context.Context) (ports.TaskRepository, error) {
	return func(context.Context) (ports.TaskRepository, error) { return Open(path) }
}

// Open opens the file at path, or makes it.
func Open(path string) (*Store, error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucketIfNotExists(ownersBucket)
		return err
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
	}
	return &Store{db}, nil
}

// Close waits for what is going on, and makes every later call answer
// domain.ErrUnavailable.
func (s *Store) Close() error { return s.db.Close() }

// Ping tells whether the file can be read.
func (s *Store) Ping(ctx context.Context) error {
	return s.view(ctx, func(*bbolt.Bucket) error { return nil })
}

// Owners implements ports.Owners.
func (s *Store) Owners(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
	var owners []domain.UserID
	err := s.view(ctx, func(all *bbolt.Bucket) error {
		cursor := all.Cursor()
		for name, _ := cursor.Seek([]byte(after)); name != nil && len(owners) < limit; name, _ = cursor.Next() {
			if owner := domain.UserID(name); owner != after {
				owners = append(owners, owner)
			}
		}
		return nil
	})
	return owners, err
}

func (s *Store) view(ctx context.Context, look func(owners *bbolt.Bucket) error) error {
	return failure(s.db.View(func(tx *bbolt.Tx) error { return during(ctx, tx, look) }))
}

func (s *Store) update(ctx context.Context, change func(owners *bbolt.Bucket) error) error {
	return failure(s.db.Update(func(tx *bbolt.Tx) error { return during(ctx, tx, change) }))
}

// during looks at the context when the transaction has begun: it may have
// waited long for others.
func during(ctx context.Context, tx *bbolt.Tx, do func(owners *bbolt.Bucket) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return do(tx.Bucket(ownersBucket))
}

// failure says domain.Unavailable of a file that is closed; what else bbolt
// fails with nobody foresees.
func failure(err error) error {
	if errors.Is(err, bbolterrors.ErrDatabaseNotOpen) {
		return domain.ErrUnavailable.Because(err)
	}
	return err
}
