package betterauth_test

import (
	"context"
	"crypto/rand"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports/portstest"
)

func TestSessions(t *testing.T) {
	t.Parallel()
	address := postgrestest.Database(t)
	for mode, address := range map[string]string{"prepared": address, "unprepared": with(t, address, "default_query_exec_mode", "exec")} {
		t.Run(mode, func(t *testing.T) {
			db := connect(t, address)
			execute(t, db, `DROP TABLE IF EXISTS session, jwks, "user"; `+ownTables)
			now := noon
			clock := func() time.Time { return now }
			const staleness = 3 * time.Second
			portstest.TestSessionLookup(t, portstest.SessionHarness{
				Lookup:    newSessions(t, db, betterauth.Names{}, betterauth.SessionsOptions{Staleness: staleness, Clock: clock}),
				Now:       clock,
				Advance:   func(d time.Duration) { now = now.Add(d) },
				Staleness: staleness,
				Begin: func(ctx context.Context, session domain.Session) error {
					_, err := db.ExecContext(ctx, `
						WITH owner AS (INSERT INTO "user" (id, name, email, "emailVerified") VALUES ($1, '', $1, true) ON CONFLICT DO NOTHING)
						INSERT INTO session (id, token, "userId", "expiresAt", "updatedAt") VALUES ($2, $3, $1, $4, $5)
						ON CONFLICT (id) DO UPDATE SET ("userId", "expiresAt") = (excluded."userId", excluded."expiresAt")`,
						string(session.UserID), string(session.ID), rand.Text(), session.ExpiresAt, now)
					return err
				},
				End: func(ctx context.Context, id domain.SessionID) error {
					_, err := db.ExecContext(ctx, `DELETE FROM session WHERE id = $1`, string(id))
					return err
				},
				Closed: newSessions(t, closed(t), betterauth.Names{}, betterauth.SessionsOptions{}),
			})
		})
	}
}

// register is a table of sessions that lies still unless a test writes to it.
type register struct {
	mu   sync.Mutex
	rows map[string][]driver.Value
}

func (r *register) put(session, user string, expiresAt time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rows == nil {
		r.rows = map[string][]driver.Value{}
	}
	r.rows[session] = []driver.Value{session, user, expiresAt}
}

func (r *register) drop(session string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.rows, session)
}

func (r *register) answer(_ context.Context, session string) ([][]driver.Value, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if row, there := r.rows[session]; there {
		return [][]driver.Value{row}, nil
	}
	return nil, nil
}

// inBubble runs a test with sessions on a fake database, in time of its own.
func inBubble(t *testing.T, options betterauth.SessionsOptions, test func(t *testing.T, sessions *betterauth.Sessions, fake *fake, register *register)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		register := &register{}
		fake := &fake{answer: register.answer}
		db := fake.open()
		defer closeDB(t, db)
		test(t, newSessions(t, db, betterauth.Names{}, options), fake, register)
	})
}

// pass lets time pass, which takes none in a bubble.
func pass(duration time.Duration) { <-time.After(duration) }

// want fails the test unless the database was asked so often since the last time.
func (f *fake) want(t *testing.T, asked int32) {
	t.Helper()
	if got := f.asked.Swap(0); got != asked {
		t.Errorf("the database was asked %d times, want %d", got, asked)
	}
}

func TestSessionsRemember(t *testing.T) {
	for staleness, lasts := range map[time.Duration]time.Duration{0: 10 * time.Second, 3 * time.Second: 3 * time.Second, time.Minute: time.Minute} {
		t.Run(fmt.Sprint(staleness), func(t *testing.T) {
			inBubble(t, betterauth.SessionsOptions{Staleness: staleness}, func(t *testing.T, sessions *betterauth.Sessions, fake *fake, register *register) {
				register.put("s1", "u1", time.Now().Add(time.Hour))
				wantLive(t, sessions, "u1", "s1", true)
				fake.want(t, 1)
				register.drop("s1")
				pass(lasts - time.Nanosecond)
				wantLive(t, sessions, "u1", "s1", true)
				wantLive(t, sessions, "u2", "s1", false)
				fake.want(t, 0)
				pass(time.Nanosecond)
				wantLive(t, sessions, "u1", "s1", false)
				fake.want(t, 1)
			})
		})
	}
}

func TestSessionsThatDoNotLive(t *testing.T) {
	inBubble(t, betterauth.SessionsOptions{}, func(t *testing.T, sessions *betterauth.Sessions, fake *fake, register *register) {
		register.put("over", "u1", time.Now())
		for _, session := range []domain.SessionID{"over", "none"} {
			wantLive(t, sessions, "u1", session, false)
			wantLive(t, sessions, "", session, false)
			fake.want(t, 1)
			register.put(string(session), "u1", time.Now().Add(time.Hour))
			pass(time.Second - time.Nanosecond)
			wantLive(t, sessions, "u1", session, false)
			fake.want(t, 0)
			pass(time.Nanosecond)
			wantLive(t, sessions, "u1", session, true)
			fake.want(t, 1)
		}
	})
}

func TestSessionsEndWhileRemembered(t *testing.T) {
	inBubble(t, betterauth.SessionsOptions{}, func(t *testing.T, sessions *betterauth.Sessions, fake *fake, register *register) {
		register.put("s1", "u1", time.Now().Add(3*time.Second))
		wantLive(t, sessions, "u1", "s1", true)
		pass(3*time.Second - time.Nanosecond)
		wantLive(t, sessions, "u1", "s1", true)
		fake.want(t, 1)
		pass(time.Nanosecond)
		wantLive(t, sessions, "u1", "s1", false)
		fake.want(t, 1)

		register.put("s2", "u1", time.Now().Add(3*time.Second))
		wantLive(t, sessions, "u1", "s2", true)
		register.put("s2", "u1", time.Now().Add(time.Hour)) // Better Auth prolongs sessions in use
		pass(3 * time.Second)
		wantLive(t, sessions, "u1", "s2", true)
		fake.want(t, 2)
	})
}

// A user's id is what the row says, also if the question says otherwise first.
func TestSessionsOfOthers(t *testing.T) {
	inBubble(t, betterauth.SessionsOptions{}, func(t *testing.T, sessions *betterauth.Sessions, fake *fake, register *register) {
		register.put("s1", "u1", time.Now().Add(time.Hour))
		wantLive(t, sessions, "u2", "s1", false)
		wantLive(t, sessions, "U1", "s1", false)
		wantLive(t, sessions, "", "s1", false)
		wantLive(t, sessions, "u1", "s1", true)
		fake.want(t, 1)
		register.put("s2", "", time.Now().Add(time.Hour))
		wantLive(t, sessions, "", "s2", false)
	})
}

func TestSessionsNeverAskForJunk(t *testing.T) {
	inBubble(t, betterauth.SessionsOptions{}, func(t *testing.T, sessions *betterauth.Sessions, fake *fake, _ *register) {
		for _, session := range []string{"", "\x00", "a\xff", strings.Repeat("x", domain.MaxSessionIDBytes+1)} {
			wantLive(t, sessions, "u1", domain.SessionID(session), false)
		}
		fake.want(t, 0)
		if remembered := sessions.Remembered(); remembered != 0 {
			t.Errorf("%d sessions are remembered", remembered)
		}
	})
}

func TestSessionsAreBounded(t *testing.T) {
	inBubble(t, betterauth.SessionsOptions{Capacity: 5}, func(t *testing.T, sessions *betterauth.Sessions, fake *fake, register *register) {
		for i := range 100 {
			id := fmt.Sprint("s", i)
			if i%2 == 0 {
				register.put(id, "u1", time.Now().Add(time.Hour))
			}
			wantLive(t, sessions, "u1", domain.SessionID(id), i%2 == 0)
			wantLive(t, sessions, "u1", domain.SessionID(id), i%2 == 0)
			if remembered := sessions.Remembered(); remembered != min(i+1, 5) {
				t.Fatalf("after %d sessions %d are remembered", i+1, remembered)
			}
		}
		fake.want(t, 100)
	})
}

func TestSessionsAskOnceForMany(t *testing.T) {
	inBubble(t, betterauth.SessionsOptions{}, func(t *testing.T, sessions *betterauth.Sessions, fake *fake, register *register) {
		register.put("s1", "u1", time.Now().Add(time.Hour))
		landing := make(chan struct{})
		fake.answer = func(ctx context.Context, session string) ([][]driver.Value, error) {
			<-landing
			return register.answer(ctx, session)
		}
		var callers sync.WaitGroup
		for range 20 {
			callers.Go(func() { wantLive(t, sessions, "u1", "s1", true) })
		}
		impatient, leave := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			_, err := sessions.Live(impatient, "u1", "s1")
			left <- err
		}()
		synctest.Wait()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who left got error %v", err)
		}
		close(landing)
		callers.Wait()
		fake.want(t, 1)
	})
}

// The one whose question reaches the database may leave: others wait for the answer.
func TestSessionsOutliveTheFirstCaller(t *testing.T) {
	inBubble(t, betterauth.SessionsOptions{}, func(t *testing.T, sessions *betterauth.Sessions, fake *fake, register *register) {
		register.put("s1", "u1", time.Now().Add(time.Hour))
		landing := make(chan struct{})
		fake.answer = func(ctx context.Context, session string) ([][]driver.Value, error) {
			select {
			case <-landing:
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			return register.answer(ctx, session)
		}
		first, leave := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			_, err := sessions.Live(first, "u1", "s1")
			left <- err
		}()
		synctest.Wait()
		stayed := make(chan bool)
		go func() {
			live, err := sessions.Live(t.Context(), "u1", "s1")
			stayed <- live && err == nil
		}()
		synctest.Wait()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who left got error %v", err)
		}
		close(landing)
		if !<-stayed {
			t.Error("who stayed got no answer")
		}
		fake.want(t, 1)
	})
}

func TestSessionsGiveUp(t *testing.T) {
	inBubble(t, betterauth.SessionsOptions{}, func(t *testing.T, sessions *betterauth.Sessions, fake *fake, register *register) {
		fake.answer = func(ctx context.Context, _ string) ([][]driver.Value, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		began := time.Now()
		live, err := sessions.Live(t.Context(), "u1", "s1")
		if live || !errors.Is(err, domain.ErrUnavailable) || time.Since(began) != 5*time.Second {
			t.Errorf("after %v Live gave %v and error %v, want it to be unavailable after 5 s", time.Since(began), live, err)
		}
		ended, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if live, err := sessions.Live(ended, "u1", "s1"); live || !errors.Is(err, context.DeadlineExceeded) || domain.KindOf(err) == domain.Unavailable {
			t.Errorf("Live gave %v and error %v, want the context's", live, err)
		}
		pass(5 * time.Second) // the look that is under way gives up
		synctest.Wait()
		fake.answer = register.answer
		register.put("s1", "u1", time.Now().Add(time.Hour))
		wantLive(t, sessions, "u1", "s1", true)
	})
}

func TestSessionsDoNotRememberFailures(t *testing.T) {
	inBubble(t, betterauth.SessionsOptions{}, func(t *testing.T, sessions *betterauth.Sessions, fake *fake, register *register) {
		register.put("s1", "u1", time.Now().Add(time.Hour))
		fake.answer = func(context.Context, string) ([][]driver.Value, error) { return nil, answered("57P01") }
		if live, err := sessions.Live(t.Context(), "u1", "s1"); live || !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("Live gave %v and error %v, want it to be unavailable", live, err)
		}
		fake.answer = register.answer
		wantLive(t, sessions, "u1", "s1", true)
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if live, err := sessions.Live(ended, "u1", "s1"); live || !errors.Is(err, context.Canceled) {
			t.Errorf("of a session that is remembered, Live gave %v and error %v, want the context's", live, err)
		}
	})
}

func TestSessionsOptions(t *testing.T) {
	for _, options := range []betterauth.SessionsOptions{{Staleness: -1}, {Capacity: -1}} {
		if _, err := betterauth.NewSessions(nil, betterauth.Names{}, options); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%+v gave error %v", options, err)
		}
	}
}
