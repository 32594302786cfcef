package sqlite

import (
	"context"
	"database/sql"
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Revoke implements ports.Revocations.
func (s *Store) Revoke(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) error {
	return s.write(ctx, "revoke a token", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, revocations.forgetRevoked, string(owner), entry.At); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, revocations.revoke, string(owner), string(entry.Token), entry.Until)
		return err
	})
}

// RevokeBefore implements ports.Revocations.
func (s *Store) RevokeBefore(ctx context.Context, owner domain.UserID, moment time.Time) error {
	return s.write(ctx, "revoke the tokens of a user", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, revocations.revokeBefore, string(owner), moment)
		return err
	})
}

// Revoked implements ports.Revocations.
func (s *Store) Revoked(ctx context.Context, owner domain.UserID, session domain.Session) (revoked bool, err error) {
	err = s.read(ctx, "look for a revocation", func() error {
		revoked, err = bunstore.Found(ctx, s.readers.DB, revocations.revoked, string(owner), string(session.TokenID), session.IssuedAt)
		return err
	})
	return revoked, err
}

// Spend implements ports.Revocations.
func (s *Store) Spend(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) (first bool, err error) {
	err = s.write(ctx, "spend a token", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, revocations.forgetSpent, string(owner), entry.At); err != nil {
			return err
		}
		first, err = bunstore.Found(ctx, tx, revocations.spend, string(owner), string(entry.Token), entry.Until, entry.At)
		return err
	})
	return first, err
}

// Spent implements ports.Revocations.
func (s *Store) Spent(ctx context.Context, owner domain.UserID, token domain.TokenID, at time.Time) (spent bool, err error) {
	err = s.read(ctx, "look for a spent token", func() error {
		spent, err = bunstore.Found(ctx, s.readers.DB, revocations.spent, string(owner), string(token), at)
		return err
	})
	return spent, err
}
