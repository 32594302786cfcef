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

// next is what somebody is told who has typed no more than the name.
const next = `Taskward keeps the tasks of a Better Auth app's users: each sees their own.

Type next:

  taskward dev         to try it: a SQLite file, two users and their tokens, no settings
  taskward serve       to run it behind your app, once you have set its address:
                       BETTER_AUTH_URL=https://app.example.com taskward serve
  taskward doctor      to see what is wrong where it does not start, or refuses a token
  taskward --help      to see all commands; 'taskward COMMAND --help' explains one
`

func newRoot(process Process, use []Module) *cobra.Command {
	root := &cobra.Command{
		Use:           "taskward",
		Short:         "The task service behind a Better Auth app",
		Long:          "Taskward keeps the tasks of a Better Auth app's users: each sees their own.\n\nStart with 'taskward dev': it needs nothing else.",
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.WriteString(process.Stdout, next)
			return err
		},
	}
	root.Args = knownCommand
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveNoFileComp) // where no file is meant
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w; '%s --help' lists the flags", err, cmd.CommandPath())
	})
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

// knownCommand refuses what is no command of this one. Without it cobra takes
// a mistyped 'migrate up' for a question, and the exit code is 0.
func knownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	cmd.SuggestionsMinimumDistance = 2 // letters
	near := cmd.SuggestionsFor(args[0])
	if len(near) == 0 {
		return fmt.Errorf("there is no command %q; '%s --help' lists them", args[0], cmd.CommandPath())
	}
	return fmt.Errorf("there is no command %q; did you mean '%s %s'?", args[0], cmd.CommandPath(), near[0])
}
