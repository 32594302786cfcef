package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/database"
	"example.com/bench/internal/results"
	"example.com/bench/internal/service"
	"example.com/bench/internal/stand"
)

// bench is all that a measurement needs.
type bench struct {
	plan
	*stand.Stand
	root   string
	walled string // the database's URL for the user who is held by row-level security
	file   *database.File
	limit  string // the program
	owners []crowd.Owner
}

// setUp builds the servers and fills the databases.
func setUp(ctx context.Context, chosen plan, root string, progress io.Writer) (b *bench, err error) {
	b = &bench{plan: chosen, root: root}
	// Row-level security holds no superuser, and so none of the servers but one.
	if b.Stand, err = stand.SetUp(ctx, root, chosen.rounds, progress, "TASKWARD_RLS=on"); err != nil {
		return b, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.tearDown())
		}
	}()
	if b.limit, err = service.Build(ctx, ".", "example.com/bench/limit", b.Directory); err != nil {
		return b, err
	}
	if b.walled, err = b.Cluster.Service(ctx, filepath.Join(root, ".github", "docs", "row-level-security.md")); err != nil {
		return b, err
	}
	if b.owners, err = b.Fill(ctx, chosen.owners, chosen.tasks); err != nil {
		return b, err
	}
	return b, b.fillFile(ctx, database.Group{Owners: chosen.owners, Tasks: chosen.tasks})
}

// tearDown ends all that runs and removes all files.
func (b *bench) tearDown() error {
	if b.file == nil {
		return b.TearDown()
	}
	return errors.Join(b.TearDown(), b.file.Remove())
}

func (b *bench) limitServer() service.Spec { return service.Limit(b.limit, b.Cluster.URL) }

func (b *bench) plain() service.Spec {
	return service.Taskward("Taskward", b.Taskward, b.Cluster.URL)
}

func (b *bench) withWall() service.Spec {
	return service.Taskward("Taskward, RLS on", b.Taskward, b.walled, "TASKWARD_RLS=on", "DATABASE_DIRECT_URL="+b.Cluster.URL)
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
