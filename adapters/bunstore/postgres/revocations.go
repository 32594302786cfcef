package postgres

import (
	"context"
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Revoke implements ports.Revocations.
func (s *Store) Revoke(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) error {
	return s.write(ctx, owner, "revoke a token", s.statements.revocations.revoke, string(entry.Token), entry.Until, entry.At)
}

// RevokeBefore implements ports.Revocations.
func (s *Store) RevokeBefore(ctx context.Context, owner domain.UserID, moment time.Time) error {
	return s.write(ctx, owner, "revoke the tokens of a user", s.statements.revocations.revokeBefore, moment)
}

// Revoked implements ports.Revocations.
func (s *Store) Revoked(ctx context.Context, owner domain.UserID, session domain.Session) (bool, error) {
	return s.find(ctx, owner, "look for a revocation", s.statements.revocations.revoked, string(session.TokenID), session.IssuedAt)
}

// Spend implements ports.Revocations.
func (s *Store) Spend(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) (first bool, err error) {
	return s.find(ctx, owner, "spend a token", s.statements.revocations.spend, string(entry.Token), entry.Until, entry.At)
}

// Spent implements ports.Revocations.
func (s *Store) Spent(ctx context.Context, owner domain.UserID, token domain.TokenID, at time.Time) (bool, error) {
	return s.find(ctx, owner, "look for a spent token", s.statements.revocations.spent, string(token), at)
}

// write sends a statement that changes what is written about the owner.
func (s *Store) write(ctx context.Context, owner domain.UserID, attempt, statement string, args ...any) error {
	args = append([]any{string(owner)}, args...)
	return s.serve(ctx, owner, attempt, func(ctx context.Context) error {
		return insist(ctx, func() error {
			_, err := s.db.DB.ExecContext(ctx, statement, args...)
			return err
		})
	})
}

// find sends a statement that may change what is written about the owner, and
// reports whether it gives a row.
func (s *Store) find(ctx context.Context, owner domain.UserID, attempt, statement string, args ...any) (found bool, err error) {
	args = append([]any{string(owner)}, args...)
	err = s.serve(ctx, owner, attempt, func(ctx context.Context) error {
		return insist(ctx, func() error {
			found, err = bunstore.Found(ctx, s.db.DB, statement, args...)
			return err
		})
	})
	return found, err
}
