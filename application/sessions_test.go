package application_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

// Whatever the mode, it is a verifier like any other.
func TestSessionsVerifyTokens(t *testing.T) {
	for _, mode := range []application.RevocationMode{application.RevokeNothing, application.RevokeTokens, application.RevokeSessions} {
		t.Run(string(mode), func(t *testing.T) {
			l := newLobby(t, mode, "")
			number := 0
			mint := func(user domain.User, expiresAt time.Time) domain.Session {
				number++
				return domain.Session{
					UserID: user.ID, ID: domain.SessionID(fmt.Sprintf("s%d", number)), TokenID: domain.TokenID(fmt.Sprintf("t%d", number)),
					IssuedAt: l.now(), ExpiresAt: expiresAt,
				}
			}
			portstest.TestTokenVerifier(t, portstest.TokenHarness{
				Verifier: l.sessions,
				Now:      l.now,
				Advance:  l.advance,
				Mint: func(user domain.User, expiresAt time.Time) string {
					return l.mintFor(user, mint(user, expiresAt))
				},
				Refused: func() map[string]string {
					refused := map[string]string{
						"unknown_token": "never.minted.by.anybody",
						"token_expired": l.mintOf(domain.Session{UserID: "late", ExpiresAt: l.now()}),
					}
					whole := mint(domain.User{ID: "owner"}, l.now().Add(time.Hour))
					switch mode {
					case application.RevokeTokens:
						revoked := l.mintOf(whole)
						if err := l.sessions.End(t.Context(), l.welcome(revoked), whole.UserID); err != nil {
							t.Fatal(err)
						}
						anonymous, timeless := whole, whole
						anonymous.TokenID, timeless.IssuedAt = "", time.Time{}
						refused["token_revoked"] = revoked
						refused["missing_token_id"] = l.mintOf(anonymous)
						refused["missing_issued_at"] = l.mintOf(timeless)
					case application.RevokeSessions:
						homeless := whole
						homeless.ID = ""
						refused["session_ended"] = l.mintOf(whole)
						l.live.End(whole.ID)
						refused["missing_session_id"] = l.mintOf(homeless)
					case application.RevokeNothing:
					}
					return refused
				},
			})
		})
	}
}

func TestNewSessionsNeedsWhatItsModesNeed(t *testing.T) {
	store, lookup := memory.NewRevocations(), memory.NewSessions(time.Now)
	for name, test := range map[string]struct {
		options application.SessionsOptions
		works   bool
	}{
		"nothing":                       {application.SessionsOptions{}, true},
		"off":                           {application.SessionsOptions{Revocation: application.RevokeNothing, Replay: application.ReplayAllowed}, true},
		"jti":                           {application.SessionsOptions{Revocation: application.RevokeTokens, Revocations: store}, true},
		"jti without a store":           {application.SessionsOptions{Revocation: application.RevokeTokens, Lookup: lookup}, false},
		"session":                       {application.SessionsOptions{Revocation: application.RevokeSessions, Lookup: lookup}, true},
		"session without a lookup":      {application.SessionsOptions{Revocation: application.RevokeSessions, Revocations: store}, false},
		"single use":                    {application.SessionsOptions{Replay: application.SingleUse, Revocations: store}, true},
		"single use without a store":    {application.SessionsOptions{Replay: application.SingleUse, Lookup: lookup}, false},
		"session, single use, no store": {application.SessionsOptions{Revocation: application.RevokeSessions, Replay: application.SingleUse, Lookup: lookup}, false},
	} {
		if sessions, err := application.NewSessions(&issuer{}, time.Now, test.options); (err == nil) != test.works || (sessions != nil) != test.works {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestModesAskForWhatTheyNeed(t *testing.T) {
	for _, test := range []struct {
		revocation application.RevocationMode
		replay     application.ReplayMode
		spoil      func(*domain.Session)
		code       string
	}{
		{application.RevokeNothing, application.ReplayAllowed, func(s *domain.Session) { s.ID, s.TokenID, s.IssuedAt = "", "", time.Time{} }, ""},
		{application.RevokeTokens, application.ReplayAllowed, func(s *domain.Session) { s.ID = "" }, ""},
		{application.RevokeTokens, application.ReplayAllowed, func(s *domain.Session) { s.TokenID = "" }, "missing_token_id"},
		{application.RevokeTokens, application.ReplayAllowed, func(s *domain.Session) { s.IssuedAt = time.Time{} }, "missing_issued_at"},
		{application.RevokeSessions, application.ReplayAllowed, func(s *domain.Session) { s.TokenID, s.IssuedAt = "", time.Time{} }, ""},
		{application.RevokeSessions, application.ReplayAllowed, func(s *domain.Session) { s.ID = "" }, "missing_session_id"},
		{application.RevokeNothing, application.SingleUse, func(s *domain.Session) { s.ID, s.IssuedAt = "", time.Time{} }, ""},
		{application.RevokeNothing, application.SingleUse, func(s *domain.Session) { s.TokenID = "" }, "missing_token_id"},
		{application.RevokeSessions, application.SingleUse, func(s *domain.Session) { s.TokenID = "" }, "missing_token_id"},
		{application.RevokeSessions, application.SingleUse, func(s *domain.Session) { s.ID = "" }, "missing_session_id"},
	} {
		t.Run(fmt.Sprintf("%s, %s, %s", test.revocation, test.replay, test.code), func(t *testing.T) {
			l := newLobby(t, test.revocation, test.replay)
			session := domain.Session{UserID: "owner", ID: "s", TokenID: "t", IssuedAt: noon, ExpiresAt: noon.Add(time.Hour)}
			test.spoil(&session)
			if test.code == "" {
				l.welcome(l.mintOf(session))
				return
			}
			l.refuse(l.mintOf(session), domain.Unauthenticated, test.code)
			if len(l.store.entries) > 0 {
				t.Error("a token that was refused was spent")
			}
		})
	}
}

func TestEndRevokesThisToken(t *testing.T) {
	l := newLobby(t, application.RevokeTokens, "")
	mine, alsoMine := l.mint("owner"), l.mint("owner")
	session := l.welcome(mine).Session()
	stranger := session
	stranger.UserID = "stranger"
	theirs := l.mintOf(stranger) // with the same id
	l.welcome(alsoMine)
	l.welcome(theirs)
	if err := l.sessions.End(t.Context(), l.welcome(mine), "owner"); err != nil {
		t.Fatal(err)
	}
	l.refuse(mine, domain.Unauthenticated, "token_revoked") // at once, though it was accepted just now
	l.welcome(alsoMine)
	l.welcome(theirs)
	l.replica().refuse(mine, domain.Unauthenticated, "token_revoked")
	// A minute more than the token lives, for those whose clock is behind.
	want := []ports.TokenEntry{{Token: session.TokenID, At: noon, Until: session.ExpiresAt.Add(time.Minute)}}
	if diff := cmp.Diff(want, l.store.entries); diff != "" {
		t.Errorf("written (-want +got):\n%s", diff)
	}
	l.advance(59 * time.Minute)
	l.refuse(mine, domain.Unauthenticated, "token_revoked")
}

// Tokens tell their time of issue in whole seconds, as most issuers do, or in
// fractions, as some do.
func TestEndAllRevokesWhatWasIssuedUntilNow(t *testing.T) {
	second := noon.Truncate(time.Second)
	for _, test := range []struct {
		name     string
		actor    time.Time // when the token was issued that asks
		issuedAt time.Time
		revoked  bool
	}{
		{"long ago", second, second.Add(-24 * time.Hour), true},
		{"the second before", second, second.Add(-time.Second), true},
		{"the same second", second, second, true},
		{"the same second, to the microsecond and before", second, noon.Add(-time.Microsecond), true},
		{"the same second, to the microsecond and after", second, noon.Add(time.Microsecond), true},
		{"the last microsecond of it", second, second.Add(time.Second - time.Microsecond), true},
		{"the next second", second, second.Add(time.Second), false},
		{"later", second, second.Add(time.Minute), false},
		{"now, by a clock that is ahead", second.Add(9 * time.Second), second.Add(9 * time.Second), true},
		{"later, by a clock that is ahead", second.Add(9 * time.Second), second.Add(10 * time.Second), false},
		{"now, by a clock that is behind", second.Add(-9 * time.Second), second.Add(-8 * time.Second), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := newLobby(t, application.RevokeTokens, "")
			issued := func(user domain.UserID, id domain.TokenID, at time.Time) string {
				return l.mintOf(domain.Session{UserID: user, TokenID: id, IssuedAt: at, ExpiresAt: noon.Add(time.Hour)})
			}
			asking, other := issued("owner", "asking", test.actor), issued("owner", "other", test.issuedAt)
			theirs := issued("stranger", "other", test.issuedAt)
			l.welcome(other)
			l.welcome(theirs)
			if err := l.sessions.EndAll(t.Context(), l.welcome(asking), "owner"); err != nil {
				t.Fatal(err)
			}
			for _, lobby := range []*lobby{l, l.replica()} {
				lobby.refuse(asking, domain.Unauthenticated, "token_revoked")
				lobby.welcome(theirs)
				if test.revoked {
					lobby.refuse(other, domain.Unauthenticated, "token_revoked")
				} else {
					lobby.welcome(other)
				}
			}
		})
	}
}

func TestEndingIsForTokensAlone(t *testing.T) {
	for code, mode := range map[string]application.RevocationMode{
		"revocation_off": application.RevokeNothing, "session_elsewhere": application.RevokeSessions,
	} {
		for _, replay := range []application.ReplayMode{application.ReplayAllowed, application.SingleUse} {
			l := newLobby(t, mode, replay)
			actor := l.welcome(l.mint("owner"))
			l.store.entries = nil
			wantFailure(t, l.sessions.End(t.Context(), actor, "owner"), domain.Conflict, code)
			wantFailure(t, l.sessions.EndAll(t.Context(), actor, "owner"), domain.Conflict, code)
			if len(l.store.entries) > 0 {
				t.Errorf("%s: something was written", mode)
			}
		}
	}
}

func TestEndNeedsATokenID(t *testing.T) {
	l := newLobby(t, application.RevokeTokens, "")
	actor, err := domain.Authenticate(domain.User{ID: "owner"}, domain.Session{UserID: "owner", IssuedAt: noon, ExpiresAt: noon.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	wantFailure(t, l.sessions.End(t.Context(), actor, "owner"), domain.Unauthenticated, "missing_token_id")
}

func TestEndTellsWhenItDidNotWork(t *testing.T) {
	l := newLobby(t, application.RevokeTokens, "")
	token := l.mint("owner")
	actor := l.welcome(token)
	l.store.fail(domain.ErrUnavailable)
	for name, end := range map[string]func(context.Context, domain.AuthenticatedUserContext, domain.UserID) error{
		"End": l.sessions.End, "EndAll": l.sessions.EndAll,
	} {
		if err := end(t.Context(), actor, "owner"); !errors.Is(err, domain.ErrUnavailable) {
			t.Errorf("%s gave error %v", name, err)
		}
		// It may have worked all the same, so what was known is known no more.
		l.refuse(token, domain.Unavailable, "revocation_unknown")
	}
	l.store.fail(nil)
	l.welcome(token)
}

func TestDescribe(t *testing.T) {
	l := newLobby(t, application.RevokeNothing, "")
	actor := l.welcome(l.mint("owner"))
	for _, test := range []struct {
		after time.Duration
		valid bool
	}{{0, true}, {time.Hour - time.Microsecond, true}, {time.Microsecond, false}} {
		l.advance(test.after)
		got, err := l.sessions.Describe(t.Context(), actor, "owner")
		want := application.SessionState{Session: actor.Session(), Valid: test.valid}
		if err != nil || got != want {
			t.Errorf("Describe gave %+v and error %v, want %+v", got, err, want)
		}
	}
}

func TestEndedSessionsAreRefused(t *testing.T) {
	l := newLobby(t, application.RevokeSessions, "")
	token, other := l.mint("owner"), l.mint("owner")
	session := l.welcome(token).Session()
	l.live.End(l.welcome(other).Session().ID)
	l.refuse(other, domain.Unauthenticated, "session_ended")
	l.welcome(token)
	foreign := session
	foreign.UserID = "stranger"
	stranger := l.mintOf(foreign)
	l.live.Begin(session) // the owner's it is, whoever names it
	l.refuse(stranger, domain.Unauthenticated, "session_ended")
	l.welcome(token)
	l.live.End(session.ID)
	l.refuse(token, domain.Unauthenticated, "session_ended")
	if l.store.looked() > 0 {
		t.Error("the deny list was asked, which is of another mode")
	}
}

func TestATokenIsSpentOnce(t *testing.T) {
	l := newLobby(t, application.RevokeNothing, application.SingleUse)
	token, other := l.mint("owner"), l.mint("owner")
	session := l.welcome(token).Session()
	l.refuse(token, domain.Unauthenticated, "token_replayed")
	l.replica().refuse(token, domain.Unauthenticated, "token_replayed")
	l.welcome(other)
	stranger := session
	stranger.UserID = "stranger"
	l.welcome(l.mintOf(stranger)) // with the same id
	if want := (ports.TokenEntry{Token: session.TokenID, At: noon, Until: session.ExpiresAt.Add(time.Minute)}); l.store.entries[0] != want {
		t.Errorf("written was %+v, want %+v", l.store.entries[0], want)
	}
	l.advance(time.Hour - time.Microsecond)
	l.refuse(token, domain.Unauthenticated, "token_replayed")
}

func TestATokenIsSpentOnceAtTheSameTime(t *testing.T) {
	l := newLobby(t, application.RevokeTokens, application.SingleUse)
	other := l.replica()
	token := l.mint("owner")
	var accepted atomic.Int32
	var all sync.WaitGroup
	for member := range 64 {
		all.Go(func() {
			_, err := []*application.Sessions{l.sessions, other.sessions}[member%2].Verify(t.Context(), token)
			if err == nil {
				accepted.Add(1)
			} else {
				wantFailure(t, err, domain.Unauthenticated, "token_replayed")
			}
		})
	}
	all.Wait()
	if accepted.Load() != 1 {
		t.Errorf("one token was accepted %d times, want once", accepted.Load())
	}
}

// Explain foretells what Verify decides, and spends nothing.
func TestExplainForetells(t *testing.T) {
	const off, jti, sid, once = application.RevokeNothing, application.RevokeTokens, application.RevokeSessions, application.SingleUse
	fail := func(l *lobby) {
		l.store.fail(io.ErrUnexpectedEOF)
		l.live.failure = io.ErrUnexpectedEOF
	}
	revoke := func(l *lobby) {
		entry := ports.TokenEntry{Token: "t", At: noon, Until: noon.Add(time.Hour)}
		if err := l.store.Revocations.Revoke(t.Context(), "owner", entry); err != nil {
			t.Fatal(err)
		}
	}
	spend := func(l *lobby) {
		entry := ports.TokenEntry{Token: "t", At: noon, Until: noon.Add(time.Hour)}
		if _, err := l.store.Revocations.Spend(t.Context(), "owner", entry); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		revocation application.RevocationMode
		replay     application.ReplayMode
		without    string
		happens    func(*lobby)
		steps      []string
		code       string
	}{
		{off, "", "jti sid iat", fail, nil, ""},
		{jti, "", "sid", nil, []string{"revocation"}, ""},
		{jti, once, "sid", nil, []string{"revocation", "replay"}, ""},
		{jti, once, "jti", nil, []string{"revocation"}, "missing_token_id"},
		{jti, once, "iat", nil, []string{"revocation"}, "missing_issued_at"},
		{jti, once, "", revoke, []string{"revocation"}, "token_revoked"},
		{jti, once, "", fail, []string{"revocation"}, "revocation_unknown"},
		{sid, "", "jti iat", nil, []string{"session"}, ""},
		{sid, once, "iat", nil, []string{"session", "replay"}, ""},
		{sid, once, "sid", nil, []string{"session"}, "missing_session_id"},
		{sid, once, "jti", nil, []string{"session", "replay"}, "missing_token_id"},
		{sid, once, "", func(l *lobby) { l.live.End("s") }, []string{"session"}, "session_ended"},
		{sid, once, "", fail, []string{"session"}, "revocation_unknown"},
		{off, once, "sid iat", revoke, []string{"replay"}, ""},
		{off, once, "jti", nil, []string{"replay"}, "missing_token_id"},
		{off, once, "", spend, []string{"replay"}, "token_replayed"},
		{off, once, "", fail, []string{"replay"}, "revocation_unknown"},
		{jti, once, "", spend, []string{"revocation", "replay"}, "token_replayed"},
		{sid, once, "", spend, []string{"session", "replay"}, "token_replayed"},
		{jti, "", "", spend, []string{"revocation"}, ""},
		{off, once, "jti", spend, []string{"replay"}, "missing_token_id"},
	} {
		t.Run(fmt.Sprintf("%s, %s, %s", test.revocation, test.replay, test.code), func(t *testing.T) {
			session := domain.Session{UserID: "owner", ID: "s", TokenID: "t", IssuedAt: noon, ExpiresAt: noon.Add(time.Hour)}
			for claim := range strings.FieldsSeq(test.without) {
				switch claim {
				case "sid":
					session.ID = ""
				case "jti":
					session.TokenID = ""
				case "iat":
					session.IssuedAt = time.Time{}
				}
			}
			l := newLobby(t, test.revocation, test.replay)
			token := l.mintOf(session)
			if test.happens != nil {
				test.happens(l)
			}
			var names []string
			var refusal error
			for _, step := range l.sessions.Explain(t.Context(), session) {
				if refusal != nil || step.Detail == "" {
					t.Errorf("after error %v there is a step %+v", refusal, step)
				}
				names, refusal = append(names, step.Name), step.Err
			}
			if diff := cmp.Diff(test.steps, names); diff != "" {
				t.Errorf("steps (-want +got):\n%s", diff)
			}
			if len(l.store.entries) > 0 {
				t.Errorf("written was %+v", l.store.entries)
			}
			_, err := l.sessions.Verify(t.Context(), token)
			if test.code == "" && (refusal != nil || err != nil) {
				t.Errorf("foretold was error %v, and it was %v", refusal, err)
			}
			if test.code != "" {
				wantFailure(t, refusal, domain.KindOf(err), test.code)
				wantFailure(t, err, domain.KindOf(err), test.code)
			}
		})
	}
}

// Who is refused for another reason may come again.
func TestARefusedTokenIsNotSpent(t *testing.T) {
	l := newLobby(t, application.RevokeSessions, application.SingleUse)
	token := l.mint("owner")
	l.live.failure = io.ErrUnexpectedEOF
	l.refuse(token, domain.Unavailable, "revocation_unknown")
	l.live.failure = nil
	l.welcome(token)
}

// What cannot be found out is not guessed.
func TestNothingIsAcceptedWhileAStoreFails(t *testing.T) {
	for _, test := range []struct {
		revocation application.RevocationMode
		replay     application.ReplayMode
	}{
		{application.RevokeTokens, application.ReplayAllowed},
		{application.RevokeSessions, application.ReplayAllowed},
		{application.RevokeNothing, application.SingleUse},
	} {
		for _, failure := range []error{io.ErrUnexpectedEOF, domain.ErrUnavailable, domain.ErrTaskNotFound, context.Canceled} {
			l := newLobby(t, test.revocation, test.replay)
			token := l.mint("owner")
			l.store.fail(failure)
			l.live.failure = failure
			l.refuse(token, domain.Unavailable, "revocation_unknown")
			if _, err := l.sessions.Verify(t.Context(), token); !errors.Is(err, failure) {
				t.Errorf("%s, %s: the log is not told of %v but of %v", test.revocation, test.replay, failure, err)
			}
			l.store.fail(nil)
			l.live.failure = nil
			l.welcome(token) // no failure is remembered
		}
	}
}

func TestWhoGivesUpGetsTheirContextsError(t *testing.T) {
	l := newLobby(t, application.RevokeTokens, application.SingleUse)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if actor, err := l.sessions.Verify(ctx, l.mint("owner")); !errors.Is(err, context.Canceled) || domain.KindOf(err) != domain.Internal || actor.IsAuthenticated() {
		t.Errorf("the error is %v, want %v", err, context.Canceled)
	}
}

func TestEverySessionUseCaseAuthorises(t *testing.T) {
	ask := map[string]func(*application.Sessions, domain.AuthenticatedUserContext, domain.UserID) (any, error){
		"Describe": func(s *application.Sessions, actor domain.AuthenticatedUserContext, owner domain.UserID) (any, error) {
			return s.Describe(t.Context(), actor, owner)
		},
		"End": func(s *application.Sessions, actor domain.AuthenticatedUserContext, owner domain.UserID) (any, error) {
			return application.SessionState{}, s.End(t.Context(), actor, owner)
		},
		"EndAll": func(s *application.Sessions, actor domain.AuthenticatedUserContext, owner domain.UserID) (any, error) {
			return application.SessionState{}, s.EndAll(t.Context(), actor, owner)
		},
	}
	for method := range reflect.TypeFor[*application.Sessions]().Methods() {
		if ask[method.Name] == nil && !slices.Contains([]string{"Verify", "Recheck", "Explain"}, method.Name) { // which ask whether there is an actor
			t.Errorf("%s is not tested for authorisation", method.Name)
		}
	}
	for _, mode := range []application.RevocationMode{application.RevokeNothing, application.RevokeTokens, application.RevokeSessions} {
		l := newLobby(t, mode, "")
		owner := l.welcome(l.mint("owner"))
		for name, ask := range ask {
			for _, test := range []struct {
				actor domain.AuthenticatedUserContext
				owner domain.UserID
				want  error
			}{
				{domain.AuthenticatedUserContext{}, "owner", domain.ErrNotAuthenticated},
				{domain.AuthenticatedUserContext{}, "", domain.ErrNotAuthenticated},
				{l.welcome(l.mint("other")), "owner", domain.ErrNotOwner},
				{l.welcome(l.mint("Owner")), "owner", domain.ErrNotOwner},
				{owner, "", domain.ErrNotOwner},
			} {
				got, err := ask(l.sessions, test.actor, test.owner)
				if !errors.Is(err, test.want) || got != (application.SessionState{}) {
					t.Errorf("%s, %s by %q for %q: %+v and error %v, want %v", mode, name, test.actor.UserID(), test.owner, got, err, test.want)
				}
			}
			if _, err := ask(l.sessions, owner, "owner"); errors.Is(err, domain.ErrNotOwner) || errors.Is(err, domain.ErrNotAuthenticated) {
				t.Errorf("%s, %s: the owner was refused: %v", mode, name, err)
			}
		}
		if strangers := slices.DeleteFunc(l.store.entries, func(entry ports.TokenEntry) bool { return entry.Token == owner.Session().TokenID }); len(strangers) > 0 {
			t.Errorf("%s: written was %+v", mode, strangers)
		}
	}
}
