// Package stand is where servers are measured.
package stand

import (
	"context"
	"errors"
	"io"
	"os"

	"github.com/taskward/taskward/adapters/jwtauth"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/database"
	"example.com/bench/internal/measure"
	"example.com/bench/internal/service"
)

// Stand is a database with Taskward's tables, and the servers on it.
type Stand struct {
	measure.Arena
	Directory string // for programs and logs
	Taskward  string // the program
	running   []*service.Process
}

// SetUp builds Taskward and has it make the tables, with the settings.
func SetUp(ctx context.Context, root string, rounds measure.Rounds, progress io.Writer, settings ...string) (s *Stand, err error) {
	s = &Stand{Arena: measure.Arena{Rounds: rounds, Say: measure.Progress(progress)}}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.TearDown())
		}
	}()
	if s.Directory, err = os.MkdirTemp("", "taskward-bench-"); err != nil {
		return s, err
	}
	s.Say("build Taskward and start PostgreSQL")
	if s.Taskward, err = service.Build(ctx, root, "./bootstrap/cmd/taskward", s.Directory); err != nil {
		return s, err
	}
	if s.Cluster, err = database.Start(); err != nil {
		return s, err
	}
	return s, service.Migrate(ctx, s.Taskward, s.Cluster.URL, settings...)
}

// TearDown ends all that runs and removes all files.
func (s *Stand) TearDown() error {
	failures := []error{s.Stop(s.running...)}
	if s.Cluster != nil {
		failures = append(failures, s.Cluster.Stop())
	}
	return errors.Join(append(failures, os.RemoveAll(s.Directory))...)
}

// Fill adds so many owners with so many tasks each.
func (s *Stand) Fill(ctx context.Context, owners, tasks int) ([]crowd.Owner, error) {
	s.Say("copy %d tasks of %d owners", owners*tasks, owners)
	if err := s.Cluster.Seed(ctx, database.Group{Owners: owners, Tasks: tasks}); err != nil {
		return nil, err
	}
	return crowd.Owners(0, owners, jwtauth.SecretIssuer{Secret: service.Secret})
}

// Start starts a server that is stopped at the end at the latest.
func (s *Stand) Start(ctx context.Context, spec service.Spec, owner crowd.Owner) (*service.Process, error) {
	process, err := service.Start(ctx, spec, s.Directory, owner.FirstPage())
	if err != nil {
		return nil, err
	}
	s.running = append(s.running, process)
	return process, nil
}

// Stop stops servers.
func (s *Stand) Stop(processes ...*service.Process) error {
	var failures []error
	for _, process := range processes {
		failures = append(failures, process.Stop())
		for i, other := range s.running {
			if other == process {
				s.running = append(s.running[:i:i], s.running[i+1:]...)
				break
			}
		}
	}
	return errors.Join(failures...)
}
