package postgres

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/taskward/taskward/adapters/bunstore"
)

// query sends a statement and hands on the lines that come back. Their columns
// go from PostgreSQL's bytes to where they belong: for database/sql a value is
// made of each before, which is a tenth of the processor time of a list of 20.
func (s *Store) query(ctx context.Context, statement string, args ...any) bunstore.Lines {
	return func(yield func(*bunstore.Line, error) bool) {
		reader := reader{next: yield}
		if err := s.send(ctx, statement, args, reader.read); err != nil && !reader.stopped {
			yield(nil, err)
		}
	}
}

// attemptsToConnect is how many connections may turn out to be gone before a
// statement was sent, which database/sql tries as often.
const attemptsToConnect = 3

func (s *Store) send(ctx context.Context, statement string, args []any, receive func(pgx.Rows) error) error {
	err := driver.ErrBadConn
	for made := 0; made < attemptsToConnect && errors.Is(err, driver.ErrBadConn); made++ {
		err = s.sendOnce(ctx, statement, args, receive)
	}
	return err
}

func (s *Store) sendOnce(ctx context.Context, statement string, args []any, receive func(pgx.Rows) error) error {
	conn, err := s.db.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // gives it back
	return conn.Raw(func(conn any) error {
		if guarded, ok := conn.(*guardedConn); ok {
			return guarded.send(ctx, statement, args, receive)
		}
		return send(ctx, conn.(*stdlib.Conn).Conn(), statement, args, receive) //nolint:forcetypeassert // there are no others
	})
}

func send(ctx context.Context, conn *pgx.Conn, statement string, args []any, receive func(pgx.Rows) error) error {
	rows, err := conn.Query(ctx, statement, args...)
	if err == nil {
		err = consume(rows, receive)
	}
	if pgconn.SafeToRetry(err) {
		return driver.ErrBadConn
	}
	return err
}

// consume hands over what a statement answers, to its end: what was asked for
// has happened when there is no error then.
func consume(rows pgx.Rows, receive func(pgx.Rows) error) error {
	err := receive(rows)
	rows.Close()
	if err == nil {
		err = rows.Err()
	}
	return err
}

// reader hands on the lines of an answer.
type reader struct {
	next    func(*bunstore.Line, error) bool
	stopped bool // whether next wants no more
}

func (r *reader) read(rows pgx.Rows) error {
	var line bunstore.Line
	cells, err := cellsOf(&line, rows)
	if err != nil {
		return err
	}
	for rows.Next() {
		for i, value := range rows.RawValues() {
			if err := cells[i].take(value); err != nil {
				return err
			}
		}
		if r.stopped = !r.next(&line, nil); r.stopped {
			return nil
		}
	}
	return nil
}
