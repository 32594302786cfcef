package postgres

import (
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// SQLSTATE codes, PostgreSQL's documentation, appendix A. A code of two
// characters stands for its class.
var (
	// The change may be tried again at once.
	conflicts = []string{
		"40001", // serialization failure
		"40P01", // deadlock detected
	}

	// The server could not have served anybody, or not now.
	outages = []string{
		"08",    // connection exception
		"25006", // read-only transaction: a standby, or the disk is nearly full
		"25P03", // idle in transaction for too long
		"28",    // we are not let in
		"3D000", // no such database
		"53",    // insufficient resources: connections, memory, disk
		"55P03", // a lock was not to be had
		"57014", // statement_timeout, or cancelled by an administrator
		"57P",   // shutdown, crash, still starting up, database dropped
		"58",    // the system below the server failed
	}
)

// RefusesParameters reports whether the other end of a connection took its
// parameters for an offence, as a PgBouncer does that has not heard of them.
func RefusesParameters(err error) bool {
	var failure *pgconn.PgError
	return errors.As(err, &failure) && failure.Code == "08P01" && strings.Contains(failure.Message, "unsupported startup parameter")
}

func isConflict(err error) bool { return hasState(err, conflicts) }

func isUnavailable(err error) bool {
	var (
		connecting *pgconn.ConnectError
		network    net.Error
	)
	return hasState(err, outages) || isConflict(err) ||
		errors.As(err, &connecting) ||
		errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || // the connection broke
		errors.Is(err, pgconn.ErrConnClosed) || // so it did, and in place of the server's last word pgx gives this
		errors.Is(err, driver.ErrBadConn) // so did those that database/sql tried instead
}

func hasState(err error, prefixes []string) bool {
	var failure *pgconn.PgError
	if !errors.As(err, &failure) {
		return false
	}
	for _, prefix := range prefixes {
		if strings.HasPrefix(failure.Code, prefix) {
			return true
		}
	}
	return false
}
