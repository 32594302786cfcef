package postgres_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
)

var (
	called       = regexp.MustCompile(`(\w+) ?\(`)
	sessionState = regexp.MustCompile(`(?i)\b(SET (LOCAL|SESSION)|RESET|LISTEN|NOTIFY|PREPARE|DEALLOCATE|DECLARE|TEMP|TEMPORARY|DISCARD|set_config|pg_advisory\w*)\b`)
	volatile     = regexp.MustCompile(`(?i)\b(current_(timestamp|time|date)|localtime(stamp)?)\b`)
	writes       = regexp.MustCompile(`(?i)\b(INSERT|UPDATE|DELETE)\b`)
)

// A pooler may give each transaction to another connection, and a cluster a
// change to a node by what it says: neither works with what a connection
// remembers, or with values that come out differently each time.
func TestStatementsCanBeRouted(t *testing.T) {
	url := migrated(t)
	for name, statement := range postgres.Statements(everyList(t)) {
		if found := sessionState.FindString(statement); found != "" {
			t.Errorf("%s relies on the connection by %s:\n%s", name, found, statement)
		}
		if !writes.MatchString(statement) {
			continue
		}
		if found := volatile.FindString(statement); found != "" {
			t.Errorf("%s writes what differs each time, by %s:\n%s", name, found, statement)
		}
		var functions []string
		for _, match := range called.FindAllStringSubmatch(statement, -1) {
			functions = append(functions, match[1])
		}
		if found := volatileOf(t, url, functions); len(found) > 0 {
			t.Errorf("%s writes what differs each time, by %v:\n%s", name, found, statement)
		}
	}
	if found := volatileOf(t, url, []string{"lower", "random", "max", "clock_timestamp", "nextval", "gen_random_uuid"}); len(found) != 4 {
		t.Errorf("this test takes %v alone for volatile", found)
	}
}

// volatileOf gives those of the functions that PostgreSQL calls volatile, or
// that give the time at which a transaction began.
func volatileOf(t *testing.T, url string, functions []string) (found []string) {
	t.Helper()
	rows, err := connect(t, url).Query(t.Context(), `SELECT DISTINCT proname::text FROM pg_proc WHERE proname = ANY ($1) AND (provolatile = 'v' OR proname IN ('now', 'transaction_timestamp'))`, functions)
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var function string
		if err := rows.Scan(&function); err != nil {
			t.Fatal(err)
		}
		found = append(found, function)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

// Tables can be spread over nodes by their owners if nothing of theirs goes
// across owners. The audit log is not spread, and may count its entries.
func TestTablesCanBeDistributed(t *testing.T) {
	url := migrated(t)
	for rule, violations := range map[string]string{
		"user_id leads each unique index": `
SELECT i.indexrelid::regclass::text FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE c.relnamespace = 'taskward'::regnamespace AND c.relname NOT IN ('schema_migrations', 'audit') AND i.indisunique AND a.attname <> 'user_id'`,
		"each owned table has a primary key": `
SELECT c.relname::text FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'user_id'
WHERE c.relnamespace = 'taskward'::regnamespace AND c.relkind = 'r' AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary)`,
		"nothing refers to another table": `SELECT conname::text FROM pg_constraint WHERE contype = 'f'`,
		"there are no triggers":           `SELECT tgname::text FROM pg_trigger`,
		"there are no extensions":         `SELECT extname::text FROM pg_extension WHERE extname <> 'plpgsql'`,
		"there are no sequences of ours":  `SELECT relname::text FROM pg_class WHERE relkind = 'S' AND relname NOT IN ('schema_migrations_id_seq', 'audit_id_seq')`,
		"user_id has no collation of its own": `
SELECT a.attrelid::regclass::text FROM pg_attribute AS a JOIN pg_type AS t ON t.oid = a.atttypid
WHERE a.attname = 'user_id' AND a.attcollation <> t.typcollation AND a.attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'taskward'::regnamespace AND relkind = 'r')`,
		"no default is made up by the server": `
SELECT adrelid::regclass::text FROM pg_attrdef WHERE pg_get_expr(adbin, adrelid) LIKE '%(%' AND adrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'taskward'::regnamespace AND relname <> 'schema_migrations')`,
	} {
		if found := list(t, url, violations); len(found) > 0 {
			t.Errorf("%s, but %v", rule, slices.Sorted(slices.Values(found)))
		}
	}
}
