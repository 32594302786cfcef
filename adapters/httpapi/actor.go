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
	return a.deadline()(func(c echo.Context) error {
		actor, err := a.admit(c.Request().Context(), c)
		if err != nil {
			return err
		}
		return next(c, actor)
	})
}

// identified is authenticated for what takes as long as it takes: the deadline
// is for the token alone.
func (a *API) identified(next func(echo.Context, domain.AuthenticatedUserContext) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		ctx, cancel := context.WithTimeout(c.Request().Context(), a.options.Deadline)
		actor, err := a.admit(ctx, c)
		err = givenUp(ctx, err)
		cancel()
		if err != nil {
			return err
		}
		return next(c, actor)
	}
}

// admit finds out who asks, and whether they may ask at the moment.
func (a *API) admit(ctx context.Context, c echo.Context) (domain.AuthenticatedUserContext, error) {
	token, err := bearerToken(c.Request().Header)
	if err != nil {
		a.options.Audit.RefuseToken(ctx, failureOf(err).code)
		return domain.AuthenticatedUserContext{}, err
	}
	actor, err := a.sessions.Verify(ctx, token)
	if err == nil && !actor.IsAuthenticated() {
		a.options.Audit.RefuseToken(ctx, domain.ErrNotAuthenticated.Code)
		err = domain.ErrNotAuthenticated
	}
	if err == nil {
		c.Set(actorKey, actor.UserID())
		err = a.rateLimit(ctx, actor, c.Response().Header())
	}
	return actor, err
}
