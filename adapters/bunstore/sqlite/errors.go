package sqlite

import (
	"errors"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// busy are the result codes of a file that others hold.
var busy = []int{sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}

// outages are the result codes (https://www.sqlite.org/rescode.html) of a
// file that could not have served anybody, or not now.
var outages = append([]int{
	sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, // the system below failed
	sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, // it has been taken from us
}, busy...)

func isUnavailable(err error) bool { return hasCode(err, outages) }

func isBusy(err error) bool { return hasCode(err, busy) }

func hasCode(err error, codes []int) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && slices.Contains(codes, failure.Code()&0xff) // the primary code
}
