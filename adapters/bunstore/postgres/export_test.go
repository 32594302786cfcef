package postgres

import (
	"io/fs"

	"github.com/jackc/pgx/v5"

	"github.com/taskward/taskward/adapters/bunstore"
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

// Statements gives what a store may send, by name.
func Statements() map[string]string {
	all := map[string]string{
		"get": ownersOnly.get, "create": ownersOnly.create, "edit": ownersOnly.edit, "complete": ownersOnly.complete, "delete": ownersOnly.delete,
		"lock": ownersOnly.lock, "save": ownersOnly.save, "remove": ownersOnly.remove, "count": ownersOnly.count,
		"revoke": revocations.revoke, "revoke before": revocations.revokeBefore, "revoked": revocations.revoked, "spend": revocations.spend,
	}
	for key, statement := range ownersOnly.list {
		all[key.name()] = statement
	}
	return all
}

func (l listing) name() string {
	name := "list"
	if completed, ok := l.completed.Get(); ok && completed {
		name += " completed"
	} else if ok {
		name += " open"
	}
	if l.oldestFirst {
		name += " oldest first"
	}
	if l.counted {
		name += " counted"
	}
	return name
}
