package postgres

import (
	"context"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// Get implements ports.TaskRepository.
func (s *Store) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (task domain.Task, err error) {
	err = s.serve(ctx, owner, "get a task", func(ctx context.Context) error {
		task, err = s.get(ctx, owner, id)
		return err
	})
	return task, err
}

func (s *Store) get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	return bunstore.One(owner, s.query(ctx, s.statements.get, string(owner), int64(id)))
}

// List implements ports.TaskRepository.
func (s *Store) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (page domain.TaskPage, err error) {
	err = s.serve(ctx, owner, "list tasks", func(ctx context.Context) error {
		statement, args := s.statements.lists.Statement(owner, query)
		page, err = bunstore.Page(owner, query, s.query(ctx, statement, args...))
		return err
	})
	return page, err
}

// Trash implements ports.TaskRepository.
func (s *Store) Trash(ctx context.Context, owner domain.UserID, query domain.TrashQuery) (page domain.TaskPage, err error) {
	err = s.serve(ctx, owner, "list the trash", func(ctx context.Context) error {
		lines := s.query(ctx, s.statements.trash, string(owner), bunstore.Before(query), query.Over, bunstore.Fetch(query.Limit))
		page, err = bunstore.TrashPage(owner, query, lines)
		return err
	})
	return page, err
}

// Changes implements ports.TaskRepository.
func (s *Store) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (feed domain.Feed, err error) {
	err = s.serve(ctx, owner, "tell changes", func(ctx context.Context) error {
		feed, err = s.changes(ctx, owner, since, limit)
		return err
	})
	return feed, err
}

// changes looks at the owner's row first where somebody comes back: they mostly
// find nothing new, and to know that costs PostgreSQL six tenths so.
func (s *Store) changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	if since.Sequence > 0 {
		counters, err := bunstore.State(s.query(ctx, s.statements.state, string(owner)))
		if err != nil {
			return domain.Feed{}, err
		}
		if counters.Sequence == since.Sequence {
			return domain.FeedOf([]domain.Task{}, counters, since, max(limit, 0))
		}
	}
	lines := s.query(ctx, s.statements.changes, string(owner), int64(since.Sequence), bunstore.Fetch(limit))
	return bunstore.Feed(owner, since, limit, lines)
}

// State implements ports.TaskRepository.
func (s *Store) State(ctx context.Context, owner domain.UserID) (counters domain.Counters, err error) {
	err = s.serve(ctx, owner, "read counters", func(ctx context.Context) error {
		counters, err = bunstore.State(s.query(ctx, s.statements.state, string(owner)))
		return err
	})
	return counters, err
}

// Owners implements ports.Owners. Where row-level security holds for the
// database's user it fails, for it would see no owner at all.
func (s *Store) Owners(ctx context.Context, after domain.UserID, limit int) (owners []domain.UserID, err error) {
	err = s.gate.Pass(ctx, func() error {
		owners, err = bunstore.Owners(ctx, s.db.DB, everybody, after, limit)
		return err
	})
	return owners, s.failure(ctx, "list owners", err)
}
