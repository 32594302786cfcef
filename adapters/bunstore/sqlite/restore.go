package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// Restored is what came of a restore.
type Restored struct {
	Content
	Kept string // the file with the database that was there before, if there was one
}

// Restore puts a copy of the file from, which [Backup] has made, in the place
// of the database at path. What was there is kept beside it. Whatever happens,
// there is either the one or the other at path. It fails while anybody has the
// database open.
func Restore(ctx context.Context, from, path string, now time.Time) (restored Restored, err error) {
	if err := selfContained(from, path); err != nil {
		return Restored{}, err
	}
	if _, err := os.Stat(filepath.Dir(path)); err != nil {
		return Restored{}, fmt.Errorf("%w: make the directory that DATABASE_URL puts the database in", err)
	}
	unlock, err := lock(ctx, path) // so that no store opens it meanwhile
	if err != nil {
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		path = resolved
	}
	draft := path + ".restoring"
	if err := remove(draft); err != nil { // what a restore that was killed has left
		return Restored{}, err
	}
	defer func() { err = errors.Join(err, remove(draft)) }()
	if err := duplicate(from, draft); err != nil {
		return Restored{}, err
	}
	if restored.Content, err = examine(ctx, draft); err != nil {
		if errors.Is(err, errLater) {
			return Restored{}, fmt.Errorf("%s %w: restore it with that version", from, err)
		}
		return Restored{}, fmt.Errorf("%s %w: name another file that taskward backup has made", from, err)
	}
	if err := setApart(ctx, draft, restored.Version); err != nil {
		return Restored{}, err
	}
	if err := persist(draft); err != nil {
		return Restored{}, err
	}
	restored.Kept, err = replace(ctx, draft, path, now)
	return restored, err
}

// selfContained fails unless all of a database can be in the file.
func selfContained(from, path string) error {
	info, err := os.Stat(from)
	if err != nil {
		return fmt.Errorf("there is nothing to restore: %w", err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s is no file: name one that taskward backup has made", from)
	}
	if there, err := os.Stat(path); err == nil && os.SameFile(info, there) {
		return fmt.Errorf("%s is the database itself: name a file that taskward backup has made", from)
	}
	if log, err := os.Stat(from + "-wal"); err == nil && log.Size() > 0 {
		return fmt.Errorf("%s lacks what is in %s-wal: make a backup of the two with DATABASE_URL=sqlite:%s taskward backup", from, from, from)
	}
	return nil
}

// remove removes a database, if it is there, with all that SQLite has put
// beside it.
func remove(path string) error {
	return errors.Join(gone(os.Remove(path)), removeLogs(path))
}

func removeLogs(path string) error {
	var errs []error
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		errs = append(errs, gone(os.Remove(path+suffix)))
	}
	return errors.Join(errs...)
}

func gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func duplicate(from, draft string) error {
	source, err := os.Open(from) //nolint:gosec // the operator names the file
	if err != nil {
		return err
	}
	defer func() { _ = source.Close() }()                                       // it was only read
	target, err := os.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // beside the database that the operator names
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

// apart is more than anybody can have changed since the backup was made.
const apart = 1_000_000_000

// forgetful is the step since when there are changes to be followed.
const forgetful = 3

// setApart keeps those from going astray who know what was here before: the
// changes that come now get numbers that none has had, so that no tag stands
// for two states, and who follows changes is told to start over. Who had
// nothing but what they erased still has nothing.
func setApart(ctx context.Context, draft string, version int64) (err error) {
	db, err := alone(draft)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	statement := "UPDATE owners SET sequence = sequence + ?1"
	if version >= forgetful {
		statement += ", forgotten = sequence + ?1 - (sequence > forgotten)"
	}
	_, err = db.ExecContext(ctx, statement, apart)
	return err
}

// replace gives the draft the place of the database at path, which is kept
// under another name, in the directory or not at all.
func replace(ctx context.Context, draft, path string, now time.Time) (kept string, err error) {
	if _, err := os.Stat(path); err == nil {
		release, err := seize(ctx, path)
		if err != nil {
			return "", err
		}
		defer func() { _ = release() }() // nothing was written
		kept = path + ".before-restore-" + now.UTC().Format("20060102T150405Z")
		if err := os.Link(path, kept); err != nil {
			return "", fmt.Errorf("the database that is there cannot be kept beside: %w: move it away, and restore again", err)
		}
	}
	if err := removeLogs(path); err != nil { // of a database that is gone: SQLite would put them into this one
		return "", err
	}
	if err := os.Rename(draft, path); err != nil {
		return "", errors.Join(err, gone(os.Remove(kept)))
	}
	return kept, persist(filepath.Dir(path))
}

// seize has all of a database in its one file, and nobody else in it until
// release is called.
func seize(ctx context.Context, path string) (release func() error, err error) {
	db, err := alone(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, db.Close())
		}
	}()
	err = leaveLog(ctx, db)
	var tx *sql.Conn
	if err == nil {
		tx, err = db.Conn(ctx)
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, "BEGIN EXCLUSIVE")
	}
	if isBusy(err) {
		return nil, fmt.Errorf("%s is in use: stop the service, and restore again: %w", path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s %w: stop the service, move %s and what is named like it away, and restore again", path, damage(err), path)
	}
	return func() error { return errors.Join(tx.Close(), db.Close()) }, nil
}
