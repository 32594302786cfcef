package postgrestest

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// cluster is a PostgreSQL server with a data directory of its own. It does
// not survive this process, however that ends.
type cluster struct {
	settings   []string // that differ from those of all clusters
	directory  string
	port       int
	postmaster *os.Process
	exited     chan struct{}
}

// Durability is left out: what these tests write is not needed after them.
var settings = []string{
	"fsync=off", "synchronous_commit=off", "full_page_writes=off",
	"listen_addresses=127.0.0.1", "unix_socket_directories=",
	"max_connections=200", "shared_buffers=32MB",
	"lc_messages=C", "log_destination=stderr", "logging_collector=off",
}

// A port that was free when we looked may be taken when PostgreSQL binds it.
const portAttempts = 5

func (c *cluster) start() (*url.URL, error) {
	binaries, err := findBinaries()
	if err != nil {
		return nil, err
	}
	if c.directory, err = os.MkdirTemp("", "taskward-postgres-"); err != nil {
		return nil, fmt.Errorf("make a directory for PostgreSQL: %w", err)
	}
	if err := c.initialise(binaries); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	for range portAttempts {
		if c.port, err = freePort(); err != nil {
			continue
		}
		if err = c.serve(binaries); err == nil {
			return &url.URL{
				Scheme: "postgres", User: url.User("postgres"),
				Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(c.port)), Path: "/postgres", RawQuery: "sslmode=disable",
			}, nil
		}
	}
	return nil, errors.Join(err, c.stop())
}

// stop may be called whether or not start was.
func (c *cluster) stop() error {
	if c.postmaster != nil {
		// SIGQUIT shuts down at once; there is nothing to be saved.
		if err := c.postmaster.Signal(syscall.SIGQUIT); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop PostgreSQL: %w", err)
		}
		<-c.exited
		c.postmaster = nil
	}
	if c.directory == "" {
		return nil
	}
	return os.RemoveAll(c.directory)
}

func (c *cluster) initialise(binaries string) error {
	initdb, err := c.command(filepath.Join(binaries, "initdb"),
		"--pgdata="+c.data(), "--username=postgres", "--auth=trust",
		"--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	if err != nil {
		return err
	}
	if output, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, output)
	}
	return nil
}

func (c *cluster) serve(binaries string) error {
	arguments := []string{"-D", c.data(), "-p", strconv.Itoa(c.port)}
	for _, setting := range slices.Concat(settings, c.settings) { // the last one of a name holds
		arguments = append(arguments, "-c", setting)
	}
	postmaster, err := c.command(filepath.Join(binaries, "postgres"), arguments...)
	if err != nil {
		return err
	}
	log, err := postmaster.StderrPipe()
	if err != nil {
		return err
	}
	started, exited := make(chan error), make(chan struct{})
	go func() {
		// The kernel takes the end of the thread that started the
		// postmaster for the end of its parent, so keep that thread.
		runtime.LockOSThread()
		defer close(exited)
		if err := postmaster.Start(); err != nil {
			started <- err
			return
		}
		ready, account := untilReady(log)
		if !ready {
			started <- errors.Join(postmaster.Wait(), errors.New(account))
			return
		}
		started <- nil
		_, _ = io.Copy(io.Discard, log) // or the postmaster would wait for a reader one day
		_ = postmaster.Wait()           // how it ended is of no interest: stop asked for it
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	c.postmaster, c.exited = postmaster.Process, exited
	return nil
}

// untilReady reads the server's log up to the line that says it accepts
// connections. If that never comes, the log says why.
func untilReady(log io.Reader) (ready bool, account string) {
	var lines strings.Builder
	for scanner := bufio.NewScanner(log); scanner.Scan(); {
		if strings.Contains(scanner.Text(), "database system is ready to accept connections") {
			return true, ""
		}
		lines.WriteString(scanner.Text() + "\n")
	}
	return false, lines.String()
}

func (c *cluster) data() string { return filepath.Join(c.directory, "data") }

// command prepares a PostgreSQL program to run as a user that PostgreSQL
// accepts, in a directory which that user may enter.
func (c *cluster) command(program string, arguments ...string) (*exec.Cmd, error) {
	command := exec.CommandContext(context.Background(), program, arguments...) // for the whole process, not for one test
	command.Dir = c.directory
	attributes, err := attributes(c.directory)
	if err != nil {
		return nil, err
	}
	command.SysProcAttr = attributes
	return command, nil
}

// findBinaries returns the directory of initdb and postgres: that of the
// initdb in PATH, or else where Debian keeps the newest version.
func findBinaries() (string, error) {
	directories, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well formed
	slices.SortFunc(directories, func(a, b string) int { return cmp.Compare(version(b), version(a)) })
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if resolved, err := filepath.EvalSymlinks(initdb); err == nil {
			directories = slices.Insert(directories, 0, filepath.Dir(resolved))
		}
	}
	for _, directory := range directories {
		if _, err := os.Stat(filepath.Join(directory, "postgres")); err == nil {
			return directory, nil
		}
	}
	return "", errors.New("these tests need PostgreSQL: apt-get install -y postgresql (or set TEST_DATABASE_URL)")
}

// version is 15 for /usr/lib/postgresql/15/bin, and 0 where there is none.
func version(directory string) float64 {
	number, err := strconv.ParseFloat(filepath.Base(filepath.Dir(directory)), 64)
	if err != nil {
		return 0
	}
	return number
}

// freePort finds a port below those that Linux hands out to outgoing
// connections: one of them could take it while the server is down.
func freePort() (int, error) {
	port := 10000 + rand.N(20000)
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return 0, err
	}
	return port, listener.Close()
}
