package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/migrations"
)

// NewMigrator returns the migrator of the database at url, as [Options] has
// it. It logs what it does to logger, unless that is nil.
func NewMigrator(url string, logger *slog.Logger) (*bunstore.Migrator, error) {
	steps, err := fs.Sub(migrations.Files, "postgres")
	if err != nil {
		return nil, err
	}
	config, err := onceOnly(url)
	if err != nil {
		return nil, err
	}
	return newMigrator(config, steps, logger), nil
}

func newMigrator(config *pgx.ConnConfig, steps fs.FS, logger *slog.Logger) *bunstore.Migrator {
	return bunstore.NewMigrator(bunstore.MigrationEngine{
		Dialect:     goose.DialectPostgres,
		Steps:       steps,
		Table:       "taskward.schema_migrations",
		TableExists: "SELECT to_regclass('taskward.schema_migrations') IS NOT NULL",
		Open:        func(context.Context) (*sql.DB, error) { return stdlib.OpenDB(*config), nil },
		Lock:        lock,
	}, logger)
}

// onceOnly is how to connect for work that comes up once.
func onceOnly(url string) (*pgx.ConnConfig, error) {
	config, err := parse(url)
	if err != nil {
		return nil, err
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeExec // no statement comes twice
	config.RuntimeParams["timezone"] = "UTC"            // goose notes the local time of the session
	return config, nil
}

// lockKey is "taskward" in ASCII. Advisory locks are a database's, so it only
// has to differ from those of others in the same database.
const lockKey = 0x7461736b77617264

// lock holds a transaction open, and in it an advisory lock: both end with
// the connection, and a pooler leaves a transaction its connection. Then it
// makes the schema, which two cannot do at once, unless an administrator has
// done so because we may not.
func lock(ctx context.Context, db *sql.DB) (unlock func() error, err error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	unlock = func() error {
		if err := tx.Rollback(); !errors.Is(err, sql.ErrTxDone) {
			return err
		}
		return nil
	}
	// The transaction is idle for as long as the steps take.
	const patience = "SELECT set_config('idle_in_transaction_session_timeout', '0', true), pg_advisory_xact_lock($1)"
	if _, err := tx.ExecContext(ctx, patience, int64(lockKey)); err != nil {
		return nil, errors.Join(err, unlock())
	}
	var missing bool
	if err := tx.QueryRowContext(ctx, "SELECT to_regnamespace('taskward') IS NULL").Scan(&missing); err != nil {
		return nil, errors.Join(err, unlock())
	}
	if missing {
		if _, err := db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS taskward"); err != nil {
			return nil, errors.Join(fmt.Errorf("make the schema taskward: %w", err), unlock())
		}
	}
	return unlock, nil
}
