package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// keep keeps what a batch with a key came to, and forgets what is over.
func keep(ctx context.Context, tx *sql.Tx, owner domain.UserID, once domain.Once, results []domain.Task, at time.Time) error {
	encoded, err := bunstore.EncodeResults(once.Kept(results))
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, statements.forgetAnswers, string(owner), at); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, statements.keep, string(owner), string(once.Key), once.Request[:], encoded, once.Until)
	return err
}
