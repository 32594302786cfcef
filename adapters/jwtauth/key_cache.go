package jwtauth

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/taskward/taskward/domain"
)

const (
	fetchTimeout = 5 * time.Second
	refreshEvery = 5 * time.Minute
	cooldown     = 30 * time.Second // between fetches that tokens ask for
	firstRetry   = 250 * time.Millisecond
	slowestRetry = 5 * time.Second

	// publicationSlack is what may lie between the second that a token says it
	// was issued in and the moment its new key is published.
	publicationSlack = time.Second
)

// keyCache keeps the last good key set of one source. It runs one fetch at a
// time. A fetch belongs to no request: who needs it waits for it, and who
// leaves does not end it.
type keyCache struct {
	source KeySource
	leeway time.Duration
	now    func() time.Time
	log    *slog.Logger

	life    context.Context // of all fetches
	end     context.CancelFunc
	running sync.WaitGroup

	mu       sync.Mutex
	started  bool
	keys     *keySet       // nil until a first one was loaded
	began    time.Time     // the last fetch
	fetching chan struct{} // closed when the fetch under way is done; nil if there is none
	failures int           // of fetches, in a row
	failure  error         // of the last fetch, nil if it did not fail
}

func newKeyCache(source KeySource, leeway time.Duration, now func() time.Time, log *slog.Logger) *keyCache {
	life, end := context.WithCancel(context.Background())
	return &keyCache{source: source, leeway: leeway, now: now, log: log, life: life, end: end}
}

// checkSignature checks a token with the last good key set, and if that does
// not vouch for it with the next: an auth server publishes a new key no sooner
// than it signs with it, and one whose database was reset may give an old kid
// to another key.
func (c *keyCache) checkSignature(ctx context.Context, t token) error {
	arrived := c.now()
	c.start()
	var refused error
	keys := c.loaded()
	if keys != nil {
		if refused = keys.checkSignature(t); refused == nil {
			return nil
		}
	}
	if done, _ := c.fetch(true); done != nil { //nolint:contextcheck // a fetch belongs to no request
		select {
		case <-done:
		case <-ctx.Done():
		}
	}
	latest := c.loaded()
	if latest == nil {
		return c.outage(errKeysUnavailable, ctx.Err())
	}
	if latest != keys {
		refused = latest.checkSignature(t)
	}
	if errors.Is(refused, errUnknownKey) && latest.fetched.Before(arrived) && c.newerThan(latest, t) {
		return c.outage(errKeyNotFetched, ctx.Err())
	}
	return refused
}

// newerThan reports whether the token may have been issued after the set was
// fetched, and so with a key that the set could not have.
func (c *keyCache) newerThan(keys *keySet, t token) bool {
	issuedAt, _ := t.claims.issuedAt.Get()
	return !issuedAt.Before(keys.fetched.Add(-c.leeway - publicationSlack))
}

// outage says when the next fetch may be, and for the log what stands in the way.
func (c *keyCache) outage(err *domain.Error, ended error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	failure := err.Because(errors.Join(ended, c.failure))
	failure.RetryAfter = max(c.due(true), time.Second)
	return failure
}

// loaded gives the last good set, nil if there is none yet.
func (c *keyCache) loaded() *keySet {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.keys
}

// ready returns nil once a set was loaded, and until then why not.
func (c *keyCache) ready() error {
	if c.loaded() == nil {
		return c.outage(errKeysUnavailable, nil)
	}
	return nil
}

// start begins to keep the set fresh until close.
func (c *keyCache) start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.started && c.life.Err() == nil {
		c.started = true
		c.running.Go(c.keepFresh)
	}
}

func (c *keyCache) close() {
	c.mu.Lock()
	c.end()
	c.mu.Unlock()
	c.running.Wait()
}

func (c *keyCache) keepFresh() {
	for c.life.Err() == nil {
		done, wait := c.fetch(false)
		if done != nil {
			<-done
			continue
		}
		select {
		case <-time.After(wait):
		case <-c.life.Done():
		}
	}
}

// fetch gives the fetch under way, or begins one if it is due. If it is not,
// fetch gives nil and how long to wait.
func (c *keyCache) fetch(asked bool) (done <-chan struct{}, wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fetching == nil && c.life.Err() == nil {
		if wait := c.due(asked); wait > 0 {
			return nil, wait
		}
		began, done := c.now(), make(chan struct{})
		c.began, c.fetching = began, done
		c.running.Go(func() {
			defer close(done)
			c.load(began)
		})
	}
	return c.fetching, 0
}

// due is how far ahead the next fetch is: for upkeep, or because a token asks
// for it. The caller holds c.mu.
func (c *keyCache) due(asked bool) time.Duration {
	var pause time.Duration
	switch {
	case c.failures > 0:
		pause = min(firstRetry<<min(c.failures-1, 8), slowestRetry)
	case c.keys == nil:
		pause = 0
	case asked:
		pause = cooldown
	default:
		pause = refreshEvery
	}
	return c.began.Add(pause).Sub(c.now())
}

func (c *keyCache) load(began time.Time) {
	keys, unusable, err := c.read(began)
	c.mu.Lock()
	c.fetching, c.failure = nil, err
	if err == nil {
		c.keys, c.failures = keys, 0
	} else {
		c.failures++
	}
	c.mu.Unlock()
	if c.life.Err() != nil {
		return
	}
	if err != nil {
		c.log.WarnContext(c.life, "key set not fetched", "error", err)
	}
	for _, reason := range unusable {
		c.log.InfoContext(c.life, "key ignored", "reason", reason)
	}
}

func (c *keyCache) read(began time.Time) (keys *keySet, unusable []error, err error) {
	ctx, cancel := context.WithTimeout(c.life, fetchTimeout)
	defer cancel()
	document, err := c.source.KeySet(ctx)
	if err != nil {
		return nil, nil, err
	}
	return parseKeySet(document, began)
}
