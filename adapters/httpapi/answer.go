package httpapi

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// answer sends body as a whole, so that its length is known.
func answer(c echo.Context, status int, mediaType string, body []byte) error {
	header := c.Response().Header()
	body = compressed(c.Request().Header, header, body)
	header.Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	return c.Blob(status, mediaType, body)
}

func (a *API) answerTask(c echo.Context, status int, task domain.Task) error {
	setTag(c, task.Sequence)
	return answer(c, status, echo.MIMEApplicationJSON, a.appendTask(make([]byte, 0, taskBytes), task))
}

// constant makes a handler that always gives the same answer.
func constant(mediaType string, body []byte) echo.HandlerFunc {
	return func(c echo.Context) error { return answer(c, http.StatusOK, mediaType, body) }
}
