package portstest

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// tank is a limiter as it would be on a store of keys and values. It is sound;
// each hook that is set is a fault.
type tank struct {
	mu      sync.Mutex
	buckets map[domain.UserID]domain.Bucket
	closed  bool

	key     func(subject domain.UserID, limit domain.RateLimit) domain.UserID
	reads   func(bucket domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket
	counts  func(limit domain.RateLimit) domain.RateLimit
	at      func(bucket domain.Bucket, at time.Time) time.Time
	takes   func(limit domain.RateLimit, bucket domain.Bucket, at time.Time) (domain.Bucket, domain.RateVerdict)
	stores  func(after domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket
	forgets func(bucket domain.Bucket, at time.Time) bool // of others, with each call
	says    func(verdict domain.RateVerdict, limit domain.RateLimit) domain.RateVerdict
	between func() // runs without the lock, between reading and writing
}

func newTank(spoil func(*tank)) *tank {
	tank := &tank{
		buckets: map[domain.UserID]domain.Bucket{},
		key:     func(subject domain.UserID, _ domain.RateLimit) domain.UserID { return subject },
		reads:   func(bucket domain.Bucket, _ domain.RateLimit, _ time.Time) domain.Bucket { return bucket },
		counts:  func(limit domain.RateLimit) domain.RateLimit { return limit },
		at:      func(_ domain.Bucket, at time.Time) time.Time { return at },
		takes:   domain.RateLimit.Take,
		stores:  func(after domain.Bucket, _ domain.RateLimit, _ time.Time) domain.Bucket { return after },
		forgets: func(bucket domain.Bucket, at time.Time) bool { return !bucket.Full.After(at) },
		says:    func(verdict domain.RateVerdict, _ domain.RateLimit) domain.RateVerdict { return verdict },
	}
	spoil(tank)
	return tank
}

func (k *tank) Take(ctx context.Context, subject domain.UserID, limit domain.RateLimit, at time.Time) (domain.RateVerdict, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch {
	case k.closed:
		return domain.RateVerdict{}, domain.ErrUnavailable
	case ctx.Err() != nil:
		return domain.RateVerdict{}, ctx.Err()
	}
	key := k.key(subject, limit)
	for other, bucket := range k.buckets {
		if other != key && k.forgets(bucket, at) {
			delete(k.buckets, other)
		}
	}
	bucket := k.reads(k.buckets[key], limit, at)
	if k.between != nil {
		k.mu.Unlock()
		k.between()
		k.mu.Lock()
	}
	bucket, verdict := k.takes(k.counts(limit), bucket, k.at(bucket, at))
	k.buckets[key] = k.stores(bucket, limit, at)
	return k.says(verdict, limit), nil
}

func (k *tank) kept() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.buckets)
}

// inTank opens a tank with faults.
func inTank(spoil func(*tank)) rateLimiterHarness {
	return rateLimiterHarness{
		limiter: func() ports.RateLimiter { return newTank(spoil) },
		counted: func() (ports.RateLimiter, func() int) {
			tank := newTank(spoil)
			return tank, tank.kept
		},
		twice: func() (one, other ports.RateLimiter) {
			tank := newTank(spoil)
			return tank, tank
		},
		closed: func() ports.RateLimiter {
			tank := newTank(spoil)
			tank.closed = true
			return tank
		},
	}
}

// taking opens tanks that take from a bucket in another way than they should.
func taking(takes func(limit domain.RateLimit, bucket domain.Bucket, at time.Time) (domain.Bucket, domain.RateVerdict)) rateLimiterHarness {
	return inTank(func(k *tank) { k.takes = takes })
}

// storing opens tanks that store another bucket than they should.
func storing(stores func(after domain.Bucket, limit domain.RateLimit, at time.Time) domain.Bucket) rateLimiterHarness {
	return inTank(func(k *tank) { k.stores = stores })
}

// saying opens tanks that answer another verdict than they should.
func saying(says func(verdict domain.RateVerdict, limit domain.RateLimit) domain.RateVerdict) rateLimiterHarness {
	return inTank(func(k *tank) { k.says = says })
}

// keyedBySubject keeps each subject as the one that key makes of it.
func keyedBySubject(key func(domain.UserID) domain.UserID) rateLimiterHarness {
	return inTank(func(k *tank) {
		k.key = func(subject domain.UserID, _ domain.RateLimit) domain.UserID { return key(subject) }
	})
}

// overtaking lets calls of the tank see what is not there any more.
func overtaking() rateLimiterHarness {
	return inTank(func(k *tank) {
		k.between = func() {
			for range 4 * crowd { // let all others come as far
				runtime.Gosched()
			}
		}
	})
}

// takingAs is a sound limiter but for what take does with its call.
type takingAs struct {
	sound ports.RateLimiter
	take  func(c rateCall) (domain.RateVerdict, error)
}

// rateCall is a call that the sound limiter can answer.
type rateCall struct {
	ctx     context.Context
	sound   ports.RateLimiter
	subject domain.UserID
	limit   domain.RateLimit
	at      time.Time
}

func (c rateCall) take() (domain.RateVerdict, error) {
	return c.sound.Take(c.ctx, c.subject, c.limit, c.at)
}

// endless is the call without its context's end.
func (c rateCall) endless() rateCall {
	c.ctx = context.WithoutCancel(c.ctx)
	return c
}

func (m takingAs) Take(ctx context.Context, subject domain.UserID, limit domain.RateLimit, at time.Time) (domain.RateVerdict, error) {
	return m.take(rateCall{ctx, m.sound, subject, limit, at})
}

func overMemory(take func(c rateCall) (domain.RateVerdict, error)) rateLimiterHarness {
	return rateLimiterHarness{
		limiter: func() ports.RateLimiter { return takingAs{memory.NewRateLimiter(), take} },
		closed:  func() ports.RateLimiter { return takingAs{closedRateLimiter(), take} },
	}
}

func closedRateLimiter() ports.RateLimiter {
	limiter := memory.NewRateLimiter()
	if err := limiter.Close(); err != nil {
		panic(err)
	}
	return limiter
}
