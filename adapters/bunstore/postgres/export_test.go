package postgres

import (
	"io/fs"

	"github.com/jackc/pgx/v5"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// OpenTraced is Open for a test that wants to see what is sent.
func OpenTraced(options Options, tracer pgx.QueryTracer) (*Store, error) {
	config, err := options.connection()
	if err != nil {
		return nil, err
	}
	config.Tracer = tracer
	return open(config, options.poolSize()), nil
}

// Connection gives how a store connects.
func Connection(options Options) (*pgx.ConnConfig, error) { return options.connection() }

// IsUnavailable says what a store takes for an outage.
func IsUnavailable(err error) bool { return isUnavailable(err) }

// LockKey is what migrators lock.
const LockKey = int64(lockKey)

// NewMigratorOf is NewMigrator for steps of a test's own.
func NewMigratorOf(url string, steps fs.FS) (*bunstore.Migrator, error) {
	return newMigrator(url, steps, nil)
}

// Statements gives what a store may send about one owner, by name, with the
// lists that answer the queries.
func Statements(queries map[string]domain.TaskQuery) map[string]string {
	all := map[string]string{
		"get": ownersOnly.get, "trash": ownersOnly.trash, "changes": ownersOnly.changes, "state": ownersOnly.state,
		"create": ownersOnly.create, "complete": ownersOnly.complete, "delete": ownersOnly.delete,
		"lock": ownersOnly.lock, "look": ownersOnly.look, "around": ownersOnly.around, "save": ownersOnly.save, "forget": ownersOnly.forget,
		"answer": ownersOnly.answer, "keep": ownersOnly.keep, "erase": ownersOnly.erase,
		"revoke": revocations.revoke, "revoke before": revocations.revokeBefore, "revoked": revocations.revoked, "spend": revocations.spend, "spent": revocations.spent,
	}
	for name, query := range queries {
		all[name], _ = lists.Statement("owner", query)
	}
	return all
}

// Everybody is the one statement that is not about one owner.
const Everybody = everybody
