package portstest

import (
	"context"
	"errors"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// revocationHarness sets the stage for the rules of [TestRevocations]. Rules
// whose function is nil are left out.
type revocationHarness struct {
	store  func() ports.Revocations
	closed func() ports.Revocations
	twice  func() (one, other ports.Revocations)
}

// TestRevocationMutants runs each rule over stores that are broken on purpose,
// by the sentence of the contract that each of them makes untrue. The rule for
// that sentence has to fail, and there has to be one such store for each rule.
func TestRevocationMutants(t *testing.T) {
	var kills kills
	left := maps.Clone(revocationMutants)
	for _, sentence := range revocationSentences() {
		try(t, &kills, sentence, left[sentence], func(t *testing.T, mutant revocationHarness) string {
			t.Helper()
			return mutant.failure(t, sentence)
		})
		delete(left, sentence)
	}
	for sentence := range left {
		t.Errorf("mutants break the rule %q, which does not exist", sentence)
	}
	kills.print(t)
}

// TestSoundRevocations is the control: what the mutants are made from fails no rule.
func TestSoundRevocations(t *testing.T) {
	for name, sound := range map[string]revocationHarness{
		"memory": {
			store:  func() ports.Revocations { return memory.NewRevocations() },
			closed: closedRevocations,
			twice: func() (one, other ports.Revocations) {
				shared := memory.NewRevocations()
				return shared, shared
			},
		},
		"ledger": inLedger(func(*ledger) {}),
		"mutant": {store: func() ports.Revocations { return revocationMutant{sound: memory.NewRevocations()} }},
	} {
		t.Run(name, func(t *testing.T) {
			for _, sentence := range revocationSentences() {
				if failure := sound.failure(t, sentence); failure != "" {
					t.Errorf("%s: %s", sentence, failure)
				}
			}
		})
	}
}

func revocationSentences() []string {
	var sentences []string
	for _, rule := range revocationRules() {
		sentences = append(sentences, rule.sentence)
	}
	return append(sentences, closedRevocationsRule.sentence, revocationsTwiceRule.sentence)
}

// failure gives what the rule for a sentence says, empty if it says nothing or
// the stage cannot be set for it.
func (h revocationHarness) failure(t *testing.T, sentence string) string {
	t.Helper()
	switch {
	case sentence == closedRevocationsRule.sentence && h.closed != nil:
		return verdict(t, func(t reporter) { closedRevocationsRule.check(t, h.closed()) })
	case sentence == revocationsTwiceRule.sentence && h.twice != nil:
		return verdict(t, func(t reporter) {
			one, other := h.twice()
			revocationsTwiceRule.check(t, one, other)
		})
	}
	for _, rule := range revocationRules() {
		if rule.sentence == sentence && h.store != nil {
			return verdict(t, func(t reporter) { rule.check(t, h.store()) })
		}
	}
	return ""
}

// revocationMutant is a sound store, but for the methods that are overridden.
type revocationMutant struct {
	sound        ports.Revocations
	revoke       func(c revocationCall, entry ports.TokenEntry) error
	revokeBefore func(c revocationCall, moment time.Time) error
	revoked      func(c revocationCall, session domain.Session) (bool, error)
	spend        func(c revocationCall, entry ports.TokenEntry) (bool, error)
	spent        func(c revocationCall, token domain.TokenID, at time.Time) (bool, error)
}

// revocationCall is a call of a mutant's method, which the sound store can answer.
type revocationCall struct {
	ctx   context.Context
	sound ports.Revocations
	owner domain.UserID
}

func (c revocationCall) revoke(entry ports.TokenEntry) error {
	return c.sound.Revoke(c.ctx, c.owner, entry)
}

func (c revocationCall) revokeBefore(moment time.Time) error {
	return c.sound.RevokeBefore(c.ctx, c.owner, moment)
}

func (c revocationCall) revoked(session domain.Session) (bool, error) {
	return c.sound.Revoked(c.ctx, c.owner, session)
}

func (c revocationCall) spend(entry ports.TokenEntry) (bool, error) {
	return c.sound.Spend(c.ctx, c.owner, entry)
}

func (c revocationCall) spent(token domain.TokenID, at time.Time) (bool, error) {
	return c.sound.Spent(c.ctx, c.owner, token, at)
}

// endless is the call without its context's end.
func (c revocationCall) endless() revocationCall {
	c.ctx = context.WithoutCancel(c.ctx)
	return c
}

func (m revocationMutant) Revoke(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) error {
	if m.revoke == nil {
		m.revoke = revocationCall.revoke
	}
	return m.revoke(revocationCall{ctx, m.sound, owner}, entry)
}

func (m revocationMutant) RevokeBefore(ctx context.Context, owner domain.UserID, moment time.Time) error {
	if m.revokeBefore == nil {
		m.revokeBefore = revocationCall.revokeBefore
	}
	return m.revokeBefore(revocationCall{ctx, m.sound, owner}, moment)
}

func (m revocationMutant) Revoked(ctx context.Context, owner domain.UserID, session domain.Session) (bool, error) {
	if m.revoked == nil {
		m.revoked = revocationCall.revoked
	}
	return m.revoked(revocationCall{ctx, m.sound, owner}, session)
}

func (m revocationMutant) Spend(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) (bool, error) {
	if m.spend == nil {
		m.spend = revocationCall.spend
	}
	return m.spend(revocationCall{ctx, m.sound, owner}, entry)
}

func (m revocationMutant) Spent(ctx context.Context, owner domain.UserID, token domain.TokenID, at time.Time) (bool, error) {
	if m.spent == nil {
		m.spent = revocationCall.spent
	}
	return m.spent(revocationCall{ctx, m.sound, owner}, token, at)
}

// revocationsAs opens mutants of memory.NewRevocations.
func revocationsAs(mutant revocationMutant) revocationHarness {
	return revocationHarness{store: func() ports.Revocations {
		mutant.sound = memory.NewRevocations()
		return mutant
	}}
}

// spentAs opens stores of which Spent alone is broken.
func spentAs(spent func(c revocationCall, token domain.TokenID, at time.Time) (bool, error)) revocationHarness {
	return revocationsAs(revocationMutant{spent: spent})
}

// spentIn opens stores that look for spent tokens, and for nothing else, in a
// ledger with faults.
func spentIn(spoil func(*ledger)) revocationHarness {
	return revocationHarness{store: func() ports.Revocations {
		spoiled := newLedger(spoil)
		return revocationMutant{
			sound: memory.NewRevocations(),
			spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
				first, err := c.spend(entry)
				if first {
					spoiled.put(ledgerWrite{ledgerSpent, c.owner, entry})
				}
				return first, err
			},
			spent: func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
				c.sound = spoiled
				return c.spent(token, at)
			},
		}
	}}
}

// inLedger opens a ledger with faults.
func inLedger(spoil func(*ledger)) revocationHarness {
	return revocationHarness{store: func() ports.Revocations { return newLedger(spoil) }}
}

// keyedByOwner keeps each owner's entries as those of the owner that key makes of it.
func keyedByOwner(key func(domain.UserID) domain.UserID) revocationHarness {
	under := func(c revocationCall) revocationCall {
		c.owner = key(c.owner)
		return c
	}
	return revocationsAs(revocationMutant{
		revoke:       func(c revocationCall, entry ports.TokenEntry) error { return under(c).revoke(entry) },
		revokeBefore: func(c revocationCall, moment time.Time) error { return under(c).revokeBefore(moment) },
		revoked:      func(c revocationCall, session domain.Session) (bool, error) { return under(c).revoked(session) },
		spend:        func(c revocationCall, entry ports.TokenEntry) (bool, error) { return under(c).spend(entry) },
		spent: func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			return under(c).spent(token, at)
		},
	})
}

// keyedByToken keeps each token as the one that key makes of it.
func keyedByToken(key func(string) string) revocationHarness {
	under := func(entry ports.TokenEntry) ports.TokenEntry {
		entry.Token = domain.TokenID(key(string(entry.Token)))
		return entry
	}
	return revocationsAs(revocationMutant{
		revoke: func(c revocationCall, entry ports.TokenEntry) error { return c.revoke(under(entry)) },
		revoked: func(c revocationCall, session domain.Session) (bool, error) {
			session.TokenID = domain.TokenID(key(string(session.TokenID)))
			return c.revoked(session)
		},
		spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) { return c.spend(under(entry)) },
		spent: func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			return c.spent(domain.TokenID(key(string(token))), at)
		},
	})
}

// revocationsFailing answers every error with another.
func revocationsFailing(answer func(c revocationCall, err error) error) revocationMutant {
	told := func(c revocationCall, err error) error {
		if err != nil {
			return answer(c, err)
		}
		return nil
	}
	return revocationMutant{
		revoke:       func(c revocationCall, entry ports.TokenEntry) error { return told(c, c.revoke(entry)) },
		revokeBefore: func(c revocationCall, moment time.Time) error { return told(c, c.revokeBefore(moment)) },
		revoked: func(c revocationCall, session domain.Session) (bool, error) {
			revoked, err := c.revoked(session)
			return revoked, told(c, err)
		},
		spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
			first, err := c.spend(entry)
			return first, told(c, err)
		},
		spent: func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			spent, err := c.spent(token, at)
			return spent, told(c, err)
		},
	}
}

func endingRevocationsWith(answer error) revocationHarness {
	return revocationsAs(revocationsFailing(func(c revocationCall, err error) error {
		if errors.Is(err, c.ctx.Err()) {
			return answer
		}
		return err
	}))
}

func closedRevocationsAs(mutant revocationMutant) revocationHarness {
	return revocationHarness{closed: func() ports.Revocations {
		mutant.sound = closedRevocations()
		return mutant
	}}
}

func closedRevocations() ports.Revocations {
	revocations := memory.NewRevocations()
	if err := revocations.Close(); err != nil {
		panic(err)
	}
	return revocations
}

func revocationsTwiceAs(open func() revocationMutant) revocationHarness {
	return revocationHarness{twice: func() (ports.Revocations, ports.Revocations) {
		shared := memory.NewRevocations()
		one, other := open(), open()
		one.sound, other.sound = shared, shared
		return one, other
	}}
}

// racing lets calls of the ledger see what is not there any more.
func racing() revocationHarness {
	return inLedger(func(l *ledger) {
		l.between = func() {
			for range 4 * crowd { // let all others come as far
				runtime.Gosched()
			}
		}
	})
}

func anyToken(domain.TokenID, domain.TokenID) bool { return true }

// tokenFold compares tokens as equalFold does owners.
func tokenFold(asked, kept domain.TokenID) bool {
	return strings.EqualFold(string(asked), string(kept))
}

// tokenLike compares tokens as like does owners.
func tokenLike(asked, kept domain.TokenID) bool {
	return like(domain.UserID(asked), domain.UserID(kept))
}

// last keeps what it is told last.
func last(_, after time.Time) time.Time { return after }

// foremost keeps what it is told first.
func foremost(before, after time.Time) time.Time {
	if before.IsZero() {
		return after
	}
	return before
}

// sooner keeps the earlier of two times.
func sooner(before, after time.Time) time.Time {
	if after.Before(before) {
		return after
	}
	return before
}

var revocationMutants = map[string]map[string]revocationHarness{
	"Revoke makes the owner's sessions with this token revoked": {
		"Revoke writes nothing":                     revocationsAs(revocationMutant{revoke: func(c revocationCall, _ ports.TokenEntry) error { return c.ctx.Err() }}),
		"Revoke revokes every token of the owner's": inLedger(func(l *ledger) { l.same = anyToken }),
		"Revoke keeps one token": inLedger(func(l *ledger) {
			l.forgets = func(row ledgerRow, w ledgerWrite) bool { return row.kind == w.kind && row.owner == w.owner }
		}),
		"a token that was issued after its revocation is accepted": revocationsAs(revocationMutant{
			revoked: func(c revocationCall, session domain.Session) (bool, error) {
				revoked, err := c.revoked(session)
				return revoked && !session.IssuedAt.After(noon), err
			},
		}),
		"every token is revoked": inLedger(func(l *ledger) { l.unwritten = evening.Add(time.Hour) }),
	},
	"A token that is revoked again is so until the later of the two times": {
		"the first time stays":   inLedger(func(l *ledger) { l.keeps = foremost }),
		"the last time stays":    inLedger(func(l *ledger) { l.keeps = last }),
		"the earlier time stays": inLedger(func(l *ledger) { l.keeps = sooner }),
		"it is revoked for good": inLedger(func(l *ledger) { l.keeps = func(_, after time.Time) time.Time { return after.AddDate(1, 0, 0) } }),
	},
	"RevokeBefore makes the owner's sessions revoked that were issued before the moment, to the microsecond": {
		"RevokeBefore writes nothing": revocationsAs(revocationMutant{revokeBefore: func(c revocationCall, _ time.Time) error { return c.ctx.Err() }}),
		"the moment itself is before it": inLedger(func(l *ledger) {
			l.tooEarly = func(issuedAt, moment time.Time) bool { return !issuedAt.After(moment) }
		}),
		"moments are kept in seconds":      revocationsAs(momentsIn(time.Second)),
		"moments are kept in milliseconds": revocationsAs(momentsIn(time.Millisecond)),
		"times of issue are read in milliseconds": inLedger(func(l *ledger) {
			l.tooEarly = func(issuedAt, moment time.Time) bool { return issuedAt.Truncate(time.Millisecond).Before(moment) }
		}),
		"every session is revoked": revocationsAs(revocationMutant{revokeBefore: func(c revocationCall, _ time.Time) error { return c.revokeBefore(evening.AddDate(1, 0, 0)) }}),
		"sessions of long ago are forgotten": inLedger(func(l *ledger) {
			l.tooEarly = func(issuedAt, moment time.Time) bool {
				return issuedAt.Before(moment) && (issuedAt.IsZero() || issuedAt.Year() > 1970)
			}
		}),
	},
	"A session that does not say when it was issued counts as issued before any moment": {
		"it counts as issued now": inLedger(func(l *ledger) {
			l.tooEarly = func(issuedAt, moment time.Time) bool { return !issuedAt.IsZero() && issuedAt.Before(moment) }
		}),
		"it counts as issued in 2000": inLedger(func(l *ledger) {
			l.tooEarly = func(issuedAt, moment time.Time) bool {
				if issuedAt.IsZero() {
					issuedAt = time.Unix(946684800, 0)
				}
				return issuedAt.Before(moment)
			}
		}),
		"it is always revoked": revocationsAs(revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) {
			revoked, err := c.revoked(session)
			return revoked || session.IssuedAt.IsZero(), err
		}}),
		"it is an error": revocationsAs(revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) {
			if session.IssuedAt.IsZero() {
				return false, errors.New("time out of range")
			}
			return c.revoked(session)
		}}),
	},
	"The moment never goes back": {
		"the last moment stays":  inLedger(func(l *ledger) { l.sets = last }),
		"the first moment stays": inLedger(func(l *ledger) { l.sets = foremost }),
	},
	"Revoked reports whether the session is revoked, by its token or by its time of issue": {
		"the token has to be revoked and issued too early": revocationsAs(revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) {
			byEither, err := c.revoked(session)
			alone := session
			alone.IssuedAt = evening
			byToken, tokenErr := c.revoked(alone)
			alone = session
			alone.TokenID = ""
			byTime, timeErr := c.revoked(alone)
			return byEither && byToken && byTime, errors.Join(err, tokenErr, timeErr)
		}}),
		"a session without a token's id is never revoked": revocationsAs(revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) {
			revoked, err := c.revoked(session)
			return revoked && session.TokenID != "", err
		}}),
		"a moment makes tokens good that were revoked": revocationsAs(revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) {
			anonymous := session
			anonymous.TokenID, anonymous.IssuedAt = "", time.Time{}
			if set, err := c.revoked(anonymous); err != nil || set {
				session.TokenID = ""
			}
			return c.revoked(session)
		}}),
		"it says the opposite": revocationsAs(revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) {
			revoked, err := c.revoked(session)
			return !revoked, err
		}}),
	},
	"A session of which nothing is written is not revoked": {
		"every session of an unknown owner is": revocationsAs(revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) {
			revoked, err := c.revoked(session)
			return revoked || session.TokenID == "", err
		}}),
		"the moment is 1970 where none was set": inLedger(func(l *ledger) { l.unwritten = time.Unix(0, 0) }),
		"it is an error": revocationsAs(revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) {
			revoked, err := c.revoked(session)
			if err == nil && !revoked {
				err = errors.New("no rows in result set")
			}
			return revoked, err
		}}),
	},
	"Spend reports whether the token is spent for the first time": {
		"it is always the first time": revocationsAs(revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
			_, err := c.spend(entry)
			return err == nil, err
		}}),
		"it is never the first time": revocationsAs(revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
			_, err := c.spend(entry)
			return false, err
		}}),
		"the first time is for all tokens of the owner's": inLedger(func(l *ledger) { l.same = anyToken }),
		"one spent token is kept": inLedger(func(l *ledger) {
			l.forgets = func(row ledgerRow, w ledgerWrite) bool { return row.kind == w.kind && row.owner == w.owner }
		}),
		"it is the first time every other time": revocationsAs(revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
			first, err := c.spend(entry)
			if err == nil && !first {
				entry.At, entry.Until = entry.Until.AddDate(9, 0, 0), time.Time{}
				_, err = c.spend(entry)
			}
			return first, err
		}}),
	},
	"A token may be spent again once its entry is over": {
		"a token is spent for good": revocationsAs(revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
			entry.Until = entry.Until.AddDate(9, 0, 0)
			return c.spend(entry)
		}}),
		"an entry is not over at its very end": revocationsAs(revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
			entry.Until = entry.Until.Add(time.Microsecond)
			return c.spend(entry)
		}}),
		"the second entry keeps the time of the first": func() revocationHarness {
			var until notes[domain.TokenID, time.Time]
			return revocationsAs(revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
				if first, known := until.get(entry.Token); known {
					entry.Until = first
				}
				until.put(entry.Token, entry.Until)
				return c.spend(entry)
			}})
		}(),
	},
	"To spend a token does not revoke it, and to revoke it does not spend it": {
		"an entry is an entry": inLedger(func(l *ledger) { l.isOf = func(ledgerKind, ledgerKind) bool { return true } }),
		"a spent token is revoked": inLedger(func(l *ledger) {
			l.isOf = func(asked, kept ledgerKind) bool { return asked == kept || asked == ledgerRevoked }
		}),
		"a revoked token is spent": inLedger(func(l *ledger) {
			l.isOf = func(asked, kept ledgerKind) bool { return asked == kept || asked == ledgerSpent }
		}),
		"Spent takes a revoked token for spent": spentAs(func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			revoked, err := c.revoked(domain.Session{TokenID: token, IssuedAt: evening})
			spent, spentErr := c.spent(token, at)
			return revoked || spent, errors.Join(err, spentErr)
		}),
		"a token that is spent is revoked no more": revocationsAs(revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) {
			revoked, err := c.revoked(session)
			if err != nil || !revoked {
				return revoked, err
			}
			return c.spend(ports.TokenEntry{Token: session.TokenID, At: noon, Until: later})
		}}),
	},
	"Spent reports whether the token has been spent and its entry is not over at that time": {
		"every token is spent": spentAs(func(revocationCall, domain.TokenID, time.Time) (bool, error) { return true, nil }),
		"no token is spent":    spentAs(func(revocationCall, domain.TokenID, time.Time) (bool, error) { return false, nil }),
		"whatever the time":    spentAs(func(c revocationCall, token domain.TokenID, _ time.Time) (bool, error) { return c.spent(token, noon) }),
		"an entry is not over at its very end": spentAs(func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			return c.spent(token, at.Add(-time.Microsecond))
		}),
		"an entry is over a second early": spentAs(func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			return c.spent(token, at.Add(time.Second))
		}),
		"an unknown token is an error": spentAs(func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			spent, err := c.spent(token, at)
			if err == nil && !spent {
				err = errors.New("no rows in result set")
			}
			return spent, err
		}),
		"one token is spent as good as all": inLedger(func(l *ledger) { l.same = anyToken }),
		"a token that was spent before is not spent by a second entry": func() revocationHarness {
			var until notes[domain.TokenID, time.Time]
			return revocationsAs(revocationMutant{
				spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
					if _, known := until.get(entry.Token); !known {
						until.put(entry.Token, entry.Until)
					}
					return c.spend(entry)
				},
				spent: func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
					first, _ := until.get(token)
					return first.After(at), c.ctx.Err()
				},
			})
		}(),
	},
	"To ask about a token does not spend it": {
		"Spent spends": spentAs(func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			first, err := c.spend(ports.TokenEntry{Token: token, At: at, Until: later})
			return !first, err
		}),
		"Spent makes a spent token good": spentAs(func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			spent, err := c.spent(token, at)
			_, overErr := c.spend(ports.TokenEntry{Token: token, At: evening, Until: noon})
			return spent, errors.Join(err, overErr)
		}),
	},
	"What is written about one owner changes nothing about another's tokens": {
		"Spent shows everybody's tokens":    spentIn(func(l *ledger) { l.sees = anyone }),
		"owners are ignored":                inLedger(func(l *ledger) { l.sees, l.seesMoment = anyone, anyone }),
		"owners of tokens are ignored":      inLedger(func(l *ledger) { l.sees = anyone }),
		"owners of moments are ignored":     inLedger(func(l *ledger) { l.seesMoment = anyone }),
		"earlier owners show to later ones": inLedger(func(l *ledger) { l.sees = func(asking, owner domain.UserID) bool { return asking >= owner } }),
		"later owners show to earlier ones": inLedger(func(l *ledger) { l.sees = func(asking, owner domain.UserID) bool { return asking <= owner } }),
		"owner and token are one text":      runTogether(),
		"Revoke forgets everybody's entries that are over": inLedger(func(l *ledger) {
			l.forgets = func(row ledgerRow, w ledgerWrite) bool {
				return w.forgets(row) || w.kind == ledgerRevoked && row.kind == w.kind && !row.until.After(w.At)
			}
		}),
		"Spend forgets everybody's entries that are over": inLedger(func(l *ledger) {
			l.forgets = func(row ledgerRow, w ledgerWrite) bool {
				return w.forgets(row) || w.kind == ledgerSpent && row.kind == w.kind && !row.until.After(w.At)
			}
		}),
	},
	"Owners are compared byte for byte": {
		"upper and lower case owners are the same":          keyedByOwner(spelled(strings.ToLower)),
		"white space around an owner is trimmed":            keyedByOwner(spelled(strings.TrimSpace)),
		"white space after an owner is trimmed":             keyedByOwner(spelled(func(id string) string { return strings.TrimRight(id, " \t") })),
		"invisible characters of an owner are dropped":      keyedByOwner(spelled(strings.NewReplacer("\u200b", "").Replace)),
		"owners are normalised":                             keyedByOwner(spelled(normalised)),
		"owners are told apart by their first 255 bytes":    keyedByOwner(spelled(first(255))),
		"an owner is a pattern":                             inLedger(func(l *ledger) { l.sees = like }),
		"an owner is a pattern where there is a moment":     inLedger(func(l *ledger) { l.seesMoment = like }),
		"case of owners is ignored where there are tokens":  inLedger(func(l *ledger) { l.sees = equalFold }),
		"case of owners is ignored where there is a moment": inLedger(func(l *ledger) { l.seesMoment = equalFold }),
	},
	"Token ids are compared byte for byte": {
		"upper and lower case tokens are the same":       keyedByToken(strings.ToLower),
		"white space around a token is trimmed":          keyedByToken(strings.TrimSpace),
		"white space after a token is trimmed":           keyedByToken(func(id string) string { return strings.TrimRight(id, " \t") }),
		"invisible characters of a token are dropped":    keyedByToken(strings.NewReplacer("\u200b", "").Replace),
		"tokens are normalised":                          keyedByToken(normalised),
		"tokens are told apart by their first 128 bytes": keyedByToken(first(128)),
		"tokens are told apart by their first 254 bytes": keyedByToken(first(254)),
		"Spent ignores case":                             spentIn(func(l *ledger) { l.same = tokenFold }),
		"a token is a pattern":                           inLedger(func(l *ledger) { l.same = tokenLike }),
		"case of tokens is ignored":                      inLedger(func(l *ledger) { l.same = tokenFold }),
	},
	"Any owner id and any token id are kept as they are": {
		"Revoke cuts tokens at 128 bytes": revocationsAs(revocationMutant{revoke: func(c revocationCall, entry ports.TokenEntry) error {
			entry.Token = domain.TokenID(first(128)(string(entry.Token)))
			return c.revoke(entry)
		}}),
		"Revoke trims tokens": revocationsAs(revocationMutant{revoke: func(c revocationCall, entry ports.TokenEntry) error {
			entry.Token = domain.TokenID(strings.TrimSpace(string(entry.Token)))
			return c.revoke(entry)
		}}),
		"RevokeBefore cuts owners at 1000 bytes": revocationsAs(revocationMutant{revokeBefore: func(c revocationCall, moment time.Time) error {
			c.owner = spelled(first(1000))(c.owner)
			return c.revokeBefore(moment)
		}}),
		"Spent trims tokens": spentAs(func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			return c.spent(domain.TokenID(strings.TrimSpace(string(token))), at)
		}),
		"Spend refuses tokens with a slash": revocationsAs(revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
			if strings.Contains(string(entry.Token), "/") {
				return false, errors.New("malformed key")
			}
			return c.spend(entry)
		}}),
		"Spend does not keep tokens above the basic plane": revocationsAs(revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
			if strings.ContainsFunc(string(entry.Token), func(r rune) bool { return r > 0xFFFF }) {
				return true, nil
			}
			return c.spend(entry)
		}}),
	},
	"Revoke forgets the owner's revoked tokens whose entries are over, at least a hundred at a time": {
		"Revoke forgets nothing": inLedger(func(l *ledger) { l.atOnce = 0 }),
		"Revoke forgets one":     inLedger(func(l *ledger) { l.atOnce = 1 }),
		"Revoke forgets 99":      inLedger(func(l *ledger) { l.atOnce = 99 }),
		"Revoke forgets too late": inLedger(func(l *ledger) {
			l.forgets = func(row ledgerRow, w ledgerWrite) bool {
				w.At = w.At.Add(-time.Microsecond)
				return w.forgets(row)
			}
		}),
		"Revoke forgets too early": inLedger(func(l *ledger) {
			l.forgets = func(row ledgerRow, w ledgerWrite) bool {
				w.At = w.At.Add(time.Microsecond)
				return w.forgets(row)
			}
		}),
		"Revoke forgets spent tokens instead": inLedger(func(l *ledger) {
			l.forgets = func(row ledgerRow, w ledgerWrite) bool {
				w.kind = ledgerSpent
				return w.forgets(row)
			}
		}),
	},
	"Spend forgets the owner's spent tokens whose entries are over, at least a hundred at a time": {
		"Spend forgets nothing": inLedger(func(l *ledger) { l.atOnce = 0 }),
		"Spend forgets 99":      inLedger(func(l *ledger) { l.atOnce = 99 }),
		"Spend forgets revoked tokens instead": inLedger(func(l *ledger) {
			l.forgets = func(row ledgerRow, w ledgerWrite) bool {
				w.kind = ledgerRevoked
				return w.forgets(row)
			}
		}),
	},
	"What is not over is not forgotten": {
		"a revoked token is forgotten a microsecond early": inLedger(func(l *ledger) { l.forgets = early(ledgerRevoked) }),
		"a spent token is forgotten a microsecond early":   inLedger(func(l *ledger) { l.forgets = early(ledgerSpent) }),
		"entries are over when their seconds are": inLedger(func(l *ledger) {
			l.forgets = func(row ledgerRow, w ledgerWrite) bool {
				row.until = row.until.Truncate(time.Second)
				return w.forgets(row)
			}
		}),
		"the moment is forgotten in the evening": revocationsAs(func() revocationMutant {
			var night atomic.Bool
			return revocationMutant{
				revoke: func(c revocationCall, entry ports.TokenEntry) error {
					night.Store(!entry.At.Before(evening))
					return c.revoke(entry)
				},
				revoked: func(c revocationCall, session domain.Session) (bool, error) {
					revoked, err := c.revoked(session)
					return revoked && !night.Load(), err
				},
			}
		}()),
		"RevokeBefore forgets revoked tokens": inLedger(func(l *ledger) {
			l.sets = func(_, after time.Time) time.Time {
				l.rows = slices.DeleteFunc(l.rows, func(row ledgerRow) bool { return row.kind == ledgerRevoked })
				return after
			}
		}),
	},
	"Of several who spend a token at the same time, one is the first": {
		"Spend looks before it writes": racing(),
		"those who meet all fail": revocationsAs(func() revocationMutant {
			var gate gate
			return revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
				if gate.pass() {
					return false, errors.New("could not serialize access")
				}
				return c.spend(entry)
			}}
		}()),
		"the first of those who meet is told so too late": revocationsAs(func() revocationMutant {
			var gate gate
			return revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
				met := gate.pass()
				first, err := c.spend(entry)
				return first && !met, err
			}}
		}()),
	},
	"Of several moments set at the same time, the latest stays": {
		"RevokeBefore looks before it writes": racing(),
		"the last moment stays":               inLedger(func(l *ledger) { l.sets = last }),
	},
	"Revocations at the same time all happen": {
		"Revoke writes what it has read": racing(),
		"those who meet all fail": revocationsAs(func() revocationMutant {
			var gate gate
			return revocationMutant{revoke: func(c revocationCall, entry ports.TokenEntry) error {
				if gate.pass() {
					return errors.New("deadlock detected")
				}
				return c.revoke(entry)
			}}
		}()),
		"of those who meet one only says so": revocationsAs(func() revocationMutant {
			var gate gate
			return revocationMutant{revoke: func(c revocationCall, entry ports.TokenEntry) error {
				if gate.pass() {
					return nil
				}
				return c.revoke(entry)
			}}
		}()),
	},
	"Every method returns the context's error if the context has ended": {
		"Revoke ignores the context":       revocationsAs(revocationMutant{revoke: func(c revocationCall, entry ports.TokenEntry) error { return c.endless().revoke(entry) }}),
		"RevokeBefore ignores the context": revocationsAs(revocationMutant{revokeBefore: func(c revocationCall, moment time.Time) error { return c.endless().revokeBefore(moment) }}),
		"Revoked ignores the context":      revocationsAs(revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) { return c.endless().revoked(session) }}),
		"Spent ignores the context": spentAs(func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			return c.endless().spent(token, at)
		}),
		"Spend ignores the context":             revocationsAs(revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) { return c.endless().spend(entry) }}),
		"an ended context gives another error":  endingRevocationsWith(errors.New("interrupted")),
		"an ended context makes it unavailable": endingRevocationsWith(domain.ErrUnavailable),
		"any ended context counts as cancelled": endingRevocationsWith(context.Canceled),
	},
	"Nothing is written if the context has ended": {
		"Revoke looks at the context after the write": revocationsAs(revocationMutant{revoke: func(c revocationCall, entry ports.TokenEntry) error {
			return errors.Join(c.endless().revoke(entry), c.ctx.Err())
		}}),
		"RevokeBefore looks at the context after the write": revocationsAs(revocationMutant{revokeBefore: func(c revocationCall, moment time.Time) error {
			return errors.Join(c.endless().revokeBefore(moment), c.ctx.Err())
		}}),
		"Spend looks at the context after the write": revocationsAs(revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
			first, err := c.endless().spend(entry)
			return first, errors.Join(err, c.ctx.Err())
		}}),
		"Revoke forgets all the same": revocationsAs(revocationMutant{revoke: func(c revocationCall, entry ports.TokenEntry) error {
			if c.ctx.Err() != nil {
				return errors.Join(c.endless().revoke(ports.TokenEntry{Token: freshToken(), At: entry.At, Until: entry.Until}), c.ctx.Err())
			}
			return c.revoke(entry)
		}}),
		"Revoke succeeds all the same": revocationsAs(revocationMutant{revoke: func(c revocationCall, entry ports.TokenEntry) error {
			if c.ctx.Err() != nil {
				return nil
			}
			return c.revoke(entry)
		}}),
	},
	closedRevocationsRule.sentence: {
		"a closed store answers":                       {closed: func() ports.Revocations { return memory.NewRevocations() }},
		"a closed store gives the driver's error":      closedRevocationsAs(revocationsFailing(func(revocationCall, error) error { return errors.New("database is closed") })),
		"a closed store has revoked nothing":           closedRevocationsAs(revocationMutant{revoked: func(revocationCall, domain.Session) (bool, error) { return false, nil }}),
		"a closed store takes every token for unspent": closedRevocationsAs(revocationMutant{spend: func(revocationCall, ports.TokenEntry) (bool, error) { return true, nil }}),
		"a closed store accepts revocations":           closedRevocationsAs(revocationMutant{revoke: func(revocationCall, ports.TokenEntry) error { return nil }}),
		"a closed store knows of no spent token":       closedRevocationsAs(revocationMutant{spent: func(revocationCall, domain.TokenID, time.Time) (bool, error) { return false, nil }}),
		"a closed store accepts moments":               closedRevocationsAs(revocationMutant{revokeBefore: func(revocationCall, time.Time) error { return nil }}),
	},
	revocationsTwiceRule.sentence: {
		"two handles have a store each": {twice: func() (one, other ports.Revocations) {
			return memory.NewRevocations(), memory.NewRevocations()
		}},
		"two handles remember each what they were told": revocationsTwiceAs(func() revocationMutant {
			var known notes[domain.Session, bool]
			return revocationMutant{revoked: func(c revocationCall, session domain.Session) (bool, error) {
				if revoked, ok := known.get(session); ok {
					return revoked, nil
				}
				revoked, err := c.revoked(session)
				known.put(session, revoked)
				return revoked, err
			}}
		}),
		"two handles keep each their own spent tokens": revocationsTwiceAs(func() revocationMutant {
			own := memory.NewRevocations()
			return revocationMutant{spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
				c.sound = own
				return c.spend(entry)
			}}
		}),
		"two handles remember each what was spent": revocationsTwiceAs(func() revocationMutant {
			var known notes[domain.TokenID, bool]
			return revocationMutant{spent: func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
				if spent, ok := known.get(token); ok {
					return spent, nil
				}
				spent, err := c.spent(token, at)
				known.put(token, spent)
				return spent, err
			}}
		}),
		"two handles keep each their own moments": revocationsTwiceAs(func() revocationMutant {
			own := memory.NewRevocations()
			return revocationMutant{
				revokeBefore: func(c revocationCall, moment time.Time) error {
					c.sound = own
					return c.revokeBefore(moment)
				},
				revoked: func(c revocationCall, session domain.Session) (bool, error) {
					byToken, err := c.revoked(session)
					c.sound = own
					byTime, timeErr := c.revoked(session)
					return byToken || byTime, errors.Join(err, timeErr)
				},
			}
		}),
	},
}

// momentsIn keeps moments in a coarser unit.
func momentsIn(unit time.Duration) revocationMutant {
	return revocationMutant{revokeBefore: func(c revocationCall, moment time.Time) error { return c.revokeBefore(moment.Truncate(unit)) }}
}

// early forgets entries of a kind too early.
func early(kind ledgerKind) func(ledgerRow, ledgerWrite) bool {
	return func(row ledgerRow, w ledgerWrite) bool {
		if w.kind == kind {
			w.At = w.At.Add(time.Microsecond)
		}
		return w.forgets(row)
	}
}

// runTogether makes one key of owner and token.
func runTogether() revocationHarness {
	const everybody = domain.UserID("everybody")
	under := func(c revocationCall, entry ports.TokenEntry) (revocationCall, ports.TokenEntry) {
		entry.Token = domain.TokenID(c.owner) + entry.Token
		c.owner = everybody
		return c, entry
	}
	return revocationsAs(revocationMutant{
		revoke: func(c revocationCall, entry ports.TokenEntry) error {
			c, entry = under(c, entry)
			return c.revoke(entry)
		},
		revoked: func(c revocationCall, session domain.Session) (bool, error) {
			byTime, err := c.revoked(domain.Session{IssuedAt: session.IssuedAt})
			session.TokenID = domain.TokenID(c.owner) + session.TokenID
			c.owner = everybody
			byToken, tokenErr := c.revoked(session)
			return byTime || byToken, errors.Join(err, tokenErr)
		},
		spend: func(c revocationCall, entry ports.TokenEntry) (bool, error) {
			c, entry = under(c, entry)
			return c.spend(entry)
		},
		spent: func(c revocationCall, token domain.TokenID, at time.Time) (bool, error) {
			c, entry := under(c, ports.TokenEntry{Token: token})
			return c.spent(entry.Token, at)
		},
	})
}
