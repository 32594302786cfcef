package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"

	"github.com/taskward/taskward/adapters/jwtauth"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/database"
	"example.com/bench/internal/generator"
	"example.com/bench/internal/measure"
	"example.com/bench/internal/results"
	"example.com/bench/internal/service"
)

// bench is all that a measurement needs.
type bench struct {
	plan
	measure.Arena
	root      string
	directory string // for programs and logs
	walled    string // the database's URL for the user who is held by row-level security
	file      *database.File
	taskward  string // the program
	limit     string // the program
	owners    []crowd.Owner
	running   []*service.Process
}

// setUp builds the servers and fills the databases.
func setUp(ctx context.Context, chosen plan, root string, progress io.Writer) (b *bench, err error) {
	b = &bench{plan: chosen, root: root, Arena: measure.Arena{Rounds: chosen.rounds, Say: measure.Progress(progress)}}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.tearDown())
		}
	}()
	if b.directory, err = os.MkdirTemp("", "taskward-bench-"); err != nil {
		return b, err
	}
	b.Say("build Taskward and the limit server")
	if b.taskward, err = service.Build(ctx, root, "./bootstrap/cmd/taskward", b.directory); err != nil {
		return b, err
	}
	if b.limit, err = service.Build(ctx, ".", "example.com/bench/limit", b.directory); err != nil {
		return b, err
	}
	b.Say("start PostgreSQL and copy %d tasks of %d owners", chosen.owners*chosen.tasks, chosen.owners)
	if b.Cluster, err = database.Start(); err != nil {
		return b, err
	}
	// Row-level security holds no superuser, and so none of the servers but one.
	if err = service.Migrate(ctx, b.taskward, b.Cluster.URL, "TASKWARD_RLS=on"); err != nil {
		return b, err
	}
	if b.walled, err = b.Cluster.Service(ctx, filepath.Join(root, ".github", "docs", "row-level-security.md")); err != nil {
		return b, err
	}
	everybody := database.Group{Owners: chosen.owners, Tasks: chosen.tasks}
	if err = b.Cluster.Seed(ctx, everybody); err != nil {
		return b, err
	}
	if err = b.fillFile(ctx, everybody); err != nil {
		return b, err
	}
	b.owners, err = crowd.Owners(0, chosen.owners, jwtauth.SecretIssuer{Secret: service.Secret})
	return b, err
}

func (b *bench) tearDown() error {
	failures := []error{b.stop(b.running...)}
	if b.Cluster != nil {
		failures = append(failures, b.Cluster.Stop())
	}
	if b.file != nil {
		failures = append(failures, b.file.Remove())
	}
	return errors.Join(append(failures, os.RemoveAll(b.directory))...)
}

// start starts a server that is stopped at the end at the latest.
func (b *bench) start(ctx context.Context, spec service.Spec, owner crowd.Owner) (*service.Process, error) {
	process, err := service.Start(ctx, spec, b.directory, generator.Request{Method: "GET", Path: tasksOf(owner) + "?limit=20", Token: owner.Token, Status: 200})
	if err != nil {
		return nil, err
	}
	b.running = append(b.running, process)
	return process, nil
}

func (b *bench) stop(processes ...*service.Process) error {
	var failures []error
	for _, process := range processes {
		failures = append(failures, process.Stop())
		for i, other := range b.running {
			if other == process {
				b.running = append(b.running[:i:i], b.running[i+1:]...)
				break
			}
		}
	}
	return errors.Join(failures...)
}

func (b *bench) limitServer() service.Spec { return service.Limit(b.limit, b.Cluster.URL, pool) }

func (b *bench) plain() service.Spec {
	return service.Taskward("Taskward", b.taskward, b.Cluster.URL, pool)
}

func (b *bench) withWall() service.Spec {
	return service.Taskward("Taskward, RLS on", b.taskward, b.walled, pool, "TASKWARD_RLS=on", "DATABASE_DIRECT_URL="+b.Cluster.URL)
}

// measure runs everything there is.
func (b *bench) measure(ctx context.Context) (*report, error) {
	circumstances, err := results.Circumstances(ctx, b.root, b.Cluster)
	if err != nil {
		return nil, err
	}
	r := &report{plan: b.plan, circumstances: circumstances}
	for _, step := range []func(context.Context, *report) error{
		b.measureStarts, b.measureRates, b.measureTokens, b.measureChecks, b.measureReplicas,
	} {
		if err := step(ctx, r); err != nil {
			return nil, err
		}
	}
	return r, nil
}
