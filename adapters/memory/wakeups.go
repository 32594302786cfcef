package memory

import (
	"context"
	"sync"

	"github.com/taskward/taskward/domain"
)

// Wakeups is a ports.Wakeups within this process. It may be used by many
// goroutines.
type Wakeups struct {
	mu        sync.Mutex
	listeners map[domain.UserID]map[chan struct{}]struct{}
	closed    bool
}

// NewWakeups returns one that nobody listens to yet.
func NewWakeups() *Wakeups {
	return &Wakeups{listeners: map[domain.UserID]map[chan struct{}]struct{}{}}
}

// Wake implements ports.Wakeups.
func (w *Wakeups) Wake(_ context.Context, owner domain.UserID) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for listener := range w.listeners[owner] {
		select {
		case listener <- struct{}{}:
		default: // it has yet to take the last one
		}
	}
}

// Listen implements ports.Wakeups.
func (w *Wakeups) Listen(owner domain.UserID) (woken <-chan struct{}, stop func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	listener := make(chan struct{}, 1)
	if w.closed {
		close(listener)
		return listener, func() {}
	}
	if w.listeners[owner] == nil {
		w.listeners[owner] = map[chan struct{}]struct{}{}
	}
	w.listeners[owner][listener] = struct{}{}
	return listener, func() { w.remove(owner, listener) }
}

func (w *Wakeups) remove(owner domain.UserID, listener chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.listeners[owner], listener)
	if len(w.listeners[owner]) == 0 {
		delete(w.listeners, owner)
	}
	select {
	case <-listener: // what came before the stop
	default:
	}
}

// Close ends what all listeners listen to. It never fails.
func (w *Wakeups) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for _, listeners := range w.listeners {
		for listener := range listeners {
			close(listener)
		}
	}
	clear(w.listeners)
	return nil
}
