package jwtauth

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

const (
	firstRetry   = 250 * time.Millisecond
	slowestRetry = 4 * time.Second // from one fetch to the next: an auth server that is back is found within 5 s
	fetchTimeout = slowestRetry    // also by one whose last fetch it has left hanging
)

// schedule says when keys are fetched.
type schedule struct {
	refresh  time.Duration // between fetches for upkeep
	cooldown time.Duration // between fetches that tokens ask for
	maxStale time.Duration // how long a set is used after it was fetched
}

// keyFetcher keeps the last good key set of one source. It runs one fetch at a
// time. A fetch belongs to no request: who needs it waits for it, and who
// leaves does not end it.
type keyFetcher struct {
	source   ports.KeySource
	schedule schedule
	now      func() time.Time
	log      *slog.Logger

	life    context.Context // of all fetches
	end     context.CancelFunc
	running sync.WaitGroup

	set    atomic.Pointer[keySet] // the last good one; nil until a first one was fetched
	absent *absentKeys            // what fetches have not shown

	mu       sync.Mutex
	started  bool
	began    time.Time     // the last fetch
	fetching chan struct{} // closed when the fetch under way is done; nil if there is none
	failures int           // of fetches, in a row
	failure  error         // of the last fetch, nil if it did not fail
	fetches  Fetches       // that have ended
}

func newKeyFetcher(source ports.KeySource, schedule schedule, now func() time.Time, log *slog.Logger) *keyFetcher {
	life, end := context.WithCancel(context.Background())
	return &keyFetcher{
		source: source, schedule: schedule, now: now, log: log, life: life, end: end,
		absent: newAbsentKeys(schedule.refresh),
	}
}

// current gives the last good set, nil if there is none yet or it is too old.
func (f *keyFetcher) current() *keySet {
	set := f.set.Load()
	if set != nil && f.now().Sub(set.fetched) > f.schedule.maxStale {
		return nil
	}
	return set
}

// next gives the set that is current when the fetch under way has ended, one
// that was due and so begins, or the context.
func (f *keyFetcher) next(ctx context.Context) *keySet {
	if done, _ := f.fetch(true); done != nil { //nolint:contextcheck // a fetch belongs to no request
		select {
		case <-done:
		case <-ctx.Done():
		}
	}
	return f.current()
}

// ready returns nil while there is a set to check tokens with, and otherwise
// why not.
func (f *keyFetcher) ready() error {
	if f.current() == nil {
		return f.unavailable(nil)
	}
	return nil
}

// unavailable says why there is no current set.
func (f *keyFetcher) unavailable(ended error) error {
	if f.set.Load() != nil {
		return f.retriable(errKeysTooOld, ended)
	}
	return f.retriable(errKeysUnavailable, ended)
}

// retriable says when the next fetch may be, and for the log what stands in
// the way.
func (f *keyFetcher) retriable(err *domain.Error, ended error) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	failure := err.Because(errors.Join(ended, f.failure))
	failure.RetryAfter = max(f.due(true), time.Second)
	return failure
}

// start begins to keep the set fresh until close.
func (f *keyFetcher) start() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.started && f.life.Err() == nil {
		f.started = true
		f.running.Go(f.keepFresh)
	}
}

func (f *keyFetcher) close() {
	f.mu.Lock()
	f.end()
	f.mu.Unlock()
	f.running.Wait()
}

func (f *keyFetcher) keepFresh() {
	for f.life.Err() == nil {
		done, wait := f.fetch(false)
		if done != nil {
			<-done
			continue
		}
		select {
		case <-time.After(wait):
		case <-f.life.Done():
		}
	}
}

// fetch gives the fetch under way, or begins one if it is due. If it is not,
// fetch gives nil and how long to wait.
func (f *keyFetcher) fetch(asked bool) (done <-chan struct{}, wait time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fetching == nil && f.life.Err() == nil {
		if wait := f.due(asked); wait > 0 {
			return nil, wait
		}
		began, done := f.now(), make(chan struct{})
		f.began, f.fetching = began, done
		f.running.Go(func() {
			defer close(done)
			f.load(began)
		})
	}
	return f.fetching, 0
}

// due is how far ahead the next fetch is: for upkeep, or because a token asks
// for it. The caller holds f.mu.
func (f *keyFetcher) due(asked bool) time.Duration {
	var pause time.Duration
	switch {
	case f.failures > 0:
		pause = min(firstRetry<<min(f.failures-1, 8), slowestRetry)
	case f.set.Load() == nil:
		pause = 0
	case asked:
		pause = f.schedule.cooldown
	default:
		pause = f.schedule.refresh
	}
	return f.began.Add(pause).Sub(f.now())
}

func (f *keyFetcher) load(began time.Time) {
	set, err := f.read(began)
	before := f.set.Load()
	if err == nil {
		f.set.Store(set)
		f.absent.forget(set)
	}
	f.mu.Lock()
	f.fetching, f.failure = nil, err
	failed := f.failures
	if f.failures++; err == nil {
		f.failures = 0
	}
	f.fetches.count(err)
	f.mu.Unlock()
	switch {
	case f.life.Err() != nil:
	case err != nil && failed&(failed+1) == 0: // the 1st, 2nd, 4th, 8th …: an outage does not fill the log
		f.log.WarnContext(f.life, "key set not fetched", "failures", failed+1, "error", err)
	case err == nil && failed > 0:
		f.log.InfoContext(f.life, "key set fetched again", "failures", failed)
	}
	if err == nil && (before == nil || !slices.Equal(before.ignored, set.ignored)) {
		for _, reason := range set.ignored {
			f.log.InfoContext(f.life, "key ignored", "reason", reason)
		}
	}
}

func (f *keyFetcher) read(began time.Time) (*keySet, error) {
	ctx, cancel := context.WithTimeout(f.life, fetchTimeout)
	defer cancel()
	document, err := f.source.KeySet(ctx)
	if err != nil {
		return nil, err
	}
	return parseKeySet(document, began)
}
