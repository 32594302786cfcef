package ports

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// TaskRepository keeps the tasks of all owners apart from each other.
//
// Every sentence from here on is a rule that portstest.TestTaskRepository
// checks under the same words.
//
// # Isolation
//
// Get hides another owner's task. List leaves out and does not count another
// owner's tasks. Trash leaves out another owner's tasks. Changes leaves out
// another owner's tasks. State is not moved by another owner's changes. Apply
// does not touch another owner's task. Erase does not touch another owner's
// tasks. A key of one owner says nothing about another's. Owners are compared
// byte for byte. Any owner id is kept as it is.
//
// # Numbering
//
// Ids number each owner's tasks from 1. An id is never given again after a
// delete. A create that fails takes no id and leaves nothing. Concurrent creates
// of one owner get different ids without a gap. A change gives its task a
// sequence above all earlier ones of the owner.
//
// # Fidelity
//
// Get and List return every field as Apply stored it. Trash and Changes return
// every field as Apply stored it. Returned values are copies.
//
// # Concurrency
//
// Changes of one task at the same time happen one after another. Of several
// changes that expect the same sequence, one happens. A count that many raise,
// each from what they read and again if that is stale, ends at the exact sum.
// Batches that change the same tasks in different orders all happen. Of several
// batches with the same key at the same time, one happens. Who follows Changes
// while others change tasks ends with exactly the owner's tasks.
//
// # Faults
//
// Every method returns the context's error if the context has ended. Apply and
// Erase change nothing if the context has ended. A closed store answers with
// domain.Unavailable. Two handles on one store see each other's changes.
type TaskRepository interface {
	// Get returns the task as the last Apply left it. Get returns
	// domain.ErrTaskNotFound for an id never given. Get returns
	// domain.ErrTaskNotFound for a deleted task.
	Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error)

	// List returns tasks in the order asked for, at most Limit of them. Tasks
	// that are the same in what List sorts by stand in the order of their ids.
	// Tasks that are never due come last in either order. More tells whether
	// others follow. After resumes where a page ended, also when the task it
	// names is gone. Pages neither skip nor repeat a task while others are
	// created and deleted. Skip leaves out the first tasks. Completed lists
	// only tasks in that state. Priority lists only tasks of that priority.
	// Tags lists only tasks that have them all. DueFrom and DueBefore list only
	// tasks that are due from the one and before the other. UpdatedSince lists
	// only tasks updated then or later. Search lists only tasks that have the
	// text in title or description, whatever case and accents it has there.
	// Total counts all tasks that pass the filters, whatever page is asked for,
	// if Count is set. Sequence is the owner's, as of which the page is true,
	// unless the page is empty. An owner without tasks has an empty list.
	List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error)

	// Trash returns what is in the trash, the last deleted first, at most Limit
	// tasks. Before resumes where a page of the trash ended. Trash leaves out
	// what was deleted at Over or earlier.
	Trash(ctx context.Context, owner domain.UserID, query domain.TrashQuery) (domain.TaskPage, error)

	// Changes returns each task that changed since the mark once, as it is now,
	// in the order of the last changes, at most limit of them. Changes returns
	// deleted and purged tasks as deleted. Until is where the next Changes goes
	// on. Changes fails with domain.ErrChangesForgotten if what was deleted since
	// is forgotten, but never from the beginning. Who began after that was
	// forgotten can go on to the end.
	Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error)

	// State returns the owner's counters as the last change left them, and zero
	// ones of an owner without any.
	State(ctx context.Context, owner domain.UserID) (domain.Counters, error)

	// Apply makes the changes of the batch in their order, each seeing those
	// before it. Apply returns for each change the task as it left it. A create
	// stores its fields and the batch's time. An import stores its own times
	// and keeps its id if no higher one was given. An edit replaces what it
	// names and keeps the rest. Completion is set or toggled. CompletedAt is
	// when the task was last completed. A delete moves the task to the trash. A
	// restore takes the task back with its id. A purge takes the task from the
	// trash for good. What was deleted at TrashOver or earlier cannot be
	// restored. A delete forgets what was deleted at TrashOver or earlier, at
	// least a hundred tasks at a time. A task is placed right before or behind
	// another, and no other moves. A change's time becomes UpdatedAt, which
	// never goes back. A change of a task that is not there fails with
	// domain.ErrTaskNotFound. A change that expects another sequence fails with
	// domain.ErrStaleTask and stores nothing. If one change of a batch fails,
	// none of them happens. A batch that fails tells each change that does. An
	// empty batch changes nothing. A batch with a key happens once, and gives
	// its results again until the key is free. A brief key gives tombstones of
	// its results again. A key that stands for another request fails with
	// domain.ErrKeyReused. A batch that fails does not take its key.
	Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error)

	// Erase removes all that the owner has, but for the counters. Erase counts
	// as a change after which nothing before it is told. An erased owner's ids
	// are not given again. To erase an owner who never had a task changes
	// nothing.
	Erase(ctx context.Context, owner domain.UserID) error
}
