package domain

import "time"

// Change is one thing that happens to one task. There are five: [Create],
// [Edit], [SetCompleted], [ToggleCompleted] and [Delete]. A change is pure
// data and knows what it makes of a task; a [Batch] plays it.
type Change interface {
	// on names the task that the change acts on; a Create has none yet.
	on() (target Target, exists bool)
	// act makes the task of after the change from the one before it, or says
	// that there is none any more.
	act(before Task, at time.Time) (after Task, deleted bool)
}

// Target names the task that a change acts on and, unless Expected is 0, the
// sequence at which it must be for the change to happen.
type Target struct {
	ID       TaskID
	Expected Sequence
}

// Create makes a task.
type Create struct {
	Title       Title
	Description Description
	Completed   bool
}

// Edit replaces what it names and keeps the rest. A description that is set
// and absent clears the task's.
type Edit struct {
	Target
	Title       Optional[Title]
	Description Optional[Description]
	Completed   Optional[bool]
}

// SetCompleted marks a task as completed, or as not.
type SetCompleted struct {
	Target
	Completed bool
}

// ToggleCompleted turns a completed task into a pending one and the other way
// round.
type ToggleCompleted struct{ Target }

// Delete removes a task. Its id is never given again.
type Delete struct{ Target }

func (Create) on() (Target, bool)   { return Target{}, false }
func (t Target) on() (Target, bool) { return t, true }

func (c Create) act(before Task, at time.Time) (Task, bool) {
	before.Title, before.Description, before.Completed = c.Title, c.Description, c.Completed
	before.CreatedAt = at
	return before, false
}

func (e Edit) act(before Task, _ time.Time) (Task, bool) {
	before.Title = e.Title.Or(before.Title)
	before.Description = e.Description.Or(before.Description)
	before.Completed = e.Completed.Or(before.Completed)
	return before, false
}

func (s SetCompleted) act(before Task, _ time.Time) (Task, bool) {
	before.Completed = s.Completed
	return before, false
}

func (ToggleCompleted) act(before Task, _ time.Time) (Task, bool) {
	before.Completed = !before.Completed
	return before, false
}

func (Delete) act(before Task, _ time.Time) (Task, bool) { return before, true }
