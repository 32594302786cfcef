package httpapi

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/taskward/taskward/domain"
)

// Watch is told what happens, by each request while it is answered, and so has
// to be quick. What is nil is not told.
type Watch struct {
	Answered  func(Answered)
	Delivered func(lag time.Duration) // a change, to who follows changes, so long after it was made
}

// Answered is a request that has come to its end. It has no text in it that a
// client could choose.
type Answered struct {
	Method  string // one of those that there are, or [OtherMethod]
	Route   string // as it is written in routes.go, or [NoRoute]
	Status  int
	Code    string // of the problem that was answered; empty if none was
	Refused bool   // whether it was because of who asks, or of nobody knowing who does
	Took    time.Duration
}

// What stands for what clients make up.
const (
	OtherMethod = "other"
	NoRoute     = "none"
)

func answeredAs(c echo.Context, line middleware.RequestLoggerValues) Answered {
	answered := Answered{Method: methodName(line.Method), Route: routeName(line.RoutePath), Status: line.Status, Took: line.Latency}
	if failure, ok := c.Get(failureKey).(*failure); ok {
		answered.Code = failure.code
		answered.Refused = failure.challenge != "" || failure.status == http.StatusForbidden
	}
	return answered
}

func methodName(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return OtherMethod
}

func routeName(route string) string {
	if route == "" {
		return NoRoute
	}
	return route
}

// Streams is how many streams of events there are at the moment.
func (a *API) Streams() int {
	a.streams.mu.Lock()
	defer a.streams.mu.Unlock()
	return a.streams.taken
}

// tellLags tells how long after they were made changes have reached a client
// that was there when they were: others have come late themselves. (Of what is
// gone for good nobody knows when it went.)
func (e *events) tellLags(feed domain.Feed) {
	if e.api.options.Watch.Delivered == nil {
		return
	}
	for _, task := range feed.Tasks {
		if task.UpdatedAt.After(e.opened) {
			e.api.options.Watch.Delivered(max(e.sent.Sub(task.UpdatedAt), 0)) // another replica's clock may be ahead
		}
	}
}
