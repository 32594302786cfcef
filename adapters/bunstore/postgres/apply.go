package postgres

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// PostgreSQL may refuse a change because of others at the same time, and
// leave it to us to try again. Nobody should see that.
const (
	attempts = 4
	pause    = 20 * time.Millisecond // between attempts, at most
)

// Apply implements ports.TaskRepository.
func (s *Store) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	var results []domain.Task
	err := insist(ctx, func() (err error) {
		results, err = s.apply(ctx, owner, batch)
		return err
	})
	if err != nil {
		return nil, s.failure(ctx, "change tasks", err)
	}
	return results, nil
}

// insist makes the attempt until others at the same time do not keep it from
// coming to an end, within reason.
func insist(ctx context.Context, attempt func() error) error {
	err := attempt()
	for made := 1; made < attempts && isConflict(err); made++ {
		wait(ctx, rand.N(pause)) //nolint:gosec // spreads attempts, keeps no secret
		err = attempt()
	}
	return err
}

func wait(ctx context.Context, duration time.Duration) {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (s *Store) apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	changes := batch.Changes()
	if len(changes) == 0 {
		return []domain.Task{}, s.db.PingContext(ctx)
	}
	if len(changes) == 1 {
		if single, ok := s.single(owner, batch.At(), changes[0]); ok {
			task, err := s.perform(ctx, owner, single)
			return []domain.Task{task}, err
		}
	}
	return s.play(ctx, owner, batch)
}

// single is a change that is one statement.
type single struct {
	target    domain.Target
	statement string
	args      []any
}

func (s *Store) single(owner domain.UserID, at time.Time, change domain.Change) (single, bool) {
	on := func(target domain.Target, statement string, args ...any) (single, bool) {
		return single{target, statement, append([]any{string(owner), int64(target.ID), int64(target.Expected)}, args...)}, true
	}
	switch change := change.(type) {
	case domain.Create:
		return single{
			statement: s.statements.create,
			args:      []any{string(owner), at, change.Title.String(), bunstore.Nullable(change.Description), change.Completed},
		}, true
	case domain.Edit:
		var title *string
		if to, ok := change.Title.Get(); ok {
			text := to.String()
			title = &text
		}
		description, describe := change.Description.Get()
		return on(change.Target, s.statements.edit, at, title, describe, bunstore.Nullable(description), pointer(change.Completed))
	case domain.SetCompleted:
		return on(change.Target, s.statements.complete, at, &change.Completed)
	case domain.ToggleCompleted:
		return on(change.Target, s.statements.complete, at, (*bool)(nil))
	case domain.Delete:
		return on(change.Target, s.statements.delete)
	}
	return single{}, false
}

func pointer[T any](optional domain.Optional[T]) *T {
	if value, ok := optional.Get(); ok {
		return &value
	}
	return nil
}

func (s *Store) perform(ctx context.Context, owner domain.UserID, change single) (domain.Task, error) {
	rows, err := bunstore.Query(ctx, s.db, s.db.DB, change.statement, change.args...)
	switch {
	case err != nil:
		return domain.Task{}, err
	case len(rows) == 1:
		return rows[0].Task(owner)
	case change.target.Expected == 0:
		return domain.Task{}, domain.ErrTaskNotFound
	}
	// The task was not at the expected sequence, or not there. If that has
	// changed since, either answer was right at some moment of this call.
	if _, err := s.load(ctx, s.db.DB, owner, change.target.ID); err != nil {
		return domain.Task{}, err
	}
	return domain.Task{}, domain.ErrStaleTask
}

func (s *Store) play(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	tx, err := s.db.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	var counters domain.Counters
	if err := tx.QueryRowContext(ctx, s.statements.lock, string(owner)).Scan(&counters.LastTaskID, &counters.Sequence); err != nil {
		return nil, err
	}
	effects, err := batch.Play(owner, counters, func(id domain.TaskID) (domain.Task, error) {
		return s.load(ctx, tx, owner, id)
	})
	if err != nil {
		return nil, err
	}
	if err := s.save(ctx, tx, owner, effects); err != nil {
		return nil, err
	}
	return effects.Results, tx.Commit()
}

func (s *Store) save(ctx context.Context, tx *sql.Tx, owner domain.UserID, effects domain.Effects) error {
	if _, err := tx.ExecContext(ctx, s.statements.save, append([]any{string(owner)}, arrays(effects.Saved)...)...); err != nil {
		return err
	}
	deleted := make([]int64, len(effects.Deleted))
	for i, id := range effects.Deleted {
		deleted[i] = int64(id)
	}
	if _, err := tx.ExecContext(ctx, s.statements.remove, string(owner), deleted); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, s.statements.count, string(owner), int64(effects.Counters.LastTaskID), int64(effects.Counters.Sequence))
	return err
}

// arrays gives the tasks column by column.
func arrays(tasks []domain.Task) []any {
	var (
		ids          = make([]int64, len(tasks))
		titles       = make([]string, len(tasks))
		descriptions = make([]*string, len(tasks))
		completed    = make([]bool, len(tasks))
		created      = make([]time.Time, len(tasks))
		updated      = make([]time.Time, len(tasks))
		sequences    = make([]int64, len(tasks))
	)
	for i, task := range tasks {
		ids[i], sequences[i] = int64(task.ID), int64(task.Sequence)
		titles[i], descriptions[i] = task.Title.String(), bunstore.Nullable(task.Description)
		completed[i] = task.Completed
		created[i], updated[i] = task.CreatedAt, task.UpdatedAt
	}
	return []any{ids, titles, descriptions, completed, created, updated, sequences}
}
