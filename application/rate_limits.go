package application

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// RateLimits hold each user to a limit of how often they may ask.
//
// While the limiter fails requests go on, for tasks matter more than their
// count. This process then counts by itself: what the limiter broke down under
// may be the very flood that it is there for.
type RateLimits struct {
	limit   domain.RateLimit
	limiter ports.RateLimiter
	own     ports.RateLimiter
	now     func() time.Time
	began   time.Time
	log     *slog.Logger

	// rests is 0 while the limiter works, and otherwise when to try it again,
	// in microseconds.
	rests atomic.Int64
}

// limiterRest is how long a limiter that has failed is left alone, so that
// requests do not wait for it one after the other.
const limiterRest = time.Second

// NewRateLimits returns the limits that limiter keeps, and own while limiter
// fails. They take the time from now. What log gets is one line when the
// limiter fails, and one when it works again.
func NewRateLimits(limit domain.RateLimit, limiter, own ports.RateLimiter, now func() time.Time, log *slog.Logger) *RateLimits {
	return &RateLimits{limit: limit, limiter: limiter, own: own, now: now, began: now(), log: log}
}

// Limit is what each user is held to.
func (r *RateLimits) Limit() domain.RateLimit { return r.limit }

// Take counts a request of the actor's, and tells whether it is allowed. It
// fails with [domain.ErrNotAuthenticated] if nobody asks, and with the context.
func (r *RateLimits) Take(ctx context.Context, actor domain.AuthenticatedUserContext) (domain.RateVerdict, error) {
	if !actor.IsAuthenticated() {
		return domain.RateVerdict{}, domain.ErrNotAuthenticated
	}
	// Time as it passes: were a wall clock set back, buckets would stand still
	// until it has caught up.
	at := domain.Moment(r.began.Add(r.now().Sub(r.began)))
	if r.resting(at) {
		return r.own.Take(ctx, actor.UserID(), r.limit, at)
	}
	verdict, err := r.limiter.Take(ctx, actor.UserID(), r.limit, at)
	switch {
	case err == nil:
		r.recovered(ctx)
		return verdict, nil
	case ctx.Err() != nil:
		return domain.RateVerdict{}, err
	}
	r.failed(ctx, at, err)
	return r.own.Take(ctx, actor.UserID(), r.limit, at)
}

// resting reports whether the limiter is left alone. When the rest is over one
// request tries it, and the others go on as before until that has worked.
func (r *RateLimits) resting(at time.Time) bool {
	rests := r.rests.Load()
	switch {
	case rests == 0:
		return false
	case at.UnixMicro() < rests:
		return true
	}
	return !r.rests.CompareAndSwap(rests, at.Add(limiterRest).UnixMicro())
}

func (r *RateLimits) failed(ctx context.Context, at time.Time, err error) {
	if r.rests.Swap(at.Add(limiterRest).UnixMicro()) == 0 {
		r.log.WarnContext(ctx, "rate limiter fails; until it works again this process counts by itself", "error", err)
	}
}

func (r *RateLimits) recovered(ctx context.Context) {
	if r.rests.Load() != 0 && r.rests.Swap(0) != 0 {
		r.log.InfoContext(ctx, "rate limiter works again")
	}
}
