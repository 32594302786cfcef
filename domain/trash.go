package domain

import (
	"cmp"
	"slices"
	"time"
)

// TrashQuery says which of the tasks in an owner's trash to list: the last
// deleted first.
type TrashQuery struct {
	Before Sequence  // only tasks with a lower sequence; 0 starts with the last deleted
	Limit  int       // at most so many
	Over   time.Time // what was deleted then or earlier is not in the trash any more
}

// Page answers the query from all of an owner's tasks, in any order, of which
// it takes those in the trash.
func (q TrashQuery) Page(tasks []Task) TaskPage {
	tasks = slices.DeleteFunc(slices.Clone(tasks), func(task Task) bool {
		return !task.inTrash(q.Over) || q.Before != 0 && task.Sequence >= q.Before
	})
	slices.SortFunc(tasks, func(a, b Task) int { return cmp.Compare(b.Sequence, a.Sequence) })
	return TaskPage{Tasks: tasks[:min(len(tasks), q.Limit)], More: len(tasks) > q.Limit}
}

// inTrash reports whether a task can still be restored, as what was deleted
// at over or earlier cannot.
func (t Task) inTrash(over time.Time) bool {
	return !t.IsLive() && !t.IsTombstone() && t.DeletedAt.After(over)
}
