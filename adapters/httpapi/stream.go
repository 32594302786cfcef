package httpapi

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// partTimeout is how long a client may take for a part of a stream.
const partTimeout = 10 * time.Second

// stream is an answer that is sent in parts, for as long as it takes. A client
// that does not take a part in time is dropped.
type stream struct {
	response   *echo.Response
	controller *http.ResponseController
}

// openStream begins an answer of 200. The server's time to take an answer, which
// is for whole ones, does not hold for it.
func openStream(c echo.Context, mediaType string) *stream {
	// Echo's Response would not tell that a Flush has failed.
	s := &stream{c.Response(), http.NewResponseController(c.Response().Writer)}
	s.response.Header().Set(echo.HeaderContentType, mediaType)
	s.response.WriteHeader(http.StatusOK)
	return s
}

// Write sends a part, or keeps it until Flush.
func (s *stream) Write(part []byte) (int, error) {
	if err := s.allow(); err != nil {
		return 0, err
	}
	return s.response.Write(part)
}

// Flush sends what was written so far.
func (s *stream) Flush() error {
	if err := s.allow(); err != nil {
		return err
	}
	return s.controller.Flush()
}

// allow gives the client time for the next part. (What answers without a
// connection, as in tests, has no time-outs.)
func (s *stream) allow() error {
	err := s.controller.SetWriteDeadline(time.Now().Add(partTimeout))
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
