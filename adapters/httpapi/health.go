package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// Check is one thing that has to be in order before requests are sent here:
// that the database answers, or that a key set is loaded.
type Check struct {
	Name  string                      // for the log
	Ready func(context.Context) error // nil means in order; it ends when the context does
}

// checkTime is what the checks have together. Whoever balances load asks every
// few seconds, and takes silence for a no.
const checkTime = 2 * time.Second

// ready answers whether requests should be sent here. Which check fails is
// for the log, not for whoever asks.
func (a *API) ready(c echo.Context) error {
	if a.draining.Load() {
		return draining
	}
	if err := a.runChecks(c.Request().Context()); err != nil {
		return notReady.because(err)
	}
	return answer(c, http.StatusOK, echo.MIMEApplicationJSON, []byte(`{"status":"ready"}`))
}

func (a *API) runChecks(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	problems := make([]error, len(a.checks))
	var group sync.WaitGroup
	for i, check := range a.checks {
		group.Go(func() {
			if err := check.Ready(ctx); err != nil {
				problems[i] = fmt.Errorf("%s: %w", check.Name, err)
			}
		})
	}
	group.Wait()
	return errors.Join(problems...)
}

// closeWhileDraining lets clients leave a connection between two requests,
// where nothing is lost, before the server closes it.
func (a *API) closeWhileDraining(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if a.draining.Load() {
			c.Response().Header().Set(echo.HeaderConnection, "close")
		}
		return next(c)
	}
}
