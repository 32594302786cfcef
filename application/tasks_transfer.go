package application

import (
	"context"
	"iter"

	"github.com/taskward/taskward/domain"
)

// exportPage is how many tasks an export holds in memory.
const exportPage = 500

// Export gives all live tasks of the owner, in the order of their ids, and an
// error in the end if there was one. It holds a few at a time, so it is no
// snapshot: what changes meanwhile is there as it was when its turn came.
func (t *Tasks) Export(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) iter.Seq2[domain.Task, error] {
	return func(yield func(domain.Task, error) bool) {
		if err := actor.MayActFor(owner); err != nil {
			yield(domain.Task{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditRead, err))
			return
		}
		query := domain.TaskQuery{Order: domain.Ascending, Limit: exportPage}
		for {
			page, err := t.repository.List(ctx, owner, query)
			if err != nil {
				yield(domain.Task{}, err)
				return
			}
			for _, task := range page.Tasks {
				if !yield(task, nil) {
					return
				}
			}
			if !page.More {
				return
			}
			query.After = domain.Some(query.Bookmark(page.Tasks[len(page.Tasks)-1]))
		}
	}
}

// Import makes tasks of what was exported, all or none, and returns them.
func (t *Tasks) Import(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, records []Record) ([]domain.Task, error) {
	if err := actor.MayActFor(owner); err != nil {
		return nil, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditImport, err)
	}
	changes, err := parseRecords(records, t.options.Limits)
	if err != nil {
		return nil, err
	}
	return t.apply(ctx, actor, owner, Once{}, changes...)
}

// CheckImport fails as Import would for what the records are, and changes
// nothing.
func (t *Tasks) CheckImport(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, records []Record) error {
	if err := actor.MayActFor(owner); err != nil {
		return t.options.Audit.Refuse(ctx, actor, owner, domain.AuditImport, err)
	}
	_, err := parseRecords(records, t.options.Limits)
	return err
}
