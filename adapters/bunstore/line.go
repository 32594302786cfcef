package bunstore

import (
	"context"
	"database/sql"
	"iter"

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
func (l *Line) counters() domain.Counters {
	return domain.Counters{
		LastTaskID: domain.TaskID(l.LastTaskID),
		Sequence:   domain.Sequence(l.OwnerSequence),
		Forgotten:  domain.Sequence(l.Forgotten),
	}
}

// Lines are what comes back for a statement, which is sent when they are asked
// for. A line holds until the next; an error comes in the place of one, and last.
type Lines = iter.Seq2[*Line, error]

// Querier is a connection, a pool of them, or a transaction.
type Querier interface {
	QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error)
}

// Query sends the statement as it is and hands on the lines that come back.
func Query(ctx context.Context, db *bun.DB, on Querier, statement string, args ...any) Lines {
	return func(yield func(*Line, error) bool) {
		rows, err := on.QueryContext(ctx, statement, args...) //nolint:rowserrcheck // Bun checks it
		if err != nil {
			yield(nil, err)
			return
		}
		reader := reader{next: yield}
		if err := db.ScanRows(ctx, rows, &reader); err != nil && !reader.stopped {
			yield(nil, err)
		}
	}
}

// One makes the line that comes back, if one does, a task of owner.
func One(owner domain.UserID, lines Lines) (task domain.Task, err error) {
	found := false
	for line, err := range lines {
		if err != nil {
			return domain.Task{}, err
		}
		if task, err = line.Task(owner); err != nil {
			return domain.Task{}, err
		}
		found = true
	}
	if !found {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return task, nil
}

// State gives the counters of the line that comes back, if one does.
func State(lines Lines) (counters domain.Counters, err error) {
	for line, err := range lines {
		if err != nil {
			return domain.Counters{}, err
		}
		counters = line.counters()
	}
	return counters, nil
}
