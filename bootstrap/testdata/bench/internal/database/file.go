package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// File is a SQLite database in a directory of its own.
type File struct{ path string }

// NewFile names a file that Taskward has yet to make. It will be on a disk,
// which /tmp need not be.
func NewFile() (*File, error) {
	directory, err := os.MkdirTemp("/var/tmp", "taskward-sqlite-")
	if err != nil {
		return nil, err
	}
	return &File{filepath.Join(directory, "tasks.db")}, nil
}

// URL is what Taskward calls the file.
func (f *File) URL() string { return "sqlite:" + f.path }

// Remove removes the file and those beside it.
func (f *File) Remove() error { return os.RemoveAll(filepath.Dir(f.path)) }

// loading has up to 1 GB of the file in memory until all is there, and times
// be as Taskward has them.
const loading = "?_pragma=cache_size(-1000000)&_time_integer_format=unix_micro"

// Seed adds the owners of a group with their tasks, one owner after the other:
// SQLite has an owner's tasks together, in whatever order they are made.
func (f *File) Seed(ctx context.Context, group Group) (err error) {
	db, err := sql.Open("sqlite", "file:"+f.path+loading)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	if err := insert(ctx, tx, "owners", ownerColumns, &ownerRows{groups: []Group{group}, at: -1}); err != nil {
		return err
	}
	for i := range group.Owners {
		alone := group
		alone.First, alone.Owners = group.First+i, 1
		if err := insert(ctx, tx, "tasks", taskColumns, newTaskRows([]Group{alone})); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// insert takes as many values of each row as there are columns.
func insert(ctx context.Context, tx *sql.Tx, table string, columns []string, rows pgx.CopyFromSource) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("insert %s: %w", table, err)
		}
	}()
	marks := "(?" + strings.Repeat(", ?", len(columns)-1) + ")"
	statement, err := tx.PrepareContext(ctx, "INSERT INTO "+table+" ("+strings.Join(columns, ", ")+") VALUES "+marks) //nolint:gosec // G202: the names are ours
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, statement.Close()) }()
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			return err
		}
		if _, err := statement.ExecContext(ctx, values[:len(columns)]...); err != nil {
			return err
		}
	}
	return rows.Err()
}
