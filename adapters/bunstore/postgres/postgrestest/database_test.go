package postgrestest_test

import (
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }

func TestDatabasesAreFreshAndApart(t *testing.T) {
	for _, url := range []string{postgrestest.Database(t), postgrestest.Database(t)} {
		connection := connect(t, url)
		if _, err := connection.Exec(t.Context(), "CREATE TABLE here (word text)"); err != nil {
			t.Errorf("the table of another test is there already: %v", err)
		}
		if _, err := connection.Exec(t.Context(), "INSERT INTO here VALUES ('grüße 🦉')"); err != nil {
			t.Errorf("a database that does not keep all text: %v", err)
		}
	}
}

func TestDatabaseIsDroppedWithItsTest(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: tests on PostgreSQL are left out")
	}
	var url string
	t.Run("use", func(t *testing.T) {
		url = postgrestest.Database(t)
		connect(t, url)
	})
	connection, err := pgx.Connect(t.Context(), url)
	if err == nil {
		_ = connection.Close(t.Context())
		t.Fatal("the database is still there after its test")
	}
	if !strings.Contains(err.Error(), "3D000") {
		t.Errorf("want the error for a database that does not exist (3D000), got %v", err)
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(t.Context()) })
	return connection
}
