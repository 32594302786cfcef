package domain

import "time"

// AuthenticatedUserContext says who is asking, and until when the token that
// proved it holds. Only [Authenticate] makes one that authenticates anybody:
// the zero value does not, and may act for nobody.
type AuthenticatedUserContext struct {
	user           User
	tokenExpiresAt time.Time
}

// Authenticate makes the context of a user whose token was verified and holds
// until tokenExpiresAt. A user without an id gets [ErrNotAuthenticated].
func Authenticate(user User, tokenExpiresAt time.Time) (AuthenticatedUserContext, error) {
	if user.ID == "" {
		return AuthenticatedUserContext{}, ErrNotAuthenticated
	}
	return AuthenticatedUserContext{user: user, tokenExpiresAt: Moment(tokenExpiresAt)}, nil
}

// IsAuthenticated reports whether anybody is known to be asking.
func (a AuthenticatedUserContext) IsAuthenticated() bool { return a.user.ID != "" }

// User is the one who asks, as far as the token tells.
func (a AuthenticatedUserContext) User() User { return a.user }

// UserID is the token's subject.
func (a AuthenticatedUserContext) UserID() UserID { return a.user.ID }

// Email is the token's email claim, zero if it has none.
func (a AuthenticatedUserContext) Email() Email { return a.user.Email }

// TokenExpiresAt is when the token ceases to prove anything.
func (a AuthenticatedUserContext) TokenExpiresAt() time.Time { return a.tokenExpiresAt }

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
