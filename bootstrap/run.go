package bootstrap

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // due_zone is any zone's name, and images, Windows and trimmed builds have no list of them
)

// Run is [Main] for this process, until it is interrupted or terminated. It is
// all that a main has to call:
//
//	func main() { os.Exit(bootstrap.Run()) }
func Run(use ...Module) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return Main(ctx, Process{
		Args: os.Args[1:], Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}, use...)
}
