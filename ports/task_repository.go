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
// owner's tasks. Apply does not touch another owner's task. Owners are
// compared byte for byte. Any owner id is kept as it is.
//
// # Numbering
//
// Ids number each owner's tasks from 1. An id is never given again after a
// delete. Concurrent creates of one owner get different ids without a gap. A
// change gives its task a sequence above all earlier ones of the owner.
//
// # Fidelity
//
// Get and List return every field as Apply stored it. Returned values are
// copies.
//
// # Concurrency
//
// Changes of one task at the same time happen one after another. Of several
// changes that expect the same sequence, one happens. Batches that change the
// same tasks in different orders all happen.
//
// # Faults
//
// Every method returns the context's error if the context has ended. Apply
// changes nothing if the context has ended. A closed store answers with
// domain.Unavailable. Two handles on one store see each other's changes.
type TaskRepository interface {
	// Get returns the task as the last Apply left it. Get returns
	// domain.ErrTaskNotFound for an id never given. Get returns
	// domain.ErrTaskNotFound for a deleted task.
	Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error)

	// List returns tasks in the order asked for, at most Limit of them. More
	// tells whether others follow. After resumes where a page ended, also
	// when the task it names is gone. Pages neither skip nor repeat a task
	// while others are created and deleted. Skip leaves out the first tasks.
	// Completed lists only tasks in that state. Total counts all tasks that
	// pass Completed, whatever page is asked for, if Count is set. An owner
	// without tasks has an empty list.
	List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error)

	// Apply makes the changes of the batch in their order, each seeing those
	// before it. Apply returns for each change the task as it left it, or as
	// it was when deleted. A create stores its fields and the batch's time.
	// An edit replaces what it names and keeps the rest. Completion is set or
	// toggled. A delete removes the task. A change's time becomes UpdatedAt,
	// which never goes back. A change of a task that is not there fails with
	// domain.ErrTaskNotFound. A change that expects another sequence fails
	// with domain.ErrStaleTask and stores nothing. If one change of a batch
	// fails, none of them happens. An empty batch changes nothing.
	Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error)
}
