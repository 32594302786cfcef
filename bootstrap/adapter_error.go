package bootstrap

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"strings"

	"go.uber.org/dig"
)

// adapterError is what went wrong with an adapter, in one line that tells
// which it is.
type adapterError struct {
	port  reflect.Type
	where string // file:line at which it was named
	cause error
}

// An error's text may have several lines, some of them headings.
var (
	headingEnds = regexp.MustCompile(`:\s*\n\s*`)
	lineEnds    = regexp.MustCompile(`\s*\n\s*`)
)

func (e *adapterError) Error() string {
	cause := lineEnds.ReplaceAllString(headingEnds.ReplaceAllString(strings.TrimSpace(e.cause.Error()), ": "), "; ")
	return fmt.Sprintf("%s (%s): %s", e.port, e.where, cause)
}

func (e *adapterError) Unwrap() error { return e.cause }

// wiringCause leaves of fx's account what is of use: what an adapter said, or
// which function asks for what nothing serves.
func wiringCause(err error) error {
	root := dig.RootCause(err)
	if _, wiring := errors.AsType[dig.Error](root); !wiring {
		return root
	}
	for below := errors.Unwrap(err); errors.Unwrap(below) != nil; below = errors.Unwrap(err) {
		err = below
	}
	return err
}
