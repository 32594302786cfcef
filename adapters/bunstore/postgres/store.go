// Package postgres keeps tasks, revocations and the audit log in PostgreSQL, in
// tables of its own in the schema taskward. Many processes may work on one database.
package postgres

import (
	"context"
	"database/sql"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// Store is a ports.TaskRepository, a ports.Owners, a ports.Revocations and a
// ports.AuditLog. It may be used by many goroutines.
type Store struct {
	db         *bun.DB
	gate       *bunstore.Gate // before the connections of db
	guarded    bool           // whether these name the owner to PostgreSQL
	statements statements
	closed     atomic.Bool
}

// Open returns a store on the database that the options name. It does not
// connect yet, so that a service can start, and say that it is not ready,
// while its database is down. The tables are made by a migrator.
func Open(options Options) (*Store, error) {
	config, err := options.connection()
	if err != nil {
		return nil, err
	}
	return open(config, options), nil
}

// Connect returns connections to the database that the options name, for
// adapters that read tables of others in it. It does not connect yet.
func Connect(options Options) (*sql.DB, error) {
	config, err := options.connection()
	if err != nil {
		return nil, err
	}
	return limited(stdlib.OpenDB(*config, stdlib.OptionResetSession(unspoken)), options.poolSize()), nil
}

func open(config *pgx.ConnConfig, options Options) *Store {
	connector, guarded := stdlib.GetConnector(*config, stdlib.OptionResetSession(unspoken)), options.guarded()
	if guarded {
		connector = guardedConnector{connector, options.RowSecurity}
	}
	size := options.poolSize()
	return &Store{
		db:         bun.NewDB(limited(sql.OpenDB(connector), size), pgdialect.New()),
		gate:       bunstore.NewGate(size, options.queue(), options.patience()),
		guarded:    guarded,
		statements: ownersOnly,
	}
}

func limited(db *sql.DB, size int) *sql.DB {
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

// Close lets running calls end and makes every later one answer
// domain.ErrUnavailable.
func (s *Store) Close() error {
	s.closed.Store(true)
	return s.db.Close()
}

// Ping returns nil if the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return s.failure(ctx, "ping the database", s.db.PingContext(ctx))
}

// Pools tells how much is made of the connections.
func (s *Store) Pools() []bunstore.PoolUse {
	return []bunstore.PoolUse{s.gate.Use("", s.db.DB)}
}

// serve does work on the owner's rows once there is a connection for it.
func (s *Store) serve(ctx context.Context, owner domain.UserID, attempt string, work func(context.Context) error) error {
	if s.guarded {
		ctx = onBehalf(ctx, owner)
	}
	return s.failure(ctx, attempt, s.gate.Pass(ctx, func() error { return work(ctx) }))
}

func (s *Store) failure(ctx context.Context, attempt string, err error) error {
	if err == nil {
		return nil
	}
	return bunstore.Failure(ctx, attempt, err, s.closed.Load() || isUnavailable(err))
}
