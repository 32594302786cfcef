package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// Apply implements ports.TaskRepository.
func (s *Store) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) (results []domain.Task, err error) {
	err = s.write(ctx, "change tasks", func(tx *sql.Tx) error {
		results, err = s.apply(ctx, tx, owner, batch)
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

func (s *Store) apply(ctx context.Context, tx *sql.Tx, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	once, keyed := batch.OnlyOnce().Get()
	if keyed {
		results, given, err := bunstore.Answer(ctx, tx, statements.answer, owner, once, batch.At())
		if given || err != nil {
			return results, err
		}
	}
	if len(batch.Changes()) == 0 {
		return []domain.Task{}, nil
	}
	effects, err := s.play(ctx, tx, owner, batch)
	if err != nil {
		return nil, err
	}
	if err := save(ctx, tx, owner, effects.Saved); err != nil {
		return nil, err
	}
	if batch.Deletes() {
		if effects.Counters.Forgotten, err = forget(ctx, tx, owner, batch.TrashOver(), effects.Counters.Forgotten); err != nil {
			return nil, err
		}
	}
	if err := count(ctx, tx, owner, effects.Counters); err != nil || !keyed {
		return effects.Results, err
	}
	return effects.Results, keep(ctx, tx, owner, once, effects.Results, batch.At())
}

func (s *Store) play(ctx context.Context, tx *sql.Tx, owner domain.UserID, batch domain.Batch) (domain.Effects, error) {
	ids, err := json.Marshal(batch.Targets())
	if err != nil {
		return domain.Effects{}, err
	}
	lines := bunstore.Query(ctx, s.readers, tx, statements.look, string(owner), string(ids))
	holdings, err := bunstore.Hold(owner, lines, func(position domain.Position) (below, above domain.Position, err error) {
		return bunstore.Around(ctx, tx, statements.around, owner, position)
	})
	if err != nil {
		return domain.Effects{}, err
	}
	return batch.Play(owner, holdings.Counters, holdings)
}

// save puts each task where it belongs and takes it from where it may have been.
func save(ctx context.Context, tx *sql.Tx, owner domain.UserID, tasks []domain.Task) error {
	for _, task := range tasks {
		row := bunstore.RowOf(task)
		save, args, drop := statements.saveLive, append(content(owner, row), row.DueAt), statements.dropTrash
		if !task.IsLive() {
			save, args, drop = statements.saveTrash, append(content(owner, row), row.DeletedAt.Time, row.Purged), statements.dropLive
		}
		_, saveErr := tx.ExecContext(ctx, save, args...)
		_, dropErr := tx.ExecContext(ctx, drop, string(owner), row.ID)
		if err := errors.Join(saveErr, dropErr); err != nil {
			return err
		}
	}
	return nil
}

// content are the columns that both tables have.
func content(owner domain.UserID, row bunstore.Row) []any {
	return []any{
		string(owner), row.ID, row.Title, row.Description, row.Completed, row.CompletedAt.Nullable(), row.Priority, string(row.Tags),
		row.DueDate, row.DueZone, row.Position, row.CreatedAt.Time, row.UpdatedAt.Time, row.Sequence,
	}
}

// forget drops what was deleted at over or earlier, some of it at a time, and
// gives the last sequence that is forgotten from now on.
func forget(ctx context.Context, tx *sql.Tx, owner domain.UserID, over time.Time, last domain.Sequence) (_ domain.Sequence, err error) {
	rows, err := tx.QueryContext(ctx, statements.forget, string(owner), over)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var sequence domain.Sequence
		if err := rows.Scan(&sequence); err != nil {
			return 0, err
		}
		last = max(last, sequence)
	}
	return last, rows.Err()
}

func count(ctx context.Context, tx *sql.Tx, owner domain.UserID, counters domain.Counters) error {
	_, err := tx.ExecContext(ctx, statements.count, string(owner), int64(counters.LastTaskID), int64(counters.Sequence), int64(counters.Forgotten))
	return err
}
