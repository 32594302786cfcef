package jwtauth

import (
	"context"
	"time"

	"github.com/taskward/taskward/domain"
)

// examiner has tokens pass checks, and remembers those that have.
type examiner struct {
	checks    []check
	lifetimes lifetimeRules
	accepted  *tokenCache
	now       func() time.Time
}

// check is one of the things that a token has to pass, and what there is to
// tell about it to whoever wants to know why.
type check struct {
	name string
	pass func(*examination, context.Context) error
	tell func(*examination) string
}

// newExaminer makes an examiner that remembers so many tokens, none if that is
// less than one.
func newExaminer(checks []check, lifetimes lifetimeRules, cacheSize int, clock func() time.Time) (*examiner, error) {
	e := &examiner{checks: checks, lifetimes: lifetimes, now: clock}
	if cacheSize > 0 {
		var err error
		if e.accepted, err = newTokenCache(cacheSize); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// verify gives what a token comes to that passes all checks.
func (e *examiner) verify(ctx context.Context, text string) (domain.AuthenticatedUserContext, error) {
	var key digest
	if len(text) <= maxTokenBytes {
		key = digestOf(text)
		if accepted, known := e.accepted.get(key); known {
			if e.stillHolds(accepted) {
				return accepted.actor, nil
			}
			e.accepted.drop(key)
		}
	}
	x := examination{examiner: e, text: text}
	for _, check := range e.checks {
		if err := check.pass(&x, ctx); err != nil {
			return domain.AuthenticatedUserContext{}, err
		}
	}
	accepted, err := x.accept()
	if err != nil {
		return domain.AuthenticatedUserContext{}, err
	}
	e.accepted.put(key, accepted)
	return accepted.actor, nil
}

// stillHolds checks of an accepted token all that can have changed since: the
// time, and the key.
func (e *examiner) stillHolds(a *acceptance) bool {
	return e.lifetimes.check(a.lifetime, e.now()) == nil && a.keys.has(a.header, a.signer)
}

// explain tells of each check up to the one that the token does not pass.
func (e *examiner) explain(ctx context.Context, text string) []Step {
	x := examination{examiner: e, text: text}
	var steps []Step
	for _, check := range e.checks {
		err := check.pass(&x, ctx)
		steps = append(steps, Step{check.name, err, check.tell(&x)})
		if err != nil {
			break
		}
	}
	return steps
}
