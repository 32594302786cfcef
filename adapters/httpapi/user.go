package httpapi

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// me answers who is asking.
func (a *API) me(c echo.Context, actor domain.AuthenticatedUserContext) error {
	user, err := a.users.Me(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, echo.MIMEApplicationJSON, appendUser(nil, user))
}

// appendUser writes null for what nobody told.
func appendUser(dst []byte, user domain.User) []byte {
	dst = append(dst, `{"id":`...)
	dst = appendText(dst, string(user.ID))
	dst = append(dst, `,"email":`...)
	dst = appendTextOrNull(dst, user.Email.String())
	dst = append(dst, `,"name":`...)
	dst = appendTextOrNull(dst, user.Name)
	dst = append(dst, `,"created_at":`...)
	dst = appendTime(dst, user.CreatedAt)
	dst = append(dst, `,"updated_at":`...)
	dst = appendTime(dst, user.UpdatedAt)
	return append(dst, '}')
}
