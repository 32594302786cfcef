package application_test

import (
	"testing"
	"time"

	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

func TestRecheck(t *testing.T) {
	l := newLobby(t, application.RevokeTokens, application.SingleUse)
	token := l.mint("u")
	actor := l.welcome(token)
	if err := l.sessions.Recheck(t.Context(), token); err != nil {
		t.Errorf("a spent token: %v", err)
	}
	l.refuse(token, domain.Unauthenticated, "token_replayed")
	if err := l.sessions.Recheck(t.Context(), l.mint("u")); err != nil {
		t.Errorf("a fresh token: %v", err)
	}
	wantFailure(t, l.sessions.Recheck(t.Context(), "never.minted.by.anybody"), domain.Unauthenticated, "unknown_token")

	if err := l.sessions.End(t.Context(), actor, "u"); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, l.sessions.Recheck(t.Context(), token), domain.Unauthenticated, "token_revoked")

	late := l.mint("u")
	l.advance(24 * time.Hour)
	wantFailure(t, l.sessions.Recheck(t.Context(), late), domain.Unauthenticated, "token_expired")
}

func TestRecheckFollowsTheAuthServersSessions(t *testing.T) {
	l := newLobby(t, application.RevokeSessions, "")
	session := domain.Session{UserID: "u", ID: "s", ExpiresAt: l.now().Add(time.Hour)}
	token := l.mintOf(session)
	if err := l.sessions.Recheck(t.Context(), token); err != nil {
		t.Error(err)
	}
	l.live.End("s")
	wantFailure(t, l.sessions.Recheck(t.Context(), token), domain.Unauthenticated, "session_ended")
}
