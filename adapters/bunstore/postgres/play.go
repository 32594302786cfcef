package postgres

import (
	"context"
	"database/sql"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// play works a batch out while nobody else can change the owner's tasks.
func (s *Store) play(ctx context.Context, owner domain.UserID, batch domain.Batch) (results []domain.Task, err error) {
	err = s.locked(ctx, owner, func(tx *sql.Tx) (changed bool, err error) {
		once, keyed := batch.OnlyOnce().Get()
		if keyed {
			var given bool
			results, given, err = bunstore.Answer(ctx, tx, s.statements.answer, owner, once, batch.At())
			if given || err != nil {
				return false, err
			}
		}
		if len(batch.Changes()) == 0 {
			results = []domain.Task{}
			return false, nil
		}
		if results, changed, err = s.venture(ctx, tx, owner, batch); err != nil || !changed {
			return false, err
		}
		if batch.Deletes() {
			if _, err := tx.ExecContext(ctx, s.statements.forget, string(owner), batch.TrashOver()); err != nil {
				return false, err
			}
		}
		if keyed {
			err = s.keep(ctx, tx, owner, once, results, batch.At())
		}
		return true, err
	})
	return results, err
}

// locked does work in a transaction of which the owner's row is locked, and
// takes it back unless something was changed.
func (s *Store) locked(ctx context.Context, owner domain.UserID, work func(*sql.Tx) (changed bool, err error)) error {
	tx, err := s.db.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if _, err := tx.ExecContext(ctx, s.statements.lock, string(owner)); err != nil {
		return err
	}
	if changed, err := work(tx); err != nil || !changed {
		return err
	}
	return tx.Commit()
}

// venture works a batch out and saves what it comes to, unless somebody has
// changed the owner's tasks in the meantime.
func (s *Store) venture(ctx context.Context, on bunstore.Querier, owner domain.UserID, batch domain.Batch) (results []domain.Task, saved bool, err error) {
	statement, args := s.statements.look, []any{string(owner), numbers(batch.Targets())}
	if anchors := batch.Anchors(); len(anchors) > 0 {
		statement, args = s.statements.beside, append(args, numbers(anchors))
	}
	lines := bunstore.Query(ctx, s.db, on, statement, args...)
	holdings, err := bunstore.Hold(owner, lines, func(position domain.Position) (below, above domain.Position, err error) {
		return bunstore.Around(ctx, on, s.statements.around, owner, position)
	})
	if err != nil {
		return nil, false, err
	}
	effects, err := batch.Play(owner, holdings.Counters, holdings)
	if err != nil {
		return nil, false, err
	}
	args = []any{string(owner), int64(holdings.Counters.Sequence), int64(effects.Counters.LastTaskID), int64(effects.Counters.Sequence)}
	saved, err = bunstore.Found(ctx, on, s.statements.save, append(args, arrays(effects.Saved)...)...)
	return effects.Results, saved, err
}

func numbers(ids []domain.TaskID) []int64 {
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		numbers[i] = int64(id)
	}
	return numbers
}
