package postgres

import (
	"context"
	"database/sql/driver"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// guardedConnector opens connections that tell PostgreSQL with each statement
// whose rows there are for it.
type guardedConnector struct {
	driver.Connector
	mode RowSecurity
}

// Connect implements [driver.Connector].
func (c guardedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &guardedConn{conn.(*stdlib.Conn), c.mode}, nil //nolint:forcetypeassert // pgx's connector opens nothing else
}

// guardedConn is a connection of pgx's whose statements each go out behind one
// that names the owner, in one batch: one round trip, and one transaction, with
// which the name ends. A transaction that is open already has it named anew.
type guardedConn struct {
	*stdlib.Conn
	mode RowSecurity
}

// ExecContext implements [driver.ExecerContext].
func (c *guardedConn) ExecContext(ctx context.Context, statement string, args []driver.NamedValue) (result driver.Result, err error) {
	err = c.exchange(ctx, statement, valuesOf(args), func(answers pgx.BatchResults) error {
		tag, err := answers.Exec()
		result = driver.RowsAffected(tag.RowsAffected())
		return err
	})
	return result, err
}

// QueryContext implements [driver.QueryerContext]. It reads all rows before it
// returns, and waits for the commit: what fails then has not happened.
func (c *guardedConn) QueryContext(ctx context.Context, statement string, args []driver.NamedValue) (rows driver.Rows, err error) {
	err = c.send(ctx, statement, valuesOf(args), func(result pgx.Rows) error {
		rows, err = gather(result, c.Conn.Conn().TypeMap())
		return err
	})
	if err != nil {
		return nil, err
	}
	return rows, nil
}

func valuesOf(args []driver.NamedValue) []any {
	values := make([]any, len(args))
	for i, arg := range args {
		values[i] = arg.Value
	}
	return values
}

// send hands what a statement answers to receive. What fails has not happened,
// but what was received may have been taken back if it fails.
func (c *guardedConn) send(ctx context.Context, statement string, args []any, receive func(pgx.Rows) error) error {
	return c.exchange(ctx, statement, args, func(answers pgx.BatchResults) error {
		rows, err := answers.Query()
		if err != nil {
			return err
		}
		return consume(rows, receive)
	})
}

func (c *guardedConn) exchange(ctx context.Context, statement string, args []any, receive func(pgx.BatchResults) error) (err error) {
	conn := c.Conn.Conn()
	if conn.IsClosed() {
		return driver.ErrBadConn
	}
	batch := &pgx.Batch{}
	begun := c.announce(ctx, batch) // if the rest fails the pool throws the connection away
	announcements := batch.Len()
	batch.Queue(statement, args...)
	if begun {
		batch.Queue("COMMIT")
	}
	err = exchange(ctx, conn, batch, announcements, receive)
	if pgconn.SafeToRetry(err) {
		return driver.ErrBadConn
	}
	return err
}

func exchange(ctx context.Context, conn *pgx.Conn, batch *pgx.Batch, announcements int, receive func(pgx.BatchResults) error) (err error) {
	answers := conn.SendBatch(ctx, batch)
	defer func() {
		if failed := answers.Close(); err == nil {
			err = failed
		}
	}()
	for range announcements {
		if _, err := answers.Exec(); err != nil {
			return err
		}
	}
	return receive(answers)
}

// setOwner is followed by who that is.
const setOwner = "SET LOCAL taskward.user_id TO "

// announce queues what names the owner. Where none is named a statement that
// rows are hidden from fails, lest it takes what it sees for all there is. It
// reports whether a transaction is begun that has to be committed.
func (c *guardedConn) announce(ctx context.Context, batch *pgx.Batch) (begun bool) {
	owner, named := behalf(ctx)
	switch {
	case !named:
		batch.Queue("SELECT set_config('row_security', 'off', true)")
		return false
	case c.mode != RowSecurityCitus:
		batch.Queue("SELECT set_config('taskward.user_id', $1, true)", string(owner))
		return false
	}
	if begun = c.Conn.Conn().PgConn().TxStatus() == 'I'; begun {
		batch.Queue("BEGIN")
	}
	batch.Queue("SET LOCAL citus.propagate_set_commands TO 'local'")
	batch.Queue(setOwner + quoted(string(owner)))
	return begun
}

// quoted gives a text as a literal that is read alike whatever
// standard_conforming_strings says.
func quoted(text string) string {
	return "E'" + strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(text) + "'"
}
