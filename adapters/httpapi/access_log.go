package httpapi

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/taskward/taskward/domain"
)

// Under these keys Echo's context keeps what the access log tells of a request.
const (
	actorKey   = "actor"   // domain.UserID of who asked, once authenticated
	failureKey = "failure" // *failure that was answered
)

// What a client can write into the log with one request is bounded. That a
// segment is cut keeps a token out that was put into the path by mistake: its
// signature comes last.
const (
	maxLoggedPath    = 256
	maxLoggedSegment = 40
)

func loggedPath(path string) string {
	segments := strings.Split(path[:min(len(path), maxLoggedPath)], "/")
	for i, segment := range segments {
		if len(segment) > maxLoggedSegment {
			segments[i] = segment[:maxLoggedSegment] + "…"
		}
	}
	return strings.Join(segments, "/")
}

// accessLog writes one line a request. It tells the path and not the query,
// and nothing of headers and bodies: tokens and titles are not for the log.
// It turns errors into answers, so that it knows the status.
func (a *API) accessLog() echo.MiddlewareFunc {
	return middleware.RequestLoggerWithConfig(middleware.RequestLoggerConfig{
		HandleError:     true,
		LogLatency:      true,
		LogMethod:       true,
		LogURIPath:      true,
		LogRoutePath:    true,
		LogRequestID:    true,
		LogStatus:       true,
		LogResponseSize: true,
		LogValuesFunc: func(c echo.Context, line middleware.RequestLoggerValues) error {
			if a.options.Watch.Answered != nil {
				a.options.Watch.Answered(answeredAs(c, line))
			}
			ctx, level, handler := c.Request().Context(), levelOf(line), a.options.Logger.Handler()
			if !handler.Enabled(ctx, level) {
				return nil
			}
			entry := slog.NewRecord(time.Now(), level, "request", 0) // which Logger would look for its caller for
			entry.AddAttrs(
				slog.String("method", line.Method),
				slog.String("route", line.RoutePath),
				slog.String("path", loggedPath(line.URIPath)),
				slog.Int("status", line.Status),
				slog.Duration("duration", line.Latency),
				slog.Int64("bytes", line.ResponseSize),
				slog.String("request_id", line.RequestID),
			)
			if a.options.Tracers != nil {
				entry.AddAttrs(traceOf(ctx)...)
			}
			if actor, ok := c.Get(actorKey).(domain.UserID); ok {
				entry.AddAttrs(slog.String("user_id", string(actor)))
			}
			if failure, ok := c.Get(failureKey).(*failure); ok {
				entry.AddAttrs(slog.String("code", failure.code))
				if failure.status >= http.StatusInternalServerError {
					entry.AddAttrs(slog.Any("error", failure))
				}
			}
			return handler.Handle(ctx, entry)
		},
	})
}

// levelOf is an error where somebody has to look into it, a warning where we
// are not able to serve, and debug for what asks every few seconds.
func levelOf(line middleware.RequestLoggerValues) slog.Level {
	switch {
	case line.Status == http.StatusServiceUnavailable:
		return slog.LevelWarn
	case line.Status >= http.StatusInternalServerError:
		return slog.LevelError
	case isForMonitors(line.RoutePath):
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// isForMonitors is true for the routes that are asked for every few seconds.
func isForMonitors(route string) bool {
	return route == "/health" || route == "/livez" || route == "/readyz"
}

// recoverPanics makes an error of a panic, with the stack of its goroutine.
func recoverPanics() echo.MiddlewareFunc {
	return middleware.RecoverWithConfig(middleware.RecoverConfig{
		DisableStackAll:     true,
		DisableErrorHandler: true, // the access log calls it
		LogErrorFunc: func(_ echo.Context, err error, stack []byte) error {
			return internalError.because(fmt.Errorf("panic: %w\n%s", err, stack))
		},
	})
}
