package sqlite

import (
	"context"
	"io/fs"

	"github.com/taskward/taskward/adapters/bunstore"
)

// Pragma sets something about the connection that writes.
func (s *Store) Pragma(ctx context.Context, setting string) error {
	_, err := s.writer.ExecContext(ctx, "PRAGMA "+setting)
	return err
}

// Begin holds the write lock until end is called.
func (s *Store) Begin(ctx context.Context) (end func() error, err error) {
	tx, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return tx.Rollback, nil
}

// NewMigratorOf is NewMigrator for steps of a test's own.
func NewMigratorOf(path string, steps fs.FS) *bunstore.Migrator {
	return newMigrator(path, steps, nil)
}

// Statements gives what a store may say, by name.
func Statements() map[string]string {
	all := map[string]string{
		"get": ownersOnly.get, "counters": ownersOnly.counters,
		"save": ownersOnly.save, "remove": ownersOnly.remove, "count": ownersOnly.count,
		"revoke": revocations.revoke, "forget revoked": revocations.forgetRevoked, "revoke before": revocations.revokeBefore,
		"revoked": revocations.revoked, "spend": revocations.spend, "forget spent": revocations.forgetSpent,
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
