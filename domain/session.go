package domain

import "time"

// Session is what stands behind a request: the token that proved who is
// asking, and the session at the auth server that it was issued for.
type Session struct {
	UserID    UserID
	ID        SessionID // of the session at the auth server; empty if nobody told
	TokenID   TokenID   // of the token itself; empty if it has none
	IssuedAt  time.Time // zero if nobody told
	ExpiresAt time.Time
}

// ValidAt reports whether the session proves anything at that time, which it
// does up to its expiry and not at it.
func (s Session) ValidAt(now time.Time) bool { return now.Before(s.ExpiresAt) }

// SessionID is Better Auth's id of a session: the id of its row, never the
// secret token that the row holds. Like a [UserID] it is opaque.
type SessionID string

// TokenID is the id that a token gives itself (jti, RFC 7519 section 4.1.7).
// It is unique only together with the user whom the token speaks for.
type TokenID string

// MaxSessionIDBytes bounds a [SessionID] and a [TokenID], so that every store
// can index them.
const MaxSessionIDBytes = 255

// ParseSessionID accepts any id of 1 to [MaxSessionIDBytes] bytes of valid
// UTF-8 without NUL, and nothing else. The error is [Invalid].
func ParseSessionID(text string) (SessionID, error) {
	if err := checkID("session_id", text, MaxSessionIDBytes); err != nil {
		return "", err
	}
	return SessionID(text), nil
}

// ParseTokenID accepts what [ParseSessionID] accepts.
func ParseTokenID(text string) (TokenID, error) {
	if err := checkID("token_id", text, MaxSessionIDBytes); err != nil {
		return "", err
	}
	return TokenID(text), nil
}
