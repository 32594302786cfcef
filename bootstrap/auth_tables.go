package bootstrap

import (
	"database/sql"
	"log/slog"
	"slices"
	"strings"

	"go.opentelemetry.io/otel/trace"

	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// authTables are Better Auth's tables, as far as a setting has them read.
type authTables struct {
	db    *sql.DB // nil if none does
	names betterauth.Names
}

// openAuthTables does not connect yet: what needs a table says so when it
// cannot be had.
func openAuthTables(config Config, tracers trace.TracerProvider) (*authTables, error) {
	if err := config.checkAuthTables().err(); err != nil {
		return nil, err
	}
	if len(config.readers()) == 0 {
		return &authTables{}, nil
	}
	names, err := betterauth.ParseNames(config.AuthTables)
	if err != nil {
		return nil, err
	}
	db, err := postgres.Connect(postgres.Options{URL: config.authDatabase().At, Prepare: bool(config.PrepareStatements), Tracers: tracers})
	return &authTables{db, names}, databaseFault(config.authSetting(), config.authDatabase(), err)
}

// keys are those in the table jwks, nil if that is not read.
func (t *authTables) keys(config Config, log *slog.Logger) (ports.KeySource, error) {
	if t.db == nil || !bool(config.JWKSTable) {
		return nil, nil
	}
	return betterauth.NewKeyTable(t.db, t.names, betterauth.KeyTableOptions{Grace: domain.Some(config.JWKSGrace), Log: log})
}

// sessions are those in the table session.
func (t *authTables) sessions(config Config) (ports.SessionLookup, error) {
	return betterauth.NewSessions(t.db, t.names, betterauth.SessionsOptions{Staleness: config.SessionStaleness})
}

// Close ends the connections, if there are any.
func (t *authTables) Close() error {
	if t.db == nil {
		return nil
	}
	return t.db.Close()
}

// authSetting names the setting that authDatabase comes from.
func (c Config) authSetting() string {
	if c.AuthDatabase.Engine != "" {
		return "TASKWARD_AUTH_DATABASE_URL"
	}
	return "DATABASE_URL"
}

// authDatabase is where Better Auth's tables are.
func (c Config) authDatabase() Database {
	if c.AuthDatabase.Engine != "" {
		return c.AuthDatabase
	}
	return c.Database
}

// readers names the settings that have Better Auth's tables read.
func (c Config) readers() []string {
	var names []string
	for name, on := range map[string]bool{
		"TASKWARD_JWKS_TABLE=on":      bool(c.JWKSTable),
		"TASKWARD_SESSION_TOKENS=on":  bool(c.SessionTokens),
		"TASKWARD_USERS=on":           bool(c.Users),
		"TASKWARD_REVOCATION=session": c.Revocation == application.RevokeSessions,
	} {
		if on {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func (c Config) checkAuthTables() Problems {
	var problems Problems
	if readers := c.readers(); len(readers) > 0 && c.authDatabase().Engine != Postgres {
		problems.add("TASKWARD_AUTH_DATABASE_URL", "must name the Postgres with Better Auth's tables, for "+strings.Join(readers, ", "))
	}
	_, err := betterauth.ParseNames(c.AuthTables)
	problems.addError("TASKWARD_AUTH_TABLES", err)
	return problems
}
