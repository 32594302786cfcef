package betterauth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// table is one of Better Auth's tables as the database has it.
type table struct {
	key     string // what Better Auth calls it
	names   Names
	columns map[string]column // by their names in the database
}

// column is a column of a table.
type column struct {
	name     string
	kind     string // its type
	readable bool   // by this role
}

// describe looks a table up in PostgreSQL's catalog, which every role may read.
func describe(ctx context.Context, db *sql.DB, names Names, key string) (_ table, err error) {
	found := table{key, names, map[string]column{}}
	rows, err := db.QueryContext(ctx, `
SELECT attname, pg_catalog.format_type(atttypid, NULL), pg_catalog.has_column_privilege(attrelid, attnum, 'SELECT')
FROM pg_catalog.pg_attribute
WHERE attrelid = pg_catalog.to_regclass($1) AND NOT attisdropped`, quote(names.of(key)))
	if state, _ := stateOf(err); state == "42501" {
		return table{}, &misfitError{fmt.Sprintf(
			"this role may not look into the schema of Better Auth's table %s: GRANT USAGE ON SCHEMA it is in, or set %s=schema.table", quote(names.of(key)), key)}
	}
	if err != nil {
		return table{}, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var column column
		if err := rows.Scan(&column.name, &column.kind, &column.readable); err != nil {
			return table{}, err
		}
		found.columns[column.name] = column
	}
	if err := rows.Err(); err != nil {
		return table{}, err
	}
	if len(found.columns) == 0 {
		return table{}, &misfitError{fmt.Sprintf(
			"Better Auth's table %s is not there: if it has another name or is in another schema, set %s=schema.table", quote(names.of(key)), key)}
	}
	return found, nil
}

// column gives the column that Better Auth calls by this name.
func (t table) column(name string) (column, error) {
	key := t.key + "." + name
	found, there := t.columns[t.names.of(key)]
	switch {
	case !there:
		return column{}, &misfitError{fmt.Sprintf(
			"Better Auth's table %s has no column %s: if it has another name, set %s=column", quote(t.names.of(t.key)), quote(t.names.of(key)), key)}
	case !found.readable:
		return column{}, &misfitError{fmt.Sprintf(
			"this role may not read a column of Better Auth's: GRANT SELECT (%s) ON %s TO it, or set %s", quote(found.name), quote(t.names.of(t.key)), key)}
	}
	return found, nil
}

// comparable gives the type that text has to be cast to, so that an index on
// the column can find it. All but these types compare with text.
func (c column) comparable() string {
	switch c.kind {
	case "uuid", "smallint", "integer", "bigint":
		return c.kind
	}
	return "text"
}

// misfitError says that what is in the tables, or where, is not what the names
// make of it. Somebody has to change the one or the other.
type misfitError struct{ detail string }

func (e *misfitError) Error() string { return e.detail }
