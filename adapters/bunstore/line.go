package bunstore

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"

	"github.com/taskward/taskward/domain"
)

// Line is a line of an answer: a task, unless its id is 0, and what the
// statement tells beside it.
type Line struct {
	Row

	Total         int64 // of all tasks that pass the filters
	LastTaskID    int64
	OwnerSequence int64
	Forgotten     int64

	// Where the task stands that others are to be placed beside.
	Anchor bool
	Below  *string // what stands next to it; null if nothing does
	Above  *string
}

// counters are those of the owner, as far as the statement tells them.
func (l Line) counters() domain.Counters {
	return domain.Counters{
		LastTaskID: domain.TaskID(l.LastTaskID),
		Sequence:   domain.Sequence(l.OwnerSequence),
		Forgotten:  domain.Sequence(l.Forgotten),
	}
}

// Querier is a connection, a pool of them, or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error)
}

// Query sends the statement as it is and returns the lines that come back.
func Query(ctx context.Context, db *bun.DB, on Querier, statement string, args ...any) ([]Line, error) {
	result, err := on.QueryContext(ctx, statement, args...) //nolint:rowserrcheck // Bun checks it
	if err != nil {
		return nil, err
	}
	var lines []Line
	if err := db.ScanRows(ctx, result, &lines); err != nil {
		return nil, err
	}
	return lines, nil
}

// One makes the line that came back, if one did, a task of owner.
func One(owner domain.UserID, lines []Line) (domain.Task, error) {
	if len(lines) == 0 {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return lines[0].Task(owner)
}

// State gives the counters of the line that came back, if one did.
func State(lines []Line) domain.Counters {
	if len(lines) == 0 {
		return domain.Counters{}
	}
	return lines[0].counters()
}
