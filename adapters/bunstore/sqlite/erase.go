package sqlite

import (
	"context"
	"database/sql"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// Erase implements ports.TaskRepository.
func (s *Store) Erase(ctx context.Context, owner domain.UserID) error {
	return s.write(ctx, "erase tasks", func(tx *sql.Tx) error {
		counters, err := bunstore.State(bunstore.Query(ctx, s.readers, tx, statements.state, string(owner)))
		if err != nil || counters == (domain.Counters{}) {
			return err
		}
		for _, erase := range []string{statements.eraseLive, statements.eraseTrash, statements.eraseAnswers} {
			if _, err := tx.ExecContext(ctx, erase, string(owner)); err != nil {
				return err
			}
		}
		return count(ctx, tx, owner, counters.Erased())
	})
}
