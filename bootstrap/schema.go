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

// bringUpToDate does about the schema what TASKWARD_MIGRATE says.
func bringUpToDate(ctx context.Context, config Config, log *slog.Logger) error {
	migrator, err := newMigrator(config, log)
	if err != nil {
		return err
	}
	if config.Migrate == MigrateAuto {
		return migrator.Up(ctx)
	}
	if err := migrator.Check(ctx); err != nil {
		return fmt.Errorf("TASKWARD_MIGRATE=check: %w; run: taskward migrate up", err)
	}
	return nil
}
