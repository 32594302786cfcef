package bunstore

import (
	"context"
	"errors"

	"github.com/taskward/taskward/domain"
)

// Owners sends the statement that gives at most limit of those who follow
// after.
func Owners(ctx context.Context, on Querier, statement string, after domain.UserID, limit int) (owners []domain.UserID, err error) {
	rows, err := on.QueryContext(ctx, statement, string(after), int64(max(limit, 0)))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var owner domain.UserID
		if err := rows.Scan(&owner); err != nil {
			return nil, err
		}
		owners = append(owners, owner)
	}
	return owners, rows.Err()
}
