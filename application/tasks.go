// Package application holds the use cases: what can be done with Taskward,
// whoever asks and through whatever adapter. Each use case decides whether
// the one who asks may do it, and does so before anything else.
package application

import (
	"context"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Tasks are the use cases around an owner's tasks. Each takes the actor, who
// asks, and the owner, whose tasks they are. A method fails as
// [domain.AuthenticatedUserContext.MayActFor] says if the actor may not act
// for the owner, with [domain.Invalid] if the input breaks a rule, and
// otherwise as the repository does.
type Tasks struct {
	repository ports.TaskRepository
	now        func() time.Time
	limits     domain.Limits
}

// NewTasks returns the use cases on repository. They take the time from now.
func NewTasks(repository ports.TaskRepository, now func() time.Time, limits domain.Limits) *Tasks {
	return &Tasks{repository: repository, now: now, limits: limits}
}

// Create makes a task of the owner's.
func (t *Tasks) Create(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, draft Draft) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, err
	}
	create, err := draft.parse(t.limits)
	if err != nil {
		return domain.Task{}, err
	}
	return t.apply(ctx, owner, create)
}

// Get returns one task of the owner's.
func (t *Tasks) Get(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, err
	}
	return t.repository.Get(ctx, owner, id)
}

// List returns a page of the owner's tasks.
func (t *Tasks) List(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.TaskPage{}, err
	}
	return t.repository.List(ctx, owner, query)
}

// Update replaces what the revision names and keeps the rest.
func (t *Tasks) Update(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, target domain.Target, revision Revision) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, err
	}
	edit, err := revision.parse(t.limits)
	if err != nil {
		return domain.Task{}, err
	}
	edit.Target = target
	return t.apply(ctx, owner, edit)
}

// Complete marks the task as completed or not, or toggles it if completed is
// left out.
func (t *Tasks) Complete(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, target domain.Target, completed domain.Optional[bool]) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, err
	}
	if to, ok := completed.Get(); ok {
		return t.apply(ctx, owner, domain.SetCompleted{Target: target, Completed: to})
	}
	return t.apply(ctx, owner, domain.ToggleCompleted{Target: target})
}

// Delete removes the task and returns it as it was.
func (t *Tasks) Delete(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, target domain.Target) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, err
	}
	return t.apply(ctx, owner, domain.Delete{Target: target})
}

func (t *Tasks) apply(ctx context.Context, owner domain.UserID, change domain.Change) (domain.Task, error) {
	results, err := t.repository.Apply(ctx, owner, domain.NewBatch(t.now(), change))
	if err != nil {
		return domain.Task{}, err
	}
	return results[0], nil
}
