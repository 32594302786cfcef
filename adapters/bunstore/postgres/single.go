package postgres

import (
	"context"
	"errors"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// single is a change that is one statement.
type single struct {
	target    domain.Target
	statement string
	args      []any
}

// single gives the statement that is all there is to a change, if there is one.
func (s *Store) single(owner domain.UserID, batch domain.Batch, change domain.Change) (_ single, alone bool, err error) {
	on := func(target domain.Target, statement string, args ...any) single {
		return single{target, statement, append([]any{string(owner), int64(target.ID), int64(target.Expected), batch.At()}, args...)}
	}
	switch change := change.(type) {
	case domain.Create:
		if _, placed := change.Place.Get(); placed {
			return single{}, false, nil
		}
		// What it makes does not depend on what there is, but for the numbers.
		effects, err := batch.Play(owner, domain.Counters{}, bunstore.Holdings{})
		if err != nil {
			return single{}, false, err
		}
		return single{statement: s.statements.create, args: append([]any{string(owner)}, created(bunstore.RowOf(effects.Results[0]))...)}, true, nil
	case domain.SetCompleted:
		return on(change.Target, s.statements.complete, &change.Completed), true, nil
	case domain.ToggleCompleted:
		return on(change.Target, s.statements.complete, (*bool)(nil)), true, nil
	case domain.Delete:
		// What is deleted now must not be over at once: the statement does not
		// see it in the trash.
		return on(change.Target, s.statements.delete, batch.TrashOver()), batch.TrashOver().Before(batch.At()), nil
	}
	return single{}, false, nil
}

// created are the columns that a create fills.
func created(row bunstore.Row) []any {
	return []any{
		row.Title, row.Description, row.Completed, row.CompletedAt.Nullable(), row.Priority, string(row.Tags),
		row.DueDate, row.DueZone, row.CreatedAt.Time, row.UpdatedAt.Time, row.DueAt, row.TitleFolded, row.DescriptionFolded,
	}
}

func (s *Store) perform(ctx context.Context, owner domain.UserID, change single) (domain.Task, error) {
	task, err := bunstore.One(owner, s.query(ctx, change.statement, change.args...))
	if !errors.Is(err, domain.ErrTaskNotFound) || change.target.Expected == 0 {
		return task, err
	}
	// The task was not at the expected sequence, or not there. If that has
	// changed since, either answer was right at some moment of this call.
	if _, err := s.get(ctx, owner, change.target.ID); err != nil {
		return domain.Task{}, err
	}
	return domain.Task{}, domain.ErrStaleTask
}
