package httpapi

import (
	"context"
	"errors"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// deadline ends a request's context when the time that requests have is over.
func (a *API) deadline() echo.MiddlewareFunc { return within(a.options.Deadline) }

// within is a deadline for a request that has a time of its own.
func within(limit time.Duration) echo.MiddlewareFunc {
	return middleware.ContextTimeoutWithConfig(middleware.ContextTimeoutConfig{
		Timeout:      limit,
		ErrorHandler: func(err error, c echo.Context) error { return givenUp(c.Request().Context(), err) },
	})
}

// givenUp makes of what an ended context led to the failure that it is: the
// time, or a client that is gone.
func givenUp(ctx context.Context, err error) error {
	ended := ctx.Err()
	switch {
	case ended == nil || !errors.Is(err, ended):
		return err
	case errors.Is(ended, context.DeadlineExceeded):
		return deadlineExceeded.because(err)
	default:
		return clientGone.because(err)
	}
}
