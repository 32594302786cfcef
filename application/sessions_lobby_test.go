package application_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// lobby is where tokens come in, with a clock to set.
type lobby struct {
	t        *testing.T
	sessions *application.Sessions
	options  application.SessionsOptions
	*issuer
	store *watched
	live  *unsure
}

// newLobby makes a lobby that has everything a mode may need.
func newLobby(t *testing.T, revocation application.RevocationMode, replay application.ReplayMode) *lobby {
	t.Helper()
	minting := &issuer{clock: noon, tokens: map[string]domain.AuthenticatedUserContext{}}
	minting.live = memory.NewSessions(minting.now)
	l := &lobby{t: t, issuer: minting, store: &watched{Revocations: memory.NewRevocations()}, live: &unsure{Sessions: minting.live}}
	l.options = application.SessionsOptions{Revocation: revocation, Replay: replay, Revocations: l.store, Lookup: l.live}
	return l.replica()
}

// replica is another lobby at the same store, with the same clock.
func (l *lobby) replica() *lobby {
	l.t.Helper()
	sessions, err := application.NewSessions(l.issuer, l.now, l.options)
	if err != nil {
		l.t.Fatal(err)
	}
	replica := *l
	replica.sessions = sessions
	return &replica
}

// welcome fails the test unless the token is accepted.
func (l *lobby) welcome(token string) domain.AuthenticatedUserContext {
	l.t.Helper()
	actor, err := l.sessions.Verify(l.t.Context(), token)
	if err != nil || !actor.IsAuthenticated() {
		l.t.Errorf("the token was refused: %v", err)
	}
	return actor
}

// refuse fails the test unless the token is refused in this way.
func (l *lobby) refuse(token string, kind domain.Kind, code string) {
	l.t.Helper()
	actor, err := l.sessions.Verify(l.t.Context(), token)
	if actor != (domain.AuthenticatedUserContext{}) {
		l.t.Errorf("the token lets %q in, with error %v", actor.UserID(), err)
	}
	wantFailure(l.t, err, kind, code)
}

func wantFailure(t *testing.T, err error, kind domain.Kind, code string) {
	t.Helper()
	var failure *domain.Error
	if !errors.As(err, &failure) || failure.Kind != kind || failure.Code != code || failure.Detail == "" {
		t.Errorf("the error is %v, want %s", err, code)
	}
}

// issuer is a sound verifier of the tokens that it has minted, and begins the
// sessions that they name.
type issuer struct {
	live   *memory.Sessions
	mu     sync.Mutex
	clock  time.Time
	tokens map[string]domain.AuthenticatedUserContext
}

func (i *issuer) now() time.Time {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.clock
}

func (i *issuer) advance(d time.Duration) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.clock = i.clock.Add(d)
}

// mint makes a token of the user's with all that a mode may need, which differ
// from one token to the next.
func (i *issuer) mint(user domain.UserID) string {
	i.mu.Lock()
	number := len(i.tokens)
	i.mu.Unlock()
	return i.mintOf(domain.Session{
		UserID: user, ID: domain.SessionID(fmt.Sprintf("session-%d", number)), TokenID: domain.TokenID(fmt.Sprintf("token-%d", number)),
		IssuedAt: i.now(), ExpiresAt: i.now().Add(time.Hour),
	})
}

func (i *issuer) mintOf(session domain.Session) string {
	return i.mintFor(domain.User{ID: session.UserID}, session)
}

func (i *issuer) mintFor(user domain.User, session domain.Session) string {
	actor, err := domain.Authenticate(user, session)
	if err != nil {
		panic(err)
	}
	if session.ID != "" {
		i.live.Begin(session)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	token := fmt.Sprintf("header-of-%012d.payload-of-%012d", len(i.tokens), len(i.tokens))
	i.tokens[token] = actor
	return token
}

func (i *issuer) Verify(_ context.Context, token string) (domain.AuthenticatedUserContext, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	actor, known := i.tokens[token]
	switch {
	case !known:
		return domain.AuthenticatedUserContext{}, &domain.Error{Kind: domain.Unauthenticated, Code: "unknown_token", Detail: "Nobody has minted this token."}
	case !actor.Session().ValidAt(i.clock):
		return domain.AuthenticatedUserContext{}, &domain.Error{Kind: domain.Unauthenticated, Code: "token_expired", Detail: "The token has expired."}
	}
	return actor, nil
}

// watched is a store that tells what is asked of it, and fails when told to.
type watched struct {
	ports.Revocations
	mu      sync.Mutex
	looks   int
	entries []ports.TokenEntry // of Revoke and Spend
	failure error

	// Unless nil, looking runs after the store was looked at and before it
	// answers, and writing before anything is written.
	looking func(context.Context) error
	writing func()
}

func (w *watched) fail(with error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failure = with
}

func (w *watched) looked() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.looks
}

func (w *watched) note(entries ...ports.TokenEntry) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.entries = append(w.entries, entries...)
	return w.failure
}

func (w *watched) write() {
	if w.writing != nil {
		w.writing()
	}
}

func (w *watched) Revoke(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) error {
	if err := w.note(entry); err != nil {
		return err
	}
	w.write()
	return w.Revocations.Revoke(ctx, owner, entry)
}

func (w *watched) RevokeBefore(ctx context.Context, owner domain.UserID, moment time.Time) error {
	if err := w.note(); err != nil {
		return err
	}
	w.write()
	return w.Revocations.RevokeBefore(ctx, owner, moment)
}

func (w *watched) Spend(ctx context.Context, owner domain.UserID, entry ports.TokenEntry) (bool, error) {
	if err := w.note(entry); err != nil {
		return true, err
	}
	return w.Revocations.Spend(ctx, owner, entry)
}

func (w *watched) Spent(ctx context.Context, owner domain.UserID, token domain.TokenID, at time.Time) (bool, error) {
	if err := w.note(); err != nil {
		return false, err
	}
	return w.Revocations.Spent(ctx, owner, token, at)
}

func (w *watched) Revoked(ctx context.Context, owner domain.UserID, session domain.Session) (bool, error) {
	w.mu.Lock()
	w.looks++
	w.mu.Unlock()
	if err := w.note(); err != nil {
		return false, err
	}
	revoked, err := w.Revocations.Revoked(ctx, owner, session)
	if w.looking != nil && err == nil {
		err = w.looking(ctx)
	}
	return revoked, err
}

// unsure is a lookup that fails when told to.
type unsure struct {
	*memory.Sessions
	failure error
}

func (u *unsure) Live(ctx context.Context, user domain.UserID, session domain.SessionID) (bool, error) {
	if u.failure != nil {
		return true, u.failure
	}
	return u.Sessions.Live(ctx, user, session)
}
