package httpapi

import (
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/application"
)

const maxRequestIDBytes = 64

// harmlessRequestID drops a request id that is not fit to be repeated, before
// Echo's RequestID takes over the one that came or makes one.
func harmlessRequestID(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Request().Header
		if id := header.Get(echo.HeaderXRequestID); len(id) > maxRequestIDBytes || strings.Trim(id, letters+"0123456789-_.") != "" {
			header.Del(echo.HeaderXRequestID)
		}
		return next(c)
	}
}

// nameRequest tells the use cases the id that the answer has.
func nameRequest(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		request := c.Request()
		id := c.Response().Header().Get(echo.HeaderXRequestID)
		c.SetRequest(request.WithContext(application.WithRequestID(request.Context(), id)))
		return next(c)
	}
}
