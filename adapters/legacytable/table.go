package legacytable

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/taskward/taskward/domain"
)

// Table is a table, or a view, with a row for each task.
type Table struct {
	db      *sql.DB
	schema  string
	quoted  string // with the schema, as SQL takes it letter by letter
	all     []column
	mapping mapping
	limits  domain.Limits
}

// Options are what [Open] can be told.
type Options struct {
	// Map names columns that are not known by their names, each as
	// FIELD=COLUMN. A field is called as it is in the API, and a row whose
	// field deleted is set is left out.
	Map []string

	// Ignore names columns that are not what their names say.
	Ignore []string

	// Limits bounds the texts of tasks; zero means [domain.DefaultLimits].
	Limits domain.Limits
}

// Open looks a table up in the database, a PostgreSQL. Its name may have the
// schema in front, and is else looked for along the search path. Names are
// taken letter by letter, without quotes; case counts.
func Open(ctx context.Context, db *sql.DB, name string, options Options) (*Table, error) {
	table := &Table{db: db, limits: cmp.Or(options.Limits, domain.DefaultLimits)}
	schema, name, qualified := strings.Cut(name, ".")
	if !qualified {
		schema, name = "", schema
	}
	if err := table.describe(ctx, schema, name); err != nil {
		return nil, err
	}
	var err error
	if table.mapping, err = newMapping(table.all, options); err != nil {
		return nil, fmt.Errorf("table %s: %w", table.quoted, err)
	}
	return table, nil
}

// Schema is the schema that the table is in.
func (t *Table) Schema() string { return t.schema }

// String gives the name with its schema, which is the same however the table
// was named.
func (t *Table) String() string { return t.quoted }

// Mapping tells which column is what of a task, each as FIELD=COLUMN.
func (t *Table) Mapping() []string {
	var entries []string
	for _, known := range fields {
		if column, ok := t.mapping[known.field]; ok {
			entries = append(entries, string(known.field)+"="+column.quoted)
		}
	}
	return entries
}

// Rest names the columns that are not read.
func (t *Table) Rest() []string {
	var rest []string
	for _, column := range t.all {
		if !t.mapping.has(column) {
			rest = append(rest, column.quoted)
		}
	}
	return rest
}

// describe looks the table and its columns up in the catalog, which every role
// may read, and has PostgreSQL quote their names.
func (t *Table) describe(ctx context.Context, schema, name string) (err error) {
	rows, err := t.db.QueryContext(ctx, `
SELECT nspname, pg_catalog.format('%I.%I', nspname, relname),
	attname, pg_catalog.quote_ident(attname), pg_catalog.format_type(atttypid, NULL)
FROM pg_catalog.pg_class AS class
JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = relnamespace
JOIN pg_catalog.pg_attribute ON attrelid = class.oid
WHERE relname = $2 AND (nspname = $1 OR $1 = '' AND pg_catalog.pg_table_is_visible(class.oid))
	AND relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0 AND NOT attisdropped
ORDER BY attnum`, schema, name)
	if err != nil {
		return fmt.Errorf("look for table %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var column column
		if err := rows.Scan(&t.schema, &t.quoted, &column.name, &column.quoted, &column.kind); err != nil {
			return err
		}
		t.all = append(t.all, column)
	}
	if len(t.all) == 0 && rows.Err() == nil {
		return fmt.Errorf("there is no table %q: it may need its schema in front, and case counts", strings.Trim(schema+"."+name, "."))
	}
	return rows.Err()
}
