package application

import (
	"context"
	"time"

	"github.com/taskward/taskward/domain"
)

// Changes returns what has changed of the owner's tasks since a mark.
func (t *Tasks) Changes(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	if err := actor.MayActFor(owner); err != nil {
		return domain.Feed{}, t.options.Audit.Refuse(ctx, actor, owner, domain.AuditRead, err)
	}
	return t.repository.Changes(ctx, owner, since, limit)
}

// lookTimeout is what a look for changes may take of somebody who follows them:
// such a request has no deadline of its own.
const lookTimeout = 10 * time.Second

// Follow hands what has changed since a mark to deliver, and then whatever
// changes, as soon as it does, until ctx ends, the token of the actor expires
// or nobody is woken any more, when it returns nil. It looks for changes at
// once, when it is woken, and now and then. It hands over one feed after the
// other, of at most limit changes, also where it has found none, and fails as
// deliver does.
func (t *Tasks) Follow(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, since domain.Mark, limit int, deliver func(domain.Feed) error) error {
	if err := actor.MayActFor(owner); err != nil {
		return t.options.Audit.Refuse(ctx, actor, owner, domain.AuditRead, err)
	}
	woken, stop := t.wakeups.Listen(owner)
	defer stop()
	ctx, expire := context.WithTimeout(ctx, actor.TokenExpiresAt().Sub(t.now()))
	defer expire()
	poll := time.NewTicker(t.options.Poll)
	defer poll.Stop()
	for {
		feed, err := t.look(ctx, owner, since, limit)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		if err := deliver(feed); err != nil {
			return err
		}
		since = feed.Until
		if feed.More {
			continue
		}
		select {
		case _, open := <-woken:
			if !open {
				return nil
			}
		case <-poll.C:
		case <-ctx.Done():
			return nil
		}
	}
}

func (t *Tasks) look(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	feed, err := t.repository.Changes(ctx, owner, since, limit)
	if err != nil && ctx.Err() != nil {
		err = domain.ErrUnavailable.Because(err)
	}
	return feed, err
}
