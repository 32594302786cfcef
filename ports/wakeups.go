package ports

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// Wakeups wakes those who follow an owner's changes, so that they look for
// them at once. It carries nothing but the hint, which may get lost on its way
// from one process to another: who is woken asks the [TaskRepository], and
// also asks it now and then without being woken. That a wake reaches somebody
// means that one of several in a few seconds does.
//
// Every sentence from here on is a rule that portstest.TestWakeups checks
// under the same words.
type Wakeups interface {
	// Wake reaches everybody who listens for the owner. Wake does not reach who
	// listens for another owner. Any owner can be woken. Wake never waits for
	// who listens. Wake reaches them though its context has ended.
	Wake(ctx context.Context, owner domain.UserID)

	// Something comes for each who listens, on a channel of their own. Wakes
	// that nobody takes do not pile up. Nothing comes once stop was called.
	// Others go on listening when one stops. Who has stopped can stop again.
	// Many listen, are woken and stop at the same time. Who listens learns of a
	// Close by the channel's end. Who begins to listen after that learns of it,
	// too. Two handles on one store wake each other's listeners.
	Listen(owner domain.UserID) (woken <-chan struct{}, stop func())
}
