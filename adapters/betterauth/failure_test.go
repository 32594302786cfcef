package betterauth_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/domain"
)

// reads gives a call of each kind, and what it says it attempted.
func reads(t *testing.T, db *sql.DB, names betterauth.Names) map[string]func(context.Context) error {
	t.Helper()
	keys, sessions := newKeyTable(t, db, names, betterauth.KeyTableOptions{}), newSessions(t, db, names, betterauth.SessionsOptions{})
	users, verifier := betterauth.NewUsers(db, names), betterauth.NewSessionVerifier(db, names, nil)
	return map[string]func(context.Context) error{
		"read the key table": func(ctx context.Context) error {
			_, err := keys.KeySet(ctx)
			return err
		},
		"look a session up": func(ctx context.Context) error {
			_, err := sessions.Live(ctx, "u1", "s1")
			return err
		},
		"get a user": func(ctx context.Context) error {
			_, err := users.Get(ctx, "u1")
			return err
		},
		"verify a session token": func(ctx context.Context) error {
			_, err := verifier.Verify(ctx, "ppyaIe78FmVqlTlNwxU0MurIw9uFaexV")
			return err
		},
	}
}

func TestFailures(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		kind domain.Kind
	}{
		"shutdown":                         {answered("57P01"), domain.Unavailable},
		"too many connections":             {answered("53300"), domain.Unavailable},
		"statement timeout":                {answered("57014"), domain.Unavailable},
		"wrong password":                   {answered("28P01"), domain.Unavailable},
		"no such database":                 {answered("3D000"), domain.Unavailable},
		"cancelled by recovery":            {answered("40001"), domain.Unavailable},
		"connection failure":               {answered("08006"), domain.Unavailable},
		"a lock that is not to be had":     {answered("55P03"), domain.Unavailable},
		"a disk that fails":                {answered("58030"), domain.Unavailable},
		"a broken connection":              {io.ErrUnexpectedEOF, domain.Unavailable},
		"a refused connection":             {&net.OpError{Op: "dial", Err: errors.New("refused")}, domain.Unavailable},
		"an internal error of the server":  {answered("XX000"), domain.Internal},
		"types that cannot be compared":    {answered("42883"), domain.Internal},
		"a plan that is out of date twice": {answered("0A000"), domain.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			fake := &fake{answer: func(context.Context, string) ([][]driver.Value, error) { return nil, test.err }}
			db := fake.open()
			defer closeDB(t, db)
			for attempt, read := range reads(t, db, betterauth.Names{}) {
				err := read(t.Context())
				if err == nil || domain.KindOf(err) != test.kind || !errors.Is(err, test.err) || !strings.Contains(err.Error(), attempt+": ") {
					t.Errorf("%s: %v of kind %d, want kind %d and the cause", attempt, err, domain.KindOf(err), test.kind)
				}
			}
		})
	}
}

func TestUnreachableServer(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	db := connect(t, "postgres://user:hunter2@"+listener.Addr().String()+"/db")
	for _, db := range []*sql.DB{db, closed(t)} {
		for attempt, read := range reads(t, db, betterauth.Names{}) {
			if err := read(t.Context()); domain.KindOf(err) != domain.Unavailable || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("%s: %v, want an error that is unavailable and without the password", attempt, err)
			}
		}
	}
}

func TestEndedContext(t *testing.T) {
	t.Parallel()
	db := database(t, ownTables)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for attempt, read := range reads(t, db, betterauth.Names{}) {
		if err := read(ended); !errors.Is(err, context.Canceled) || domain.KindOf(err) == domain.Unavailable {
			t.Errorf("%s: %v, want the context's error", attempt, err)
		}
	}
}

// TestContextEndsAReadThatWaits has the server wait for a lock.
func TestContextEndsAReadThatWaits(t *testing.T) {
	t.Parallel()
	db := database(t, ownTables)
	all := reads(t, db, betterauth.Names{})
	for attempt, read := range all { // so that the catalog, which is not locked, has been read
		if err := read(t.Context()); err != nil && domain.KindOf(err) == domain.Internal {
			t.Fatalf("%s: %v", attempt, err)
		}
	}
	lock, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lock.Rollback() }() // it changed nothing
	if _, err := lock.ExecContext(t.Context(), `LOCK TABLE "user", session, jwks IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	for attempt, read := range all {
		if attempt == "look a session up" {
			continue // remembered; its own tests end contexts
		}
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error)
		go func() { failed <- read(ctx) }()
		untilWaiting(t, db)
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v, want the context's error", attempt, err)
		}
	}
}

// untilWaiting returns when a statement waits for a lock.
func untilWaiting(t *testing.T, db *sql.DB) {
	t.Helper()
	for waiting := false; !waiting; {
		if err := db.QueryRowContext(t.Context(),
			`SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`).Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTablesThatDoNotFit(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		tables string
		names  string
		want   map[string][]string // by what is attempted
	}{
		"no tables": {"", "", map[string][]string{
			"read the key table":     {`table "jwks" is not there`, "set jwks=schema.table"},
			"look a session up":      {`table "session" is not there`, "set session=schema.table"},
			"get a user":             {`table "user" is not there`, "set user=schema.table"},
			"verify a session token": {`table "session" is not there`, "set session=schema.table"},
		}},
		"another schema": {ownTables, "user=auth.user, jwks=auth.jwks", map[string][]string{
			"read the key table":     {`table "auth"."jwks" is not there`, "set jwks=schema.table"},
			"get a user":             {`table "auth"."user" is not there`, "set user=schema.table"},
			"verify a session token": {`table "auth"."user" is not there`, "set user=schema.table"},
		}},
		"other columns": {ownTables, "snake_case", map[string][]string{
			"read the key table": {`table "jwks" has no column "public_key"`, "set jwks.publicKey=column", "set jwks.expiresAt=column", "set jwks.createdAt=column"},
			"look a session up":  {`table "session" has no column "user_id"`, "set session.userId=column", "set session.expiresAt=column"},
			"get a user":         {`table "user" has no column "created_at"`, "set user.createdAt=column", "set user.updatedAt=column"},
			"verify a session token": {
				`table "session" has no column "expires_at"`, "set session.expiresAt=column", "set user.createdAt=column",
			},
		}},
		"a column that may be missing, named": {ownTables, "jwks.alg=algorithm", map[string][]string{
			"read the key table": {`table "jwks" has no column "algorithm"`, "set jwks.alg=column"},
		}},
		"case": {ownTables, "user=User, user.email=Email", map[string][]string{
			"get a user":             {`table "User" is not there`},
			"verify a session token": {`table "User" is not there`},
		}},
		"ids of two types": {strings.Replace(ownTables, `"userId" text NOT NULL REFERENCES "user" (id) ON DELETE CASCADE`, `"userId" uuid NOT NULL`, 1), "", map[string][]string{
			"verify a session token": {"text = uuid"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := database(t, test.tables)
			for attempt, read := range reads(t, db, parseNames(t, test.names)) {
				err := read(t.Context())
				words, fails := test.want[attempt]
				if !fails {
					if err != nil && domain.KindOf(err) == domain.Internal {
						t.Errorf("%s: %v", attempt, err)
					}
					continue
				}
				if err == nil || domain.KindOf(err) != domain.Internal {
					t.Errorf("%s: %v, want an error for the log alone", attempt, err)
					continue
				}
				for _, word := range append(words, attempt+": ") {
					if !strings.Contains(err.Error(), word) {
						t.Errorf("%s: %v, want it to say %q", attempt, err, word)
					}
				}
			}
		})
	}
}

// TestTablesThatChange takes the tables away from under readers, and gives
// others back.
func TestTablesThatChange(t *testing.T) {
	t.Parallel()
	db := database(t, ownTables)
	all := reads(t, db, betterauth.Names{})
	want := func(what string, misfit bool) {
		t.Helper()
		for attempt, read := range all {
			if attempt == "look a session up" {
				continue // remembers
			}
			if err := read(t.Context()); (err != nil && domain.KindOf(err) == domain.Internal) != misfit || misfit && !strings.Contains(err.Error(), "is not there") {
				t.Errorf("%s, %s: %v", what, attempt, err)
			}
		}
	}
	want("at first", false)
	execute(t, db, `DROP TABLE session, jwks, "user"`)
	want("without tables", true)
	execute(t, db, strings.NewReplacer("id text", "id integer", `"userId" text`, `"userId" integer`).Replace(ownTables))
	want("with serial ids", false)
	execute(t, db, `DROP TABLE session, jwks, "user"; `+ownTables)
	want("with text ids again", false)
}
