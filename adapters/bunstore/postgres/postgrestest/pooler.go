package postgrestest

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Pooled starts a PgBouncer that hands its few connections to another client
// after each transaction, and gives the URL by which it leads to the database.
// It knows no setting beyond its defaults, so it refuses start-up parameters
// that Debian's version has not heard of.
func Pooled(t testing.TB, database string) string {
	t.Helper()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		if program = "/usr/sbin/pgbouncer"; !executable(program) {
			t.Fatal("this test needs PgBouncer: apt-get install -y pgbouncer")
		}
	}
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	// Not t.TempDir, which another user may not enter.
	directory, err := os.MkdirTemp("", "taskward-pgbouncer-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(directory) })
	users, settings := filepath.Join(directory, "users.txt"), filepath.Join(directory, "pgbouncer.ini")
	password, _ := address.User.Password()
	write(t, users, fmt.Sprintf("%q %q\n", address.User.Username(), password))
	write(t, settings, strings.Join([]string{
		"[databases]", "* = host=" + address.Hostname() + " port=" + address.Port(),
		"[pgbouncer]", "pool_mode = transaction", "default_pool_size = 4", "max_client_conn = 1000",
		"listen_addr = 127.0.0.1", "listen_port = " + strconv.Itoa(port), "unix_socket_dir =",
		"auth_type = trust", "auth_file = " + users, "",
	}, "\n"))
	start(t, directory, program, settings)
	pooled := *address
	pooled.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	return pooled.String()
}

// start runs the pooler until the end of the test, once it says that it is up.
func start(t testing.TB, directory, program, settings string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	pooler := exec.CommandContext(ctx, program, settings)
	var err error
	if pooler.SysProcAttr, err = attributes(directory); err != nil {
		t.Fatal(err)
	}
	log, err := pooler.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := pooler.Start(); err != nil {
		t.Fatal(err)
	}
	up, ended := make(chan bool, 1), make(chan struct{})
	var said strings.Builder
	go func() {
		defer close(ended)
		for lines := bufio.NewScanner(log); lines.Scan(); {
			if strings.Contains(lines.Text(), "process up") {
				up <- true
			}
			said.WriteString(lines.Text() + "\n")
		}
		_ = pooler.Wait() // it was told to end
		close(up)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	if !<-up {
		t.Fatalf("PgBouncer did not start:\n%s", said.String())
	}
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode()&0o111 != 0
}

func write(t testing.TB, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
}
