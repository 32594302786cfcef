package bootstrap

import (
	"context"
	"errors"
	"fmt"

	"go.opentelemetry.io/otel/trace"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
)

// openPostgres opens the store in PostgreSQL, unless row-level security is not
// what TASKWARD_RLS says.
func openPostgres(ctx context.Context, config Config, tracers trace.TracerProvider) (*postgres.Store, error) {
	options := postgresOptions(config)
	options.Tracers = tracers
	store, err := postgres.Open(options)
	if err != nil {
		return nil, err
	}
	state, err := store.RowSecurityState(ctx)
	if err == nil {
		err = checkWall(config.RowSecurity, state)
	}
	if err != nil {
		return nil, errors.Join(suspectPooler(err), store.Close())
	}
	return store, nil
}

func postgresOptions(config Config) postgres.Options {
	return postgres.Options{
		URL: config.Database.At, Prepare: bool(config.PrepareStatements), RowSecurity: config.RowSecurity,
		PoolSize: config.Pool, Queue: config.Queue, Patience: config.QueueTime,
	}
}

// suspectPooler says what may be done about the refusal of what only a direct
// connection takes.
func suspectPooler(err error) error {
	if postgres.RefusesParameters(err) {
		return fmt.Errorf("%w; if DATABASE_URL leads to a pooler set TASKWARD_DB_PREPARE=off and, for migrations and notifications, DATABASE_DIRECT_URL", err)
	}
	return err
}
