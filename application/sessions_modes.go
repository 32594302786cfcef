package application

import "errors"

// RevocationMode says how a token can be made to lose its worth before it
// expires.
type RevocationMode string

// The revocation modes.
const (
	// RevokeNothing means that it cannot.
	RevokeNothing RevocationMode = "off"
	// RevokeTokens means by its id (jti) or by its time of issue (iat), with
	// [Sessions.End] and [Sessions.EndAll]. A token without both is refused.
	RevokeTokens RevocationMode = "jti"
	// RevokeSessions means by ending its session (sid) at the auth server. A
	// token without one is refused.
	RevokeSessions RevocationMode = "session"
)

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *RevocationMode) UnmarshalText(text []byte) error {
	switch mode := RevocationMode(text); mode {
	case RevokeNothing, RevokeTokens, RevokeSessions:
		*m = mode
		return nil
	}
	return errors.New("must be off, jti or session")
}

// ReplayMode says how often a token is accepted.
type ReplayMode string

// The replay modes.
const (
	// ReplayAllowed means any number of times.
	ReplayAllowed ReplayMode = "allowed"
	// SingleUse means once, by its id (jti). A token without one is refused.
	SingleUse ReplayMode = "single-use"
)

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *ReplayMode) UnmarshalText(text []byte) error {
	switch mode := ReplayMode(text); mode {
	case ReplayAllowed, SingleUse:
		*m = mode
		return nil
	}
	return errors.New("must be allowed or single-use")
}
