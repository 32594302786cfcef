// Command load measures Taskward against the limit server, on a throwaway
// PostgreSQL full of tasks and on SQLite, and writes the ratios into the
// results file.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"example.com/bench/internal/results"
	"example.com/bench/internal/service"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	short := flags.Bool("quick", false, "take a minute and few tasks, to see that it works; the figures mean nothing")
	into := flags.String("into", "", "the results file; if not given that of the repository, and with -quick none")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen := thorough
	if *short {
		chosen = quick
	}
	root, err := service.Root(ctx)
	if err != nil {
		return err
	}
	if *into == "" && !*short {
		*into = filepath.Join(root, ".github", "docs", "performance.md")
	}
	b, err := setUp(ctx, chosen, root, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.tearDown()) }()
	report, err := b.measure(ctx)
	if err != nil {
		return err
	}
	return results.Publish(out, *into, "bench:load", report.String())
}
