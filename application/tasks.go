// Package application holds the use cases: what can be done with Taskward,
// whoever asks and through whatever adapter. Each use case decides whether
// the one who asks may do it, and does so before anything else.
package application

import (
	"cmp"
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
	wakeups    ports.Wakeups
	now        func() time.Time
	options    TasksOptions
}

// TasksOptions are what [Tasks] can be told. The zero value holds the defaults.
type TasksOptions struct {
	// Limits bounds the texts of tasks; zero means [domain.DefaultLimits].
	Limits domain.Limits

	// TrashRetention is how long deleted tasks can be restored, and deletions
	// be told to who follows changes; 0 means [DefaultTrashRetention].
	TrashRetention time.Duration

	// Poll is how often who follows changes looks for them without being
	// woken; 0 means [DefaultPoll].
	Poll time.Duration

	// Audit has changes and refusals written down; nil: nobody does.
	Audit *Audit
}

// Defaults of [TasksOptions].
const (
	DefaultTrashRetention = 30 * 24 * time.Hour
	DefaultPoll           = 5 * time.Second
)

// onceLife is how long the results of a request are kept for its retries.
const onceLife = 24 * time.Hour

// NewTasks returns the use cases on repository. They take the time from now,
// and wake those who follow an owner's changes.
func NewTasks(repository ports.TaskRepository, wakeups ports.Wakeups, now func() time.Time, options TasksOptions) *Tasks {
	options.Limits = cmp.Or(options.Limits, domain.DefaultLimits)
	options.TrashRetention = cmp.Or(options.TrashRetention, DefaultTrashRetention)
	options.Poll = cmp.Or(options.Poll, DefaultPoll)
	return &Tasks{repository: repository, wakeups: wakeups, now: now, options: options}
}

// Once has a request happen at most once, though it is sent again within a
// day: then its results are given again.
type Once = domain.Optional[domain.Once]

// Create makes a task of the owner's.
func (t *Tasks) Create(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, draft Draft, once Once) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditCreate, err)
	}
	create, err := draft.parse(t.options.Limits)
	if err != nil {
		return domain.Task{}, err
	}
	return first(t.apply(ctx, actor, owner, once, create))
}

// Get returns one task of the owner's.
func (t *Tasks) Get(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditRead, err, id)
	}
	return t.repository.Get(ctx, owner, id)
}

// List returns a page of the owner's tasks. What is searched for is taken with
// whatever case and accents it comes.
func (t *Tasks) List(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.TaskPage{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditRead, err)
	}
	query.Search = domain.Fold(query.Search)
	return t.repository.List(ctx, owner, query)
}

// State tells how far the owner's changes have come. As long as it stays the
// same, so do all answers about the owner's tasks.
func (t *Tasks) State(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) (domain.Counters, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Counters{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditRead, err)
	}
	return t.repository.State(ctx, owner)
}

// Update replaces what the revision names and keeps the rest.
func (t *Tasks) Update(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, target domain.Target, revision Revision) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditEdit, err, target.ID)
	}
	edit, err := revision.parse(t.options.Limits)
	if err != nil {
		return domain.Task{}, err
	}
	edit.Target = target
	return first(t.apply(ctx, actor, owner, Once{}, edit))
}

// Complete marks the task as completed or not, or toggles it if completed is
// left out.
func (t *Tasks) Complete(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, target domain.Target, completed domain.Optional[bool]) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditComplete, err, target.ID)
	}
	return first(t.apply(ctx, actor, owner, Once{}, completion(target, completed)))
}

// Delete moves the task to the trash and returns it as it is there.
func (t *Tasks) Delete(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, target domain.Target) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditDelete, err, target.ID)
	}
	return first(t.apply(ctx, actor, owner, Once{}, domain.Delete{Target: target}))
}

// Batch does several things to the owner's tasks, in their order and all or
// none. It returns for each the task as it left it. If some cannot happen they
// are told in a [domain.BatchError].
func (t *Tasks) Batch(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, operations []Operation, once Once) ([]domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return nil, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditBatch, err)
	}
	changes, err := parseOperations(operations, t.options.Limits)
	if err != nil {
		return nil, err
	}
	return t.apply(ctx, actor, owner, once, changes...)
}

func (t *Tasks) apply(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, once Once, changes ...domain.Change) ([]domain.Task, error) {
	now := t.now()
	batch := domain.NewBatch(now, changes...).ForgettingTrash(now.Add(-t.options.TrashRetention))
	if once, keyed := once.Get(); keyed {
		once.Until = now.Add(onceLife)
		batch = batch.Once(once)
	}
	results, err := t.repository.Apply(ctx, owner, batch)
	if err != nil {
		return nil, err
	}
	t.wakeups.Wake(ctx, owner)
	t.options.Audit.changed(ctx, actor, owner, now, changes, results)
	return results, nil
}

func first(results []domain.Task, err error) (domain.Task, error) {
	if err != nil {
		return domain.Task{}, err
	}
	return results[0], nil
}
