package bootstrap

import (
	"context"
	"log/slog"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/ports"
)

// shipped are the adapters that serve where no other is in use.
var shipped = []Module{
	module[ports.TaskRepository](0, openTasks),
	module[ports.TokenVerifier](0, openVerifier),
}

func openTasks(ctx context.Context, config Config, log *slog.Logger) (ports.TaskRepository, error) {
	if err := bringUpToDate(ctx, config, log); err != nil {
		return nil, err
	}
	switch config.Database.Engine {
	case Postgres:
		return postgres.Open(postgres.Options{URL: config.Database.At, Prepare: bool(config.PrepareStatements)})
	case SQLite:
		return sqlite.Open(ctx, sqlite.Options{Path: config.Database.At})
	}
	return nil, errNoEngine
}

// verifier is the shipped one as [module] wants an adapter.
type verifier struct{ *jwtauth.Verifier }

// Ping tells whether there are keys to verify with.
func (v verifier) Ping(context.Context) error { return v.Ready() }

// Close ends the fetching of keys. It never fails.
func (v verifier) Close() error {
	v.Verifier.Close()
	return nil
}

func openVerifier(_ context.Context, config Config, log *slog.Logger) (ports.TokenVerifier, error) {
	options, problems := config.tokens()
	if err := problems.err(); err != nil {
		return nil, err
	}
	options.Log = log
	tokens, err := jwtauth.New(options)
	if err != nil {
		return nil, err
	}
	tokens.Start()
	return verifier{tokens}, nil
}
