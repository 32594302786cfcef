package bootstrap

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/sqlite"
)

// newMigrator returns the migrator of the configured database.
func newMigrator(config Config, log *slog.Logger) (*bunstore.Migrator, error) {
	switch database := config.direct(); database.Engine {
	case Postgres:
		return postgres.NewMigrator(database.At, log)
	case SQLite:
		return sqlite.NewMigrator(database.At, log)
	}
	return nil, errNoEngine
}

// migrateUp takes all pending steps, and switches row-level security on if it
// should be.
func migrateUp(ctx context.Context, config Config, migrator *bunstore.Migrator) error {
	if err := migrator.Up(ctx); err != nil || config.RowSecurity == postgres.RowSecurityOff {
		return err
	}
	return postgres.EnforceRowSecurity(ctx, config.direct().At)
}

// bringUpToDate does about the schema what TASKWARD_MIGRATE says.
func bringUpToDate(ctx context.Context, config Config, log *slog.Logger) error {
	migrator, err := newMigrator(config, log)
	if err != nil {
		return err
	}
	if config.Migrate == MigrateAuto {
		return migrateUp(ctx, config, migrator)
	}
	if err := migrator.Check(ctx); err != nil {
		return fmt.Errorf("TASKWARD_MIGRATE=check: %w; run: taskward migrate up", err)
	}
	return nil
}
