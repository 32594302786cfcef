package boltstore

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// Owners implements [ports.Owners].
func (s *Store) Owners(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
	tx, err := s.begin(ctx, reading)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }()
	var owners []domain.UserID
	cursor := tx.Cursor()
	for name, _ := cursor.Seek([]byte(after)); name != nil && len(owners) < limit; name, _ = cursor.Next() {
		if owner := domain.UserID(name); owner != after {
			owners = append(owners, owner)
		}
	}
	return owners, nil
}
