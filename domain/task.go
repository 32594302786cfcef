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
	CompletedAt time.Time // zero while the task is pending
	Priority    Priority
	Tags        Tags
	Due         Due
	Position    Position
	CreatedAt   time.Time
	UpdatedAt   time.Time // never before CreatedAt, and never goes back
	DeletedAt   time.Time // zero unless the task is in the trash, or was
	Sequence    Sequence
}

// IsLive reports whether the task is one of the owner's list.
func (t Task) IsLive() bool { return t.DeletedAt.IsZero() }

// IsTombstone reports whether the task is gone for good: it has nothing left
// but its owner, id, sequence and DeletedAt, by which those who follow an
// owner's changes learn of it.
func (t Task) IsTombstone() bool { return !t.IsLive() && t.Title == Title{} }

// complete sets the task's state. The time at which a task was completed
// stays when it is completed again.
func (t Task) complete(completed bool, at time.Time) Task {
	switch {
	case !completed:
		t.CompletedAt = time.Time{}
	case !t.Completed:
		t.CompletedAt = at
	}
	t.Completed = completed
	return t
}

// touch notes a change at that time.
func (t Task) touch(at time.Time) Task {
	if at.After(t.UpdatedAt) {
		t.UpdatedAt = at
	}
	return t
}

// tombstone is what is left of a task that is gone for good.
func (t Task) tombstone() Task {
	return Task{Owner: t.Owner, ID: t.ID, DeletedAt: t.DeletedAt, Sequence: t.Sequence}
}

// TaskID numbers the tasks of one owner from 1, in the order of their
// creation. It says nothing about other owners' tasks.
type TaskID int64

// MaxTaskID is the highest id that a task can bring along: the last of the
// whole numbers that JavaScript tells apart.
const MaxTaskID = 1<<53 - 1

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
