// Package redistest gives tests a real Redis: a server of its own for each that
// asks, on a free port, which goes with the test.
package redistest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Server is a Redis that keeps nothing on disk.
type Server struct {
	Address string // host:port
	URL     string
	Bus     string // port at which other nodes reach one of a cluster

	t        testing.TB
	settings []string
	process  *os.Process
	exited   chan struct{}
}

// A port that was free when we looked may be taken when Redis binds it.
const portAttempts = 5

// Start starts a server with the given settings beside its own, as on its
// command line, and stops it when the test ends. Without Redis the test fails;
// under -short it is skipped.
func Start(t testing.TB, settings ...string) *Server {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: tests on Redis are left out")
	}
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Fatal("these tests need Redis: apt-get install -y redis-server")
	}
	server := &Server{t: t, settings: settings}
	t.Cleanup(server.Stop)
	var err error
	for range portAttempts {
		if server.Address, err = freeAddress(); err != nil {
			t.Fatal(err)
		}
		if err = server.start(); err == nil {
			server.URL = "redis://" + server.Address
			return server
		}
	}
	t.Fatal(err)
	return nil
}

// Stop ends the server at once, and with it all that it keeps. It may be
// stopped already.
func (s *Server) Stop() {
	if s.process == nil {
		return
	}
	if err := s.process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Errorf("stop Redis: %v", err)
		return
	}
	<-s.exited
	s.process = nil
}

// Restart starts a server that was stopped, at the same address.
func (s *Server) Restart() {
	s.t.Helper()
	if err := s.start(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *Server) start() error {
	host, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		return err
	}
	arguments := append([]string{"--bind", host, "--port", port, "--save", "", "--dir", s.t.TempDir()}, s.settings...)
	if slices.Contains(s.settings, "--cluster-enabled") {
		bus, err := freeAddress()
		if err != nil {
			return err
		}
		if _, s.Bus, err = net.SplitHostPort(bus); err != nil {
			return err
		}
		arguments = append(arguments, "--cluster-port", s.Bus)
	}
	command := exec.CommandContext(context.Background(), "redis-server", arguments...) // Stop is its end
	command.SysProcAttr = attributes()
	log, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	started, exited := make(chan error), make(chan struct{})
	go func() {
		// The kernel takes the end of the thread that started Redis for the end
		// of its parent, so keep that thread.
		runtime.LockOSThread()
		defer close(exited)
		if err := command.Start(); err != nil {
			started <- err
			return
		}
		ready, account := untilReady(log)
		if !ready {
			started <- errors.Join(command.Wait(), errors.New(account))
			return
		}
		started <- nil
		_, _ = io.Copy(io.Discard, log) // or Redis would wait for a reader one day
		_ = command.Wait()              // how it ended is of no interest: Stop asked for it
	}()
	if err := <-started; err != nil {
		return fmt.Errorf("start Redis: %w", err)
	}
	s.process, s.exited = command.Process, exited
	return nil
}

// untilReady reads the server's log up to the line that says it accepts
// connections. If that never comes, the log says why.
func untilReady(log io.Reader) (ready bool, account string) {
	var lines strings.Builder
	for scanner := bufio.NewScanner(log); scanner.Scan(); {
		if strings.Contains(scanner.Text(), "Ready to accept connections") {
			return true, ""
		}
		lines.WriteString(scanner.Text() + "\n")
	}
	return false, lines.String()
}

func freeAddress() (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), listener.Close()
}
