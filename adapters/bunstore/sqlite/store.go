// Package sqlite keeps tasks and revocations in one SQLite file. A few
// processes on one machine may share it.
package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
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
}

const defaultReaders = 4

// Store is a ports.TaskRepository and a ports.Revocations. It may be used by
// many goroutines.
type Store struct {
	readers *bun.DB
	writer  *sql.DB
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
	count := options.Readers
	if count == 0 {
		count = defaultReaders
	}
	readers.SetMaxOpenConns(count)
	readers.SetMaxIdleConns(count)
	return &Store{readers: bun.NewDB(readers, sqlitedialect.New()), writer: writer}, nil
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

// Get implements ports.TaskRepository.
func (s *Store) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	task, err := s.load(ctx, s.readers.DB, owner, id)
	return task, s.failure(ctx, "get a task", err)
}

// List implements ports.TaskRepository.
func (s *Store) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	after, fetch, skip := bunstore.Window(query)
	rows, err := bunstore.Query(ctx, s.readers, s.readers.DB, ownersOnly.list[listingOf(query)], string(owner), after, fetch, skip)
	if err != nil {
		return domain.TaskPage{}, s.failure(ctx, "list tasks", err)
	}
	page, err := bunstore.Page(owner, query, rows)
	return page, s.failure(ctx, "list tasks", err)
}

// Apply implements ports.TaskRepository.
func (s *Store) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	results, err := s.play(ctx, owner, batch)
	if err != nil {
		return nil, s.failure(ctx, "change tasks", err)
	}
	return results, nil
}

func (s *Store) play(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	counters, err := readCounters(ctx, tx, owner)
	if err != nil {
		return nil, err
	}
	effects, err := batch.Play(owner, counters, func(id domain.TaskID) (domain.Task, error) {
		return s.load(ctx, tx, owner, id)
	})
	if err != nil {
		return nil, err
	}
	if effects.Counters == counters {
		return effects.Results, nil // nothing has happened
	}
	if err := save(ctx, tx, owner, effects); err != nil {
		return nil, err
	}
	return effects.Results, tx.Commit()
}

func readCounters(ctx context.Context, tx *sql.Tx, owner domain.UserID) (domain.Counters, error) {
	var counters domain.Counters
	err := tx.QueryRowContext(ctx, ownersOnly.counters, string(owner)).Scan(&counters.LastTaskID, &counters.Sequence)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Counters{}, nil
	}
	return counters, err
}

func (s *Store) load(ctx context.Context, on bunstore.Querier, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	rows, err := bunstore.Query(ctx, s.readers, on, ownersOnly.get, string(owner), int64(id))
	if err != nil {
		return domain.Task{}, err
	}
	if len(rows) == 0 {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return rows[0].Task(owner)
}

func save(ctx context.Context, tx *sql.Tx, owner domain.UserID, effects domain.Effects) error {
	for _, task := range effects.Saved {
		if _, err := tx.ExecContext(ctx, ownersOnly.save, string(owner), int64(task.ID), task.Title.String(), bunstore.Nullable(task.Description),
			task.Completed, task.CreatedAt, task.UpdatedAt, int64(task.Sequence)); err != nil {
			return err
		}
	}
	for _, id := range effects.Deleted {
		if _, err := tx.ExecContext(ctx, ownersOnly.remove, string(owner), int64(id)); err != nil {
			return err
		}
	}
	_, err := tx.ExecContext(ctx, ownersOnly.count, string(owner), int64(effects.Counters.LastTaskID), int64(effects.Counters.Sequence))
	return err
}

func (s *Store) failure(ctx context.Context, attempt string, err error) error {
	return bunstore.Failure(ctx, attempt, err, s.closed.Load() || isUnavailable(err))
}
