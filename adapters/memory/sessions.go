package memory

import (
	"context"
	"sync"
	"time"

	"github.com/taskward/taskward/domain"
)

// Sessions is a ports.SessionLookup whose answers are never old. It may be
// used by many goroutines.
type Sessions struct {
	now func() time.Time

	mu       sync.RWMutex
	sessions map[domain.SessionID]domain.Session
	closed   bool
}

// NewSessions returns a lookup of no sessions yet, which expire by the clock.
func NewSessions(clock func() time.Time) *Sessions {
	return &Sessions{now: clock, sessions: map[domain.SessionID]domain.Session{}}
}

// Begin adds a session, or takes the place of the one that has the same id.
func (s *Sessions) Begin(session domain.Session) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions[session.ID] = session
}

// End forgets the session with this id, if there is one.
func (s *Sessions) End(id domain.SessionID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.sessions, id)
}

// Close makes every later Live answer domain.ErrUnavailable. It never fails.
func (s *Sessions) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

// Live implements ports.SessionLookup.
func (s *Sessions) Live(ctx context.Context, user domain.UserID, session domain.SessionID) (bool, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	switch {
	case s.closed:
		return false, domain.ErrUnavailable
	case ctx.Err() != nil:
		return false, ctx.Err()
	}
	known := s.sessions[session] // of nobody, and over, if there is none
	return known.UserID == user && known.ValidAt(s.now()), nil
}
