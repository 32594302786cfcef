package httpapi

import (
	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// authenticated makes the handler of a route that wants a token. It is put
// around each handler and not around a group of routes, where Echo would run
// it for paths and methods that do not exist.
func (a *API) authenticated(next func(echo.Context, domain.AuthenticatedUserContext) error) echo.HandlerFunc {
	return a.deadline()(func(c echo.Context) error {
		token, err := bearerToken(c.Request().Header)
		if err != nil {
			return err
		}
		actor, err := a.sessions.Verify(c.Request().Context(), token)
		switch {
		case err != nil:
			return err
		case !actor.IsAuthenticated():
			return domain.ErrNotAuthenticated
		}
		c.Set(actorKey, actor.UserID())
		return next(c, actor)
	})
}
