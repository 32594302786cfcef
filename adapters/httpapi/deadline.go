package httpapi

import (
	"context"
	"errors"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// deadline ends a request's context when its time is over, and makes of what
// an ended context led to the failure that it is: the time, or a client that
// is gone.
func (a *API) deadline() echo.MiddlewareFunc {
	return middleware.ContextTimeoutWithConfig(middleware.ContextTimeoutConfig{
		Timeout: a.options.Deadline,
		ErrorHandler: func(err error, c echo.Context) error {
			ended := c.Request().Context().Err()
			switch {
			case ended == nil || !errors.Is(err, ended):
				return err
			case errors.Is(ended, context.DeadlineExceeded):
				return deadlineExceeded.because(err)
			default:
				return clientGone.because(err)
			}
		},
	})
}
