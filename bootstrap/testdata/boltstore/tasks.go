package boltstore

import (
	"context"

	"go.etcd.io/bbolt"

	"github.com/taskward/taskward/domain"
)

// Get implements ports.TaskRepository.
func (s *Store) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	return read(ctx, s, owner, func(l ledger) (domain.Task, error) {
		task, err := l.Task(id)
		if err == nil && !task.IsLive() {
			return domain.Task{}, domain.ErrTaskNotFound
		}
		return task, err
	})
}

// List implements ports.TaskRepository.
func (s *Store) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	return readAll(ctx, s, owner, func(tasks []domain.Task, counters domain.Counters) (domain.TaskPage, error) {
		return query.Page(tasks, counters.Sequence), nil
	})
}

// Trash implements ports.TaskRepository.
func (s *Store) Trash(ctx context.Context, owner domain.UserID, query domain.TrashQuery) (domain.TaskPage, error) {
	return readAll(ctx, s, owner, func(tasks []domain.Task, _ domain.Counters) (domain.TaskPage, error) {
		return query.Page(tasks), nil
	})
}

// Changes implements ports.TaskRepository.
func (s *Store) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	return readAll(ctx, s, owner, func(tasks []domain.Task, counters domain.Counters) (domain.Feed, error) {
		return domain.NewFeed(tasks, counters, since, limit)
	})
}

// State implements ports.TaskRepository.
func (s *Store) State(ctx context.Context, owner domain.UserID) (domain.Counters, error) {
	return read(ctx, s, owner, ledger.counters)
}

// Apply implements ports.TaskRepository.
func (s *Store) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	var results []domain.Task
	err := s.update(ctx, func(owners *bbolt.Bucket) error {
		if len(batch.Changes()) == 0 {
			return nil
		}
		bucket, err := owners.CreateBucketIfNotExists([]byte(owner))
		if err == nil {
			results, err = ledger{owner, bucket}.apply(batch)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// Erase implements ports.TaskRepository.
func (s *Store) Erase(ctx context.Context, owner domain.UserID) error {
	return s.update(ctx, func(owners *bbolt.Bucket) error {
		bucket := owners.Bucket([]byte(owner))
		if bucket == nil {
			return nil
		}
		return ledger{owner, bucket}.erase()
	})
}

// read looks at what one owner has. Of an owner who is not known that is an
// empty ledger.
func read[T any](ctx context.Context, s *Store, owner domain.UserID, look func(ledger) (T, error)) (result T, err error) {
	err = s.view(ctx, func(owners *bbolt.Bucket) error {
		result, err = look(ledger{owner, owners.Bucket([]byte(owner))})
		return err
	})
	return result, err
}

func readAll[T any](ctx context.Context, s *Store, owner domain.UserID, look func([]domain.Task, domain.Counters) (T, error)) (T, error) {
	return read(ctx, s, owner, func(l ledger) (none T, err error) {
		counters, err := l.counters()
		if err != nil {
			return none, err
		}
		tasks, err := l.all()
		if err != nil {
			return none, err
		}
		return look(tasks, counters)
	})
}
