package httpapi

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// answerError is Echo's error handler: every error becomes an answer here.
func answerError(err error, c echo.Context) {
	failure, header := failureOf(err), c.Response().Header()
	c.Set(failureKey, failure)
	if c.Response().Committed {
		return
	}
	if failure.challenge != "" {
		header.Set(echo.HeaderWWWAuthenticate, failure.challenge)
	}
	if failure.status == http.StatusServiceUnavailable || failure.status == http.StatusTooManyRequests {
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
	dst = appendViolations(dst, failure.violations)
	dst = appendParts(dst, failure.parts)
	dst = append(dst, `,"request_id":`...)
	dst = appendText(dst, requestID)
	return append(dst, '}')
}

func appendViolations(dst []byte, violations []domain.Violation) []byte {
	for i, violation := range violations {
		dst = append(dst, separator(i, `,"errors":[`)...)
		dst = append(dst, `{"field":`...)
		dst = appendText(dst, violation.Field)
		dst = append(dst, `,"detail":`...)
		dst = appendText(dst, violation.Detail)
		dst = append(dst, '}')
	}
	return append(dst, end(len(violations))...)
}

// appendParts writes a problem for each operation that failed.
func appendParts(dst []byte, parts []part) []byte {
	for i, part := range parts {
		dst = append(dst, separator(i, `,"operations":[`)...)
		dst = append(dst, `{"operation":`...)
		dst = strconv.AppendInt(dst, int64(part.operation), 10)
		dst = append(dst, `,"status":`...)
		dst = strconv.AppendInt(dst, int64(part.status), 10)
		dst = append(dst, `,"detail":`...)
		dst = appendText(dst, part.detail)
		dst = append(dst, `,"code":`...)
		dst = appendText(dst, part.code)
		dst = appendViolations(dst, part.violations)
		dst = append(dst, '}')
	}
	return append(dst, end(len(parts))...)
}

// separator opens a list before its first element.
func separator(i int, opening string) string {
	if i == 0 {
		return opening
	}
	return ","
}

// end closes a list that has elements.
func end(length int) string {
	if length == 0 {
		return ""
	}
	return "]"
}
