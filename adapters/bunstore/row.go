package bunstore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/taskward/taskward/domain"
)

// Columns are those that [Row] takes, in any order.
const Columns = "id, title, description, completed, created_at, updated_at, sequence"

// Row is a task as the table has it, but for its owner, whom every statement
// is given.
type Row struct {
	ID          int64
	Title       string
	Description *string
	Completed   bool
	CreatedAt   Instant
	UpdatedAt   Instant
	Sequence    int64

	Total int64 // of all tasks that pass the filter, where a list counts
}

// Task makes the row a task of owner. It fails if the table holds what no
// task may be, which takes somebody other than Taskward to write.
func (r Row) Task(owner domain.UserID) (domain.Task, error) {
	title, err := domain.RestoreTitle(r.Title)
	var description domain.Description
	if err == nil && r.Description != nil {
		description, err = domain.RestoreDescription(*r.Description)
	}
	if err != nil {
		// The cause is not wrapped: it blames the input of whoever asks.
		return domain.Task{}, fmt.Errorf("the stored task %d breaks a rule: %s", r.ID, err.Error())
	}
	return domain.Task{
		Owner:       owner,
		ID:          domain.TaskID(r.ID),
		Title:       title,
		Description: description,
		Completed:   r.Completed,
		CreatedAt:   r.CreatedAt.Time,
		UpdatedAt:   r.UpdatedAt.Time,
		Sequence:    domain.Sequence(r.Sequence),
	}, nil
}

// Querier is a connection, a pool of them, or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error)
}

// Query sends the statement as it is and returns the rows that come back.
func Query(ctx context.Context, db *bun.DB, on Querier, statement string, args ...any) ([]Row, error) {
	result, err := on.QueryContext(ctx, statement, args...) //nolint:rowserrcheck // Bun checks it
	if err != nil {
		return nil, err
	}
	var rows []Row
	if err := db.ScanRows(ctx, result, &rows); err != nil {
		return nil, err
	}
	return rows, nil
}

// Nullable gives the description as a column takes it.
func Nullable(description domain.Description) *string {
	if text, present := description.Text(); present {
		return &text
	}
	return nil
}

// Instant is a time as a column holds it, be that a type of the engine's or
// microseconds since the Unix epoch.
type Instant struct{ time.Time }

// Scan implements [sql.Scanner].
func (i *Instant) Scan(source any) error {
	switch value := source.(type) {
	case time.Time:
		i.Time = domain.Moment(value)
	case int64:
		i.Time = time.UnixMicro(value).UTC()
	case nil: // in the row that a page without tasks brings its total in
		i.Time = time.Time{}
	default:
		return fmt.Errorf("cannot read a time from %T", source)
	}
	return nil
}
