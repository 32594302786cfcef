package memory

import (
	"context"
	"sync"
	"time"

	"github.com/taskward/taskward/domain"
)

// maxSubjects bounds the subjects that are kept. An id has at most 1 KiB, so
// that they take some tens of megabytes at worst and a tenth of that as a rule.
const maxSubjects = 1 << 15

// RateLimiter is a ports.RateLimiter. It may be used by many goroutines.
//
// It keeps at most so many subjects, and where that is not enough forgets half
// of them: those who have not called for longest. Each then has a full bucket
// again. Nobody can bring that about for oneself: it takes as many other
// users, who may together ask as often anyway.
type RateLimiter struct {
	mu sync.Mutex
	// When young is full, or all of old could be forgotten, young becomes old
	// and what was old is dropped: so no call has to go through the subjects.
	young, old generation
	closed     bool
}

// generation is the subjects who called within some span of time.
type generation struct {
	buckets map[domain.UserID]domain.Bucket
	full    time.Time // when all of them are
}

// NewRateLimiter returns a limiter that knows of nobody yet.
func NewRateLimiter() *RateLimiter { return &RateLimiter{young: newGeneration()} }

func newGeneration() generation {
	return generation{buckets: map[domain.UserID]domain.Bucket{}}
}

// Close makes every later Take answer domain.ErrUnavailable. It never fails.
func (r *RateLimiter) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return nil
}

// Take implements ports.RateLimiter.
func (r *RateLimiter) Take(ctx context.Context, subject domain.UserID, limit domain.RateLimit, at time.Time) (domain.RateVerdict, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.closed:
		return domain.RateVerdict{}, domain.ErrUnavailable
	case ctx.Err() != nil:
		return domain.RateVerdict{}, ctx.Err()
	}
	r.age(at)
	bucket, known := r.young.buckets[subject]
	if !known {
		bucket = r.old.buckets[subject]
	}
	bucket, verdict := limit.Take(bucket, at)
	r.young.buckets[subject] = bucket
	if bucket.Full.After(r.young.full) {
		r.young.full = bucket.Full
	}
	return verdict, nil
}

// age makes room in the young generation.
func (r *RateLimiter) age(at time.Time) {
	if len(r.young.buckets) >= maxSubjects/2 || len(r.young.buckets) > 0 && !at.Before(r.old.full) {
		r.young, r.old = newGeneration(), r.young
	}
}
