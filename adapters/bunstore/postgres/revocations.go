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
	err := insist(ctx, func() error {
		_, err := s.db.DB.ExecContext(ctx, revocations.revoke, string(owner), string(entry.Token), entry.Until, entry.At)
		return err
	})
	return s.failure(ctx, "revoke a token", err)
}

// RevokeBefore implements ports.Revocations.
func (s *Store) RevokeBefore(ctx context.Context, owner domain.UserID, moment time.Time) error {
	err := insist(ctx, func() error {
		_, err := s.db.DB.ExecContext(ctx, revocations.revokeBefore, string(owner), moment)
		return err
	})
	return s.failure(ctx, "revoke the tokens of a user", err)
}

// Revoked implements ports.Revocations.
func (s *Store) Revoked(ctx context.Context, owner domain.UserID, session domain.Session) (bool, error) {
	revoked, err := bunstore.Found(ctx, s.db.DB, revocations.revoked, string(owner), string(session.TokenID), session.IssuedAt)
	return revoked, s.failure(ctx, "look for a revocation", err)
}

// Spend implements ports.Revocations.
func (s *Store) Spend(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) (first bool, err error) {
	err = insist(ctx, func() (err error) {
		first, err = bunstore.Found(ctx, s.db.DB, revocations.spend, string(owner), string(entry.Token), entry.Until, entry.At)
		return err
	})
	return first, s.failure(ctx, "spend a token", err)
}

// Spent implements ports.Revocations.
func (s *Store) Spent(ctx context.Context, owner domain.UserID, token domain.TokenID, at time.Time) (bool, error) {
	spent, err := bunstore.Found(ctx, s.db.DB, revocations.spent, string(owner), string(token), at)
	return spent, s.failure(ctx, "look for a spent token", err)
}
