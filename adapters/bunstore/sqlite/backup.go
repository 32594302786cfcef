package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Backup writes what the database at path holds at one moment to a new file,
// which is whole or not there, while stores go on writing. It tells now and
// then how many bytes are copied, and of about how many, unless tell is nil.
func Backup(ctx context.Context, path, to string, tell func(done, total int64)) (content Content, err error) {
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
	if err := copyInto(ctx, path, draft.Name(), tell); err != nil {
		return Content{}, fmt.Errorf("%s %w", path, damage(err))
	}
	if content, err = examine(ctx, draft.Name()); err != nil {
		return Content{}, fmt.Errorf("the copy of %s %w", path, err)
	}
	if err := persist(draft.Name()); err != nil {
		return Content{}, err
	}
	if err := entitle(draft.Name(), to); err != nil {
		return Content{}, err
	}
	return content, persist(filepath.Dir(to))
}

// copyInto reads all in one transaction, for which no writer has to wait. The
// alternative, SQLite's backup API, begins anew whenever another process has
// written, or carries along the pages that are free, with what was erased.
func copyInto(ctx context.Context, path, draft string, tell func(done, total int64)) (err error) {
	db, err := connect(ctx, path, readWrite)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	absolute, err := filepath.Abs(draft) // or SQLite might take it for a URI
	if err != nil {
		return err
	}
	if tell != nil {
		total, err := used(ctx, db)
		if err != nil {
			return err
		}
		stop := watch(absolute, total, tell)
		defer stop()
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", absolute)
	return err
}

// used is how many bytes the copy of a database will have.
func used(ctx context.Context, db *sql.DB) (bytes int64, err error) {
	const text = "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()"
	err = db.QueryRowContext(ctx, text).Scan(&bytes)
	return bytes, err
}

// watchEvery is how often the size of a growing file is looked at.
const watchEvery = 200 * time.Millisecond

// watch tells of a file's growth until it is stopped, at the beginning and at
// the end at least. SQLite has nothing to say meanwhile.
func watch(file string, total int64, tell func(done, total int64)) (stop func()) {
	look := func() {
		if info, err := os.Stat(file); err == nil {
			tell(min(info.Size(), total), total)
		}
	}
	look()
	ended := make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		ticker := time.NewTicker(watchEvery)
		defer ticker.Stop()
		for {
			select {
			case <-ended:
				look()
				return
			case <-ticker.C:
				look()
			}
		}
	})
	return func() {
		close(ended)
		watching.Wait()
	}
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

// entitle gives a draft its name, which of several drafts one gets. Only where
// there are no links to files may another come between the look and the name.
func entitle(draft, name string) error {
	if os.Link(draft, name) == nil {
		return nil
	}
	if err := vacant(name); err != nil {
		return err
	}
	return os.Rename(draft, name)
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
