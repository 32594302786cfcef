package application

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"

	"github.com/taskward/taskward/domain"
)

const (
	// staleness is how long after a revocation elsewhere a token may still be
	// accepted here.
	staleness = 5 * time.Second
	// maxCached bounds the answers that are kept.
	maxCached = 1 << 14
)

// revocationCache keeps for a while whether sessions are revoked, so that a
// busy client does not cost a look into the store with each request. Of those
// who ask about one session at the same time, one looks and the others wait.
type revocationCache struct {
	now func() time.Time

	mu sync.Mutex
	// When young is full it becomes old, and what was old is dropped: so the
	// cache is bounded without keeping an order.
	young, old map[domain.Session]*revocationAnswer
}

// revocationAnswer is what the store says of one session, as soon as done is
// closed. Its age counts from before the store was asked.
type revocationAnswer struct {
	asked   time.Time
	done    chan struct{}
	revoked bool
	err     error
}

// errAbandoned is the answer of one who did not come to an end, for reasons of
// its own.
var errAbandoned = errors.New("the lookup was abandoned")

func newRevocationCache(now func() time.Time) *revocationCache {
	return &revocationCache{now: now, young: map[domain.Session]*revocationAnswer{}}
}

// ask gives an answer that is known, or what look finds.
func (c *revocationCache) ask(ctx context.Context, session domain.Session, look func() (bool, error)) (bool, error) {
	for {
		answer, known := c.claim(session)
		if !known {
			return c.settle(ctx, session, answer, look)
		}
		select {
		case <-answer.done:
		case <-ctx.Done():
			return false, ctx.Err()
		}
		if !errors.Is(answer.err, errAbandoned) {
			return answer.revoked, answer.err
		}
	}
}

// claim gives the answer that somebody has or is looking for, or a new one for
// the caller to settle.
func (c *revocationCache) claim(session domain.Session) (answer *revocationAnswer, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	for _, answers := range []map[domain.Session]*revocationAnswer{c.young, c.old} {
		if answer, known := answers[session]; known && now.Sub(answer.asked) < staleness {
			return answer, true
		}
	}
	if len(c.young) >= maxCached/2 {
		c.young, c.old = map[domain.Session]*revocationAnswer{}, c.young
	}
	answer = &revocationAnswer{asked: now, done: make(chan struct{}), err: errAbandoned}
	c.young[session] = answer
	return answer, false
}

// settle looks for the answer. An error is for those who wait already, and not
// for those who come later.
func (c *revocationCache) settle(ctx context.Context, session domain.Session, answer *revocationAnswer, look func() (bool, error)) (revoked bool, err error) {
	defer func() {
		if answer.err != nil {
			c.mu.Lock()
			delete(c.young, session)
			delete(c.old, session)
			c.mu.Unlock()
		}
		close(answer.done)
	}()
	revoked, err = look()
	if err == nil || ctx.Err() == nil {
		answer.revoked, answer.err = revoked, err
	}
	return revoked, err
}

// forget drops the answers about all sessions that match, also those that are
// still being looked for: whoever asks from now on gets a new one.
func (c *revocationCache) forget(match func(domain.Session) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	drop := func(session domain.Session, _ *revocationAnswer) bool { return match(session) }
	maps.DeleteFunc(c.young, drop)
	maps.DeleteFunc(c.old, drop)
}
