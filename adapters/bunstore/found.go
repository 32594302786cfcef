package bunstore

import (
	"context"
	"errors"
)

// Found sends the statement as it is and reports whether a row comes back.
func Found(ctx context.Context, on Querier, statement string, args ...any) (found bool, err error) {
	rows, err := on.QueryContext(ctx, statement, args...)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	return rows.Next(), rows.Err()
}
