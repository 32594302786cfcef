package portstest

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// ledger is a store of revocations as it would be in SQL: the rows of all
// owners in one place, behind filters. It is sound; each hook that is set is
// a fault.
type ledger struct {
	mu      sync.Mutex
	rows    []ledgerRow
	moments map[domain.UserID]time.Time

	sees       func(asking, owner domain.UserID) bool  // Revoke, Revoked, Spend and Spent, of rows
	seesMoment func(asking, owner domain.UserID) bool  // Revoked and RevokeBefore, of moments
	same       func(asked, kept domain.TokenID) bool   // tokens
	isOf       func(asked, kept ledgerKind) bool       // kinds of entries
	forgets    func(row ledgerRow, w ledgerWrite) bool // rows
	atOnce     int                                     // that are forgotten
	keeps      func(before, after time.Time) time.Time // of a token that is revoked again
	sets       func(before, after time.Time) time.Time // the moment
	tooEarly   func(issuedAt, moment time.Time) bool   // sessions
	unwritten  time.Time                               // the moment where none was set
	between    func()                                  // runs without the lock, between reading and writing
}

type ledgerKind uint8

const (
	ledgerRevoked ledgerKind = iota
	ledgerSpent
)

type ledgerRow struct {
	kind  ledgerKind
	owner domain.UserID
	token domain.TokenID
	at    time.Time
	until time.Time
}

// ledgerWrite is an entry that is being written.
type ledgerWrite struct {
	kind  ledgerKind
	owner domain.UserID
	ports.TokenEntry
}

func (w ledgerWrite) forgets(row ledgerRow) bool {
	return row.kind == w.kind && row.owner == w.owner && !row.until.After(w.At)
}

func newLedger(spoil func(*ledger)) *ledger {
	own := func(asking, owner domain.UserID) bool { return asking == owner }
	latest := func(before, after time.Time) time.Time {
		if after.Before(before) {
			return before
		}
		return after
	}
	ledger := &ledger{
		moments: map[domain.UserID]time.Time{},
		sees:    own, seesMoment: own,
		same:    func(asked, kept domain.TokenID) bool { return asked == kept },
		isOf:    func(asked, kept ledgerKind) bool { return asked == kept },
		forgets: func(row ledgerRow, w ledgerWrite) bool { return w.forgets(row) },
		atOnce:  100,
		keeps:   latest, sets: latest,
		tooEarly: time.Time.Before,
	}
	spoil(ledger)
	return ledger
}

func (l *ledger) Revoke(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	if found := l.find(ledgerRevoked, owner, entry.Token); found >= 0 {
		entry.Until = l.keeps(l.rows[found].until, entry.Until)
	}
	l.write(ledgerWrite{ledgerRevoked, owner, entry})
	return nil
}

func (l *ledger) Spend(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if found := l.find(ledgerSpent, owner, entry.Token); found >= 0 && entry.At.Before(l.rows[found].until) {
		return false, nil
	}
	l.write(ledgerWrite{ledgerSpent, owner, entry})
	return true, nil
}

func (l *ledger) RevokeBefore(ctx context.Context, owner domain.UserID, moment time.Time) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	before := l.moments[owner]
	l.yield()
	l.moments[owner] = l.sets(before, moment)
	return nil
}

func (l *ledger) Revoked(ctx context.Context, owner domain.UserID, session domain.Session) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if l.find(ledgerRevoked, owner, session.TokenID) >= 0 || l.tooEarly(session.IssuedAt, l.unwritten) {
		return true, nil
	}
	for other, moment := range l.moments {
		if l.seesMoment(owner, other) && l.tooEarly(session.IssuedAt, moment) {
			return true, nil
		}
	}
	return false, nil
}

func (l *ledger) Spent(ctx context.Context, owner domain.UserID, token domain.TokenID, at time.Time) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := l.find(ledgerSpent, owner, token)
	return found >= 0 && l.rows[found].until.After(at), ctx.Err()
}

func (l *ledger) find(kind ledgerKind, owner domain.UserID, token domain.TokenID) int {
	return slices.IndexFunc(l.rows, func(row ledgerRow) bool {
		return l.isOf(kind, row.kind) && l.sees(owner, row.owner) && l.same(token, row.token)
	})
}

func (l *ledger) write(w ledgerWrite) {
	rows, forgotten := slices.Clone(l.rows), 0
	l.yield()
	rows = slices.DeleteFunc(rows, func(row ledgerRow) bool {
		if row.kind == w.kind && row.owner == w.owner && row.token == w.Token {
			return true // it is written anew
		}
		if forgotten == l.atOnce || !l.forgets(row, w) {
			return false
		}
		forgotten++
		return true
	})
	l.rows = append(rows, ledgerRow{w.kind, w.owner, w.Token, w.At, w.Until})
}

// put writes without a look at what is there.
func (l *ledger) put(w ledgerWrite) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write(w)
}

func (l *ledger) yield() {
	if l.between != nil {
		l.mu.Unlock()
		l.between()
		l.mu.Lock()
	}
}
