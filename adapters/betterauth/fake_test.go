package betterauth_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"strings"
	"sync/atomic"
)

// fake is a database of the three tables with text ids, for tests that need
// to say when it answers, and with what.
type fake struct {
	// answer gives the rows for a parameter, if the statement has one.
	answer func(ctx context.Context, parameter string) ([][]driver.Value, error)
	asked  atomic.Int32 // how often
}

func (f *fake) open() *sql.DB { return sql.OpenDB(f) }

// Connect implements [driver.Connector].
func (f *fake) Connect(context.Context) (driver.Conn, error) { return fakeConn{f}, nil }

// Driver implements [driver.Connector].
func (f *fake) Driver() driver.Driver { return nil }

type fakeConn struct{ *fake }

func (c fakeConn) Prepare(string) (driver.Stmt, error) { return nil, errors.New("not asked for") }
func (c fakeConn) Begin() (driver.Tx, error)           { return nil, errors.New("not asked for") }
func (c fakeConn) Close() error                        { return nil }

// QueryContext implements [driver.QueryerContext].
func (c fakeConn) QueryContext(ctx context.Context, statement string, args []driver.NamedValue) (driver.Rows, error) {
	if strings.Contains(statement, "pg_attribute") {
		columns := &fakeRows{width: 3}
		for _, column := range []string{"id", "token", "userId", "createdAt", "updatedAt", "expiresAt", "email", "name", "publicKey"} {
			columns.rows = append(columns.rows, []driver.Value{column, "text", true})
		}
		return columns, nil
	}
	c.asked.Add(1)
	var parameter string
	if len(args) > 0 {
		parameter, _ = args[0].Value.(string)
	}
	rows, err := c.answer(ctx, parameter)
	return &fakeRows{rows: rows, width: 3}, err
}

type fakeRows struct {
	rows  [][]driver.Value
	width int
}

func (r *fakeRows) Columns() []string { return make([]string, r.width) }
func (r *fakeRows) Close() error      { return nil }

func (r *fakeRows) Next(row []driver.Value) error {
	if len(r.rows) == 0 {
		return io.EOF
	}
	copy(row, r.rows[0])
	r.rows = r.rows[1:]
	return nil
}

// answered is an error with which a server answers.
type answered string

func (a answered) Error() string    { return "ERROR: (SQLSTATE " + string(a) + ")" }
func (a answered) SQLState() string { return string(a) }
