// Command growth measures what a request costs PostgreSQL as the table and the
// tasks of an owner become more, and writes the table into the results file.
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
		fmt.Fprintln(os.Stderr, "growth:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	flags := flag.NewFlagSet("growth", flag.ContinueOnError)
	short := flags.Bool("quick", false, "take a minute and few tasks, to see that it works; the figures mean nothing")
	full := flags.Bool("full", false, "go on to 10,000,000 tasks, which takes longer and 10 GB of disk")
	into := flags.String("into", "", "the results file; if not given that of the repository, and with -quick none")
	if err := flags.Parse(args); err != nil {
		return err
	}
	chosen := usual
	switch {
	case *short:
		chosen = quick
	case *full:
		chosen = thorough
	}
	root, err := service.Root(ctx)
	if err != nil {
		return err
	}
	if *into == "" && !*short {
		*into = filepath.Join(root, ".github", "docs", "performance.md")
	}
	g, err := setUp(ctx, chosen, root, progress)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.tearDown()) }()
	circumstances, err := results.Circumstances(ctx, root, g.Cluster)
	if err != nil {
		return err
	}
	if err := g.measure(ctx); err != nil {
		return err
	}
	return results.Publish(out, *into, "bench:growth", circumstances+g.table())
}
