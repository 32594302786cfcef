package portstest

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// listener is somebody who listens for one owner.
type listener struct {
	t     reporter
	owner domain.UserID
	woken <-chan struct{}
	stop  func()
}

func listen(t reporter, wakeups ports.Wakeups, owner domain.UserID) listener {
	woken, stop := wakeups.Listen(owner)
	return listener{t, owner, woken, stop}
}

// rousing is how long the longest wait for a wake is. All waits together take
// twice as long.
const rousing = 2048 * time.Millisecond

// rouse wakes the owner until all who are given have been woken.
func rouse(ctx context.Context, wakeups ports.Wakeups, listeners ...listener) {
	t, owner := listeners[0].t, listeners[0].owner
	t.Helper()
	if !roused(ctx, wakeups, owner, listeners...) {
		t.Fatalf("who listens for %q was not woken", owner)
	}
}

func roused(ctx context.Context, wakeups ports.Wakeups, owner domain.UserID, listeners ...listener) bool {
	for wait := time.Millisecond; wait <= rousing; wait *= 2 {
		wakeups.Wake(ctx, owner)
		late := time.NewTimer(wait)
		for len(listeners) > 0 && listeners[0].comes(late.C) {
			listeners = listeners[1:]
		}
		if len(listeners) == 0 {
			return true
		}
	}
	return false
}

// comes waits for a wake until it is late. The channel's end is none.
func (l listener) comes(late <-chan time.Time) bool {
	select {
	case _, open := <-l.woken:
		return open
	case <-late:
		return false
	}
}

// heard takes what has come already, and tells how much.
func (l listener) heard() (wakes int) {
	for {
		select {
		case _, open := <-l.woken:
			if !open {
				return wakes
			}
			wakes++
		default:
			return wakes
		}
	}
}

// wantNothing fails the test if something has come, or the channel's end.
func (l listener) wantNothing(why string) {
	l.t.Helper()
	select {
	case _, open := <-l.woken:
		l.t.Errorf("something came (open: %v) for who listens for %q, %s", open, l.owner, why)
	default:
	}
}

// wantEnd fails the test unless the channel ends.
func (l listener) wantEnd() {
	l.t.Helper()
	late := time.NewTimer(rousing)
	for {
		select {
		case _, open := <-l.woken:
			if !open {
				return
			}
		case <-late.C:
			l.t.Fatalf("the channel of who listens for %q has no end", l.owner)
		}
	}
}

func freshOwner() domain.UserID { return domain.UserID("Owner-" + rand.Text()) }
