package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/taskward/taskward/migrations"
)

// Content is what a copy of a database holds.
type Content struct {
	Bytes         int64
	Owners, Tasks int64
	Version       int64 // of the schema
	Latest        int64 // that this version of Taskward knows
}

// What can be wrong with a file that is no copy, or not one for this version.
var (
	errForeign = errors.New("is no database of Taskward's")
	errLater   = errors.New("is of a later version of Taskward")
)

// examine reads all of a copy that nobody else has open, makes it one file and
// tells what it holds. It fails unless a store can work on it as it is, or
// after migrations: whoever made the file may have meant no good.
func examine(ctx context.Context, path string) (content Content, err error) {
	db, err := alone(path)
	if err != nil {
		return Content{}, err
	}
	defer func() { err = errors.Join(damage(err), db.Close()) }()
	if err := leaveLog(ctx, db); err != nil {
		return Content{}, err
	}
	if content.Version, content.Latest, err = version(ctx, db); err != nil {
		return Content{}, err
	}
	if err := compareShape(ctx, db, content.Version); err != nil {
		return Content{}, err
	}
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&verdict); err != nil {
		return Content{}, err
	}
	if verdict != "ok" {
		return Content{}, fmt.Errorf("is damaged: %s", strings.ReplaceAll(verdict, "\n", " "))
	}
	counts := "SELECT (SELECT count(*) FROM owners), (SELECT count(*) FROM tasks), page_count * page_size FROM pragma_page_count, pragma_page_size"
	if err := db.QueryRowContext(ctx, counts).Scan(&content.Owners, &content.Tasks, &content.Bytes); err != nil {
		return Content{}, err
	}
	info, err := os.Stat(path)
	if err == nil && info.Size() != content.Bytes { // SQLite takes zeros for what lacks of the last page
		err = fmt.Errorf("is damaged: it has %d bytes of %d", info.Size(), content.Bytes)
	}
	return content, err
}

// alone opens a file that nobody else should have open, and waits for nobody.
func alone(path string) (*sql.DB, error) {
	absolute, err := locate(path)
	if err != nil {
		return nil, err
	}
	address := url.URL{Scheme: "file", Path: absolute, RawQuery: "mode=rw&_synchronous=FULL&_pragma=trusted_schema(0)"}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

// leaveLog has SQLite put what is in the write-ahead log into the file, and
// remove it. It fails while anybody else has the file open.
func leaveLog(ctx context.Context, db *sql.DB) error {
	var mode string
	return db.QueryRowContext(ctx, "PRAGMA journal_mode = DELETE").Scan(&mode)
}

// damage says in an operator's words what SQLite says of a bad file.
func damage(err error) error {
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return err
	}
	switch failure.Code() & 0xff {
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR: // the latter for what a statement names and is not there
		return fmt.Errorf("%w: %w", errForeign, err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("is damaged: %w", err)
	}
	return err
}

func version(ctx context.Context, db *sql.DB) (is, latest int64, err error) {
	err = db.QueryRowContext(ctx, "SELECT CAST(COALESCE(max(version_id), 0) AS INTEGER) FROM schema_migrations").Scan(&is)
	if err != nil {
		return 0, 0, err
	}
	steps, err := provider(db)
	if err != nil {
		return 0, 0, err
	}
	for _, step := range steps.ListSources() {
		latest = max(latest, step.Version)
	}
	switch {
	case is < 1:
		return 0, 0, fmt.Errorf("%w: it has no tables yet", errForeign)
	case is > latest:
		return 0, 0, fmt.Errorf("%w: its schema is at step %d, and this version knows %d", errLater, is, latest)
	}
	return is, latest, nil
}

func provider(db *sql.DB) (*goose.Provider, error) {
	steps, err := fs.Sub(migrations.Files, "sqlite")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, steps, goose.WithTableName(notes),
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
}

// compareShape holds the tables against those that the migrations make. A
// trigger or a view in a copy would do on its own what nobody asked for.
func compareShape(ctx context.Context, db *sql.DB, version int64) (err error) {
	var name string
	err = db.QueryRowContext(ctx, "SELECT name FROM sqlite_schema WHERE type IN ('trigger', 'view')").Scan(&name)
	if err == nil {
		return fmt.Errorf("%w: it has a trigger or a view, %q", errForeign, name)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	model, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, model.Close()) }()
	model.SetMaxOpenConns(1) // each has a memory of its own
	steps, err := provider(model)
	if err != nil {
		return err
	}
	if _, err := steps.UpTo(ctx, version); err != nil {
		return err
	}
	want, err := shape(ctx, model)
	if err != nil {
		return err
	}
	got, err := shape(ctx, db)
	if err != nil {
		return err
	}
	for _, table := range slices.Sorted(maps.Keys(want)) {
		if got[table] != want[table] {
			return fmt.Errorf("%w: its table %s is not that of step %d", errForeign, table, version)
		}
	}
	return nil
}

// shape gives the columns of each table but the one with the migrations' notes,
// which is not ours to make.
func shape(ctx context.Context, db *sql.DB) (_ map[string]string, err error) {
	rows, err := db.QueryContext(ctx, `
SELECT t.name, t.type || ' ' || t.wr || t.strict || group_concat(' ' || c.name || ' ' || c.type || ' ' || c."notnull" || c.pk || c.hidden, ',' ORDER BY c.name)
FROM pragma_table_list AS t JOIN pragma_table_xinfo(t.name) AS c
WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite\_%' ESCAPE '\' AND t.name <> '`+notes+`' GROUP BY t.name`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	tables := map[string]string{}
	for rows.Next() {
		var name, columns string
		if err := rows.Scan(&name, &columns); err != nil {
			return nil, err
		}
		tables[name] = columns
	}
	return tables, rows.Err()
}
