package httpapi

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// keySet publishes the keys of an auth server within this process, so that
// others can verify its tokens, too.
func (a *API) keySet(c echo.Context) error {
	document, err := a.options.KeySet(c.Request().Context())
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, "application/jwk-set+json", document)
}
