package bootstrap

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
)

func newRestore(process Process) *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in the place of the SQLite database; the service has to be stopped",
		Long: "Put a copy of FILE, which 'taskward backup' has made, in the place of the SQLite database that DATABASE_URL names.\n" +
			"The service has to be stopped. FILE is read through first, and left as it is. The database that was there is kept\n" +
			"beside, under its name with .before-restore- and the time added. Whoever follows changes is told to start over.\n" +
			"PostgreSQL has pg_restore for this: " + backupPage,
		Args:              oneFile,
		ValidArgsFunction: completeOneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := sqliteFile(process.Environ)
			if err != nil {
				return err
			}
			restored, err := sqlite.Restore(cmd.Context(), args[0], path, time.Now())
			if err != nil {
				return fmt.Errorf("restore: %w", err)
			}
			before := "There was none before."
			if restored.Kept != "" {
				before = "The one before is " + restored.Kept
			}
			_, err = fmt.Fprintf(process.Stdout, "restored %s: %s\n%s\n", path, describe(restored.Content), before)
			return err
		},
	}
}
