package memory

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Revocations is a ports.Revocations. It may be used by many goroutines.
type Revocations struct {
	mu     sync.RWMutex
	owners map[domain.UserID]register
	closed bool
}

// register is what is written about one owner.
type register struct {
	revoked map[domain.TokenID]time.Time // by token, when its entry is over
	spent   map[domain.TokenID]time.Time
	moment  time.Time // of RevokeBefore
}

// NewRevocations returns a store with nothing in it.
func NewRevocations() *Revocations { return &Revocations{owners: map[domain.UserID]register{}} }

// Close makes every later call answer domain.ErrUnavailable. It never fails.
func (r *Revocations) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return nil
}

// Revoke implements ports.Revocations.
func (r *Revocations) Revoke(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) error {
	return r.write(ctx, owner, func(register *register) {
		if entry.Until.Before(register.revoked[entry.Token]) {
			entry.Until = register.revoked[entry.Token]
		}
		forget(register.revoked, entry.At)
		register.revoked[entry.Token] = entry.Until
	})
}

// RevokeBefore implements ports.Revocations.
func (r *Revocations) RevokeBefore(ctx context.Context, owner domain.UserID, moment time.Time) error {
	return r.write(ctx, owner, func(register *register) {
		if moment.After(register.moment) {
			register.moment = moment
		}
	})
}

// Revoked implements ports.Revocations.
func (r *Revocations) Revoked(ctx context.Context, owner domain.UserID, session domain.Session) (bool, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if err := r.ready(ctx); err != nil {
		return false, err
	}
	register := r.owners[owner]
	_, revoked := register.revoked[session.TokenID]
	return revoked || session.IssuedAt.Before(register.moment), nil
}

// Spend implements ports.Revocations.
func (r *Revocations) Spend(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) (first bool, err error) {
	err = r.write(ctx, owner, func(register *register) {
		forget(register.spent, entry.At)
		_, spent := register.spent[entry.Token]
		if first = !spent; first {
			register.spent[entry.Token] = entry.Until
		}
	})
	return first, err
}

// Spent implements ports.Revocations.
func (r *Revocations) Spent(ctx context.Context, owner domain.UserID, token domain.TokenID, at time.Time) (bool, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if err := r.ready(ctx); err != nil {
		return false, err
	}
	return r.owners[owner].spent[token].After(at), nil
}

func (r *Revocations) write(ctx context.Context, owner domain.UserID, change func(*register)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.ready(ctx); err != nil {
		return err
	}
	changed, known := r.owners[owner]
	if !known {
		changed = register{revoked: map[domain.TokenID]time.Time{}, spent: map[domain.TokenID]time.Time{}}
	}
	change(&changed)
	r.owners[owner] = changed
	return nil
}

func (r *Revocations) ready(ctx context.Context) error {
	if r.closed {
		return domain.ErrUnavailable
	}
	return ctx.Err()
}

// forget drops the entries that are over.
func forget(entries map[domain.TokenID]time.Time, at time.Time) {
	maps.DeleteFunc(entries, func(_ domain.TokenID, until time.Time) bool { return !until.After(at) })
}
