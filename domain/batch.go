package domain

import (
	"errors"
	"slices"
	"strconv"
	"time"
)

// Batch is what a store is asked to do to one owner's tasks in one go, all of
// it or nothing: changes, in order, and the one time at which they happen.
type Batch struct {
	at        time.Time
	changes   []Change
	once      Optional[Once]
	trashOver time.Time
}

// NewBatch makes the batch of changes that happen at the given time, brought
// to a [Moment].
func NewBatch(at time.Time, changes ...Change) Batch {
	return Batch{at: Moment(at), changes: slices.Clone(changes)}
}

// Once returns the batch as one that happens at most once.
func (b Batch) Once(once Once) Batch {
	once.Until = Moment(once.Until)
	b.once = Some(once)
	return b
}

// ForgettingTrash returns the batch as one for which what was deleted at over
// or earlier is not in the trash any more.
func (b Batch) ForgettingTrash(over time.Time) Batch {
	b.trashOver = Moment(over)
	return b
}

// At is when the changes happen.
func (b Batch) At() time.Time { return b.at }

// Changes are the changes in their order.
func (b Batch) Changes() []Change { return slices.Clone(b.changes) }

// Targets are the ids of the tasks that the changes act on or are placed
// beside, each once: all that Play may ask its holdings for.
func (b Batch) Targets() []TaskID {
	ids := b.Anchors()
	for _, change := range b.changes {
		if target, exists := change.on(); exists {
			ids = append(ids, target.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Anchors are the ids of the tasks that others are placed beside, each once:
// those that Play may ask for what is around them.
func (b Batch) Anchors() []TaskID {
	ids := make([]TaskID, 0, len(b.changes))
	for _, change := range b.changes {
		if place, moves := change.place().Get(); moves && place.anchor != 0 {
			ids = append(ids, place.anchor)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Deletes tells whether the batch moves a task to the trash, which is when a
// store makes room: it forgets what was deleted at [Batch.TrashOver] or earlier.
func (b Batch) Deletes() bool {
	return slices.ContainsFunc(b.changes, func(change Change) bool {
		_, deletes := change.(Delete)
		return deletes
	})
}

// OnlyOnce tells what keeps the batch from happening twice, if anything does.
func (b Batch) OnlyOnce() Optional[Once] { return b.once }

// TrashOver is when what is not in the trash any more was deleted, at the
// latest. It is zero if the trash keeps everything.
func (b Batch) TrashOver() time.Time { return b.trashOver }

// Counters is the row that a store keeps for each owner. None of them ever
// goes back, also when tasks are deleted; all start at 0.
type Counters struct {
	LastTaskID TaskID   // the last id given
	Sequence   Sequence // the number of changes that have happened
	Forgotten  Sequence // the last of the changes that can no longer be told, for what they deleted is forgotten
}

// nextID gives a new task its id: the one it would like to have, or the next.
func (c *Counters) nextID(liked TaskID) TaskID {
	c.LastTaskID++
	if liked > c.LastTaskID && liked <= MaxTaskID {
		c.LastTaskID = liked
	}
	return c.LastTaskID
}

// Remember returns nil if all changes since a mark can be told, and otherwise
// [ErrChangesForgotten]. Who is at the beginning has nothing that could have
// been deleted, and who began when as much was forgotten has not either.
func (c Counters) Remember(since Mark) error {
	if since.Sequence != 0 && max(since.Sequence, since.Forgotten) < c.Forgotten {
		return ErrChangesForgotten
	}
	return nil
}

// Erased are the counters after all tasks of the owner were erased, which is
// one more change, and forgotten like what was before.
func (c Counters) Erased() Counters {
	c.Sequence++
	c.Forgotten = c.Sequence
	return c
}

// Holdings is what a store has of one owner, as [Batch.Play] looks at it.
type Holdings interface {
	// Task gives the task with this id, be it live, in the trash or a
	// tombstone. It answers [ErrTaskNotFound] for one that is not there.
	Task(id TaskID) (Task, error)
	// Around gives the positions of live tasks that are next to a position,
	// below it and above it; zero where there is none.
	Around(position Position) (below, above Position, err error)
}

// Effects is what a batch comes to.
type Effects struct {
	Counters Counters // the owner's counters from now on
	Saved    []Task   // to be stored in place of what has their id, if anything has; each id once
	Results  []Task   // for each change the task as it left it
}

// Play works out the effects of the batch on what an owner holds, whose
// counters are given. Nothing happens if Play returns an error: one that
// holdings returned, or [ErrTaskNotFound], [ErrStaleTask] if a task is not at
// the expected sequence, [ErrNoRoom], or [Invalid] if a change does not fit
// its task. If the batch has several changes these come in a [BatchError].
//
// A store that runs Play between reading and writing within one transaction
// has every rule of a change right. The order of Saved does not matter.
func (b Batch) Play(owner UserID, counters Counters, holdings Holdings) (Effects, error) {
	board := board{holdings: holdings, trashOver: b.trashOver, touched: map[TaskID]Task{}}
	effects := Effects{Counters: counters, Results: make([]Task, 0, len(b.changes))}
	var failures BatchError
	for i, change := range b.changes {
		target, exists := change.on()
		if !exists {
			target.ID = effects.Counters.nextID(target.ID)
			board.touched[target.ID] = Task{Owner: owner, ID: target.ID}
		}
		effects.Counters.Sequence++
		result, err := board.play(change, target, b.at, effects.Counters.Sequence)
		switch {
		case err == nil:
			effects.Results = append(effects.Results, result)
		case !isDecision(err):
			return Effects{}, err
		default:
			failures.Failures = append(failures.Failures, ChangeFailure{i, err})
			if !exists {
				delete(board.touched, target.ID)
			}
		}
	}
	switch {
	case len(failures.Failures) == 0:
	case len(b.changes) == 1:
		return Effects{}, failures.Failures[0].Err
	default:
		return Effects{}, &failures
	}
	for _, task := range board.touched {
		effects.Saved = append(effects.Saved, task)
	}
	return effects, nil
}

// BatchError says which changes of a batch cannot happen, and so why none does.
type BatchError struct{ Failures []ChangeFailure }

// ChangeFailure is why one change of a batch cannot happen.
type ChangeFailure struct {
	Index int // of the change in the batch
	Err   error
}

// Error gives a line for the log.
func (b *BatchError) Error() string {
	line := "changes that cannot happen:"
	for _, failure := range b.Failures {
		line += " " + strconv.Itoa(failure.Index) + ": " + failure.Err.Error() + ";"
	}
	return line
}

// Unwrap gives what is wrong with each change.
func (b *BatchError) Unwrap() []error {
	errs := make([]error, len(b.Failures))
	for i, failure := range b.Failures {
		errs[i] = failure.Err
	}
	return errs
}

// isDecision tells what a rule of the domain's says from what befell a store.
func isDecision(err error) bool {
	var decision *Error
	return errors.As(err, &decision) && decision.Kind != Unavailable && decision.Kind != Internal
}
