package faults_test

import (
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

var started *postgrestest.Server

// server is the PostgreSQL that the tests, one after the other, take down. The process that writes what commits did not wait for sleeps
// as long as it may, so that whatever a commit has not written itself is lost with a kill.
var server = sync.OnceValues(func() (_ *postgrestest.Server, err error) {
	started, err = postgrestest.StartServer("wal_writer_delay=10s", "max_wal_size=4GB")
	return started, err
})

func removeServer() error {
	if started == nil {
		return nil
	}
	return started.Remove()
}

// A database is one of a test's own.
type database struct {
	*postgrestest.Server
	name string
	url  string
}

// newDatabase makes an empty database on a running server. Options are those of CREATE DATABASE.
func newDatabase(t *testing.T, options ...string) database {
	t.Helper()
	server, err := server()
	if err != nil {
		t.Fatal(err)
	}
	name := "faults_" + strings.ToLower(rand.Text())
	d := database{server, name, server.URL(name)}
	d.execute(t, server.URL("postgres"), strings.Join(slices.Concat([]string{"CREATE DATABASE", name}, options), " "))
	t.Cleanup(func() { d.execute(t, server.URL("postgres"), "DROP DATABASE "+name+" WITH (FORCE)") })
	return d
}

// exec runs statements, each for itself.
func (d database) exec(t *testing.T, statements ...string) {
	t.Helper()
	d.execute(t, d.url, statements...)
}

func (d database) execute(t *testing.T, url string, statements ...string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // also for cleaning up
	connection, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := connection.Exec(ctx, statement); err != nil {
			t.Errorf("%s: %v", statement, err)
		}
	}
	if err := connection.Close(ctx); err != nil {
		t.Error(err)
	}
}

// connect gives a connection for the time of the test.
func (d database) connect(t *testing.T) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), d.url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(context.WithoutCancel(t.Context())) }) // its server may have gone
	return connection
}

// count asks a question that has one number for an answer.
func count(t *testing.T, on *pgx.Conn, question string) int {
	t.Helper()
	var number int
	if err := on.QueryRow(t.Context(), question).Scan(&number); err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	return number
}

// restart starts the server that has been killed.
func (d database) restart(t *testing.T) {
	t.Helper()
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
}

// kill ends all processes of the server at one moment, with SIGKILL. The postmaster is stopped first, or it would start others.
func (d database) kill(t *testing.T) {
	t.Helper()
	postmaster := d.Postmaster().Pid
	signal(t, postmaster, syscall.SIGSTOP)
	for _, child := range append(children(t, postmaster), postmaster) {
		signal(t, child, syscall.SIGKILL)
	}
	d.Wait()
}

// freeze has all processes of the server stand still until thaw is called.
func (d database) freeze(t *testing.T) (thaw func()) {
	t.Helper()
	postmaster := d.Postmaster().Pid
	signal(t, postmaster, syscall.SIGSTOP) // or it would start others
	all := append(children(t, postmaster), postmaster)
	for _, process := range all {
		signal(t, process, syscall.SIGSTOP)
	}
	thaw = sync.OnceFunc(func() {
		for _, process := range all {
			signal(t, process, syscall.SIGCONT)
		}
	})
	t.Cleanup(thaw)
	return thaw
}

// killPostmaster leaves it to the other processes to see that they are alone, and waits until they have gone.
func (d database) killPostmaster(t *testing.T) {
	t.Helper()
	postmaster := d.Postmaster().Pid
	orphans := children(t, postmaster)
	signal(t, postmaster, syscall.SIGKILL)
	d.Wait()
	for _, orphan := range orphans {
		eventually(t, "an orphan of PostgreSQL ends", func() bool { return commandLine(orphan) == "" })
	}
}

// killBackends ends those processes of the server that serve this database, which makes it start all over by itself.
func (d database) killBackends(t *testing.T) {
	t.Helper()
	for _, child := range children(t, d.Postmaster().Pid) {
		if strings.Contains(commandLine(child), " "+d.name+" ") {
			signal(t, child, syscall.SIGKILL)
		}
	}
}

func signal(t *testing.T, pid int, signal syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(pid, signal); err != nil && err != syscall.ESRCH {
		t.Fatalf("signal %v to %d: %v", signal, pid, err)
	}
}

// children are the processes that another one has started. (Not every kernel lists them with their parent.)
func children(t *testing.T, parent int) []int {
	t.Helper()
	statuses, err := filepath.Glob("/proc/[0-9]*/status")
	if err != nil {
		t.Fatal(err)
	}
	var children []int
	for _, path := range statuses {
		status, _ := os.ReadFile(path) // it may have ended
		if !strings.Contains(string(status), "\nPPid:\t"+strconv.Itoa(parent)+"\n") {
			continue
		}
		child, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		if err != nil {
			t.Fatal(err)
		}
		children = append(children, child)
	}
	return children
}

// commandLine is empty for a process that has ended.
func commandLine(pid int) string {
	text, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "cmdline"))
	return string(text)
}
