package postgres

import (
	"context"
	"database/sql"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// Erase implements ports.TaskRepository.
func (s *Store) Erase(ctx context.Context, owner domain.UserID) error {
	err := insist(ctx, func() error {
		return s.locked(ctx, owner, func(tx *sql.Tx) (changed bool, err error) {
			lines, err := bunstore.Query(ctx, s.db, tx, s.statements.state, string(owner))
			counters := bunstore.State(lines)
			if err != nil || counters == (domain.Counters{}) {
				return false, err
			}
			counters = counters.Erased()
			_, err = tx.ExecContext(ctx, s.statements.erase, string(owner), int64(counters.Sequence), int64(counters.Forgotten))
			return true, err
		})
	})
	return s.failure(ctx, "erase tasks", err)
}
