package domain

import (
	"errors"
	"strings"
	"time"
)

// Kind says what sort of failure an [Error] is. The list is closed: each way
// into the service turns a Kind into its own words in one table.
type Kind uint8

const (
	// Internal is a failure that nobody foresaw. Its detail is for the log alone.
	Internal Kind = iota
	// Invalid means that the input breaks a rule, named by the violations.
	Invalid
	// Unauthenticated means that nobody has been shown to be asking.
	Unauthenticated
	// Forbidden means that the one who asks may not do this.
	Forbidden
	// NotFound means that the owner has no such thing, whoever else may have it.
	NotFound
	// Stale means that the thing has changed since the one who asks looked at it.
	Stale
	// Conflict means that the thing is not in a state in which this can be done.
	Conflict
	// Gone means that there was such a thing, and nobody can get it any more.
	Gone
	// Unavailable means that something we depend on does not answer now; the
	// same request may succeed later.
	Unavailable
)

// Error is a failure with an inside and an outside. Code and Detail are for
// whoever asked: a stable name for machines and one safe sentence for people.
// What errors.Unwrap gives is for the log.
type Error struct {
	Kind       Kind
	Code       string // stable, snake_case
	Detail     string // one sentence without secrets, tokens or other users' data
	Violations []Violation
	RetryAfter time.Duration // when Unavailable may have passed; 0 if nobody can tell
	cause      error
}

// Violation is one broken rule of one field.
type Violation struct {
	Field  string
	Detail string
}

// Failures that more than one place speaks of.
var (
	// ErrNotAuthenticated is what a context that authenticates nobody gets.
	ErrNotAuthenticated = &Error{Kind: Unauthenticated, Code: "not_authenticated", Detail: "This needs an authenticated user."}
	// ErrNotOwner is what a user who reaches for another's tasks gets,
	// whether that other exists or not.
	ErrNotOwner = &Error{Kind: Forbidden, Code: "not_owner", Detail: "This belongs to another user."}
	// ErrTaskNotFound is the same for an id never given, given to another
	// owner, or deleted.
	ErrTaskNotFound = &Error{Kind: NotFound, Code: "task_not_found", Detail: "There is no task with this id."}
	// ErrUserNotFound means that the directory has nobody with this id.
	ErrUserNotFound = &Error{Kind: NotFound, Code: "user_not_found", Detail: "There is no user with this id."}
	// ErrStaleTask means that the task is no longer at the expected sequence.
	ErrStaleTask = &Error{Kind: Stale, Code: "task_changed", Detail: "The task has changed since it was read."}
	// ErrNoRoom means that no task can be put between two others, so often has
	// that been done.
	ErrNoRoom = &Error{Kind: Conflict, Code: "no_room", Detail: "There is no room left at this place: move one of the tasks beside it first."}
	// ErrKeyReused means that a [OnceKey] stands for another request.
	ErrKeyReused = &Error{Kind: Invalid, Code: "idempotency_key_reused", Detail: "This Idempotency-Key was used for another request: use a new one for each.", Violations: []Violation{{"Idempotency-Key", "was used for another request"}}}
	// ErrChangesForgotten means that what was deleted since is not known any
	// more, so that the changes cannot be told.
	ErrChangesForgotten = &Error{Kind: Gone, Code: "changes_forgotten", Detail: "What was deleted since then is not known any more. Start over without since, with nothing but what comes then."}
	// ErrUnavailable is what a store answers when it cannot be reached.
	ErrUnavailable = &Error{Kind: Unavailable, Code: "unavailable", Detail: "The service cannot reach its data at the moment. Try again soon."}
)

// maxViolations is how many broken rules one error names: whoever sends
// thousands is not told of each.
const maxViolations = 100

// Invalidity returns the Error for input that breaks the given rules, of which
// it names the first hundred.
func Invalidity(violations ...Violation) *Error {
	violations = violations[:min(len(violations), maxViolations)]
	return &Error{Kind: Invalid, Code: "validation_failed", Detail: sentence(violations), Violations: violations}
}

// Because returns the same failure with its cause, which only the log sees.
func (e *Error) Because(cause error) *Error {
	because := *e
	because.cause = cause
	return &because
}

// Error gives the code, the detail and the cause: a line for the log.
func (e *Error) Error() string {
	line := e.Code + ": " + e.Detail
	if e.cause != nil {
		line += ": " + e.cause.Error()
	}
	return line
}

// Unwrap gives the cause, if there is one.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is the same failure: an Error of the same kind and code.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && other != nil && other.Kind == e.Kind && other.Code == e.Code
}

// KindOf returns the kind of the first Error in err's chain, and [Internal] if
// there is none.
func KindOf(err error) Kind {
	var failure *Error
	if errors.As(err, &failure) {
		return failure.Kind
	}
	return Internal
}

// Violated joins what several parsers said of one input: nil if all are nil,
// one Error with their violations if all that failed are [Invalid], and
// otherwise the first error of another kind.
func Violated(errs ...error) error {
	var violations []Violation
	var first error
	for _, err := range errs {
		if err == nil {
			continue
		}
		var failure *Error
		if !errors.As(err, &failure) || failure.Kind != Invalid {
			return err
		}
		violations = append(violations, failure.Violations...)
		if first == nil {
			first = err
		}
	}
	if violations == nil {
		return first
	}
	return Invalidity(violations...)
}

// Within says of an [Invalid] error that it is about what stands at a place in
// the input: the fields of its violations then begin with the place. Other
// errors stay what they are.
func Within(place string, err error) error {
	var failure *Error
	if !errors.As(err, &failure) || failure.Kind != Invalid {
		return err
	}
	violations := make([]Violation, len(failure.Violations))
	for i, violation := range failure.Violations {
		violations[i] = Violation{place + "/" + violation.Field, violation.Detail}
	}
	return Invalidity(violations...)
}

// sentence is the detail that front ends show when they show nothing else.
func sentence(violations []Violation) string {
	parts := make([]string, len(violations))
	for i, violation := range violations {
		parts[i] = violation.Field + " " + violation.Detail
	}
	return strings.Join(parts, "; ")
}
