package postgres

import (
	"context"
	"database/sql"
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// keep keeps what a batch with a key came to.
func (s *Store) keep(ctx context.Context, tx *sql.Tx, owner domain.UserID, once domain.Once, results []domain.Task, at time.Time) error {
	encoded, err := bunstore.EncodeResults(once.Kept(results))
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, s.statements.keep, string(owner), string(once.Key), once.Request[:], encoded, once.Until, at)
	return err
}
