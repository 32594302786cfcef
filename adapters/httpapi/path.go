package httpapi

import (
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// segment is a parameter of the path, percent-decoded exactly once: Echo
// matches the path as it came where that is not the canonical encoding, and
// then leaves the parameters encoded.
func segment(c echo.Context, name string) (string, error) {
	if c.Request().URL.RawPath == "" {
		return c.Param(name), nil
	}
	return url.PathUnescape(c.Param(name))
}

// taskID is the id in the path, and 0 if what stands there is none. No store
// has a task 0, so that this is answered as a missing task is, and after the
// body has been judged.
func taskID(c echo.Context) domain.TaskID {
	text, err := segment(c, "id")
	if err != nil {
		return 0
	}
	id, err := domain.ParseTaskID(text)
	if err != nil {
		return 0
	}
	return id
}

// trimTrailingSlash serves /tasks/ as /tasks, without a redirect. (Echo's own
// RemoveTrailingSlash leaves RawPath as it is, and Echo matches that.)
func trimTrailingSlash(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		address := c.Request().URL
		if path := echo.GetPath(c.Request()); len(path) > 1 && strings.HasSuffix(path, "/") {
			address.Path = strings.TrimSuffix(address.Path, "/")
			address.RawPath = strings.TrimSuffix(address.RawPath, "/")
		}
		return next(c)
	}
}

// refuseEmptySegments keeps /api//tasks from being the tasks of a user
// without an id: Echo lets a parameter be empty.
func refuseEmptySegments(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if strings.Contains(echo.GetPath(c.Request()), "//") {
			return routeNotFound
		}
		return next(c)
	}
}
