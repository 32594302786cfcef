package sqlite

import (
	"context"
	"errors"
	"io/fs"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
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

// Statements gives what a store may say about one owner, by name, with the
// lists that answer the queries.
func Statements(queries map[string]domain.TaskQuery) map[string]string {
	all := map[string]string{
		"get": statements.get, "trash": statements.trash, "changes": statements.changes, "state": statements.state,
		"look": statements.look, "around": statements.around, "save live": statements.saveLive, "save trash": statements.saveTrash,
		"drop live": statements.dropLive, "drop trash": statements.dropTrash, "forget": statements.forget, "count": statements.count,
		"answer": statements.answer, "keep": statements.keep, "forget answers": statements.forgetAnswers,
		"erase live": statements.eraseLive, "erase trash": statements.eraseTrash, "erase answers": statements.eraseAnswers,
		"revoke": revocations.revoke, "forget revoked": revocations.forgetRevoked, "revoke before": revocations.revokeBefore,
		"revoked": revocations.revoked, "spend": revocations.spend, "forget spent": revocations.forgetSpent, "spent": revocations.spent,
	}
	for name, query := range queries {
		all[name], _ = lists.Statement("owner", query)
	}
	return all
}

// Everybody is the one statement that is not about one owner.
const Everybody = everybody

// Execute does to a file what no store does.
func Execute(ctx context.Context, path string, statements ...string) (err error) {
	db, err := alone(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// Entitle gives a draft its name.
func Entitle(draft, name string) error { return entitle(draft, name) }
