// Command growth measures what a request costs PostgreSQL as the table and the
// tasks of an owner become more, and writes the table into the results file.
package main

import (
	"context"
	"errors"
	"io"

	"example.com/bench/internal/command"
	"example.com/bench/internal/results"
)

func main() { command.Main("growth", run) }

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	flags := command.NewFlags("growth")
	full := flags.Bool("full", false, "go on to 10,000,000 tasks, which takes longer and 10 GB of disk")
	if err := flags.Read(ctx, args); err != nil {
		return err
	}
	chosen := usual
	switch {
	case flags.Quick:
		chosen = quick
	case *full:
		chosen = thorough
	}
	g, err := setUp(ctx, chosen, flags.Root, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.TearDown()) }()
	circumstances, err := results.Circumstances(ctx, flags.Root, g.Cluster)
	if err != nil {
		return err
	}
	if err := g.measure(ctx); err != nil {
		return err
	}
	return results.Publish(out, flags.Into, "bench:growth", circumstances+g.table())
}
