package betterauth

import (
	"context"
	"database/sql"
	"errors"
	"regexp"
	"sync"
)

// statement is one SELECT, written with the names that Better Auth uses:
//
//	{user}          a table
//	{user.id}       a column
//	{jwks.alg?}     a column, or NULL where the table has none
//	{user.id type}  the type that a parameter has to have to be compared with it
//
// What these come to is looked up in the database before the first run, and
// again when the database no longer understands the text.
type statement struct {
	attempt string // what it is for, in errors
	text    string
	db      *sql.DB
	names   Names

	mu     sync.Mutex
	worded string // empty until it was looked up
}

func newStatement(db *sql.DB, names Names, attempt, text string) *statement {
	return &statement{attempt: attempt, text: text, db: db, names: names}
}

// query runs the statement and has each row read.
func (s *statement) query(ctx context.Context, read func(*sql.Rows) error, args ...any) error {
	err := s.try(ctx, read, args)
	if isOutdated(err) { // tables change under us when Better Auth is migrated
		s.forget()
		err = s.try(ctx, read, args)
	}
	return failure(ctx, s.attempt, err)
}

func (s *statement) try(ctx context.Context, read func(*sql.Rows) error, args []any) (err error) {
	text, err := s.lookUp(ctx)
	if err != nil {
		return err
	}
	rows, err := s.db.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := read(rows); err != nil {
			return &misfitError{err.Error()}
		}
	}
	return rows.Err()
}

func (s *statement) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.worded = ""
}

// lookUp gives the text to send. Several callers at a time may look it up, and
// come to the same.
func (s *statement) lookUp(ctx context.Context) (string, error) {
	s.mu.Lock()
	worded := s.worded
	s.mu.Unlock()
	if worded != "" {
		return worded, nil
	}
	worded, err := s.word(ctx)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.worded = worded
	return worded, nil
}

var hole = regexp.MustCompile(`\{(\w+)(?:\.(\w+))?(\?| type)?\}`)

func (s *statement) word(ctx context.Context) (string, error) {
	described := map[string]table{}
	for _, match := range hole.FindAllStringSubmatch(s.text, -1) {
		name := match[1]
		if _, done := described[name]; done {
			continue
		}
		table, err := describe(ctx, s.db, s.names, name)
		if err != nil {
			return "", err
		}
		described[name] = table
	}
	var errs []error
	worded := hole.ReplaceAllStringFunc(s.text, func(text string) string {
		match := hole.FindStringSubmatch(text)
		table, name := described[match[1]], match[2]
		if name == "" {
			return quote(s.names.of(match[1]))
		}
		column, err := table.column(name)
		switch {
		case err != nil && match[3] == "?" && !s.names.isGiven(match[1]+"."+name):
			return "NULL"
		case err != nil:
			errs = append(errs, err)
		case match[3] == " type":
			return column.comparable()
		}
		return quote(column.name)
	})
	return worded, errors.Join(errs...)
}
