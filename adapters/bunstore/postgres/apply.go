package postgres

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/taskward/taskward/domain"
)

// PostgreSQL may refuse a change because of others at the same time, and
// leave it to us to try again. Nobody should see that.
const (
	attempts = 4
	pause    = 20 * time.Millisecond // between attempts, at most
)

// Apply implements ports.TaskRepository.
func (s *Store) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) (results []domain.Task, err error) {
	err = s.serve(ctx, owner, "change tasks", func(ctx context.Context) error {
		return insist(ctx, func() error {
			results, err = s.apply(ctx, owner, batch)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return results, nil
}

// insist makes the attempt until others at the same time do not keep it from
// coming to an end, within reason.
func insist(ctx context.Context, attempt func() error) error {
	err := attempt()
	for made := 1; made < attempts && isConflict(err); made++ {
		wait(ctx, rand.N(pause)) //nolint:gosec // spreads attempts, keeps no secret
		err = attempt()
	}
	return err
}

func wait(ctx context.Context, duration time.Duration) {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// apply makes one change in one statement if it can, and else in two of which
// the second fails to happen if somebody has come between. A transaction, with
// its many round trips, is for that case and for what is more than one change.
func (s *Store) apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	changes := batch.Changes()
	_, keyed := batch.OnlyOnce().Get()
	switch {
	case keyed || len(changes) > 1:
		return s.play(ctx, owner, batch)
	case len(changes) == 0:
		return []domain.Task{}, s.db.PingContext(ctx)
	}
	single, alone, err := s.single(owner, batch, changes[0])
	switch {
	case err != nil:
		return nil, err
	case alone:
		task, err := s.perform(ctx, owner, single)
		return []domain.Task{task}, err
	case batch.Deletes():
		return s.play(ctx, owner, batch)
	}
	results, saved, err := s.venture(ctx, s.db.DB, owner, batch)
	if err != nil || saved {
		return results, err
	}
	return s.play(ctx, owner, batch)
}
