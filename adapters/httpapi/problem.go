package httpapi

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// answerError is Echo's error handler: every error becomes an answer here.
func answerError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	failure, header := failureOf(err), c.Response().Header()
	c.Set(failureKey, failure)
	if failure.challenge != "" {
		header.Set(echo.HeaderWWWAuthenticate, failure.challenge)
	}
	if failure.status == http.StatusServiceUnavailable {
		header.Set(echo.HeaderRetryAfter, retryAfter(failure.retryAfter))
	}
	body := appendProblem(nil, failure, header.Get(echo.HeaderXRequestID))
	// An error here means that nobody is left to be told.
	_ = answer(c, failure.status, "application/problem+json", body)
}

// retryAfter is the value of Retry-After in whole seconds, RFC 9110 section
// 10.2.3: at least one, and one if nobody can tell.
func retryAfter(wait time.Duration) string {
	seconds := (wait + time.Second - 1) / time.Second
	return strconv.Itoa(int(max(seconds, 1)))
}

// appendProblem writes problem details, RFC 9457 section 3. The type is
// always about:blank, so the title is the status' own phrase (section 4.2.1);
// what tells problems apart is their code.
func appendProblem(dst []byte, failure *failure, requestID string) []byte {
	dst = append(dst, `{"type":"about:blank","title":`...)
	dst = appendText(dst, http.StatusText(failure.status))
	dst = append(dst, `,"status":`...)
	dst = strconv.AppendInt(dst, int64(failure.status), 10)
	dst = append(dst, `,"detail":`...)
	dst = appendText(dst, failure.detail)
	dst = append(dst, `,"code":`...)
	dst = appendText(dst, failure.code)
	for i, violation := range failure.violations {
		if i == 0 {
			dst = append(dst, `,"errors":[`...)
		} else {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"field":`...)
		dst = appendText(dst, violation.Field)
		dst = append(dst, `,"detail":`...)
		dst = appendText(dst, violation.Detail)
		dst = append(dst, '}')
	}
	if len(failure.violations) > 0 {
		dst = append(dst, ']')
	}
	dst = append(dst, `,"request_id":`...)
	dst = appendText(dst, requestID)
	return append(dst, '}')
}
