package portstest

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// TestSessionMutants runs each rule over sound lookups, which have to pass, and
// over lookups that break the rule, which all have to fail.
func TestSessionMutants(t *testing.T) {
	var kills kills
	for _, rule := range sessionRules {
		t.Run(rule.sentence, func(t *testing.T) {
			for what, sound := range map[string]sessionMutant{
				"a sound lookup":           func(s sessionStage) ports.SessionLookup { return s.sound },
				"a sound lookup and stale": sessionStale(sessionStaleness, sessionStaleness, true),
			} {
				if failure := sessionVerdict(t, rule, sound); failure != "" {
					t.Errorf("%s fails: %s", what, failure)
				}
			}
			try(t, &kills, rule.sentence, sessionMutants[rule.sentence], func(t *testing.T, mutant sessionMutant) string {
				t.Helper()
				return sessionVerdict(t, rule, mutant)
			})
		})
	}
	if len(sessionMutants) != len(sessionRules) {
		t.Errorf("there are mutants for %d rules, want %d", len(sessionMutants), len(sessionRules))
	}
	kills.print(t)
}

// sessionStage is what a mutant is made of: a sound lookup, its clock, and all
// sessions that were ever begun.
type sessionStage struct {
	sound ports.SessionLookup
	now   func() time.Time
	begun *[]domain.Session
}

type sessionMutant = func(sessionStage) ports.SessionLookup

// sessionStaleness is the staleness that mutants are said to have.
const sessionStaleness = 10 * time.Second

// sessionMutants breaks the rules, each in several ways.
var sessionMutants = map[string]map[string]sessionMutant{
	"Live reports whether the user has a session with this id": {
		"takes all for living":  sessionAfter(func(_ bool, err error) (bool, error) { return err == nil, err }),
		"takes none for living": sessionAfter(func(_ bool, err error) (bool, error) { return false, err }),
		"knows the last one of each user alone": sessionKnowing(func(user domain.UserID, id domain.SessionID, begun []domain.Session) bool {
			var last domain.Session
			for _, session := range begun {
				if session.UserID == user {
					last = session
				}
			}
			return last.ID == id
		}),
		"asks for any session of the user's": sessionKnowing(func(user domain.UserID, _ domain.SessionID, begun []domain.Session) bool {
			for _, session := range begun {
				if session.UserID == user {
					return true
				}
			}
			return false
		}),
		"reads ids up to NUL": sessionBefore(func(user domain.UserID, id domain.SessionID) (domain.UserID, domain.SessionID) {
			text, _, _ := strings.Cut(string(id), "\x00")
			return user, domain.SessionID(text)
		}),
		"drops what is no text": sessionBefore(func(user domain.UserID, id domain.SessionID) (domain.UserID, domain.SessionID) {
			return user, domain.SessionID(strings.ToValidUTF8(string(id), ""))
		}),
		"refuses what is no id": func(s sessionStage) ports.SessionLookup {
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				if _, err := domain.ParseSessionID(string(id)); err != nil {
					return false, err
				}
				return s.sound.Live(ctx, user, id)
			})
		},
	},
	"The session of one user never lives for another": {
		"never looks at the user": sessionKnowing(func(_ domain.UserID, id domain.SessionID, begun []domain.Session) bool {
			for _, session := range begun {
				if session.ID == id {
					return true
				}
			}
			return false
		}),
		"remembers by session alone": func(s sessionStage) ports.SessionLookup {
			var known notes[domain.SessionID, bool]
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				if live, ok := known.get(id); ok {
					return live, nil
				}
				live, err := s.sound.Live(ctx, user, id)
				if live {
					known.put(id, live)
				}
				return live, err
			})
		},
		"takes no user for any": func(s sessionStage) ports.SessionLookup {
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				for _, session := range *s.begun {
					if user == "" && session.ID == id {
						user = session.UserID
					}
				}
				return s.sound.Live(ctx, user, id)
			})
		},
	},
	"A session lives up to its expiry and not at it, whatever the staleness": {
		"remembers beyond the expiry": sessionStale(sessionStaleness, sessionStaleness, false),
		"never looks at the expiry":   sessionKnowing(sessionBegun),
		"lets them live a moment more": func(s sessionStage) ports.SessionLookup {
			return sessionKnowingAt(s, func(now time.Time, expiresAt time.Time) bool { return !now.After(expiresAt) })
		},
		"counts in seconds": func(s sessionStage) ports.SessionLookup {
			return sessionKnowingAt(s, func(now time.Time, expiresAt time.Time) bool { return now.Before(expiresAt.Truncate(time.Second)) })
		},
		"lets them die early": func(s sessionStage) ports.SessionLookup {
			return sessionKnowingAt(s, func(now time.Time, expiresAt time.Time) bool { return now.Add(time.Second).Before(expiresAt) })
		},
	},
	"A session that is prolonged lives on": {
		"remembers the first expiry": func(s sessionStage) ports.SessionLookup {
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				live, err := s.sound.Live(ctx, user, id)
				for _, session := range *s.begun {
					if session.ID == id {
						return live && session.ValidAt(s.now()), err
					}
				}
				return live, err
			})
		},
		"ends them a minute after it saw them first": func(s sessionStage) ports.SessionLookup {
			var first notes[domain.SessionID, time.Time]
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				live, err := s.sound.Live(ctx, user, id)
				if _, known := first.get(id); live && !known {
					first.put(id, s.now())
				}
				since, _ := first.get(id)
				return live && s.now().Sub(since) < time.Minute, err
			})
		},
	},
	"A session that was ended does not live once the staleness has passed": {
		"remembers a moment longer": sessionStale(sessionStaleness+time.Microsecond, 0, true),
		"never forgets":             sessionStale(1<<62, 0, true),
		"never looks at the end":    sessionKnowing(sessionBegun),
		"ends all of the user's": func(s sessionStage) ports.SessionLookup {
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				live, err := s.sound.Live(ctx, user, id)
				for _, session := range *s.begun {
					if session.UserID == user {
						others, _ := s.sound.Live(ctx, user, session.ID)
						live = live && others
					}
				}
				return live, err
			})
		},
	},
	"A session that was begun lives once the staleness has passed": {
		"remembers a moment longer": sessionStale(0, sessionStaleness+time.Microsecond, true),
		"never forgets":             sessionStale(0, 1<<62, true),
	},
	"User ids are compared byte for byte": {
		"folds case":      sessionLikeUser(bytes.EqualFold),
		"trims ids":       sessionLikeUser(sessionTrimmed),
		"cuts ids":        sessionLikeUser(func(a, b []byte) bool { return bytes.Equal(a[:min(len(a), 255)], b[:min(len(b), 255)]) }),
		"compares starts": sessionLikeUser(bytes.HasPrefix),
	},
	"Session ids are compared byte for byte": {
		"folds case":      sessionLikeID(bytes.EqualFold),
		"trims ids":       sessionLikeID(sessionTrimmed),
		"cuts ids":        sessionLikeID(func(a, b []byte) bool { return bytes.Equal(a[:min(len(a), 200)], b[:min(len(b), 200)]) }),
		"compares starts": sessionLikeID(bytes.HasPrefix),
	},
	"An error says nothing about the session": {
		"takes what it could not look up for living": sessionAfter(func(live bool, err error) (bool, error) { return live || err != nil, err }),
		"hides errors": sessionAfter(func(live bool, _ error) (bool, error) { return live, nil }),
		"remembers errors": func(s sessionStage) ports.SessionLookup {
			var failed notes[domain.SessionID, error]
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				if err, known := failed.get(id); known {
					return false, err
				}
				live, err := s.sound.Live(ctx, user, id)
				if err != nil {
					failed.put(id, err)
				}
				return live, err
			})
		},
		"remembers what it could not look up": func(s sessionStage) ports.SessionLookup {
			var failed notes[domain.SessionID, bool]
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				live, err := s.sound.Live(ctx, user, id)
				if err != nil {
					failed.put(id, true)
				}
				dead, _ := failed.get(id)
				return live && !dead, err
			})
		},
	},
	"Live returns the context's error if the context has ended": {
		"ignores the context": func(s sessionStage) ports.SessionLookup {
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				return s.sound.Live(context.WithoutCancel(ctx), user, id)
			})
		},
		"looks at it only where it does not know": func(s sessionStage) ports.SessionLookup {
			var known notes[domain.SessionID, bool]
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				if live, _ := known.get(id); live {
					return true, nil
				}
				live, err := s.sound.Live(ctx, user, id)
				known.put(id, live)
				return live, err
			})
		},
		"answers for the empty id at once": func(s sessionStage) ports.SessionLookup {
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				if id == "" {
					return false, nil
				}
				return s.sound.Live(ctx, user, id)
			})
		},
		"is unavailable":                 sessionFailing(domain.ErrUnavailable),
		"gives the driver's error":       sessionFailing(errors.New("interrupted")),
		"calls every end a cancellation": sessionFailing(context.Canceled),
	},
	"A closed lookup answers with domain.Unavailable": {
		"takes all for dead":       sessionAfter(func(live bool, _ error) (bool, error) { return live, nil }),
		"gives the driver's error": sessionFailing(errors.New("database is closed")),
		"answers all the same":     sessionKnowing(sessionBegun),
		"remembers when it is closed": func(s sessionStage) ports.SessionLookup {
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				live, err := s.sound.Live(ctx, user, id)
				return live || sessionBegun(user, id, *s.begun), err
			})
		},
	},
	"Sessions are looked up concurrently": {
		"can do one at a time": func(s sessionStage) ports.SessionLookup {
			var inside atomic.Int32
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				defer inside.Add(-1)
				if inside.Add(1) > 1 {
					return false, domain.ErrUnavailable
				}
				runtime.Gosched()
				return s.sound.Live(ctx, user, id)
			})
		},
		"keeps the answer where others overwrite it": func(s sessionStage) ports.SessionLookup {
			var last atomic.Bool
			return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
				live, err := s.sound.Live(ctx, user, id)
				last.Store(live)
				runtime.Gosched()
				return last.Load(), err
			})
		},
	},
}

// sessionVerdict gives what a rule says against the lookups that mutate makes
// of sound ones, open and closed.
func sessionVerdict(t *testing.T, rule sessionRule, mutate sessionMutant) string {
	t.Helper()
	now := noon
	clock := func() time.Time { return now }
	var begun []domain.Session
	sessions, closed := memory.NewSessions(clock), memory.NewSessions(clock)
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	harness := SessionHarness{
		Lookup:    mutate(sessionStage{sessions, clock, &begun}),
		Now:       clock,
		Advance:   func(d time.Duration) { now = now.Add(d) },
		Staleness: sessionStaleness,
		Begin: func(_ context.Context, session domain.Session) error {
			begun = append(begun, session)
			sessions.Begin(session)
			return nil
		},
		End: func(_ context.Context, id domain.SessionID) error {
			sessions.End(id)
			return nil
		},
		Closed: mutate(sessionStage{closed, clock, &begun}),
	}
	return verdict(t, func(t reporter) { rule.check(t, harness) })
}

type sessionFunc func(context.Context, domain.UserID, domain.SessionID) (bool, error)

func (f sessionFunc) Live(ctx context.Context, user domain.UserID, session domain.SessionID) (bool, error) {
	return f(ctx, user, session)
}

// sessionBefore breaks what is asked for.
func sessionBefore(change func(domain.UserID, domain.SessionID) (domain.UserID, domain.SessionID)) sessionMutant {
	return func(s sessionStage) ports.SessionLookup {
		return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
			user, id = change(user, id)
			return s.sound.Live(ctx, user, id)
		})
	}
}

// sessionAfter breaks what is answered.
func sessionAfter(change func(bool, error) (bool, error)) sessionMutant {
	return func(s sessionStage) ports.SessionLookup {
		return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
			return change(s.sound.Live(ctx, user, id))
		})
	}
}

// sessionFailing answers every error with another.
func sessionFailing(with error) sessionMutant {
	return sessionAfter(func(live bool, err error) (bool, error) {
		if err != nil {
			err = with
		}
		return live, err
	})
}

// sessionKnowing answers from what was begun alone.
func sessionKnowing(lives func(domain.UserID, domain.SessionID, []domain.Session) bool) sessionMutant {
	return func(s sessionStage) ports.SessionLookup {
		return sessionFunc(func(_ context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
			return lives(user, id, *s.begun), nil
		})
	}
}

func sessionBegun(user domain.UserID, id domain.SessionID, begun []domain.Session) bool {
	for _, session := range begun {
		if session.UserID == user && session.ID == id {
			return true
		}
	}
	return false
}

// sessionKnowingAt has another idea of when a session is over.
func sessionKnowingAt(s sessionStage, lives func(now, expiresAt time.Time) bool) ports.SessionLookup {
	return sessionFunc(func(_ context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
		for _, session := range *s.begun {
			if session.UserID == user && session.ID == id {
				return lives(s.now(), session.ExpiresAt), nil
			}
		}
		return false, nil
	})
}

// sessionLike answers for all sessions that are like the one asked about.
func sessionLike(alike func(session domain.Session, user domain.UserID, id domain.SessionID) bool) sessionMutant {
	return func(s sessionStage) ports.SessionLookup {
		return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
			for _, session := range *s.begun {
				if !alike(session, user, id) {
					continue
				}
				if live, err := s.sound.Live(ctx, session.UserID, session.ID); live || err != nil {
					return live, err
				}
			}
			return false, ctx.Err()
		})
	}
}

// sessionLikeUser takes alike users for the same.
func sessionLikeUser(alike func(here, asked []byte) bool) sessionMutant {
	return sessionLike(func(session domain.Session, user domain.UserID, id domain.SessionID) bool {
		return session.ID == id && alike([]byte(session.UserID), []byte(user))
	})
}

// sessionLikeID takes alike sessions for the same.
func sessionLikeID(alike func(here, asked []byte) bool) sessionMutant {
	return sessionLike(func(session domain.Session, user domain.UserID, id domain.SessionID) bool {
		return session.UserID == user && alike([]byte(session.ID), []byte(id))
	})
}

func sessionTrimmed(a, b []byte) bool { return bytes.Equal(bytes.TrimSpace(a), bytes.TrimSpace(b)) }

// sessionStale remembers for so long what lives and what does not, and if
// asked to not beyond the expiry.
func sessionStale(living, dead time.Duration, expiring bool) sessionMutant {
	type asked struct {
		user domain.UserID
		id   domain.SessionID
	}
	type sighting struct {
		live  bool
		until time.Time
	}
	return func(s sessionStage) ports.SessionLookup {
		var known notes[asked, sighting]
		return sessionFunc(func(ctx context.Context, user domain.UserID, id domain.SessionID) (bool, error) {
			if seen, ok := known.get(asked{user, id}); ok && s.now().Before(seen.until) && ctx.Err() == nil {
				return seen.live, nil
			}
			live, err := s.sound.Live(ctx, user, id)
			if err != nil {
				return live, err
			}
			until := s.now().Add(dead)
			if live {
				until = s.now().Add(living)
			}
			for _, session := range *s.begun {
				if expiring && live && session.ID == id && session.ValidAt(s.now()) && session.ExpiresAt.Before(until) {
					until = session.ExpiresAt
				}
			}
			known.put(asked{user, id}, sighting{live, until})
			return live, nil
		})
	}
}

func sessionLookupSentences() []string {
	var sentences []string
	for _, rule := range sessionRules {
		sentences = append(sentences, rule.sentence)
	}
	return sentences
}
