package portstest

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
)

// patience is how long a rule may take before it counts as failed. A sound
// adapter in memory needs milliseconds.
const patience = 30 * time.Second

// recorder is the reporter of one run of a rule: a failure is its result.
type recorder struct {
	ctx     context.Context
	mu      sync.Mutex
	failure string
}

// verdict runs a rule and returns what it says first against the adapter,
// empty if it says nothing. A panic and a rule that does not end are failures.
func verdict(t *testing.T, rule func(reporter)) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	recorder := &recorder{ctx: ctx}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if reason := recover(); reason != nil {
				recorder.Errorf("panic: %v", reason)
			}
		}()
		rule(recorder)
	}()
	select {
	case <-done:
	case <-ctx.Done():
		recorder.Errorf("no end after %v", patience)
	}
	recorder.mu.Lock()
	defer recorder.mu.Unlock()
	return recorder.failure
}

func (r *recorder) Context() context.Context { return r.ctx }

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == "" {
		r.failure = fmt.Sprintf(format, args...)
	}
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}
