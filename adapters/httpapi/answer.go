package httpapi

import (
	"net/http"
	"strconv"
	"sync"

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

// bodies are buffers for what is written anew for each answer: made each time
// they would be a quarter of all the memory that a list takes.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

// maxKeptBody is how long a buffer may have become that is used again.
const maxKeptBody = 64 << 10

// answerJSON sends what write appends.
func answerJSON(c echo.Context, status int, write func(dst []byte) []byte) error {
	body, _ := bodies.Get().(*[]byte) // nothing else is put
	*body = write((*body)[:0])
	err := answer(c, status, echo.MIMEApplicationJSON, *body)
	if cap(*body) <= maxKeptBody {
		bodies.Put(body)
	}
	return err
}

func (a *API) answerTask(c echo.Context, status int, task domain.Task) error {
	setTag(c, task.Sequence)
	return answerJSON(c, status, func(dst []byte) []byte { return a.appendTask(dst, task) })
}

// constant makes a handler that always gives the same answer.
func constant(mediaType string, body []byte) echo.HandlerFunc {
	return func(c echo.Context) error { return answer(c, http.StatusOK, mediaType, body) }
}
