package domain

import (
	"strconv"
	"time"
)

// Task is one thing that its owner wants done. It is a value: two tasks are
// the same if == says so, and a copy shares nothing.
type Task struct {
	Owner       UserID
	ID          TaskID
	Title       Title
	Description Description
	Completed   bool
	CreatedAt   time.Time
	UpdatedAt   time.Time // never before CreatedAt, and never goes back
	Sequence    Sequence
}

// TaskID numbers the tasks of one owner from 1, in the order of their
// creation. It says nothing about other owners' tasks.
type TaskID int64

// ParseTaskID accepts the decimal form that [TaskID] is written in: no sign,
// no leading zero. Anything else names no task: the error is [ErrTaskNotFound].
func ParseTaskID(text string) (TaskID, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id < 1 || strconv.FormatInt(id, 10) != text {
		return 0, ErrTaskNotFound
	}
	return TaskID(id), nil
}

// Sequence counts the changes of one owner's tasks from 1. A task carries the
// sequence of its own last change, so it tells two states of a task apart.
type Sequence int64

// Moment is t as Taskward keeps time: UTC, whole microseconds (the most that
// every store keeps), without a monotonic reading.
func Moment(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }
