package legacytable_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	_ "github.com/taskward/taskward/adapters/bunstore/postgres" // registers pgx with database/sql
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/adapters/legacytable"
	"github.com/taskward/taskward/domain"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// shapes are tables as the tools make them that people have.
var shapes = map[string]struct {
	statements []string
	table      string
	options    legacytable.Options
	mapping    string
	rest       string
	want       []string
}{
	"SQLModel": {
		statements: []string{
			`CREATE TABLE tasks (id serial PRIMARY KEY, user_id varchar NOT NULL, title varchar(200) NOT NULL, description text,
				completed boolean NOT NULL, priority varchar(10), due_date timestamp, created_at timestamp NOT NULL, updated_at timestamp NOT NULL)`,
			`INSERT INTO tasks VALUES
				(10, 'bob', 'Buy milk', NULL, false, 'high', '2026-11-22 17:00', '2026-02-03 12:04:05.678901', '2026-02-03 12:04:06'),
				(2, 'bob', 'Walk', 'far', true, NULL, NULL, '2026-02-04', '2026-02-05'),
				(1, 'Zoe', 'Sleep', '', false, 'low', 'infinity', 'infinity', '2026-02-05')`,
		},
		table:   "tasks",
		mapping: "id=id user_id=user_id title=title description=description completed=completed priority=priority due_date=due_date created_at=created_at updated_at=updated_at",
		want: []string{
			"1=Zoe 1; unfit=due_date must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z; created_at must be a date and time of the years 1 to 9999",
			"2=bob 2; title=Walk; description=far; completed=true; created=2026-02-04T00:00:00Z; updated=2026-02-05T00:00:00Z; finished=2026-02-05T00:00:00Z",
			"10=bob 10; title=Buy milk; priority=high; due=2026-11-22T17:00:00Z ; created=2026-02-03T12:04:05.678901Z; updated=2026-02-03T12:04:06Z",
		},
	},
	"Prisma": {
		statements: []string{
			`CREATE TYPE "Status" AS ENUM ('TODO', 'IN_PROGRESS', 'DONE')`,
			`CREATE TABLE "Task" (id text PRIMARY KEY, name text NOT NULL, status "Status" NOT NULL, tags text[], "dueDate" timestamp(3),
				"sortOrder" integer, "ownerId" text NOT NULL, "createdAt" timestamp(3) NOT NULL)`,
			`INSERT INTO "Task" VALUES
				('ckx', 'Second', 'DONE', '{home,"two words"}', NULL, 1, 'u', '2026-02-04'), ('ckz', 'First', 'IN_PROGRESS', NULL, NULL, 2, 'u', '2026-02-03'),
				('17', 'Third', 'TODO', '{}', NULL, 3, 'u', '2026-02-05')`,
		},
		table:   "public.Task",
		mapping: `id=id user_id="ownerId" title=name completed=status tags=tags due_date="dueDate" created_at="createdAt"`,
		rest:    `"sortOrder"`,
		want: []string{
			"ckz=u 0; title=First; created=2026-02-03T00:00:00Z",
			"ckx=u 0; title=Second; completed=true; tags=home|two words; created=2026-02-04T00:00:00Z; finished=2026-02-04T00:00:00Z",
			"17=u 0; title=Third; created=2026-02-05T00:00:00Z",
		},
	},
	"Drizzle": {
		statements: []string{
			`CREATE SCHEMA app`,
			`CREATE TABLE app.todos (id uuid PRIMARY KEY, "userId" uuid NOT NULL, title text NOT NULL, "isCompleted" boolean, labels jsonb, due date, "deletedAt" timestamptz)`,
			`INSERT INTO app.todos VALUES
				('b0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000000', 'B', true, '["x"]', '2026-11-22', NULL),
				('a0000000-0000-4000-8000-000000000000', 'a0000000-0000-4000-8000-000000000000', 'A', NULL, NULL, NULL, now())`,
		},
		table:   "app.todos",
		mapping: `id=id user_id="userId" title=title completed="isCompleted" tags=labels due_date=due deleted="deletedAt"`,
		want: []string{
			"a0000000-0000-4000-8000-000000000000=a0000000-0000-4000-8000-000000000000 0; deleted=true; title=A",
			"b0000000-0000-4000-8000-000000000000=a0000000-0000-4000-8000-000000000000 0; title=B; completed=true; tags=x; due=2026-11-22 ",
		},
	},
	"names that nobody knows": {
		statements: []string{
			`CREATE TABLE "we""ird; DROP TABLE x" (nr bigint, "o=w'n" text, "wh""at" text, status text, priority integer, created_at text)`,
			`INSERT INTO "we""ird; DROP TABLE x" VALUES (9007199254740993, 'u', 'T', 'archived', 1, 'long ago')`,
		},
		table:   `we"ird; DROP TABLE x`,
		options: legacytable.Options{Map: []string{"id=nr", "user_id=o=w'n", `title=wh"at`}, Ignore: []string{"status", "created_at"}},
		mapping: `id=nr user_id="o=w'n" title="wh""at"`,
		rest:    "status priority created_at",
		want:    []string{"9007199254740993=u 9007199254740993; title=T"},
	},
	"a column that would be another by its name": {
		statements: []string{`CREATE TABLE tasks (id integer, user_id text, notes text)`, `INSERT INTO tasks VALUES (1, 'u', 'T')`},
		table:      "tasks",
		options:    legacytable.Options{Map: []string{"title=notes"}},
		mapping:    "id=id user_id=user_id title=notes",
		want:       []string{"1=u 1; title=T"},
	},
	"owners who are the same to PostgreSQL": {
		statements: []string{
			`CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`,
			`CREATE TABLE tasks (id integer, user_id text COLLATE folded, title text)`,
			`INSERT INTO tasks VALUES (1, 'a', 'T'), (2, 'A', 'T'), (3, 'a', 'T')`,
		},
		table:   "tasks",
		mapping: "id=id user_id=user_id title=title",
		want:    []string{"2=A 2; title=T", "1=a 1; title=T", "3=a 3; title=T"},
	},
	"a view": {
		statements: []string{
			`CREATE TABLE people (nr integer, auth_id text)`, `INSERT INTO people VALUES (1, 'ada')`,
			`CREATE TABLE items (id smallint, person integer, title text, urgency integer, at timestamptz)`,
			`INSERT INTO items VALUES (5, 1, 'T', 1, '2026-02-03 12:04:05+09')`,
			`CREATE VIEW ours AS SELECT id, auth_id AS user_id, title, (ARRAY['high','low'])[urgency] AS priority, at AS due_date, at AS created_at
				FROM items JOIN people ON nr = person`,
		},
		table:   "ours",
		mapping: "id=id user_id=user_id title=title priority=priority due_date=due_date created_at=created_at",
		want:    []string{"5=ada 5; title=T; priority=high; due=2026-02-03T03:04:05Z ; created=2026-02-03T03:04:05Z"},
	},
}

func TestTableShapes(t *testing.T) {
	t.Parallel()
	for name, test := range shapes {
		t.Run(name, func(t *testing.T) {
			db := connect(t, with(t, postgrestest.Database(t), "timezone", "Asia/Tokyo"), test.statements...)
			table := open(t, db, test.table, test.options)
			if got := strings.Join(table.Mapping(), " "); got != test.mapping {
				t.Errorf("the mapping is\n\t%s, want\n\t%s", got, test.mapping)
			}
			if got := strings.Join(table.Rest(), " "); got != test.rest {
				t.Errorf("the rest is %s, want %s", got, test.rest)
			}
			var got []string
			for record, err := range table.Read(t.Context()) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, tell(record))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
		})
	}
}

// TestTableNames gives a table the same name however it was asked for, and
// keeps tables of other schemas apart.
func TestTableNames(t *testing.T) {
	t.Parallel()
	db := connect(t, postgrestest.Database(t),
		`CREATE SCHEMA other`, `CREATE TABLE "Todo" (id integer, user_id text, title text)`, `CREATE TABLE other."Todo" (id integer, user_id text, name text)`)
	for asked, want := range map[string]string{"Todo": `public."Todo"`, "public.Todo": `public."Todo"`, "other.Todo": `other."Todo"`} {
		table := open(t, db, asked, legacytable.Options{})
		if table.String() != want || table.Schema()+`."Todo"` != want {
			t.Errorf("%s is %s in %s, want %s", asked, table, table.Schema(), want)
		}
	}
}

// TestOpenRefuses names what is wrong and what to do about it.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	db := connect(t, postgrestest.Database(t), `CREATE TABLE tasks (id integer, "Owner_ID" text, label text, done boolean)`, `CREATE TABLE plain (a text)`)
	known := legacytable.Options{Map: []string{"title=label"}}
	for name, test := range map[string]struct {
		table   string
		options legacytable.Options
		want    string
	}{
		"no such table":       {"Tasks", known, `there is no table "Tasks"`},
		"no such schema":      {"app.tasks", known, `there is no table "app.tasks"`},
		"a name that is none": {"", known, `there is no table ""`},
		"NUL":                 {"tasks\x00", known, "22021"},
		"no title":            {"tasks", legacytable.Options{}, "no column is known to be the title: map title=COLUMN"},
		"no id":               {"plain", legacytable.Options{}, "no column is known to be the id: map id=COLUMN"},
		"an owner ignored":    {"tasks", legacytable.Options{Map: known.Map, Ignore: []string{"Owner_ID"}}, "to be the user_id: map user_id=COLUMN"},
		"no such field":       {"tasks", legacytable.Options{Map: []string{"colour=label"}}, "the field one of id, user_id, title"},
		"no field":            {"tasks", legacytable.Options{Map: []string{"label"}}, "FIELD=COLUMN"},
		"no such column":      {"tasks", legacytable.Options{Map: []string{"title=Label"}}, `map "title=Label": there is no column "Label"; case counts`},
		"twice":               {"tasks", legacytable.Options{Map: []string{"title=label", "title=done"}}, "title is mapped twice"},
		"ignored, not there":  {"tasks", legacytable.Options{Map: known.Map, Ignore: []string{"Done"}}, `ignore "Done": there is no column "Done"`},
	} {
		if _, err := legacytable.Open(t.Context(), db, test.table, test.options); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %s", name, err, test.want)
		}
	}
}

// TestReadSlowly takes longer over the first rows than the server lets a
// statement or a transaction rest, and holds little of a large table. What is
// added meanwhile is not read.
func TestReadSlowly(t *testing.T) {
	t.Parallel()
	const rows, bytes = 60_000, 2_000
	address := postgrestest.Database(t)
	slow := connect(t, address,
		`CREATE TABLE tasks (id integer, user_id text, title text, description text)`,
		fmt.Sprintf(`INSERT INTO tasks SELECT n, 'u' || n %% 100, 'T', repeat('x', %d) FROM generate_series(1, %d) AS n`, bytes, rows))
	hurried := connect(t, with(t, with(t, address, "statement_timeout", "200"), "idle_in_transaction_session_timeout", "200"))
	table := open(t, hurried, "tasks", legacytable.Options{Limits: domain.Limits{Title: 1, Description: bytes}})

	var count int
	var most uint64
	for record, err := range table.Read(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if record.Unfit != nil {
			t.Fatal(record.Unfit)
		}
		if count++; count == 1 {
			execute(t, slow, `SELECT pg_sleep(0.5)`)
			execute(t, slow, `INSERT INTO tasks VALUES (0, 'u', 'T', '')`)
		}
		if count%5_000 == 0 {
			var memory runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&memory)
			most = max(most, memory.HeapAlloc)
		}
	}
	if count != rows {
		t.Errorf("%d rows were read, want %d", count, rows)
	}
	if most > rows*bytes/4 {
		t.Errorf("%d bytes were held of a table of %d", most, rows*bytes)
	}
}

// TestReadEndsEarly leaves nothing behind where somebody has seen enough, and
// tells of a table that cannot be read.
func TestReadEndsEarly(t *testing.T) {
	t.Parallel()
	address := postgrestest.Database(t)
	db := connect(t, address,
		`CREATE TABLE tasks (id integer, user_id text, title text)`, `INSERT INTO tasks VALUES (1, 'u', 'T'), (2, 'u', 'T')`,
		`CREATE ROLE legacy_reader LOGIN`, `GRANT USAGE ON SCHEMA public TO legacy_reader`)
	t.Cleanup(func() {
		if _, err := db.ExecContext(context.Background(), `DROP OWNED BY legacy_reader; DROP ROLE legacy_reader`); err != nil {
			t.Error(err)
		}
	})
	table := open(t, db, "tasks", legacytable.Options{})
	for _, err := range table.Read(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	execute(t, db, `SET lock_timeout = '10s'; ALTER TABLE tasks ADD COLUMN done boolean`) // waits for whoever still reads

	ended, end := context.WithCancel(t.Context())
	end()
	if err := readError(ended, table); err == nil || !strings.Contains(err.Error(), "context canceled") {
		t.Errorf("after its context has ended Read gives error %v", err)
	}
	execute(t, db, `CREATE SEQUENCE reads`)
	execute(t, db, `CREATE VIEW counting AS SELECT nextval('reads') AS id, user_id, title FROM tasks`)
	if err := readError(t.Context(), open(t, db, "counting", legacytable.Options{})); err == nil || !strings.Contains(err.Error(), "read-only transaction") {
		t.Errorf("where to read would be to write, Read gives error %v", err)
	}
	reader := connect(t, as(t, address, "legacy_reader"))
	if err := readError(t.Context(), open(t, reader, "tasks", legacytable.Options{})); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("without the right to, Read gives error %v", err)
	}
	execute(t, db, `GRANT SELECT ON tasks TO legacy_reader`)
	if err := readError(t.Context(), open(t, reader, "tasks", legacytable.Options{})); err != nil {
		t.Errorf("with the right to, Read gives error %v", err)
	}
	execute(t, db, `ALTER TABLE tasks ENABLE ROW LEVEL SECURITY`)
	if err := readError(t.Context(), open(t, reader, "tasks", legacytable.Options{})); err == nil || !strings.Contains(err.Error(), "row-level security") {
		t.Errorf("where a policy hides rows, Read gives error %v", err)
	}
}

func readError(ctx context.Context, table *legacytable.Table) error {
	for _, err := range table.Read(ctx) {
		if err != nil {
			return err
		}
	}
	return nil
}

func open(t *testing.T, db *sql.DB, name string, options legacytable.Options) *legacytable.Table {
	t.Helper()
	table, err := legacytable.Open(t.Context(), db, name, options)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// connect gives a database on which the statements have been run.
func connect(t *testing.T, address string, statements ...string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, statement := range statements {
		execute(t, db, statement)
	}
	return db
}

func execute(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%.200s: %v", statement, err)
	}
}

// with gives the URL of a database with one more parameter.
func with(t *testing.T, address, parameter, value string) string {
	t.Helper()
	parsed := parse(t, address)
	query := parsed.Query()
	query.Set(parameter, value)
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// as gives the URL of a database for another role.
func as(t *testing.T, address, role string) string {
	t.Helper()
	parsed := parse(t, address)
	parsed.User = url.User(role)
	return parsed.String()
}

func parse(t *testing.T, address string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}
