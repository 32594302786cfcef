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

// ownersHandler answers a request about what is an owner's.
type ownersHandler func(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error

// owned makes the handler of a route to what is an owner's.
func (a *API) owned(ownerOf ownerOf, next ownersHandler) echo.HandlerFunc {
	return a.authenticated(admitting(ownerOf, next))
}

// streamed is owned for an answer that takes as long as it takes.
func (a *API) streamed(ownerOf ownerOf, next ownersHandler) echo.HandlerFunc {
	return a.identified(admitting(ownerOf, next))
}

// admitting lets nobody but the owner on.
func admitting(ownerOf ownerOf, next ownersHandler) func(echo.Context, domain.AuthenticatedUserContext) error {
	return func(c echo.Context, actor domain.AuthenticatedUserContext) error {
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
	}
}
