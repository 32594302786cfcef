package portstest

import (
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/taskward/taskward/domain"
)

// notes is what a mutant keeps between calls.
type notes[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]V
}

func (n *notes[K, V]) get(key K) (V, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	value, ok := n.kept[key]
	return value, ok
}

func (n *notes[K, V]) put(key K, value V) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.kept == nil {
		n.kept = map[K]V{}
	}
	n.kept[key] = value
}

func (n *notes[K, V]) clear() {
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.kept)
}

// oneByOne lets one call through at a time.
func oneByOne(apply func(c call, batch domain.Batch) ([]domain.Task, error)) func(c call, batch domain.Batch) ([]domain.Task, error) {
	var mu sync.Mutex
	return func(c call, batch domain.Batch) ([]domain.Task, error) {
		mu.Lock()
		defer mu.Unlock()
		return apply(c, batch)
	}
}

// gate lets two callers see the same state, as two transactions do: while a
// crowd is at work, the first to pass waits for a second. From then on the
// gate stands open.
type gate struct{ passed atomic.Int32 }

// pass reports whether another caller is, or was, inside at the same time.
func (g *gate) pass() (together bool) {
	if g.passed.Add(1) > 1 {
		return true
	}
	// The bound is for a crowd that does other things.
	for spins := 0; g.passed.Load() == 1 && runtime.NumGoroutine() > crowd && spins < 1_000_000; spins++ {
		runtime.Gosched()
	}
	return !g.passed.CompareAndSwap(1, 0)
}
