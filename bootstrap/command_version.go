package bootstrap

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(process Process) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print version, commit and Go version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(process.Stdout, version())
			return err
		},
	}
}

// version tells what was built, as the Go command recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "taskward (unknown build)"
	}
	line := "taskward " + info.Main.Version
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			line += " " + setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			line += " (modified)"
		}
	}
	return line + " " + info.GoVersion
}
