package domain

import (
	"slices"
	"time"
)

// Batch is what a store is asked to do to one owner's tasks in one go, all of
// it or nothing: changes, in order, and the one time at which they happen.
type Batch struct {
	at      time.Time
	changes []Change
}

// NewBatch makes the batch of changes that happen at the given time, brought
// to a [Moment].
func NewBatch(at time.Time, changes ...Change) Batch {
	return Batch{at: Moment(at), changes: slices.Clone(changes)}
}

// At is when the changes happen.
func (b Batch) At() time.Time { return b.at }

// Changes are the changes in their order.
func (b Batch) Changes() []Change { return slices.Clone(b.changes) }

// Counters is the row that a store keeps for each owner. Both start at 0 and
// never go back, also when tasks are deleted.
type Counters struct {
	LastTaskID TaskID   // the last id given
	Sequence   Sequence // the number of changes that have happened
}

// Effects is what a batch comes to.
type Effects struct {
	Counters Counters // the owner's counters from now on
	Saved    []Task   // to be stored in place of what has their id, if anything has; each id once
	Deleted  []TaskID // to be removed
	Results  []Task   // for each change the task as it left it, or as it was when deleted
}

// Play works out the effects of the batch on the tasks of owner, whose
// counters are given. It asks load for each stored task that a change names;
// load answers [ErrTaskNotFound] for one that is not there. Nothing happens
// if Play returns an error: what load returned, [ErrTaskNotFound], or
// [ErrStaleTask] if a task is not at the expected sequence.
//
// A store that runs Play between reading and writing within one transaction
// has every rule of a change right. The order of the effects does not matter.
func (b Batch) Play(owner UserID, counters Counters, load func(TaskID) (Task, error)) (Effects, error) {
	board := board{load: load, touched: map[TaskID]*square{}}
	effects := Effects{Counters: counters, Results: make([]Task, 0, len(b.changes))}
	for _, change := range b.changes {
		target, exists := change.on()
		if !exists {
			effects.Counters.LastTaskID++
			target.ID = effects.Counters.LastTaskID
			board.touched[target.ID] = &square{task: Task{Owner: owner, ID: target.ID}}
		}
		square, err := board.find(target)
		if err != nil {
			return Effects{}, err
		}
		effects.Counters.Sequence++
		effects.Results = append(effects.Results, square.play(change, b.at, effects.Counters.Sequence))
	}
	effects.Saved, effects.Deleted = board.outcome()
	return effects, nil
}

// board holds the tasks that a batch has touched so far.
type board struct {
	load    func(TaskID) (Task, error)
	touched map[TaskID]*square
}

// square is one task on the board.
type square struct {
	task    Task
	deleted bool
}

func (b board) find(target Target) (*square, error) {
	found, ok := b.touched[target.ID]
	if !ok {
		task, err := b.load(target.ID)
		if err != nil {
			return nil, err
		}
		found = &square{task: task}
		b.touched[target.ID] = found
	}
	switch {
	case found.deleted:
		return nil, ErrTaskNotFound
	case target.Expected != 0 && target.Expected != found.task.Sequence:
		return nil, ErrStaleTask
	}
	return found, nil
}

func (s *square) play(change Change, at time.Time, sequence Sequence) (result Task) {
	after, deleted := change.act(s.task, at)
	if deleted {
		s.deleted = true
		return s.task
	}
	after.Sequence = sequence
	if at.After(after.UpdatedAt) {
		after.UpdatedAt = at
	}
	s.task = after
	return after
}

func (b board) outcome() (saved []Task, deleted []TaskID) {
	for id, square := range b.touched {
		if square.deleted {
			deleted = append(deleted, id)
		} else {
			saved = append(saved, square.task)
		}
	}
	return saved, deleted
}
