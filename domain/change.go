package domain

import "time"

// Change is one thing that happens to one task: [Create], [Import], [Edit],
// [SetCompleted], [ToggleCompleted], [Delete], [Restore] or [Purge]. A change
// is pure data and knows what it makes of a task; a [Batch] plays it.
type Change interface {
	// on names the task that the change acts on. One that makes a task has
	// none yet, and at most an id that it would like to have.
	on() (target Target, exists bool)
	// inTrash is whether the change acts on a task in the trash.
	inTrash() bool
	// place is where the change puts the task, unless it leaves it where it is.
	place() Optional[Place]
	// act makes the task of after the change from the one before it.
	act(before Task, at time.Time) (after Task)
}

// Target names the task that a change acts on and, unless Expected is 0, the
// sequence at which it must be for the change to happen.
type Target struct {
	ID       TaskID
	Expected Sequence
}

// Create makes a task. Without a priority it gets [DefaultPriority], without a
// place that of its id.
type Create struct {
	Title       Title
	Description Description
	Completed   bool
	Priority    Priority
	Tags        Tags
	Due         Due
	Place       Optional[Place]
}

// Import makes a task that has a past. It keeps its id if that is above all
// that the owner's tasks were given, and gets the next one if not, or if it has
// none. Where it has no times of its own it gets those of a create.
type Import struct {
	Create
	ID          TaskID
	CreatedAt   time.Time
	UpdatedAt   time.Time
	CompletedAt time.Time // of a task that is completed
}

// Edit replaces what it names and keeps the rest. What is set and absent, such
// as a zero description or due date, clears the task's; a due date that is
// cleared takes its zone with it.
type Edit struct {
	Target
	Title       Optional[Title]
	Description Optional[Description]
	Completed   Optional[bool]
	Priority    Optional[Priority]
	Tags        Optional[Tags]
	DueDate     Optional[DueDate]
	DueZone     Optional[Zone]
	Place       Optional[Place]
}

// SetCompleted marks a task as completed, or as not.
type SetCompleted struct {
	Target
	Completed bool
}

// ToggleCompleted turns a completed task into a pending one and the other way
// round.
type ToggleCompleted struct{ Target }

// Delete moves a task to the trash. Its id is never given again.
type Delete struct{ Target }

// Restore takes a task back from the trash, with the id it had.
type Restore struct{ Target }

// Purge takes a task from the trash for good.
type Purge struct{ Target }

func (Create) on() (Target, bool)   { return Target{}, false }
func (i Import) on() (Target, bool) { return Target{ID: i.ID}, false }
func (t Target) on() (Target, bool) { return t, true }

func (Create) inTrash() bool  { return false }
func (Target) inTrash() bool  { return false }
func (Restore) inTrash() bool { return true }
func (Purge) inTrash() bool   { return true }

func (c Create) place() Optional[Place] { return c.Place }
func (e Edit) place() Optional[Place]   { return e.Place }
func (Target) place() Optional[Place]   { return Optional[Place]{} }

func (c Create) act(before Task, at time.Time) Task {
	before.Title, before.Description = c.Title, c.Description
	before.Priority, before.Tags, before.Due = c.Priority, c.Tags, c.Due
	if before.Priority == 0 {
		before.Priority = DefaultPriority
	}
	before.Position = PositionOf(before.ID)
	before.CreatedAt = at
	return before.complete(c.Completed, at).touch(at)
}

func (i Import) act(before Task, at time.Time) Task {
	made := i.Create.act(before, at)
	if !i.CreatedAt.IsZero() {
		made.CreatedAt = Moment(i.CreatedAt)
		made.UpdatedAt = made.CreatedAt
	}
	if i.Completed && !i.CompletedAt.IsZero() {
		made.CompletedAt = Moment(i.CompletedAt)
	}
	if !i.UpdatedAt.IsZero() {
		made = made.touch(Moment(i.UpdatedAt))
	}
	return made
}

func (e Edit) act(before Task, at time.Time) Task {
	before.Title = e.Title.Or(before.Title)
	before.Description = e.Description.Or(before.Description)
	before.Priority = e.Priority.Or(before.Priority)
	before.Tags = e.Tags.Or(before.Tags)
	before.Due = before.Due.edited(e.DueDate, e.DueZone)
	return before.complete(e.Completed.Or(before.Completed), at).touch(at)
}

func (s SetCompleted) act(before Task, at time.Time) Task {
	return before.complete(s.Completed, at).touch(at)
}

func (ToggleCompleted) act(before Task, at time.Time) Task {
	return before.complete(!before.Completed, at).touch(at)
}

func (Delete) act(before Task, at time.Time) Task {
	before = before.touch(at)
	before.DeletedAt = at
	return before
}

func (Restore) act(before Task, at time.Time) Task {
	before.DeletedAt = time.Time{}
	return before.touch(at)
}

func (Purge) act(before Task, _ time.Time) Task { return before.tombstone() }
