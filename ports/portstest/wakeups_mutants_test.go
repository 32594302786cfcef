package portstest

import (
	"context"
	"maps"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// wakeupHarness sets the stage for the rules of [TestWakeups]. Rules whose
// function is nil are left out.
type wakeupHarness struct {
	open    func() ports.Wakeups
	closing func() ClosableWakeups
	closed  func() ports.Wakeups
	twice   func() (one, other ports.Wakeups)
}

// TestWakeupMutants runs each rule over wakeups that are broken on purpose, by
// the sentence of the contract that each of them makes untrue. The rule for
// that sentence has to fail, and there has to be one of them for each rule.
func TestWakeupMutants(t *testing.T) {
	var kills kills
	left := maps.Clone(wakeupMutants)
	for _, sentence := range wakeupSentences() {
		try(t, &kills, sentence, left[sentence], func(t *testing.T, mutant wakeupHarness) string {
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

// TestSoundWakeups is the control: what the mutants are made from fails no rule.
func TestSoundWakeups(t *testing.T) {
	for name, sound := range map[string]wakeupHarness{
		"memory": {
			open:    func() ports.Wakeups { return memory.NewWakeups() },
			closing: func() ClosableWakeups { return memory.NewWakeups() },
			closed: func() ports.Wakeups {
				wakeups := memory.NewWakeups()
				_ = wakeups.Close() // never fails
				return wakeups
			},
			twice: func() (one, other ports.Wakeups) {
				shared := memory.NewWakeups()
				return shared, shared
			},
		},
		"exchange": inExchange(func(*exchange) {}),
	} {
		t.Run(name, func(t *testing.T) {
			for _, sentence := range wakeupSentences() {
				if failure := sound.failure(t, sentence); failure != "" {
					t.Errorf("%s: %s", sentence, failure)
				}
			}
		})
	}
}

// failure tells what the rule for a sentence says first, empty if it says
// nothing or is left out. Nobody has to wait for what does not come.
func (h wakeupHarness) failure(t *testing.T, sentence string) (failure string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		for _, rule := range wakeupRules {
			if rule.sentence == sentence && h.open != nil {
				failure = verdict(t, func(t reporter) { rule.check(t, h.open()) })
			}
		}
		switch {
		case sentence == closingWakeupsRule.sentence && h.closing != nil:
			failure = verdict(t, func(t reporter) { closingWakeupsRule.check(t, h.closing()) })
		case sentence == closedWakeupsRule.sentence && h.closed != nil:
			failure = verdict(t, func(t reporter) { closedWakeupsRule.check(t, h.closed()) })
		case sentence == wakeupsTwiceRule.sentence && h.twice != nil:
			failure = verdict(t, func(t reporter) {
				one, other := h.twice()
				wakeupsTwiceRule.check(t, one, other)
			})
		}
	})
	return failure
}

var wakeupMutants = map[string]map[string]wakeupHarness{
	"Wake reaches everybody who listens for the owner": {
		"nobody is woken":                        inExchange(func(e *exchange) { e.rings = func(domain.UserID, line) bool { return false } }),
		"who is not waiting just then is missed": inExchange(func(e *exchange) { e.room = 0 }),
		"an owner is woken once": inExchange(func(e *exchange) {
			var woken notes[line, bool]
			e.rings = func(owner domain.UserID, l line) bool {
				if known, _ := woken.get(l); known || l.owner != owner {
					return false
				}
				woken.put(l, true)
				return true
			}
		}),
		"only the first who listens is woken": inExchange(func(e *exchange) {
			e.rings = func(owner domain.UserID, l line) bool { return l.owner == owner && l == e.open()[0] }
		}),
		"only the last who listens is woken": inExchange(func(e *exchange) {
			e.begin = func(l line) { e.drop(func(other line) bool { return other.owner == l.owner }) }
		}),
	},
	"Wake does not reach who listens for another owner": {
		"everybody is woken":               inExchange(func(e *exchange) { e.rings = func(domain.UserID, line) bool { return true } }),
		"case does not matter":             ringing(func(woken, owner string) bool { return strings.EqualFold(woken, owner) }),
		"white space behind is lost":       ringing(func(woken, owner string) bool { return strings.TrimSpace(woken) == strings.TrimSpace(owner) }),
		"an id is the beginning of others": ringing(strings.HasPrefix),
		"others are the beginning of it":   ringing(func(woken, owner string) bool { return strings.HasPrefix(owner, woken) }),
	},
	"Any owner can be woken": {
		"quotes end the id":      deafTo(func(owner string) bool { return strings.ContainsAny(owner, `'"`) }),
		"only one line is told":  deafTo(func(owner string) bool { return strings.ContainsAny(owner, "\n\u2028") }),
		"only ASCII is told":     deafTo(func(owner string) bool { return strings.ContainsFunc(owner, func(r rune) bool { return r > '~' }) }),
		"long ids do not fit in": deafTo(func(owner string) bool { return len(owner) > 1000 }),
	},
	"Wake never waits for who listens": {
		"it waits for all":          inExchange(func(e *exchange) { e.waits = true }),
		"it waits when it has some": inExchange(func(e *exchange) { e.waits, e.room = true, 100 }),
	},
	"Wake reaches them though its context has ended": {
		"the context ends the wake": {open: func() ports.Wakeups { return obedient{newExchange(func(*exchange) {})} }},
	},
	"Something comes for each who listens, on a channel of their own": {
		"who listens is woken at once": inExchange(func(e *exchange) { e.begin = func(l line) { l.bell <- struct{}{} } }),
		"all who listen for an owner have one channel": {open: func() ports.Wakeups {
			return &party{sound: newExchange(func(*exchange) {})}
		}},
		"nothing comes": inExchange(func(e *exchange) { e.rings = func(domain.UserID, line) bool { return false } }),
	},
	"Wakes that nobody takes do not pile up": {
		"each comes by itself":  inExchange(func(e *exchange) { e.room = 5000 }),
		"a few hundred pile up": inExchange(func(e *exchange) { e.room = 200 }),
	},
	"Nothing comes once stop was called": {
		"stop does nothing":         ending(func(*exchange, line) {}),
		"stop ends the channel":     ending(func(e *exchange, l line) { e.hangUp(l); close(l.bell) }),
		"stop leaves what has come": ending(func(e *exchange, gone line) { e.drop(func(l line) bool { return l == gone }) }),
		"what comes late comes all the same": ending(func(e *exchange, l line) {
			for len(l.bell) > 0 {
				<-l.bell
			}
		}),
	},
	"Others go on listening when one stops": {
		"stop ends all": ending(func(e *exchange, _ line) { e.drop(func(line) bool { return true }) }),
		"stop ends all of the owner": ending(func(e *exchange, gone line) {
			e.drop(func(l line) bool { return l.owner == gone.owner })
		}),
		"an owner without listeners is never woken again": inExchange(func(e *exchange) {
			var gone notes[domain.UserID, bool]
			e.rings = func(owner domain.UserID, l line) bool {
				left, _ := gone.get(owner)
				return l.owner == owner && !left
			}
			e.end = func(e *exchange, l line) {
				e.hangUp(l)
				if !e.has(l.owner) {
					gone.put(l.owner, true)
				}
			}
		}),
	},
	"Who has stopped can stop again": {
		"to stop again fails": ending(func(e *exchange, gone line) {
			before := len(e.open())
			if e.hangUp(gone); len(e.open()) == before {
				panic("not listening")
			}
		}),
		"to stop again stops another": ending(func(e *exchange, gone line) {
			before := len(e.open())
			if e.hangUp(gone); len(e.open()) == before {
				e.drop(func(l line) bool { return l.owner == gone.owner })
			}
		}),
	},
	"Many listen, are woken and stop at the same time": {
		"those who meet listen to nothing": inExchange(func(e *exchange) {
			var gate gate
			deaf := notes[line, bool]{}
			e.begin = func(l line) { deaf.put(l, gate.pass()) }
			e.rings = func(owner domain.UserID, l line) bool {
				not, _ := deaf.get(l)
				return l.owner == owner && !not
			}
		}),
		"those who meet when they stop stop others": inExchange(func(e *exchange) {
			var gate gate
			e.end = func(e *exchange, gone line) {
				if gate.pass() {
					e.drop(func(l line) bool { return l.owner == gone.owner })
				}
				e.hangUp(gone)
			}
		}),
	},
	closingWakeupsRule.sentence: {
		"Close does nothing":               closing(nil, func(int, line) {}),
		"Close fails":                      closing(domain.ErrUnavailable, func(_ int, l line) { close(l.bell) }),
		"Close is no more than a wake":     closing(nil, func(_ int, l line) { l.ring() }),
		"Close ends the first who listens": closing(nil, func(i int, l line) { closeIf(i == 0, l) }),
		"Close ends all but the last":      closing(nil, func(i int, l line) { closeIf(i < 2, l) }),
	},
	closedWakeupsRule.sentence: {
		"who begins waits for ever": {closed: func() ports.Wakeups { return memory.NewWakeups() }},
		"who begins hears nothing, either": {closed: func() ports.Wakeups {
			return newExchange(func(e *exchange) { e.rings = func(domain.UserID, line) bool { return false } })
		}},
	},
	wakeupsTwiceRule.sentence: {
		"each handle wakes its own": {twice: func() (one, other ports.Wakeups) { return memory.NewWakeups(), memory.NewWakeups() }},
		"one handle is not heard by the other": {twice: func() (one, other ports.Wakeups) {
			here, there := memory.NewWakeups(), memory.NewWakeups()
			return relay{here, there}, there
		}},
		"the other handle is not heard by the one": {twice: func() (one, other ports.Wakeups) {
			here, there := memory.NewWakeups(), memory.NewWakeups()
			return here, relay{there, here}
		}},
		"between handles the owner is lost": {twice: func() (one, other ports.Wakeups) {
			shared := newExchange(func(e *exchange) { e.rings = func(domain.UserID, line) bool { return true } })
			return shared, shared
		}},
	},
}

func inExchange(spoil func(*exchange)) wakeupHarness {
	return wakeupHarness{open: func() ports.Wakeups { return newExchange(spoil) }}
}

// ringing has others ring than it should.
func ringing(rings func(woken, owner string) bool) wakeupHarness {
	return inExchange(func(e *exchange) {
		e.rings = func(woken domain.UserID, l line) bool { return rings(string(woken), string(l.owner)) }
	})
}

// deafTo never wakes some owners.
func deafTo(never func(owner string) bool) wakeupHarness {
	return ringing(func(woken, owner string) bool { return woken == owner && !never(owner) })
}

// ending ends lines as it should not.
func ending(end func(*exchange, line)) wakeupHarness {
	return inExchange(func(e *exchange) { e.end = end })
}

// obedient does what a context says.
type obedient struct{ ports.Wakeups }

func (o obedient) Wake(ctx context.Context, owner domain.UserID) {
	if ctx.Err() == nil {
		o.Wakeups.Wake(ctx, owner)
	}
}

// party has one channel for all who listen for an owner.
type party struct {
	sound ports.Wakeups
	lines notes[domain.UserID, <-chan struct{}]
}

func (p *party) Wake(ctx context.Context, owner domain.UserID) { p.sound.Wake(ctx, owner) }

func (p *party) Listen(owner domain.UserID) (woken <-chan struct{}, stop func()) {
	if line, known := p.lines.get(owner); known {
		return line, func() {}
	}
	woken, stop = p.sound.Listen(owner)
	p.lines.put(owner, woken)
	return woken, stop
}

// closable is an exchange that does something to each line at its end.
type closable struct {
	*exchange
	close func(i int, l line)
	err   error
}

func (c closable) Close() error {
	for i, l := range c.open() {
		c.close(i, l)
	}
	return c.err
}

// closing opens what closes as it should not.
func closing(err error, end func(i int, l line)) wakeupHarness {
	return wakeupHarness{closing: func() ClosableWakeups { return closable{newExchange(func(*exchange) {}), end, err} }}
}

func closeIf(ends bool, l line) {
	if ends {
		close(l.bell)
	}
}

// relay wakes its own listeners and passes each wake on to another. Who passes
// on is heard there, and does not hear what comes from there.
type relay struct {
	ports.Wakeups
	to ports.Wakeups
}

func (r relay) Wake(ctx context.Context, owner domain.UserID) {
	r.Wakeups.Wake(ctx, owner)
	r.to.Wake(ctx, owner)
}
