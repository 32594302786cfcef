package httpapi

import (
	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// ownerOf says whose tasks or session a request is about.
type ownerOf func(c echo.Context, actor domain.AuthenticatedUserContext) (domain.UserID, error)

// ownerInPath is the user whom the path names. A name that no user can have
// belongs to another user, whoever asks.
func ownerInPath(c echo.Context, _ domain.AuthenticatedUserContext) (domain.UserID, error) {
	text, err := segment(c, "user_id")
	if err != nil {
		return "", domain.ErrNotOwner.Because(err)
	}
	owner, err := domain.ParseUserID(text)
	if err != nil {
		return "", domain.ErrNotOwner.Because(err)
	}
	return owner, nil
}

// ownerIsActor is whoever asks.
func ownerIsActor(_ echo.Context, actor domain.AuthenticatedUserContext) (domain.UserID, error) {
	return actor.UserID(), nil
}

// owned makes the handler of a route to what is an owner's.
func (a *API) owned(
	ownerOf ownerOf,
	next func(echo.Context, domain.AuthenticatedUserContext, domain.UserID) error,
) echo.HandlerFunc {
	return a.authenticated(func(c echo.Context, actor domain.AuthenticatedUserContext) error {
		owner, err := ownerOf(c, actor)
		if err != nil {
			return err
		}
		// The use cases authorise as well, and they are the guard. It is asked
		// here already so that not even the body of a stranger is read.
		if err := actor.MayActFor(owner); err != nil {
			return err
		}
		return next(c, actor, owner)
	})
}
