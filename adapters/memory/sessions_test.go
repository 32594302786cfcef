package memory_test

import (
	"context"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports/portstest"
)

func TestSessions(t *testing.T) {
	now := time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)
	clock := func() time.Time { return now }
	sessions, closed := memory.NewSessions(clock), memory.NewSessions(clock)
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	portstest.TestSessionLookup(t, portstest.SessionHarness{
		Lookup:  sessions,
		Now:     clock,
		Advance: func(d time.Duration) { now = now.Add(d) },
		Begin: func(_ context.Context, session domain.Session) error {
			sessions.Begin(session)
			closed.Begin(session)
			return nil
		},
		End: func(_ context.Context, id domain.SessionID) error {
			sessions.End(id)
			return nil
		},
		Closed: closed,
	})
}
