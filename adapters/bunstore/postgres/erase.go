package postgres

import (
	"context"
	"database/sql"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// Erase implements ports.TaskRepository.
func (s *Store) Erase(ctx context.Context, owner domain.UserID) error {
	return s.serve(ctx, owner, "erase tasks", func(ctx context.Context) error {
		return insist(ctx, func() error { return s.erase(ctx, owner) })
	})
}

func (s *Store) erase(ctx context.Context, owner domain.UserID) error {
	return s.locked(ctx, owner, func(tx *sql.Tx) (changed bool, err error) {
		counters, err := bunstore.State(bunstore.Query(ctx, s.db, tx, s.statements.state, string(owner)))
		if err != nil || counters == (domain.Counters{}) {
			return false, err
		}
		counters = counters.Erased()
		_, err = tx.ExecContext(ctx, s.statements.erase, string(owner), int64(counters.Sequence), int64(counters.Forgotten))
		return true, err
	})
}
