// Command rivals measures Taskward against servers that do the same in the
// ordinary way of other languages, on a throwaway PostgreSQL full of tasks, and
// writes the ratios into the results file.
package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"example.com/bench/internal/command"
	"example.com/bench/internal/results"
)

func main() { command.Main("rivals", run) }

func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	flags := command.NewFlags("rivals")
	python := flags.String("python", "", "a Python that has what fastapi/requirements.txt names; if not given, python3 with an environment of its own that pip fills")
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
	defer func() { err = errors.Join(err, b.TearDown()) }()
	b.Say("install FastAPI and Fastify")
	here := filepath.Join(flags.Root, "bootstrap", "testdata", "bench", "rivals")
	withFastAPI, err := fastAPI(ctx, filepath.Join(here, "fastapi"), *python, b.Cluster.URL)
	if err != nil {
		return err
	}
	withFastify, err := fastify(ctx, filepath.Join(here, "fastify"), b.Cluster.URL)
	if err != nil {
		return err
	}
	report, err := b.measure(ctx, withFastAPI, withFastify)
	if err != nil {
		return err
	}
	return results.Publish(out, flags.Into, "bench:rivals", report.String())
}
