package sqlite

import (
	"context"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// Get implements ports.TaskRepository.
func (s *Store) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (task domain.Task, err error) {
	err = s.read(ctx, "get a task", func() error {
		task, err = bunstore.One(owner, s.query(ctx, statements.get, string(owner), int64(id)))
		return err
	})
	return task, err
}

// List implements ports.TaskRepository.
func (s *Store) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (page domain.TaskPage, err error) {
	err = s.read(ctx, "list tasks", func() error {
		statement, args := lists.Statement(owner, query)
		page, err = bunstore.Page(owner, query, s.query(ctx, statement, args...))
		return err
	})
	return page, err
}

// Trash implements ports.TaskRepository.
func (s *Store) Trash(ctx context.Context, owner domain.UserID, query domain.TrashQuery) (page domain.TaskPage, err error) {
	err = s.read(ctx, "list the trash", func() error {
		lines := s.query(ctx, statements.trash, string(owner), bunstore.Before(query), query.Over, bunstore.Fetch(query.Limit))
		page, err = bunstore.TrashPage(owner, query, lines)
		return err
	})
	return page, err
}

// Changes implements ports.TaskRepository.
func (s *Store) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (feed domain.Feed, err error) {
	err = s.read(ctx, "tell changes", func() error {
		lines := s.query(ctx, statements.changes, string(owner), int64(since.Sequence), bunstore.Fetch(limit))
		feed, err = bunstore.Feed(owner, since, limit, lines)
		return err
	})
	return feed, err
}

// State implements ports.TaskRepository.
func (s *Store) State(ctx context.Context, owner domain.UserID) (counters domain.Counters, err error) {
	err = s.read(ctx, "read counters", func() error {
		counters, err = bunstore.State(s.query(ctx, statements.state, string(owner)))
		return err
	})
	return counters, err
}

// Owners implements ports.Owners.
func (s *Store) Owners(ctx context.Context, after domain.UserID, limit int) (owners []domain.UserID, err error) {
	err = s.read(ctx, "list owners", func() error {
		owners, err = bunstore.Owners(ctx, s.readers.DB, everybody, after, limit)
		return err
	})
	return owners, err
}

func (s *Store) query(ctx context.Context, statement string, args ...any) bunstore.Lines {
	return bunstore.Query(ctx, s.readers, s.readers.DB, statement, args...)
}
