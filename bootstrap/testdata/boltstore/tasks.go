package boltstore

import (
	"context"
	"math"

	"github.com/taskward/taskward/domain"
)

// Get implements [ports.TaskRepository].
func (s *Store) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	return within(ctx, s, reading, owner, func(mine *ledger) (domain.Task, error) {
		task, err := mine.Task(id)
		if err == nil && !task.IsLive() {
			err = domain.ErrTaskNotFound
		}
		return task, err
	})
}

// List implements [ports.TaskRepository].
func (s *Store) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	return within(ctx, s, reading, owner, func(mine *ledger) (domain.TaskPage, error) {
		tasks, err := mine.all()
		return query.Page(tasks, mine.counters.Sequence), err
	})
}

// Trash implements [ports.TaskRepository].
func (s *Store) Trash(ctx context.Context, owner domain.UserID, query domain.TrashQuery) (domain.TaskPage, error) {
	return within(ctx, s, reading, owner, func(mine *ledger) (domain.TaskPage, error) {
		tasks, err := mine.tasks(byDeletion, math.MinInt64, math.MaxInt64, math.MaxInt)
		return query.Page(tasks), err
	})
}

// Changes implements [ports.TaskRepository].
func (s *Store) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	return within(ctx, s, reading, owner, func(mine *ledger) (domain.Feed, error) {
		// Not since + 1: a mark may be as high as numbers go.
		next := min(since.Sequence, mine.counters.Sequence) + 1
		tasks, err := mine.tasks(byChange, int64(next), math.MaxInt64, limit)
		if err != nil {
			return domain.Feed{}, err
		}
		return domain.FeedOf(tasks, mine.counters, since, limit)
	})
}

// State implements [ports.TaskRepository].
func (s *Store) State(ctx context.Context, owner domain.UserID) (domain.Counters, error) {
	return within(ctx, s, reading, owner, func(mine *ledger) (domain.Counters, error) { return mine.counters, nil })
}

// Apply implements [ports.TaskRepository].
func (s *Store) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	return within(ctx, s, writing, owner, func(mine *ledger) ([]domain.Task, error) { return mine.apply(batch) })
}

// Erase implements [ports.TaskRepository].
func (s *Store) Erase(ctx context.Context, owner domain.UserID) error {
	_, err := within(ctx, s, writing, owner, func(mine *ledger) ([]domain.Task, error) { return nil, mine.erase() })
	return err
}
