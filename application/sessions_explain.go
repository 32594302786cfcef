package application

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// Step is one of the things that [Sessions] asks of a token that has verified.
type Step struct {
	Name   string // "revocation", "session" or "replay"
	Err    error  // why the token is refused, as [Sessions.Verify] returns it; nil if it is not
	Detail string // by what the token was judged
}

// Explain tells of each thing that [Sessions.Verify] asks of the session of a
// token that has verified, up to the one for which it refuses the token. It
// spends nothing.
func (s *Sessions) Explain(ctx context.Context, session domain.Session) []Step {
	var steps []Step
	switch s.options.Revocation {
	case RevokeTokens:
		steps = append(steps, Step{"revocation", s.checkToken(ctx, session), "by jti and iat"})
	case RevokeSessions:
		steps = append(steps, Step{"session", s.checkSession(ctx, session), "by sid"})
	case RevokeNothing:
	}
	refused := len(steps) > 0 && steps[0].Err != nil
	if s.options.Replay == SingleUse && !refused {
		steps = append(steps, Step{"replay", s.checkUnspent(ctx, session), "by jti"})
	}
	return steps
}

// checkUnspent fails as spend would, and spends nothing.
func (s *Sessions) checkUnspent(ctx context.Context, session domain.Session) error {
	if session.TokenID == "" {
		return errMissingTokenID
	}
	entry := s.entry(session)
	spent, err := s.options.Revocations.Spent(ctx, session.UserID, entry.Token, entry.At)
	return replayed(ctx, spent, err)
}
