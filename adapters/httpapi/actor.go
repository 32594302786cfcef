package httpapi

import (
	"context"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// authenticated makes the handler of a route that wants a token. It is put
// around each handler and not around a group of routes, where Echo would run
// it for paths and methods that do not exist.
func (a *API) authenticated(next func(echo.Context, domain.AuthenticatedUserContext) error) echo.HandlerFunc {
	return a.deadline()(a.identified(next))
}

// identified is authenticated for what takes as long as it takes: the deadline
// is for the token alone.
func (a *API) identified(next func(echo.Context, domain.AuthenticatedUserContext) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		actor, err := a.actor(c)
		if err != nil {
			return err
		}
		c.Set(actorKey, actor.UserID())
		return next(c, actor)
	}
}

// actor is who asks.
func (a *API) actor(c echo.Context) (domain.AuthenticatedUserContext, error) {
	token, err := bearerToken(c.Request().Header)
	if err != nil {
		return domain.AuthenticatedUserContext{}, err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), a.options.Deadline)
	defer cancel()
	actor, err := a.sessions.Verify(ctx, token)
	if err == nil && !actor.IsAuthenticated() {
		err = domain.ErrNotAuthenticated
	}
	return actor, givenUp(ctx, err)
}
