package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"modernc.org/sqlite" // it needs no C compiler
)

// access is what a connection may do, in the driver's words.
type access string

const (
	// Every transaction takes the write lock when it begins, so none finds
	// out halfway that what it has read is stale.
	readWrite access = "_txlock=immediate"
	readOnly  access = "_query_only=1"
)

// Every commit reaches the disk before it is answered. Whoever finds the file
// locked by another process waits for five seconds.
const settings = "_busy_timeout=5000&_synchronous=FULL&_foreign_keys=1&_time_integer_format=unix_micro&"

// connect opens the file and sees to it that readers do not wait for the
// writer: SQLite keeps the write-ahead log for good once it has been told to.
// It cannot be told by several at once, whatever their patience.
func connect(ctx context.Context, path string, access access) (_ *sql.DB, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("open the database file: %w", err)
		}
	}()
	absolute, err := locate(path)
	if err != nil {
		return nil, err
	}
	unlock, err := lock(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if err := touch(path); err != nil {
		return nil, err
	}
	address := url.URL{Scheme: "file", Path: absolute, RawQuery: settings + string(access)}
	connector, err := sqlite.NewConnector(address.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(preparing{connector})
	var mode string
	if err := db.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), db.Close())
	}
	if mode != "wal" {
		return nil, errors.Join(fmt.Errorf("%s: SQLite cannot keep a write-ahead log there", path), db.Close())
	}
	return db, nil
}

const lockPoll = 10 * time.Millisecond

// lock holds a lock of the operating system's, which ends with this process,
// on a file of its own: SQLite has none that outlasts a transaction.
func lock(ctx context.Context, path string) (unlock func() error, err error) {
	file := flock.New(path+".lock", flock.SetPermissions(0o600))
	if _, err := file.TryLockContext(ctx, lockPoll); err != nil {
		return nil, fmt.Errorf("lock %s: %w", file.Path(), err)
	}
	return file.Unlock, nil
}

// locate gives the absolute path of the file in URL form. Whatever keeps us
// from a file shows here, in plainer words than SQLite's.
func locate(path string) (string, error) {
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return "", fmt.Errorf("%q is no path of a file", path)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return "", fmt.Errorf("%s is a directory", path)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return "/" + strings.TrimPrefix(filepath.ToSlash(absolute), "/"), nil
}

// touch makes the file, for our eyes only, unless it is there. One that is
// there must not even be opened: when it is closed again the system ends all
// locks that this process has on it (POSIX fcntl), SQLite's of other stores
// included, and the next program that is done with the file takes itself for
// the last and the log away.
func touch(path string) error {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // whoever configures the service names the file
	if err != nil {
		return err
	}
	return file.Close()
}
