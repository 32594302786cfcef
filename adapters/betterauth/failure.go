package betterauth

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/taskward/taskward/domain"
)

// failure words what the database did not do: the context's error if that has
// ended, domain.ErrUnavailable if the database could not serve anybody, and
// otherwise err with what was attempted.
func failure(ctx context.Context, attempt string, err error) error {
	var misfit *misfitError
	state, answered := stateOf(err)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w: %w", attempt, ctx.Err(), err)
	case errors.As(err, &misfit), answered && !isOutage(state):
		return fmt.Errorf("%s: %w", attempt, err)
	}
	// No SQLSTATE: the server has not said anything, so it was not reached.
	return domain.ErrUnavailable.Because(fmt.Errorf("%s: %w", attempt, err))
}

// SQLSTATE codes, PostgreSQL's documentation, appendix A. Two characters stand
// for a whole class.
var outages = []string{
	"08",    // connection exception
	"28",    // we are not let in
	"3D000", // no such database
	"40",    // a standby had to give the statement up
	"53",    // insufficient resources: connections, memory, disk
	"55P03", // a lock was not to be had
	"57014", // statement_timeout, or cancelled by an administrator
	"57P",   // shutdown, crash, still starting up, database dropped
	"58",    // the system below the server failed
}

func isOutage(state string) bool {
	for _, outage := range outages {
		if strings.HasPrefix(state, outage) {
			return true
		}
	}
	return false
}

// isOutdated reports whether the database does not understand the statement,
// or no longer means the same by it.
func isOutdated(err error) bool {
	state, _ := stateOf(err)
	return strings.HasPrefix(state, "42") || state == "0A000"
}

// isNoValue reports whether a parameter is nothing that its column could hold:
// a word for a number, or NUL.
func isNoValue(err error) bool {
	state, _ := stateOf(err)
	return strings.HasPrefix(state, "22")
}

// stateOf gives the SQLSTATE with which the server answered, if it did.
func stateOf(err error) (state string, answered bool) {
	var failure interface{ SQLState() string } // pgx's error, whose package is the store's affair
	if !errors.As(err, &failure) {
		return "", false
	}
	return failure.SQLState(), true
}
