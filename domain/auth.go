package domain

import "time"

// AuthenticatedUserContext says who is asking, and what proved it. Only
// [Authenticate] makes one that authenticates anybody: the zero value does
// not, and may act for nobody.
type AuthenticatedUserContext struct {
	user    User
	session Session
}

// Authenticate makes the context of a user whose session was verified. Its
// times are brought to a [Moment]. A user without an id, and one with the
// session of another, get [ErrNotAuthenticated].
func Authenticate(user User, session Session) (AuthenticatedUserContext, error) {
	if user.ID == "" || session.UserID != user.ID {
		return AuthenticatedUserContext{}, ErrNotAuthenticated
	}
	session.IssuedAt, session.ExpiresAt = Moment(session.IssuedAt), Moment(session.ExpiresAt)
	return AuthenticatedUserContext{user, session}, nil
}

// IsAuthenticated reports whether anybody is known to be asking.
func (a AuthenticatedUserContext) IsAuthenticated() bool { return a.user.ID != "" }

// User is the one who asks, as far as the token tells.
func (a AuthenticatedUserContext) User() User { return a.user }

// UserID is the token's subject.
func (a AuthenticatedUserContext) UserID() UserID { return a.user.ID }

// Email is the token's email claim, zero if it has none.
func (a AuthenticatedUserContext) Email() Email { return a.user.Email }

// Session is what proved who is asking.
func (a AuthenticatedUserContext) Session() Session { return a.session }

// TokenExpiresAt is when the token ceases to prove anything.
func (a AuthenticatedUserContext) TokenExpiresAt() time.Time { return a.session.ExpiresAt }

// MayActFor returns nil if the one who asks is owner. Otherwise it returns
// [ErrNotAuthenticated] or [ErrNotOwner].
func (a AuthenticatedUserContext) MayActFor(owner UserID) error {
	switch {
	case !a.IsAuthenticated():
		return ErrNotAuthenticated
	case a.user.ID != owner:
		return ErrNotOwner
	}
	return nil
}
