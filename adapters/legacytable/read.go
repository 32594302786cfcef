package legacytable

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
)

// fetch is how many rows are held in memory.
const fetch = "500"

// Read gives every row of the table as it is when Read begins, those of an
// owner together, and an error in the end if the table could not be read. It
// holds a few at a time.
func (t *Table) Read(ctx context.Context) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		text, order := t.statement()
		err := t.follow(ctx, text, func(row string) bool {
			return yield(t.record(order, row), nil)
		})
		if err != nil {
			yield(Record{}, fmt.Errorf("read table %s: %w", t.quoted, err))
		}
	}
}

// Count tells how many rows there are.
func (t *Table) Count(ctx context.Context) (rows int64, err error) {
	text := "SELECT pg_catalog.count(*) FROM " + t.quoted
	if err := t.db.QueryRowContext(ctx, text).Scan(&rows); err != nil {
		return 0, fmt.Errorf("count table %s: %w", t.quoted, err)
	}
	return rows, nil
}

// statement selects each row as one JSON array. The rows of an owner come
// together, and in the order in which their tasks get ids.
func (t *Table) statement() (text string, order []field) {
	var values []string
	for _, known := range fields {
		if column, ok := t.mapping[known.field]; ok {
			order = append(order, known.field)
			values = append(values, column.quoted)
		}
	}
	by := []string{t.mapping[owner].quoted + `::text COLLATE "C"`, t.mapping[id].quoted}
	if created, known := t.mapping[createdAt]; known {
		by = append(by, created.quoted)
		if !t.hasNumbers() {
			by[1], by[2] = by[2], by[1]
		}
	}
	text = "SELECT pg_catalog.json_build_array(" + strings.Join(values, ", ") + ")::text FROM " + t.quoted + " ORDER BY " + strings.Join(by, ", ")
	return text, order
}

// hasNumbers reports whether the ids are numbers, so that tasks can keep them.
func (t *Table) hasNumbers() bool { return t.mapping[id].isNumber() }

// follow runs the statement under a cursor: one that sent all rows at once
// would be cut off by the server's time-outs, as long as it takes to store
// them.
func (t *Table) follow(ctx context.Context, statement string, take func(row string) bool) (err error) {
	tx, err := t.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() {
		if rollback := tx.Rollback(); ctx.Err() == nil { // or it is rolled back already
			err = errors.Join(err, rollback)
		}
	}()
	for _, beginning := range []string{
		"SET LOCAL statement_timeout = 0",
		"SET LOCAL idle_in_transaction_session_timeout = 0",
		"SET LOCAL row_security = off", // an error rather than fewer rows
		"SET LOCAL TimeZone = 'UTC'",
		"DECLARE legacy_tasks NO SCROLL CURSOR FOR " + statement,
	} {
		if _, err := tx.ExecContext(ctx, beginning); err != nil {
			return err
		}
	}
	for {
		page, err := fetchPage(ctx, tx)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, row := range page {
			if !take(row) {
				return nil
			}
		}
	}
}

func fetchPage(ctx context.Context, tx *sql.Tx) (page []string, err error) {
	rows, err := tx.QueryContext(ctx, "FETCH "+fetch+" FROM legacy_tasks")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			return nil, err
		}
		page = append(page, row)
	}
	return page, rows.Err()
}
