// Package sqlite keeps tasks and revocations in one SQLite file. A few
// processes on one machine may share it.
package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"github.com/taskward/taskward/adapters/bunstore"
)

// Options says which file a [Store] works on, and how.
type Options struct {
	// Path is the file's, and nothing but a path. A file that does not exist
	// is made; its directory has to be there, for files named after it stand
	// beside it: its log and index, and a lock.
	Path string

	// Readers is how many calls may read at the same time. The default is 4.
	// There is always one that writes.
	Readers int

	// Queue is how many calls may wait to read, and how many to write. The
	// default is 1024.
	Queue int

	// Patience is how long a call waits for its turn. The default is 2 s.
	Patience time.Duration
}

const (
	defaultReaders  = 4
	defaultQueue    = 1024
	defaultPatience = 2 * time.Second
)

// Store is a ports.TaskRepository, a ports.Owners and a ports.Revocations. It
// may be used by many goroutines.
type Store struct {
	readers *bun.DB
	writer  *sql.DB
	toRead  *bunstore.Gate
	toWrite *bunstore.Gate
	closed  atomic.Bool
}

// Open returns a store on the file that the options name. The tables are made
// by a migrator.
func Open(ctx context.Context, options Options) (*Store, error) {
	writer, err := connect(ctx, options.Path, readWrite)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	readers, err := connect(ctx, options.Path, readOnly)
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	count := cmp.Or(options.Readers, defaultReaders)
	readers.SetMaxOpenConns(count)
	readers.SetMaxIdleConns(count)
	queue, patience := cmp.Or(options.Queue, defaultQueue), cmp.Or(options.Patience, defaultPatience)
	return &Store{
		readers: bun.NewDB(readers, sqlitedialect.New()),
		writer:  writer,
		toRead:  bunstore.NewGate(count, queue, patience),
		toWrite: bunstore.NewGate(1, queue, patience),
	}, nil
}

// Close lets running calls end and makes every later one answer
// domain.ErrUnavailable.
func (s *Store) Close() error {
	s.closed.Store(true)
	return errors.Join(s.readers.Close(), s.writer.Close())
}

// Ping returns nil if the file can be read.
func (s *Store) Ping(ctx context.Context) error {
	return s.failure(ctx, "ping the database", s.readers.PingContext(ctx))
}

// Pools tells how much is made of the connections.
func (s *Store) Pools() []bunstore.PoolUse {
	return []bunstore.PoolUse{s.toRead.Use("read", s.readers.DB), s.toWrite.Use("write", s.writer)}
}

// read does work when it is its turn to read.
func (s *Store) read(ctx context.Context, attempt string, work func() error) error {
	return s.failure(ctx, attempt, s.toRead.Pass(ctx, work))
}

// write does work in a transaction, of which there is one at a time.
func (s *Store) write(ctx context.Context, attempt string, work func(tx *sql.Tx) error) error {
	return s.failure(ctx, attempt, s.toWrite.Pass(ctx, func() error { return s.transact(ctx, work) }))
}

func (s *Store) transact(ctx context.Context, work func(tx *sql.Tx) error) error {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (s *Store) failure(ctx context.Context, attempt string, err error) error {
	return bunstore.Failure(ctx, attempt, err, s.closed.Load() || isUnavailable(err))
}
