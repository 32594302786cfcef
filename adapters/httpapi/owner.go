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

// owned makes the handler of a route to what is an owner's. Who is refused is
// told to the audit to have tried the action.
func (a *API) owned(ownerOf ownerOf, action domain.AuditAction, next ownersHandler) echo.HandlerFunc {
	return a.authenticated(a.admitting(ownerOf, action, next))
}

// streamed is owned for an answer that takes as long as it takes.
func (a *API) streamed(ownerOf ownerOf, action domain.AuditAction, next ownersHandler) echo.HandlerFunc {
	return a.identified(a.admitting(ownerOf, action, next))
}

// admitting lets nobody but the owner on.
func (a *API) admitting(ownerOf ownerOf, action domain.AuditAction, next ownersHandler) func(echo.Context, domain.AuthenticatedUserContext) error {
	return func(c echo.Context, actor domain.AuthenticatedUserContext) error {
		owner, err := ownerOf(c, actor)
		if err == nil {
			// The use cases authorise as well, and they are the guard. It is
			// asked here already so that not even the body of a stranger is read.
			err = actor.MayActFor(owner)
		}
		if err != nil {
			return a.options.Audit.Refuse(c.Request().Context(), actor, owner, action, err, namedTask(c)...)
		}
		return next(c, actor, owner)
	}
}

// namedTask is the task that the path names, if it names one.
func namedTask(c echo.Context) []domain.TaskID {
	if id := taskID(c); id != 0 {
		return []domain.TaskID{id}
	}
	return nil
}
