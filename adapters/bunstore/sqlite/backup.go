package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes what the database at path holds at one moment to a new file,
// which is whole or not there, while stores go on writing.
func Backup(ctx context.Context, path, to string) (content Content, err error) {
	if _, err := os.Stat(path); err != nil {
		return Content{}, fmt.Errorf("there is no database to back up: %w", err)
	}
	if err := vacant(to); err != nil {
		return Content{}, err
	}
	draft, err := os.CreateTemp(filepath.Dir(to), filepath.Base(to)+".partial-*") // for our eyes only
	if err != nil {
		return Content{}, fmt.Errorf("%w: name a file in a directory that is there and can be written to", err)
	}
	defer func() { _ = os.Remove(draft.Name()) }() // unless it has got its name
	if err := draft.Close(); err != nil {
		return Content{}, err
	}
	if err := copyInto(ctx, path, draft.Name()); err != nil {
		return Content{}, fmt.Errorf("%s %w", path, damage(err))
	}
	if content, err = examine(ctx, draft.Name()); err != nil {
		return Content{}, fmt.Errorf("the copy of %s %w", path, err)
	}
	if err := persist(draft.Name()); err != nil {
		return Content{}, err
	}
	if err := vacant(to); err != nil {
		return Content{}, err
	}
	if err := os.Rename(draft.Name(), to); err != nil {
		return Content{}, err
	}
	return content, persist(filepath.Dir(to))
}

// copyInto reads all in one transaction, for which no writer has to wait. The
// alternative, SQLite's backup API, begins anew whenever another process has
// written, or carries along the pages that are free, with what was erased.
func copyInto(ctx context.Context, path, draft string) (err error) {
	db, err := connect(ctx, path, readWrite)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	absolute, err := filepath.Abs(draft) // or SQLite might take it for a URI
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", absolute)
	return err
}

// vacant fails unless a file can get this name.
func vacant(name string) error {
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a directory: name a file in it", name)
	}
	return fmt.Errorf("%s is there already and is not overwritten: name another file, or move it away", name)
}

// persist sees to it that a file's content, or the names in a directory,
// outlast a loss of power, of which SQLite leaves the first to us here.
func persist(path string) error {
	file, err := os.Open(path) //nolint:gosec // a file that we have made
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
