package sqlite

import (
	"context"
	"database/sql"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/migrations"
)

// notes is where it is noted which steps were taken.
const notes = "schema_migrations"

// NewMigrator returns the migrator of the file at path, as [Options] has it.
// It logs what it does to logger, unless that is nil.
func NewMigrator(path string, logger *slog.Logger) (*bunstore.Migrator, error) {
	steps, err := fs.Sub(migrations.Files, "sqlite")
	if err != nil {
		return nil, err
	}
	return newMigrator(path, steps, logger), nil
}

func newMigrator(path string, steps fs.FS, logger *slog.Logger) *bunstore.Migrator {
	return bunstore.NewMigrator(bunstore.MigrationEngine{
		Dialect:     goose.DialectSQLite3,
		Steps:       steps,
		Table:       notes,
		TableExists: "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = '" + notes + "')",
		Open:        func(ctx context.Context) (*sql.DB, error) { return connect(ctx, path, readWrite) },
		Lock:        func(ctx context.Context, _ *sql.DB) (func() error, error) { return lock(ctx, path) },
	}, logger)
}
