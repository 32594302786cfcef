package httpapi

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// failure is all that an answer to an error says, and the cause for the log.
type failure struct {
	status     int
	code       string // stable, snake_case
	detail     string // one sentence for people
	violations []domain.Violation
	parts      []part        // of a request that asks for several things, those that failed
	retryAfter time.Duration // with status 429 and 503
	challenge  string        // value of WWW-Authenticate, if there is to be one
	cause      error
}

// The failures that are about HTTP and not about tasks. Those of the use cases
// and of the token verifier bring their own codes.
var (
	routeNotFound        = &failure{status: 404, code: "route_not_found", detail: "There is nothing at this path."}
	methodNotAllowed     = &failure{status: 405, code: "method_not_allowed", detail: "This path does not take this method; the Allow header names those it takes."}
	authorizationTwice   = unauthorized(400, "authorization_repeated", "invalid_request", "Send one Authorization header.")
	tokenMissing         = unauthorized(401, "token_missing", "", "Send a token: Authorization: Bearer, a space, the token.")
	schemeNotSupported   = unauthorized(401, "scheme_not_supported", "", "Only bearer tokens are taken: Authorization: Bearer, a space, the token.")
	tokenUnreadable      = unauthorized(401, "authorization_malformed", "invalid_token", "This is no bearer token: send Bearer, one space and a token of at most 8 KiB.")
	unsupportedMediaType = &failure{status: 415, code: "unsupported_media_type", detail: "Send the body as application/json in UTF-8."}
	bodyTooLarge         = &failure{status: 413, code: "body_too_large", detail: "The body is too large."}
	bodyMissing          = &failure{status: 400, code: "body_missing", detail: "This needs a body: a JSON object."}
	bodyTooSlow          = &failure{status: 408, code: "body_too_slow", detail: "The body did not arrive in time."}
	bodyUnreadable       = &failure{status: 400, code: "body_unreadable", detail: "The body did not arrive as announced."}
	invalidJSON          = &failure{status: 400, code: "invalid_json", detail: "The body is not valid JSON."}
	invalidCondition     = &failure{status: 400, code: "invalid_condition", detail: "The condition cannot be read."}
	preconditionRequired = &failure{status: 428, code: "precondition_required", detail: "Send If-Match with the ETag of the task that you have seen, so that no change of others is lost."}
	invalidQuery         = &failure{status: 400, code: "invalid_query", detail: "The query is not percent-encoded as it should be."}
	invalidCursor        = &failure{status: 422, code: "invalid_cursor", detail: "The cursor is not one of this list. Start again without it.", violations: []domain.Violation{{Field: "cursor", Detail: "is not one of this list"}}}
	invalidFeedToken     = &failure{status: 422, code: "invalid_since", detail: "The token is not one of these changes. Start again without it.", violations: []domain.Violation{{Field: "since", Detail: "is not a token of these changes"}}}
	tooManyStreams       = &failure{status: 429, code: "too_many_streams", detail: "You have as many streams of events as one user may have. Close one of them.", retryAfter: 10 * time.Second}
	rateLimited          = &failure{status: 429, code: "rate_limited", detail: "You ask more often than one user may. Wait for as many seconds as Retry-After says."}
	streamsExhausted     = &failure{status: 503, code: "streams_exhausted", detail: "There are as many streams of events as the service can bear. Try again soon.", retryAfter: 10 * time.Second}
	tooManyImports       = &failure{status: 429, code: "too_many_imports", detail: "You have an import under way already. Wait for its end.", retryAfter: 10 * time.Second}
	importsExhausted     = &failure{status: 503, code: "imports_exhausted", detail: "There are as many imports under way as the service can bear. Try again soon.", retryAfter: 10 * time.Second}
	deadlineExceeded     = &failure{status: 503, code: "deadline_exceeded", detail: "This took too long and was given up. Try again soon."}
	notReady             = &failure{status: 503, code: "not_ready", detail: "The service is not ready for requests."}
	draining             = &failure{status: 503, code: "draining", detail: "The service is shutting down."}
	clientGone           = &failure{status: 499, code: "client_gone", detail: "The client did not wait for the answer."} // a status for the log alone
	internalError        = &failure{status: 500, code: "internal_error", detail: "Something went wrong on our side."}
)

// statusOf is what each kind of domain failure is in HTTP.
var statusOf = map[domain.Kind]int{
	domain.Internal:        http.StatusInternalServerError,
	domain.Invalid:         http.StatusUnprocessableEntity,
	domain.Unauthenticated: http.StatusUnauthorized,
	domain.Forbidden:       http.StatusForbidden,
	domain.NotFound:        http.StatusNotFound,
	domain.Stale:           http.StatusPreconditionFailed,
	domain.Conflict:        http.StatusConflict,
	domain.Gone:            http.StatusGone,
	domain.Unavailable:     http.StatusServiceUnavailable,
}

// part is why one of several operations failed.
type part struct {
	operation int // counted from 0
	*failure
}

// failureOf makes a failure of any error. Of one that nobody foresaw it says
// nothing.
func failureOf(err error) *failure {
	var (
		known     *failure
		ofBatch   *domain.BatchError
		ofDomain  *domain.Error
		ofRouting *echo.HTTPError
	)
	switch {
	case errors.As(err, &ofBatch):
		return batchFailure(ofBatch)
	case errors.As(err, &known):
		return known
	case errors.As(err, &ofDomain) && ofDomain.Kind != domain.Internal:
		return ofKind(ofDomain, err)
	case errors.As(err, &ofRouting) && ofRouting.Code == http.StatusNotFound:
		return routeNotFound
	case errors.As(err, &ofRouting) && ofRouting.Code == http.StatusMethodNotAllowed:
		return methodNotAllowed
	}
	return internalError.because(err)
}

// batchFailure has the status of the first operation that failed.
func batchFailure(err *domain.BatchError) *failure {
	whole := failure{code: "batch_failed", detail: "Nothing was done, because some of it cannot be done.", cause: err}
	for _, one := range err.Failures[:min(len(err.Failures), maxOperations)] { // an import can have more
		whole.parts = append(whole.parts, part{one.Index, failureOf(one.Err)})
	}
	whole.status = whole.parts[0].status
	return &whole
}

func ofKind(err *domain.Error, cause error) *failure {
	status := statusOf[err.Kind]
	made := failure{
		status: status, code: err.Code, detail: err.Detail,
		violations: err.Violations, retryAfter: err.RetryAfter, cause: cause,
	}
	if status == http.StatusUnauthorized {
		made.challenge = challenge("invalid_token", err.Detail)
	}
	return &made
}

// unauthorized is a failure that tells how to authenticate.
func unauthorized(status int, code, bearerError, detail string) *failure {
	return &failure{status: status, code: code, detail: detail, challenge: challenge(bearerError, detail)}
}

// because returns the same failure with its cause, which only the log sees.
func (f *failure) because(cause error) *failure {
	because := *f
	because.cause = cause
	return &because
}

// saying returns the same failure with a detail that says more.
func (f *failure) saying(detail string) *failure {
	saying := *f
	saying.detail = detail
	return &saying
}

// Error gives the code and the cause: a line for the log.
func (f *failure) Error() string {
	if f.cause == nil {
		return f.code
	}
	return f.code + ": " + f.cause.Error()
}

func (f *failure) Unwrap() error { return f.cause }
