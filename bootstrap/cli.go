package bootstrap

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra" // help, flag errors and shell completion that people know
)

// Process is what a program gets from its operating system.
type Process struct {
	Args    []string // without the program's name
	Environ []string // KEY=value
	Stdin   io.Reader
	Stdout  io.Writer
	Stderr  io.Writer
}

// Main runs the taskward command until it is done or ctx ends, and returns the
// exit code: 0 if all went well, 1 if not. The given modules stand in place of
// shipped ones, see [Use].
func Main(ctx context.Context, process Process, use ...Module) int {
	root := newRoot(process, use) //nolint:contextcheck // a verifier fetches keys for as long as it lives, whoever made it
	if err := root.ExecuteContext(ctx); err != nil {
		_, _ = fmt.Fprintln(process.Stderr, "taskward:", err)
		return 1
	}
	return 0
}

func newRoot(process Process, use []Module) *cobra.Command {
	root := &cobra.Command{
		Use:           "taskward",
		Short:         "The task service behind a Better Auth app",
		Long:          "Taskward keeps the tasks of a Better Auth app's users: each sees their own.\n\nStart with 'taskward dev': it needs nothing else.",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetArgs(process.Args)
	root.SetIn(process.Stdin)
	root.SetOut(process.Stdout)
	root.SetErr(process.Stderr)
	root.AddCommand(
		newDev(process, use),
		newServe(process, use),
		newMigrate(process),
		newBackup(process),
		newRestore(process),
		newAdopt(process, use),
		newSweep(process, use),
		newDoctor(process),
		newToken(process),
		newConfig(process),
		newHealthcheck(process),
		newVersion(process),
	)
	return root
}
