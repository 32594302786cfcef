package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
)

// preparing opens connections that keep statements prepared. To compile them each
// time is half the processor time of a get, and a quarter of that of a create.
type preparing struct{ driver.Connector }

// Connect implements [driver.Connector].
func (p preparing) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := p.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &preparingConn{opened.(conn), map[string]*prepared{}}, nil //nolint:forcetypeassert // the driver opens nothing else
}

// conn is what the driver's connections can do.
type conn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// preparingConn keeps the first maxPrepared statements that have parameters,
// of which a store has fewer but for lists that are filtered in rare ways.
type preparingConn struct {
	conn
	kept map[string]*prepared
}

const maxPrepared = 100

// prepared is a statement, which can do one thing at a time.
type prepared struct {
	statement
	busy bool
}

type statement interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// ExecContext implements [driver.ExecerContext].
func (c *preparingConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	kept, err := c.prepared(ctx, text, args)
	switch {
	case err != nil:
		return nil, err
	case kept == nil:
		return c.conn.ExecContext(ctx, text, args)
	}
	return kept.ExecContext(ctx, args)
}

// QueryContext implements [driver.QueryerContext].
func (c *preparingConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	kept, err := c.prepared(ctx, text, args)
	switch {
	case err != nil:
		return nil, err
	case kept == nil:
		return c.conn.QueryContext(ctx, text, args)
	}
	rows, err := kept.QueryContext(ctx, args)
	if err != nil {
		return nil, err
	}
	kept.busy = true
	return &preparedRows{rows, kept}, nil
}

// prepared gives the statement with this text, nil if it is not to be kept or
// is being read.
func (c *preparingConn) prepared(ctx context.Context, text string, args []driver.NamedValue) (*prepared, error) {
	kept, known := c.kept[text]
	switch {
	case known && kept.busy, !known && (len(args) == 0 || len(c.kept) == maxPrepared):
		return nil, nil
	case known:
		return kept, nil
	}
	made, err := c.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	kept = &prepared{statement: made.(statement)} //nolint:forcetypeassert // the driver makes nothing else
	c.kept[text] = kept
	return kept, nil
}

// Close implements [driver.Conn].
func (c *preparingConn) Close() error {
	var failures []error
	for _, kept := range c.kept {
		failures = append(failures, kept.Close())
	}
	return errors.Join(append(failures, c.conn.Close())...)
}

// preparedRows are those of a statement that is free again when they are closed.
type preparedRows struct {
	driver.Rows
	of *prepared
}

// Close implements [driver.Rows].
func (r *preparedRows) Close() error {
	r.of.busy = false
	return r.Rows.Close()
}
