package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
)

// backupPage is where it is told how PostgreSQL is backed up.
const backupPage = "https://github.com/taskward/taskward/blob/main/.github/docs/backup.md"

func newBackup(process Process) *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the SQLite database to a new file, while the service runs",
		Long: "Copy the SQLite database that DATABASE_URL names to a new file, as it is at one moment. The service may go on.\n" +
			"The copy is one file, whole and on the disk when the command is done, and only its owner may read it.\n" +
			"An existing file is not overwritten. PostgreSQL has pg_dump for this: " + backupPage,
		Args:              oneFile,
		ValidArgsFunction: completeOneFile,
		RunE: func(cmd *cobra.Command, args []string) error {
			path, err := sqliteFile(process.Environ)
			if err != nil {
				return err
			}
			content, err := backUp(cmd.Context(), path, args[0], process)
			if err != nil {
				return fmt.Errorf("backup: %w", err)
			}
			_, err = fmt.Fprintf(process.Stdout, "backed up to %s: %s\n", args[0], describe(content))
			return err
		},
	}
}

// backupLines is how many bytes come between two lines of the log.
const backupLines = 256 << 20

func backUp(ctx context.Context, path, to string, process Process) (sqlite.Content, error) {
	log := slog.New(slog.NewTextHandler(process.Stderr, nil))
	var far *progress
	content, err := sqlite.Backup(ctx, path, to, func(done, total int64) {
		if far == nil {
			far = newProgress(ctx, process, log, "backing up", "bytes", backupLines, total)
		}
		far.reach(done)
	})
	if far != nil {
		far.end()
	}
	return content, err
}

// oneFile wants the name of a file, and nothing else.
func oneFile(cmd *cobra.Command, args []string) error {
	if len(args) != 1 || args[0] == "" {
		return errors.New("name one file: " + cmd.CommandPath() + " FILE")
	}
	if args[0] == "-" {
		return errors.New("a database cannot come and go as a stream: name a file in the place of -")
	}
	return nil
}

// sqliteFile is the path of the database, if it is a file.
func sqliteFile(environ []string) (string, error) {
	config, problems := ReadConfig(environ)
	if err := problems.err(); err != nil {
		return "", err
	}
	if config.Database.Engine != SQLite {
		return "", errors.New("DATABASE_URL names a PostgreSQL database, which pg_dump backs up and pg_restore restores: see " + backupPage)
	}
	return config.Database.At, nil
}

func describe(content sqlite.Content) string {
	return fmt.Sprintf("%d bytes, owners: %d, tasks: %d, schema: step %d of %d",
		content.Bytes, content.Owners, content.Tasks, content.Version, content.Latest)
}
