// Command load measures Taskward against the limit server, on a throwaway
// PostgreSQL full of tasks and on SQLite, and writes the ratios into the
// results file.
package main

import (
	"context"
	"errors"
	"io"

	"example.com/bench/internal/command"
	"example.com/bench/internal/results"
)

func main() { command.Main("load", run) }

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	flags := command.NewFlags("load")
	if err := flags.Read(ctx, args); err != nil {
		return err
	}
	chosen := thorough
	if flags.Quick {
		chosen = quick
	}
	b, err := setUp(ctx, chosen, flags.Root, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.tearDown()) }()
	report, err := b.measure(ctx)
	if err != nil {
		return err
	}
	return results.Publish(out, flags.Into, "bench:load", report.String())
}
