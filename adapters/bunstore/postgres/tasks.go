package postgres

import (
	"context"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// Get implements ports.TaskRepository.
func (s *Store) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	task, err := s.get(ctx, owner, id)
	return task, s.failure(ctx, "get a task", err)
}

func (s *Store) get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	lines, err := s.query(ctx, s.statements.get, string(owner), int64(id))
	if err != nil {
		return domain.Task{}, err
	}
	return bunstore.One(owner, lines)
}

// List implements ports.TaskRepository.
func (s *Store) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	statement, args := lists.Statement(owner, query)
	lines, err := s.query(ctx, statement, args...)
	if err != nil {
		return domain.TaskPage{}, s.failure(ctx, "list tasks", err)
	}
	page, err := bunstore.Page(owner, query, lines)
	return page, s.failure(ctx, "list tasks", err)
}

// Trash implements ports.TaskRepository.
func (s *Store) Trash(ctx context.Context, owner domain.UserID, query domain.TrashQuery) (domain.TaskPage, error) {
	lines, err := s.query(ctx, s.statements.trash, string(owner), bunstore.Before(query), query.Over, bunstore.Fetch(query.Limit))
	if err != nil {
		return domain.TaskPage{}, s.failure(ctx, "list the trash", err)
	}
	page, err := bunstore.TrashPage(owner, query, lines)
	return page, s.failure(ctx, "list the trash", err)
}

// Changes implements ports.TaskRepository.
func (s *Store) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	lines, err := s.query(ctx, s.statements.changes, string(owner), int64(since.Sequence), bunstore.Fetch(limit))
	if err != nil {
		return domain.Feed{}, s.failure(ctx, "tell changes", err)
	}
	feed, err := bunstore.Feed(owner, since, limit, lines)
	return feed, s.failure(ctx, "tell changes", err)
}

// State implements ports.TaskRepository.
func (s *Store) State(ctx context.Context, owner domain.UserID) (domain.Counters, error) {
	lines, err := s.query(ctx, s.statements.state, string(owner))
	return bunstore.State(lines), s.failure(ctx, "read counters", err)
}

// Owners implements ports.Owners.
func (s *Store) Owners(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
	owners, err := bunstore.Owners(ctx, s.db.DB, everybody, after, limit)
	return owners, s.failure(ctx, "list owners", err)
}

func (s *Store) query(ctx context.Context, statement string, args ...any) ([]bunstore.Line, error) {
	return bunstore.Query(ctx, s.db, s.db.DB, statement, args...)
}
