package httpapi

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

// describeSession answers who is asking, and what proves it.
func (a *API) describeSession(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	session, err := a.sessions.Describe(c.Request().Context(), actor, owner)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, echo.MIMEApplicationJSON, appendAuthentication(nil, actor, session))
}

// endSession signs out: the token that asks, or all of the user's.
func (a *API) endSession(c echo.Context, actor domain.AuthenticatedUserContext, owner domain.UserID) error {
	request := c.Request()
	parameters, err := parseParameters(request.URL.RawQuery)
	if err != nil {
		return err
	}
	all := choice(parameters, switchValues, "all").Or(false)
	if err := parameters.finish(prefersStrict(request.Header)); err != nil {
		return err
	}
	end := a.sessions.End
	if all {
		end = a.sessions.EndAll
	}
	if err := end(request.Context(), actor, owner); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// appendAuthentication writes null for what the token did not tell.
func appendAuthentication(dst []byte, actor domain.AuthenticatedUserContext, session application.SessionState) []byte {
	dst = append(dst, `{"user_id":`...)
	dst = appendText(dst, string(actor.UserID()))
	dst = append(dst, `,"email":`...)
	dst = appendTextOrNull(dst, actor.Email().String())
	dst = append(dst, `,"is_authenticated":`...)
	dst = strconv.AppendBool(dst, actor.IsAuthenticated())
	dst = append(dst, `,"token_expires_at":`...)
	dst = appendTime(dst, actor.TokenExpiresAt())
	dst = append(dst, `,"session":{"user_id":`...)
	dst = appendText(dst, string(session.UserID))
	dst = append(dst, `,"expires_at":`...)
	dst = appendTime(dst, session.ExpiresAt)
	dst = append(dst, `,"issued_at":`...)
	dst = appendTime(dst, session.IssuedAt)
	dst = append(dst, `,"valid":`...)
	dst = strconv.AppendBool(dst, session.Valid)
	return append(dst, "}}"...)
}
