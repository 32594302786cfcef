package application

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Sessions are the use cases around what proves who is asking: to accept a
// token, to describe the session behind it, and to end it. As with [Tasks]
// each of the latter takes the actor, who asks, and the owner, whose sessions
// they are, and fails as [domain.AuthenticatedUserContext.MayActFor] says.
//
// It is a ports.TokenVerifier: it accepts what the verifier that it is made of
// accepts, unless that was revoked, or spent. If that cannot be found out, it
// answers with [domain.Unavailable] and accepts nothing.
type Sessions struct {
	verifier ports.TokenVerifier
	now      func() time.Time
	options  SessionsOptions
	cache    *revocationCache
}

// SessionsOptions are what [Sessions] can be told. The zero value accepts all
// that the verifier does.
type SessionsOptions struct {
	Revocation  RevocationMode      // "" means RevokeNothing
	Replay      ReplayMode          // "" means ReplayAllowed
	Revocations ports.Revocations   // for RevokeTokens and SingleUse
	Lookup      ports.SessionLookup // for RevokeSessions
	Audit       *Audit              // has refused tokens and ended ones written down; nil: nobody does
}

// NewSessions returns the use cases around verifier's tokens. They take the
// time from now. It fails if an option lacks what it needs.
func NewSessions(verifier ports.TokenVerifier, now func() time.Time, options SessionsOptions) (*Sessions, error) {
	options.Revocation = cmp.Or(options.Revocation, RevokeNothing)
	options.Replay = cmp.Or(options.Replay, ReplayAllowed)
	needsStore := options.Revocation == RevokeTokens || options.Replay == SingleUse
	switch {
	case needsStore && options.Revocations == nil:
		return nil, errors.New("sessions: there is nowhere to keep revoked and spent tokens")
	case options.Revocation == RevokeSessions && options.Lookup == nil:
		return nil, errors.New("sessions: there is nowhere to look for the auth server's sessions")
	}
	return &Sessions{verifier: verifier, now: now, options: options, cache: newRevocationCache(now)}, nil
}

// Why a token is refused that has verified, and why a session is not ended.
var (
	errMissingTokenID   = &domain.Error{Kind: domain.Unauthenticated, Code: "missing_token_id", Detail: "The token has no id (jti), which this service needs to be able to revoke it or to tell that it comes a second time."}
	errMissingIssuedAt  = &domain.Error{Kind: domain.Unauthenticated, Code: "missing_issued_at", Detail: "The token does not say when it was issued (iat), which this service needs to be able to revoke it."}
	errMissingSessionID = &domain.Error{Kind: domain.Unauthenticated, Code: "missing_session_id", Detail: "The token does not name its session (sid), which this service needs to find out whether that has ended."}
	errTokenRevoked     = &domain.Error{Kind: domain.Unauthenticated, Code: "token_revoked", Detail: "The token was revoked. Get a new one."}
	errTokenReplayed    = &domain.Error{Kind: domain.Unauthenticated, Code: "token_replayed", Detail: "The token was used before, and each is good for one request. Get a new one."}
	errSessionEnded     = &domain.Error{Kind: domain.Unauthenticated, Code: "session_ended", Detail: "The session that the token was issued for has ended. Sign in again."}
	errUndecided        = &domain.Error{Kind: domain.Unavailable, Code: "revocation_unknown", Detail: "Whether the token is still good cannot be found out at the moment. Try again soon."}
	errRevocationOff    = &domain.Error{Kind: domain.Conflict, Code: "revocation_off", Detail: "This service revokes no tokens: they are good until they expire."}
	errSessionElsewhere = &domain.Error{Kind: domain.Conflict, Code: "session_elsewhere", Detail: "This service follows the sessions of the auth server. Sign out there."}
)

// clockSkew is how far the clocks of those who share a store may be apart. A
// revoked token is kept on the list for so long after it has expired, for one
// whose clock is behind may still accept it.
const clockSkew = time.Minute

// Verify implements ports.TokenVerifier.
func (s *Sessions) Verify(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
	actor, err := s.verifier.Verify(ctx, token)
	if err == nil {
		err = s.admit(ctx, actor.Session())
	}
	if err != nil {
		return domain.AuthenticatedUserContext{}, s.refuse(ctx, actor, err)
	}
	return actor, nil
}

// Recheck fails as Verify would, for a token that was accepted before and is
// still in use. That it is spent by then does not count.
func (s *Sessions) Recheck(ctx context.Context, token string) error {
	actor, err := s.verifier.Verify(ctx, token)
	if err == nil {
		err = s.check(ctx, actor.Session())
	}
	return s.refuse(ctx, actor, err)
}

// refuse has it written down if a token is refused, with the actor if it had
// verified.
func (s *Sessions) refuse(ctx context.Context, actor domain.AuthenticatedUserContext, err error) error {
	return s.options.Audit.Refuse(ctx, actor, actor.UserID(), domain.AuditAuthenticate, err)
}

// admit returns nil if the session of a verified token is good in every mode
// that is on. The token is spent last, and so by nobody who is refused.
func (s *Sessions) admit(ctx context.Context, session domain.Session) error {
	err := s.check(ctx, session)
	if err == nil && s.options.Replay == SingleUse {
		err = s.spend(ctx, session)
	}
	return err
}

func (s *Sessions) check(ctx context.Context, session domain.Session) error {
	switch s.options.Revocation {
	case RevokeTokens:
		return s.checkToken(ctx, session)
	case RevokeSessions:
		return s.checkSession(ctx, session)
	case RevokeNothing:
	}
	return nil
}

func (s *Sessions) checkToken(ctx context.Context, session domain.Session) error {
	switch {
	case session.TokenID == "":
		return errMissingTokenID
	case session.IssuedAt.IsZero():
		return errMissingIssuedAt
	}
	revoked, err := s.cache.ask(ctx, session, func() (bool, error) {
		return s.options.Revocations.Revoked(ctx, session.UserID, session)
	})
	switch {
	case err != nil:
		return undecided(ctx, err)
	case revoked:
		return errTokenRevoked
	}
	return nil
}

func (s *Sessions) checkSession(ctx context.Context, session domain.Session) error {
	if session.ID == "" {
		return errMissingSessionID
	}
	live, err := s.options.Lookup.Live(ctx, session.UserID, session.ID)
	switch {
	case err != nil:
		return undecided(ctx, err)
	case !live:
		return errSessionEnded
	}
	return nil
}

func (s *Sessions) spend(ctx context.Context, session domain.Session) error {
	if session.TokenID == "" {
		return errMissingTokenID
	}
	first, err := s.options.Revocations.Spend(ctx, session.UserID, s.entry(session))
	return replayed(ctx, !first, err)
}

// replayed is why a token is refused of which it was asked whether it is spent.
func replayed(ctx context.Context, spent bool, err error) error {
	switch {
	case err != nil:
		return undecided(ctx, err)
	case spent:
		return errTokenReplayed
	}
	return nil
}

func (s *Sessions) entry(session domain.Session) ports.TokenEntry {
	return ports.TokenEntry{Token: session.TokenID, At: domain.Moment(s.now()), Until: session.ExpiresAt.Add(clockSkew)}
}

// undecided is the failure to find out whether a token is good, unless it is
// the one who asks who has given up.
func undecided(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil && errors.Is(err, ended) {
		return err
	}
	return errUndecided.Because(err)
}

// SessionState is a session and whether it proves anything at the moment.
type SessionState struct {
	domain.Session
	Valid bool
}

// Describe returns the session that the actor asks with.
func (s *Sessions) Describe(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) (SessionState, error) {
	if err := actor.MayActFor(owner); err != nil {
		return SessionState{}, s.options.Audit.Refuse(ctx, actor, owner, domain.AuditRead, err)
	}
	return SessionState{actor.Session(), actor.Session().ValidAt(s.now())}, nil
}

// End revokes the token that the actor asks with. Unless tokens are revoked
// here ([RevokeTokens]) the error is [domain.Conflict].
func (s *Sessions) End(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	if err := s.mayEnd(actor, owner); err != nil {
		return s.options.Audit.Refuse(ctx, actor, owner, domain.AuditEndSession, err)
	}
	session := actor.Session()
	if session.TokenID == "" {
		return s.options.Audit.Refuse(ctx, actor, owner, domain.AuditEndSession, errMissingTokenID)
	}
	// Whether it has worked or not, from now on the store is asked.
	defer s.cache.forget(func(known domain.Session) bool {
		return known.UserID == owner && known.TokenID == session.TokenID
	})
	if err := s.options.Revocations.Revoke(ctx, owner, s.entry(session)); err != nil {
		return err
	}
	s.options.Audit.done(ctx, actor, owner, domain.AuditEndSession, s.now())
	return nil
}

// EndAll revokes all tokens of the owner's that have been issued until now, and
// with them the one that the actor asks with. It ends no session at the auth
// server: who has one there can get new tokens. The errors are those of [End].
//
// Tokens tell in whole seconds when they were issued, so one that was issued
// in the second of the call may be older than the call. All of that second are
// revoked, also those that are in truth newer. The second is the later one of
// our clock's and of the actor's token's, as the auth server's clock may be
// ahead; tokens that it dated further ahead than that are not reached.
func (s *Sessions) EndAll(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	if err := s.mayEnd(actor, owner); err != nil {
		return s.options.Audit.Refuse(ctx, actor, owner, domain.AuditEndSessions, err)
	}
	latest := domain.Moment(s.now())
	if issuedAt := actor.Session().IssuedAt; issuedAt.After(latest) {
		latest = issuedAt
	}
	defer s.cache.forget(func(known domain.Session) bool { return known.UserID == owner })
	if err := s.options.Revocations.RevokeBefore(ctx, owner, latest.Truncate(time.Second).Add(time.Second)); err != nil {
		return err
	}
	s.options.Audit.done(ctx, actor, owner, domain.AuditEndSessions, s.now())
	return nil
}

// mayEnd returns nil if the actor may end the owner's sessions, and that can be
// done here.
func (s *Sessions) mayEnd(actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	if err := actor.MayActFor(owner); err != nil {
		return err
	}
	switch s.options.Revocation {
	case RevokeTokens:
		return nil
	case RevokeSessions:
		return errSessionElsewhere
	case RevokeNothing:
	}
	return errRevocationOff
}
