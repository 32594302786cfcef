package bunstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/taskward/taskward/domain"
)

// EncodeResults gives what a batch came to in the form in which it is kept for
// who sends the batch again.
func EncodeResults(results []domain.Task) (string, error) {
	rows := make([]Row, len(results))
	for i, task := range results {
		rows[i] = RowOf(task)
	}
	encoded, err := json.Marshal(rows)
	return string(encoded), err
}

// DecodeResults takes back what EncodeResults gave.
func DecodeResults(owner domain.UserID, encoded string) ([]domain.Task, error) {
	var rows []Row
	if err := json.Unmarshal([]byte(encoded), &rows); err != nil {
		return nil, fmt.Errorf("read kept results: %w", err)
	}
	results := make([]domain.Task, len(rows))
	for i := range rows {
		var err error
		if results[i], err = rows[i].Task(owner); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// Answer sends the statement that looks for what a batch with the key came to,
// and gives that if there is any. It fails with domain.ErrKeyReused if the key
// stands for another request.
func Answer(ctx context.Context, on Querier, statement string, owner domain.UserID, once domain.Once, args ...any) (results []domain.Task, given bool, err error) {
	rows, err := on.QueryContext(ctx, statement, append([]any{string(owner), string(once.Key)}, args...)...)
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if !rows.Next() {
		return nil, false, rows.Err()
	}
	var request []byte
	var encoded string
	if err := rows.Scan(&request, &encoded); err != nil {
		return nil, false, err
	}
	var kept domain.Once
	copy(kept.Request[:], request)
	if err := kept.Matches(once.Request); err != nil {
		return nil, false, err
	}
	results, err = DecodeResults(owner, encoded)
	return results, true, err
}
