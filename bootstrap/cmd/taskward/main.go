// Command taskward is the task service behind a Better Auth app.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/taskward/taskward/bootstrap"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := bootstrap.Main(ctx, bootstrap.Process{
		Args: os.Args[1:], Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	})
	stop()
	os.Exit(code)
}
