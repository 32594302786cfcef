package sqlite

import (
	"errors"
	"slices"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// outages are the result codes (https://www.sqlite.org/rescode.html) of a
// file that could not have served anybody, or not now.
var outages = []int{
	sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL, // others hold it
	sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM, // the system below failed
	sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, // it has been taken from us
}

func isUnavailable(err error) bool {
	var failure *sqlite.Error
	return errors.As(err, &failure) && slices.Contains(outages, failure.Code()&0xff) // the primary code
}
