package postgres

import (
	"context"
	"database/sql"
	"errors"
)

// RowSecurityState is what row-level security comes to for the user of the
// database as whom a store is connected.
type RowSecurityState struct {
	User    string
	Mighty  bool     // the user is a superuser or has BYPASSRLS: it never holds
	Held    []string // the tables whose rows are hidden unless their owner is named
	Exposed []string // the other tables
}

// RowSecurityState looks at the tables, which the migrator has made.
func (s *Store) RowSecurityState(ctx context.Context) (state RowSecurityState, err error) {
	err = s.gate.Pass(ctx, func() error {
		state, err = rowSecurityState(ctx, s.db.DB)
		return err
	})
	return state, s.failure(ctx, "look at row-level security", err)
}

const lookAtRowSecurity = `
SELECT current_user::text, r.rolsuper OR r.rolbypassrls, c.relname::text, row_security_active(c.oid)
FROM pg_class AS c, pg_roles AS r
WHERE r.rolname = current_user AND c.relnamespace = to_regnamespace('taskward') AND c.relname = ANY ($1) ORDER BY c.relname`

func rowSecurityState(ctx context.Context, db *sql.DB) (state RowSecurityState, err error) {
	rows, err := db.QueryContext(ctx, lookAtRowSecurity, ownedTables)
	if err != nil {
		return state, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var table string
		var held bool
		if err := rows.Scan(&state.User, &state.Mighty, &table, &held); err != nil {
			return state, err
		}
		if held {
			state.Held = append(state.Held, table)
		} else {
			state.Exposed = append(state.Exposed, table)
		}
	}
	return state, rows.Err()
}
