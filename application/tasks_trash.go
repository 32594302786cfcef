package application

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// Trash returns a page of what the owner has deleted and can still restore.
func (t *Tasks) Trash(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, query domain.TrashQuery) (domain.TaskPage, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.TaskPage{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditRead, err)
	}
	query.Over = domain.Moment(t.now().Add(-t.options.TrashRetention))
	return t.repository.Trash(ctx, owner, query)
}

// Restore takes a task back from the trash, with the id it had.
func (t *Tasks) Restore(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, target domain.Target) (domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Task{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditRestore, err, target.ID)
	}
	return first(t.apply(ctx, actor, owner, Once{}, domain.Restore{Target: target}))
}

// Purge takes a task from the trash for good.
func (t *Tasks) Purge(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, target domain.Target) error {
	if err := actor.MayActFor(owner); err != nil {
		return t.options.Audit.Refuse(ctx, actor, owner, domain.AuditPurge, err, target.ID)
	}
	_, err := t.apply(ctx, actor, owner, Once{}, domain.Purge{Target: target})
	return err
}

// Erase removes all that the owner has. Only the counters stay, so that no id
// is ever given twice.
func (t *Tasks) Erase(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	if err := actor.MayActFor(owner); err != nil {
		return t.options.Audit.Refuse(ctx, actor, owner, domain.AuditErase, err)
	}
	if err := t.repository.Erase(ctx, owner); err != nil {
		return err
	}
	t.wakeups.Wake(ctx, owner)
	t.options.Audit.done(ctx, actor, owner, domain.AuditErase, t.now())
	return nil
}
