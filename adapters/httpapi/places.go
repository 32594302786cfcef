package httpapi

import (
	"context"
	"sync"

	"github.com/taskward/taskward/domain"
)

// places are what streams of events, and imports, take for as long as they
// last: there are so many in all, and so many for a user.
type places struct {
	inAll, forUser     int
	exhausted, tooMany *failure // what is said where there is none

	open  context.Context // until all have to leave
	close context.CancelFunc

	mu    sync.Mutex
	taken int
	of    map[domain.UserID]int
}

func newPlaces(inAll, forUser int, exhausted, tooMany *failure) *places {
	open, closeAll := context.WithCancel(context.Background())
	return &places{
		inAll: inAll, forUser: forUser, exhausted: exhausted, tooMany: tooMany,
		open: open, close: closeAll, of: map[domain.UserID]int{},
	}
}

// take gives a place until leave is called, and a context that ends when the
// place has to be left.
func (p *places) take(ctx context.Context, user domain.UserID) (_ context.Context, leave func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.open.Err() != nil:
		return nil, nil, draining
	case p.of[user] >= p.forUser:
		return nil, nil, p.tooMany
	case p.taken >= p.inAll:
		return nil, nil, p.exhausted
	}
	p.taken++
	p.of[user]++
	ctx, end := context.WithCancel(ctx)
	outlive := context.AfterFunc(p.open, end)
	return ctx, func() {
		outlive()
		end()
		p.free(user)
	}, nil
}

func (p *places) free(user domain.UserID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken--
	if p.of[user]--; p.of[user] == 0 {
		delete(p.of, user)
	}
}
