package postgres

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"
)

// ownedTables have each row's owner in their column user_id. The first is the
// one beside which the others are put. The audit log is not among them, as an
// entry may be of nobody, and of an owner whom somebody made up: Citus leaves it
// with the coordinator, to which all statements go first.
var ownedTables = []string{"owners", "tasks", "trash", "answers", "revoked_tokens", "revoked_before", "spent_tokens"}

// EnforceRowSecurity switches row-level security on where it is not yet, for
// the tables' owner as well. Nothing but an administrator switches it off.
func EnforceRowSecurity(ctx context.Context, url string) error {
	_, err := administer(ctx, url, `NOT (relrowsecurity AND relforcerowsecurity)`, func(table string) string {
		return `ALTER TABLE taskward.` + table + ` ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY`
	})
	if err != nil {
		return fmt.Errorf("switch row-level security on: %w", err)
	}
	return nil
}

// ErrNoCitus means that the database has not got the extension.
var ErrNoCitus = errors.New("this database has no extension citus, so its tables stay where they are")

// Distribute spreads the tables over the nodes of a Citus cluster by owner,
// where that is not done yet, and names those that it has spread. What an owner
// has stays together.
func Distribute(ctx context.Context, url string) (spread []string, err error) {
	spread, err = administer(ctx, url, `NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = pg_class.oid)`, func(table string) string {
		beside := `taskward.` + ownedTables[0]
		if table == ownedTables[0] {
			beside = `none`
		}
		return `SELECT create_distributed_table('taskward.` + table + `', 'user_id', colocate_with => '` + beside + `')`
	})
	switch {
	case hasState(err, []string{"42P01"}): // undefined table: Citus' own
		return nil, ErrNoCitus
	case err != nil:
		return nil, fmt.Errorf("distribute the tables: %w", err)
	}
	return spread, nil
}

// administer names the tables that are lacking something, and sends for each of
// them a statement, all in one transaction. Others may do so at the same time.
func administer(ctx context.Context, url, lacking string, statement func(table string) string) (tables []string, err error) {
	config, err := onceOnly(url)
	if err != nil {
		return nil, err
	}
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after a commit
	tables, err = tablesWhere(ctx, tx, lacking)
	if err != nil || len(tables) == 0 {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(lockKey)); err != nil {
		return nil, err
	}
	if tables, err = tablesWhere(ctx, tx, lacking); err != nil {
		return nil, err
	}
	for _, table := range tables {
		if _, err := tx.ExecContext(ctx, statement(table)); err != nil {
			return nil, fmt.Errorf("table %s: %w", table, err)
		}
	}
	return tables, tx.Commit()
}

// tablesWhere gives those of the owned tables that a condition holds for.
func tablesWhere(ctx context.Context, tx *sql.Tx, condition string) (tables []string, err error) {
	query := `SELECT relname::text FROM pg_class WHERE relnamespace = to_regnamespace('taskward') AND relname = ANY ($1) AND ` + //nolint:gosec // G202: the conditions stand above
		condition + ` ORDER BY array_position($1, relname::text)`
	rows, err := tx.QueryContext(ctx, query, ownedTables)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			return nil, err
		}
		tables = append(tables, table)
	}
	return tables, rows.Err()
}
