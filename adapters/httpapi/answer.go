package httpapi

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// answer sends body as a whole, so that its length is known.
func answer(c echo.Context, status int, mediaType string, body []byte) error {
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(body)))
	return c.Blob(status, mediaType, body)
}

func answerTask(c echo.Context, status int, task domain.Task) error {
	return answer(c, status, echo.MIMEApplicationJSON, appendTask(make([]byte, 0, taskBytes), task))
}

// constant makes a handler that always gives the same answer.
func constant(mediaType string, body []byte) echo.HandlerFunc {
	return func(c echo.Context) error { return answer(c, http.StatusOK, mediaType, body) }
}
