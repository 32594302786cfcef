package bootstrap

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

func newVersion(process Process) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print version, commit, Go version and dependencies",
		Long: "Print version, commit and Go version in one line, and the modules that are built in with their checksums, as the\n" +
			"Go command recorded them. Nobody can take that record out without building anew: it is the bill of materials.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				encoder := json.NewEncoder(process.Stdout)
				encoder.SetIndent("", "  ")
				return encoder.Encode(build())
			}
			return printBuild(process.Stdout, build())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print all that was recorded, as JSON")
	return cmd
}

// printBuild writes the version, and below it a line for each dependency.
func printBuild(to io.Writer, info *debug.BuildInfo) error {
	if _, err := fmt.Fprintln(to, describeBuild(info)); err != nil {
		return err
	}
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, module := range info.Deps {
		if module.Replace != nil {
			module = module.Replace
		}
		if _, err := fmt.Fprintf(table, "  %s\t%s\t%s\n", module.Path, module.Version, module.Sum); err != nil {
			return err
		}
	}
	return table.Flush()
}
