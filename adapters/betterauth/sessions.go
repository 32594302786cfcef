package betterauth

import (
	"cmp"
	"context"
	"database/sql"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Sessions is the [ports.SessionLookup] of Better Auth's table session, in
// which those live whose expiresAt is ahead. It remembers answers for a short
// while. It may be used by many goroutines.
type Sessions struct {
	find      *statement
	staleness time.Duration
	capacity  int
	now       func() time.Time

	flights singleflight.Group // by session id
	mu      sync.Mutex
	known   map[domain.SessionID]sighting
}

var _ ports.SessionLookup = (*Sessions)(nil)

// SessionsOptions says how long [Sessions] may remember, and how much.
type SessionsOptions struct {
	// Staleness is how long a session may be taken to live after it was seen
	// alive, and so how long after a sign-out its tokens may still be
	// accepted. The default is 10 s.
	Staleness time.Duration

	// Capacity is how many sessions are remembered. The default is 10,000.
	Capacity int

	Clock func() time.Time // nil: time.Now
}

const (
	defaultStaleness = 10 * time.Second
	defaultCapacity  = 10_000

	// absence is how long a session is taken not to live: shorter, because
	// one that a replica lags behind with may appear any moment.
	absence = time.Second

	lookupTimeout = 5 * time.Second
)

// sighting is what was seen of a session.
type sighting struct {
	user  domain.UserID // whose it is, empty if it does not live
	until time.Time     // when to look again
}

// NewSessions returns the sessions in the database, a PostgreSQL through pgx.
// It does not connect yet. The error is [domain.Invalid].
func NewSessions(db *sql.DB, names Names, options SessionsOptions) (*Sessions, error) {
	if options.Staleness < 0 || options.Capacity < 0 {
		return nil, domain.Invalidity(domain.Violation{Field: "session cache", Detail: "must not have a negative staleness or capacity"})
	}
	sessions := &Sessions{
		find: newStatement(db, names, "look a session up", `
SELECT {session.id}::text, {session.userId}::text, {session.expiresAt}
FROM {session} WHERE {session.id} = $1::text::{session.id type}`),
		staleness: cmp.Or(options.Staleness, defaultStaleness),
		capacity:  cmp.Or(options.Capacity, defaultCapacity),
		now:       options.Clock,
		known:     map[domain.SessionID]sighting{},
	}
	if sessions.now == nil {
		sessions.now = time.Now
	}
	return sessions, nil
}

// Live implements [ports.SessionLookup]. The answer may be as old as the
// staleness. The error is the context's, or [domain.ErrUnavailable], or one
// that tells what to set where the tables are not as expected.
func (s *Sessions) Live(ctx context.Context, user domain.UserID, session domain.SessionID) (bool, error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	if _, err := domain.ParseSessionID(string(session)); err != nil {
		return false, nil //nolint:nilerr // nothing of the kind is in the table
	}
	seen, err := s.sighting(ctx, session)
	return err == nil && user != "" && seen.user == user, err
}

func (s *Sessions) sighting(ctx context.Context, session domain.SessionID) (sighting, error) {
	if seen, ok := s.recall(session); ok {
		return seen, nil
	}
	// A look belongs to no request: who leaves does not end it for the others.
	flight := s.flights.DoChan(string(session), func() (any, error) { return s.look(context.WithoutCancel(ctx), session) })
	select {
	case landed := <-flight:
		seen, _ := landed.Val.(sighting)
		return seen, landed.Err
	case <-ctx.Done():
		return sighting{}, ctx.Err()
	}
}

// look asks the database.
func (s *Sessions) look(ctx context.Context, session domain.SessionID) (sighting, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	began := s.now()
	seen := sighting{until: began.Add(min(absence, s.staleness))}
	err := s.find.query(ctx, func(rows *sql.Rows) error {
		var (
			id, user  string
			expiresAt sql.NullTime
		)
		if err := rows.Scan(&id, &user, &expiresAt); err != nil {
			return err
		}
		if id == string(session) && began.Before(expiresAt.Time) {
			seen = sighting{domain.UserID(user), earlier(began.Add(s.staleness), expiresAt.Time)}
		}
		return nil
	}, string(session))
	switch {
	case isNoValue(err):
	case ctx.Err() != nil && err != nil:
		return sighting{}, domain.ErrUnavailable.Because(err)
	case err != nil:
		return sighting{}, err
	}
	s.remember(session, seen)
	return seen, nil
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func (s *Sessions) recall(session domain.SessionID) (sighting, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	seen, known := s.known[session]
	return seen, known && s.now().Before(seen.until)
}

func (s *Sessions) remember(session domain.SessionID, seen sighting) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.known[session]; !known && len(s.known) >= s.capacity {
		for other := range s.known { // in no order: whichever goes is looked up again
			delete(s.known, other)
			break
		}
	}
	s.known[session] = seen
}
