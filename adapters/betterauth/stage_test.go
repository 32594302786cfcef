package betterauth_test

import (
	"database/sql"
	"net/url"
	"os"
	"testing"

	"github.com/taskward/taskward/adapters/betterauth"
	_ "github.com/taskward/taskward/adapters/bunstore/postgres" // registers pgx with database/sql
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

// ownTables are the tables that are read, as Better Auth 1.7 makes them.
// TestOwnTables compares.
const ownTables = `
CREATE TABLE "user" (
	id text NOT NULL PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, "emailVerified" boolean NOT NULL, image text,
	"createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL, "updatedAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL
);
CREATE TABLE session (
	id text NOT NULL PRIMARY KEY, "expiresAt" timestamptz NOT NULL, token text NOT NULL UNIQUE,
	"createdAt" timestamptz DEFAULT CURRENT_TIMESTAMP NOT NULL, "updatedAt" timestamptz NOT NULL,
	"ipAddress" text, "userAgent" text, "userId" text NOT NULL REFERENCES "user" (id) ON DELETE CASCADE
);
CREATE TABLE jwks (
	id text NOT NULL PRIMARY KEY, "publicKey" text NOT NULL, "privateKey" text NOT NULL,
	"createdAt" timestamptz NOT NULL, "expiresAt" timestamptz, alg text, crv text
);`

// database gives a fresh database that the statements have been run on.
func database(t *testing.T, statements ...string) *sql.DB {
	t.Helper()
	db := connect(t, postgrestest.Database(t))
	for _, statement := range statements {
		execute(t, db, statement)
	}
	return db
}

func connect(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(8)
	t.Cleanup(func() { closeDB(t, db) })
	return db
}

func closeDB(t *testing.T, db *sql.DB) {
	t.Helper()
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

// closed gives a database to which nothing can be sent any more.
func closed(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", "postgres://127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	closeDB(t, db)
	return db
}

// with gives the URL of a database with one more parameter.
func with(t *testing.T, address, parameter, value string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	query := parsed.Query()
	query.Set(parameter, value)
	parsed.RawQuery = query.Encode()
	return parsed.String()
}

// as gives the URL of a database for another role.
func as(t *testing.T, address, role, password string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	parsed.User = url.UserPassword(role, password)
	return parsed.String()
}

func execute(t *testing.T, db *sql.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%.200s: %v", statement, err)
	}
}

func parseNames(t *testing.T, text string) betterauth.Names {
	t.Helper()
	names, err := betterauth.ParseNames(text)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func newKeyTable(t *testing.T, db *sql.DB, names betterauth.Names, options betterauth.KeyTableOptions) *betterauth.KeyTable {
	t.Helper()
	keys, err := betterauth.NewKeyTable(db, names, options)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func newSessions(t *testing.T, db *sql.DB, names betterauth.Names, options betterauth.SessionsOptions) *betterauth.Sessions {
	t.Helper()
	sessions, err := betterauth.NewSessions(db, names, options)
	if err != nil {
		t.Fatal(err)
	}
	return sessions
}
