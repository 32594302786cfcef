package postgres

import (
	"maps"
	"slices"
	"sync"
)

// maxUntold bounds what waits to be told. What is beyond it is not told, and
// others find it when they look.
const maxUntold = 1 << 12

// outbox holds the owners of whose changes other processes are to be told,
// each once.
type outbox struct {
	mu     sync.Mutex
	owners map[string]struct{}
	filled func()
}

// put adds an owner, unless the outbox is full.
func (o *outbox) put(owner string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.owners == nil {
		o.owners = map[string]struct{}{}
	}
	if len(o.owners) < maxUntold {
		o.owners[owner] = struct{}{}
	}
	o.tellIfFilled()
}

// take empties the outbox.
func (o *outbox) take() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	owners := slices.Collect(maps.Keys(o.owners))
	clear(o.owners)
	return owners
}

// whenFilled has filled called once there is something in the outbox, if not
// before then another was to be called.
func (o *outbox) whenFilled(filled func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.filled = filled
	o.tellIfFilled()
}

func (o *outbox) tellIfFilled() {
	if len(o.owners) > 0 && o.filled != nil {
		o.filled()
		o.filled = nil
	}
}
