// Package boltstore keeps Taskward's tasks in one bbolt file: no server, and
// nothing to set up but a path. It is for one process, as bbolt locks its file.
//
// # Layout
//
// Each owner has a bucket, named by their id. In it a row's key says what kind
// of row it is, and continues with a number where rows have an order:
//
//	counters                 the owner's counters
//	task/ ID                 a task: live, in the trash or a tombstone
//	answer/ KEY              what a batch with a key came to
//	change/ SEQUENCE row     the task whose last change that was
//	deletion/ DELETEDAT row  a task that is not live, by when it was deleted
//	expiry/ UNTIL row        an answer, by when its key is free again
//
// The first three hold JSON. The others are indexes: they hold nothing, and
// their keys end with the key of the row that they lead to. So a change reads
// and writes what it targets, and what is over is found without looking at the
// rest. Only List, and a change that moves a task, look at all of the tasks.
package boltstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/taskward/taskward/ports"
	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"
)

// lockTimeout is how long Open waits for another process to let go of the file.
const lockTimeout = time.Second

// Store is a [ports.TaskRepository] and [ports.Owners] on a bbolt file.
type Store struct{ db *bbolt.DB }

var (
	_ ports.TaskRepository = (*Store)(nil)
	_ ports.Owners         = (*Store)(nil)
)

// Open opens the file at path, and makes it if there is none. It fails if
// another process has the file open and does not let go of it for a second.
func Open(path string) (*Store, error) {
	if path == "" {
		return nil, errors.New("boltstore: the path of the file is empty")
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: lockTimeout})
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return nil, fmt.Errorf("boltstore: %s is in use by another process: %w", path, err)
	case err != nil:
		return nil, fmt.Errorf("boltstore: open %s: %w", path, err)
	}
	return &Store{db}, nil
}

// At gives what opens the file at path, as bootstrap.Use takes it.
func At(path string) func(context.Context) (ports.TaskRepository, error) {
	return func(context.Context) (ports.TaskRepository, error) { return Open(path) }
}

// Close waits for the calls that are under way. Later ones answer
// domain.ErrUnavailable.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("boltstore: close: %w", err)
	}
	return nil
}

// Ping reports whether the store can be read, be it for nobody.
func (s *Store) Ping(ctx context.Context) error {
	_, err := s.State(ctx, "")
	return err
}
