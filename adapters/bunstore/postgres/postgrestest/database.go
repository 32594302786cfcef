// Package postgrestest gives tests databases on a real PostgreSQL: on the
// server that TEST_DATABASE_URL names, if it is set, and otherwise on a
// throwaway cluster that is started from the local binaries when the first
// test asks and goes with the test process.
package postgrestest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Run runs a package's tests and then stops and removes the cluster, if they
// started one. It returns the exit code for TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(postgrestest.Run(m)) }
func Run(m *testing.M) (code int) {
	running = true
	defer func() {
		if err := throwaway.stop(); err != nil {
			fmt.Fprintln(os.Stderr, "postgrestest:", err)
			code = max(code, 1)
		}
	}()
	return m.Run()
}

// Database returns the URL of a fresh, empty database that is dropped when
// the test ends, whoever is still connected. Without PostgreSQL the test
// fails; under -short it is skipped.
func Database(t testing.TB) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: tests on PostgreSQL are left out")
	}
	if !running {
		t.Fatal("TestMain has to call postgrestest.Run, which stops what postgrestest.Database starts")
	}
	server, err := server()
	if err != nil {
		t.Fatal(err)
	}
	name := "taskward_test_" + strings.ToLower(rand.Text())
	if err := execute(context.Background(), server, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		t.Fatalf("create a database on the test server: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(context.Background(), server, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return server.JoinPath("..", name).String()
}

var (
	running   bool
	throwaway cluster
)

// server is the URL of the server's maintenance database.
var server = sync.OnceValues(func() (*url.URL, error) {
	text := os.Getenv("TEST_DATABASE_URL")
	if text == "" {
		return throwaway.start()
	}
	given, err := url.Parse(text)
	if err != nil || given.Path == "" || given.Path == "/" {
		return nil, fmt.Errorf("TEST_DATABASE_URL has to be like postgres://user:password@host:5432/postgres, with a role that may create databases")
	}
	return given, nil
})

func execute(ctx context.Context, server *url.URL, statement string) (err error) {
	connection, err := pgx.Connect(ctx, server.String())
	if err != nil {
		return err
	}
	_, err = connection.Exec(ctx, statement)
	if closeErr := connection.Close(ctx); err == nil {
		err = closeErr
	}
	return err
}
