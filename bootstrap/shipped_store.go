package bootstrap

import (
	"context"
	"errors"

	"go.opentelemetry.io/otel/trace"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/ports"
)

// store is what both engines ship.
type store interface {
	ports.TaskRepository
	ports.Revocations
	Ping(ctx context.Context) error
	Pools() []bunstore.PoolUse
	Close() error
}

// shippedStore is the store of the settings. All ports that it serves are
// served over the same connections, so it is opened for the first that is not
// another adapter's. Whoever has opened it may close it: the first does.
type shippedStore struct{ opened store }

func newShippedStore() *shippedStore { return &shippedStore{} }

func (s *shippedStore) open(ctx context.Context, parts parts) (store, error) {
	if s.opened != nil {
		return s.opened, nil
	}
	opened, err := openStore(ctx, parts)
	if err != nil {
		return nil, err
	}
	s.opened = opened
	return opened, nil
}

func openStore(ctx context.Context, parts parts) (store, error) {
	if err := bringUpToDate(ctx, parts.Config, parts.Log); err != nil {
		return nil, databaseFault(parts.Config.directSetting(), parts.Config.direct(), err)
	}
	opened, err := connectStore(ctx, parts.Config, parts.Tracers)
	return opened, databaseFault("DATABASE_URL", parts.Config.Database, err)
}

// connectStore is [openStore] for a schema that is up to date already.
func connectStore(ctx context.Context, config Config, tracers trace.TracerProvider) (store, error) {
	switch config.Database.Engine {
	case Postgres:
		return openPostgres(ctx, config, tracers)
	case SQLite:
		return sqlite.Open(ctx, sqlite.Options{Path: config.Database.At, Queue: config.Queue, Patience: config.QueueTime})
	}
	return nil, errNoEngine
}

// errNoEngine cannot come from an environment: DATABASE_URL has a default, and
// only known engines can be parsed.
var errNoEngine = errors.New("DATABASE_URL names no engine")
