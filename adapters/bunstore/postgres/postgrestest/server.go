package postgrestest

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"syscall"
)

// Server is a PostgreSQL server of a test's own, which may be taken down in
// any way and started again where it was. Commits are synchronous, but nothing
// is forced to the disk: they outlive any process, not the machine.
type Server struct {
	cluster cluster
	address *url.URL
}

// StartServer starts a server with settings such as "wal_writer_delay=10s".
// Who calls it has to call Remove.
func StartServer(settings ...string) (*Server, error) {
	s := &Server{cluster: cluster{settings: append([]string{"synchronous_commit=on"}, settings...)}}
	var err error
	s.address, err = s.cluster.start()
	return s, err
}

// URL is that of a database of the given name on the server.
func (s *Server) URL(database string) string { return s.address.JoinPath("..", database).String() }

// Postmaster is the process that all others of the server come from.
func (s *Server) Postmaster() *os.Process { return s.cluster.postmaster }

// Stop shuts the server down as an administrator does who does not wait for
// clients: what they have begun is rolled back.
func (s *Server) Stop() error {
	if err := s.cluster.postmaster.Signal(syscall.SIGINT); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	s.Wait()
	return nil
}

// Wait returns when the postmaster has ended.
func (s *Server) Wait() { <-s.cluster.exited }

// Start starts the server again when it has ended.
func (s *Server) Start() error {
	s.Wait()
	binaries, err := findBinaries()
	if err != nil {
		return err
	}
	return s.cluster.serve(binaries)
}

// Remove ends the server, if it has not ended, and deletes what it kept.
func (s *Server) Remove() error { return s.cluster.stop() }
