package portstest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// TestSessionLookup checks every sentence of [ports.SessionLookup] against the
// lookup of the harness.
func TestSessionLookup(t *testing.T, harness SessionHarness) {
	t.Helper()
	for _, rule := range sessionRules {
		t.Run(rule.sentence, func(t *testing.T) { rule.check(t, harness) })
	}
}

// SessionHarness is a lookup, and what it takes to test it: its clock, and the
// other side, which begins and ends sessions. All rules share it, and others'
// sessions may be there already: each rule works on fresh users. Time only
// moves on.
type SessionHarness struct {
	Lookup ports.SessionLookup

	// Now reads the lookup's clock, and Advance puts it forward.
	Now     func() time.Time
	Advance func(time.Duration)

	// Staleness is for how long the lookup may give an answer again.
	Staleness time.Duration

	// Begin makes the session live from now until its ExpiresAt, whether or
	// not there was one with this id before. Of the session only UserID, ID
	// and ExpiresAt count.
	Begin func(ctx context.Context, session domain.Session) error

	// End ends a session that was begun.
	End func(ctx context.Context, id domain.SessionID) error

	// Closed is another lookup, that was open and has been closed.
	Closed ports.SessionLookup
}

// sessionRule is one sentence of the contract and how to find out whether it holds.
type sessionRule struct {
	sentence string
	check    func(t reporter, h SessionHarness)
}

var sessionRules = []sessionRule{
	{"Live reports whether the user has a session with this id", func(t reporter, h SessionHarness) {
		phone, laptop := h.session(), h.session()
		laptop.UserID = phone.UserID
		h.begin(t, phone)
		h.begin(t, laptop)
		h.want(t, true, phone)
		h.want(t, true, laptop)
		for _, id := range []domain.SessionID{
			h.session().ID, "", domain.SessionID(phone.UserID), phone.ID + "\x00", phone.ID + "\xff", "\x00", "\xed\xa0\x80",
			"' OR true --", domain.SessionID(strings.Repeat("x", 1<<20)),
		} {
			h.want(t, false, domain.Session{UserID: phone.UserID, ID: id})
		}
		h.want(t, true, phone)
	}},
	{"The session of one user never lives for another", func(t reporter, h SessionHarness) {
		one, other := h.session(), h.session()
		h.begin(t, one)
		h.begin(t, other)
		for range 2 { // a lookup may know better once its owner has asked
			for _, pair := range [][2]domain.Session{{one, other}, {other, one}} {
				h.want(t, false, domain.Session{UserID: pair[0].UserID, ID: pair[1].ID})
				h.want(t, true, pair[0])
				h.want(t, false, domain.Session{ID: pair[0].ID})
			}
		}
	}},
	{"A session lives up to its expiry and not at it, whatever the staleness", func(t reporter, h SessionHarness) {
		for _, life := range []time.Duration{time.Second + h.Staleness/2, time.Minute + h.Staleness} {
			session := h.session()
			session.ExpiresAt = domain.Moment(h.Now().Add(life))
			h.begin(t, session)
			h.want(t, true, session)
			h.Advance(session.ExpiresAt.Add(-time.Microsecond).Sub(h.Now()))
			h.want(t, true, session)
			h.Advance(session.ExpiresAt.Sub(h.Now()))
			h.want(t, false, session)
			h.Advance(time.Minute)
			h.want(t, false, session)
		}
	}},
	{"A session that is prolonged lives on", func(t reporter, h SessionHarness) {
		session := h.session()
		session.ExpiresAt = domain.Moment(h.Now().Add(time.Second))
		h.begin(t, session)
		h.want(t, true, session)
		prolonged := session
		prolonged.ExpiresAt = session.ExpiresAt.Add(time.Hour + h.Staleness)
		h.begin(t, prolonged)
		h.want(t, true, prolonged)
		h.Advance(session.ExpiresAt.Sub(h.Now()))
		h.want(t, true, prolonged)
		h.Advance(time.Minute + h.Staleness)
		h.want(t, true, prolonged)
	}},
	{"A session that was ended does not live once the staleness has passed", func(t reporter, h SessionHarness) {
		known, unknown, other := h.session(), h.session(), h.session()
		other.UserID = known.UserID
		for _, session := range []domain.Session{known, unknown, other} {
			h.begin(t, session)
		}
		h.want(t, true, known)
		h.end(t, known)
		h.end(t, unknown)
		h.Advance(h.Staleness)
		h.want(t, false, known)
		h.want(t, false, unknown)
		h.want(t, true, other)
	}},
	{"A session that was begun lives once the staleness has passed", func(t reporter, h SessionHarness) {
		session := h.session()
		for range 2 {
			h.want(t, false, session)
			h.begin(t, session)
			h.Advance(h.Staleness)
			h.want(t, true, session)
			h.end(t, session)
			h.Advance(h.Staleness)
		}
	}},
	{"User ids are compared byte for byte", func(t reporter, h SessionHarness) {
		pairs := slices.Clone(alikeUserIDs)
		for _, odd := range hostileUserIDs {
			pairs = append(pairs, [2]string{"@", "@" + odd[:min(len(odd), 900)]})
		}
		for _, pair := range pairs {
			for _, pair := range [][2]string{pair, {pair[1], pair[0]}} {
				session, fresh := h.session(), rand.Text()
				session.UserID = domain.UserID(strings.ReplaceAll(pair[0], "@", fresh))
				h.begin(t, session)
				h.want(t, false, domain.Session{UserID: domain.UserID(strings.ReplaceAll(pair[1], "@", fresh)), ID: session.ID})
				h.want(t, true, session)
			}
		}
	}},
	{"Session ids are compared byte for byte", func(t reporter, h SessionHarness) {
		pairs := slices.Clone(alikeTokenIDs)
		for _, odd := range hostileUserIDs {
			pairs = append(pairs, [2]string{"@", "@" + odd[:min(len(odd), 200)]})
		}
		for _, pair := range pairs {
			for _, pair := range [][2]string{pair, {pair[1], pair[0]}} {
				one, fresh := h.session(), string(freshToken())
				other := one
				one.ID = domain.SessionID(strings.ReplaceAll(pair[0], "@", fresh))
				other.ID = domain.SessionID(strings.ReplaceAll(pair[1], "@", fresh))
				h.begin(t, one)
				h.want(t, false, other)
				h.want(t, true, one)
				h.begin(t, other)
				h.end(t, one)
				h.Advance(h.Staleness)
				h.want(t, true, other)
				h.want(t, false, one)
			}
		}
	}},
	{"An error says nothing about the session", func(t reporter, h SessionHarness) {
		here, gone := h.session(), h.session()
		h.begin(t, here)
		for range 2 { // not known, and known
			for _, ctx := range ended(t) {
				for _, session := range []domain.Session{here, gone} {
					if live, err := h.Lookup.Live(ctx, session.UserID, session.ID); live || err == nil {
						t.Errorf("Live gave %v and error %v, want an error alone", live, err)
					}
				}
			}
			h.want(t, true, here)
			h.want(t, false, gone)
		}
	}},
	{"Live returns the context's error if the context has ended", func(t reporter, h SessionHarness) {
		here := h.session()
		h.begin(t, here)
		for range 2 { // not known, and known
			for want, ctx := range ended(t) {
				for _, id := range []domain.SessionID{here.ID, h.session().ID, ""} {
					if live, err := h.Lookup.Live(ctx, here.UserID, id); !errors.Is(err, want) {
						t.Errorf("Live gave %v and error %v, want %v", live, err, want)
					}
				}
			}
			h.want(t, true, here)
		}
	}},
	{"A closed lookup answers with domain.Unavailable", func(t reporter, h SessionHarness) {
		session := h.session()
		h.begin(t, session)
		for _, id := range []domain.SessionID{session.ID, h.session().ID} {
			if live, err := h.Closed.Live(t.Context(), session.UserID, id); live || domain.KindOf(err) != domain.Unavailable {
				t.Errorf("Live gave %v and error %v", live, err)
			}
		}
	}},
	{"Sessions are looked up concurrently", func(t reporter, h SessionHarness) {
		const times = 5
		errs := make([]error, crowd)
		start := make(chan struct{})
		var done sync.WaitGroup
		shared := h.session()
		h.begin(t, shared)
		for member := range crowd {
			mine, lives := h.session(), member%2 == 0
			if lives {
				h.begin(t, mine)
			}
			done.Go(func() {
				<-start
				for range times {
					errs[member] = errors.Join(errs[member], h.differs(t.Context(), lives, mine), h.differs(t.Context(), true, shared))
				}
			})
		}
		close(start)
		done.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Errorf("at the same time: %v", err)
		}
	}},
}

// session makes one that nobody has used before, of a user of its own, for
// longer than any rule takes.
func (h SessionHarness) session() domain.Session {
	return domain.Session{
		UserID: domain.UserID("User-" + rand.Text()), ID: domain.SessionID("Session-" + rand.Text()),
		ExpiresAt: domain.Moment(h.Now().Add(24*time.Hour + 10*h.Staleness)),
	}
}

func (h SessionHarness) begin(t reporter, session domain.Session) {
	t.Helper()
	if err := h.Begin(t.Context(), session); err != nil {
		t.Fatalf("begin a session: %v", err)
	}
}

func (h SessionHarness) end(t reporter, session domain.Session) {
	t.Helper()
	if err := h.End(t.Context(), session.ID); err != nil {
		t.Fatalf("end a session: %v", err)
	}
}

func (h SessionHarness) want(t reporter, live bool, session domain.Session) {
	t.Helper()
	if err := h.differs(t.Context(), live, session); err != nil {
		t.Errorf("%v", err)
	}
}

// differs says how the lookup answers other than with this.
func (h SessionHarness) differs(ctx context.Context, live bool, session domain.Session) error {
	got, err := h.Lookup.Live(ctx, session.UserID, session.ID)
	switch {
	case err != nil:
		return fmt.Errorf("of %.40q, Live(%.40q): %w", session.UserID, session.ID, err)
	case got != live:
		return fmt.Errorf("of %.40q, Live(%.40q) gave %v, want %v", session.UserID, session.ID, got, live)
	}
	return nil
}
