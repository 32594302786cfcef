package application_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

func TestARevocationElsewhereShowsWithinFiveSeconds(t *testing.T) {
	here := newLobby(t, application.RevokeTokens, "")
	there := here.replica()
	one, other := here.mint("owner"), here.mint("owner")
	for round, end := range []func() error{
		func() error { return here.sessions.End(t.Context(), here.welcome(one), "owner") },
		func() error { return here.sessions.EndAll(t.Context(), here.welcome(other), "owner") },
	} {
		token := []string{one, other}[round]
		there.welcome(token)
		if err := end(); err != nil {
			t.Fatal(err)
		}
		there.advance(5*time.Second - time.Microsecond)
		there.welcome(token)
		there.advance(time.Microsecond)
		there.refuse(token, domain.Unauthenticated, "token_revoked")
	}
}

func TestABusyTokenCostsOneLook(t *testing.T) {
	l := newLobby(t, application.RevokeTokens, "")
	token := l.mint("owner")
	for range 2 {
		before := l.store.looked()
		for range 100 {
			l.welcome(token)
			l.advance(49 * time.Millisecond)
		}
		if looks := l.store.looked() - before; looks != 1 {
			t.Errorf("the store was asked %d times in 5 s, want once", looks)
		}
		l.advance(time.Second)
	}
}

// While the store is away, tokens stay accepted as long as they would have in
// any case, and no longer.
func TestAnOutageDoesNotProlongAnAnswer(t *testing.T) {
	l := newLobby(t, application.RevokeTokens, "")
	token := l.mint("owner")
	l.welcome(token)
	l.store.fail(io.ErrUnexpectedEOF)
	l.advance(5*time.Second - time.Microsecond)
	l.welcome(token)
	l.advance(time.Microsecond)
	l.refuse(token, domain.Unavailable, "revocation_unknown")
}

func TestTheCacheIsBounded(t *testing.T) {
	l := newLobby(t, application.RevokeTokens, "")
	first := l.mint("owner")
	l.welcome(first)
	const tokens = 20_000
	for number := range tokens {
		l.welcome(l.mintOf(domain.Session{UserID: "owner", TokenID: domain.TokenID(fmt.Sprint(number)), IssuedAt: noon, ExpiresAt: noon.Add(time.Hour)}))
	}
	last := l.mint("owner")
	l.welcome(last)
	l.welcome(last)
	if looks := l.store.looked(); looks != tokens+2 {
		t.Errorf("the store was asked %d times about %d tokens", looks, tokens+2)
	}
	l.welcome(first)
	if looks := l.store.looked(); looks != tokens+3 {
		t.Error("after 20,000 others the first token was still known")
	}
}

// A busy client stays known while many others come, and its sign-out shows.
func TestTheCacheKeepsTheYoungerHalf(t *testing.T) {
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			l := newLobby(t, application.RevokeTokens, "")
			token := l.mint("owner")
			actor := l.welcome(token)
			for number := range 10_000 {
				l.welcome(l.mintOf(domain.Session{UserID: "owner", TokenID: domain.TokenID(fmt.Sprint(number)), IssuedAt: noon, ExpiresAt: noon.Add(time.Hour)}))
			}
			before := l.store.looked()
			l.welcome(token)
			if looks := l.store.looked() - before; looks != 0 {
				t.Error("after 10,000 others a token was not known any more")
			}
			if err := end(l, actor); err != nil {
				t.Fatal(err)
			}
			l.refuse(token, domain.Unauthenticated, "token_revoked")
		})
	}
}

// ends are the ways to make a token of the owner's lose its worth.
var ends = map[string]func(l *lobby, actor domain.AuthenticatedUserContext) error{
	"End": func(l *lobby, actor domain.AuthenticatedUserContext) error {
		return l.sessions.End(l.t.Context(), actor, "owner")
	},
	"EndAll": func(l *lobby, actor domain.AuthenticatedUserContext) error {
		return l.sessions.EndAll(l.t.Context(), actor, "owner")
	},
}

// What is found while a sign-out is being written is not kept either.
func TestALookDuringASignOutIsNotKept(t *testing.T) {
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			l := newLobby(t, application.RevokeTokens, "")
			token := l.mint("owner")
			actor := l.welcome(token)
			l.store.writing = func() { l.welcome(token) }
			if err := end(l, actor); err != nil {
				t.Fatal(err)
			}
			l.refuse(token, domain.Unauthenticated, "token_revoked")
		})
	}
}

// slow makes looks into the store wait until release is called or their
// context ends.
func (l *lobby) slow() (release func()) {
	released := make(chan struct{})
	l.store.looking = func(ctx context.Context) error {
		select {
		case <-released:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return sync.OnceFunc(func() { close(released) })
}

func TestThoseWhoAskAtTheSameTimeShareALook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLobby(t, application.RevokeTokens, "")
		token := l.mint("owner")
		release := l.slow()
		for range 50 {
			go l.welcome(token)
		}
		synctest.Wait()
		release()
		synctest.Wait()
		if looks := l.store.looked(); looks != 1 {
			t.Errorf("the store was asked %d times, want once", looks)
		}
	})
}

// A look that began before a sign-out may find nothing. Whoever asks after the
// sign-out does not wait for it.
func TestALookFromBeforeASignOutIsNotShared(t *testing.T) {
	for name, end := range ends {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLobby(t, application.RevokeTokens, "")
				token := l.mint("owner")
				actor := l.welcome(token)
				l.advance(5 * time.Second)
				release := l.slow()
				go l.welcome(token) // it asked before
				synctest.Wait()
				if err := end(l, actor); err != nil {
					t.Fatal(err)
				}
				l.store.looking = nil
				l.refuse(token, domain.Unauthenticated, "token_revoked")
				release()
				synctest.Wait()
				l.refuse(token, domain.Unauthenticated, "token_revoked") // the answer that was late is not kept
			})
		})
	}
}

// The age of an answer counts from before the store was asked, however long
// it took.
func TestAnAnswerIsAsOldAsItsQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		here := newLobby(t, application.RevokeTokens, "")
		token := here.mint("owner")
		actor := here.welcome(token)
		there := here.replica()
		release := there.slow()
		go there.welcome(token)
		synctest.Wait()
		if err := here.sessions.End(t.Context(), actor, "owner"); err != nil {
			t.Fatal(err)
		}
		there.advance(5 * time.Second)
		there.store.looking = nil
		there.refuse(token, domain.Unauthenticated, "token_revoked") // it does not wait for the old look either
		release()
		synctest.Wait()
		there.refuse(token, domain.Unauthenticated, "token_revoked")
	})
}

// One who leaves while they look does not fail those who wait for them.
func TestWhoWaitsIsNotFailedByOneWhoLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLobby(t, application.RevokeTokens, "")
		token := l.mint("owner")
		release := l.slow()
		leaving, leave := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() {
			_, err := l.sessions.Verify(leaving, token)
			left <- err
		}()
		synctest.Wait()
		for range 10 {
			go l.welcome(token)
		}
		impatient, giveUp := context.WithCancel(t.Context())
		gaveUp := make(chan error, 1)
		go func() {
			_, err := l.sessions.Verify(impatient, token)
			gaveUp <- err
		}()
		synctest.Wait()
		giveUp()
		if err := <-gaveUp; !errors.Is(err, context.Canceled) {
			t.Errorf("who gave up waiting got error %v", err)
		}
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who left got error %v", err)
		}
		synctest.Wait()
		release()
		synctest.Wait()
		if looks := l.store.looked(); looks != 2 {
			t.Errorf("the store was asked %d times, want 2", looks)
		}
	})
}

func TestWhoWaitsIsNotLeftHangingByAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLobby(t, application.RevokeTokens, "")
		token := l.mint("owner")
		proceed := make(chan struct{})
		l.store.looking = func(context.Context) error {
			<-proceed
			panic("in the store")
		}
		panicked := make(chan any, 1)
		go func() {
			defer func() { panicked <- recover() }()
			_, _ = l.sessions.Verify(t.Context(), token)
		}()
		synctest.Wait()
		go l.welcome(token)
		synctest.Wait()
		l.store.looking = nil
		close(proceed)
		if reason := <-panicked; reason == nil {
			t.Error("the panic was swallowed")
		}
		synctest.Wait()
	})
}
