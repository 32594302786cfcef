package bootstrap

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/taskward/taskward/adapters/bunstore"
)

func newMigrate(process Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date, take a step back, or tell where it is",
	}
	add := func(use, short string, run func(context.Context, *bunstore.Migrator) error) {
		cmd.AddCommand(&cobra.Command{
			Use: use, Short: short, Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				config, problems := ReadConfig(process.Environ)
				if err := problems.err(); err != nil {
					return err
				}
				log := slog.New(slog.NewTextHandler(process.Stderr, &slog.HandlerOptions{Level: config.LogLevel}))
				migrator, err := newMigrator(config, log)
				if err != nil {
					return err
				}
				return run(cmd.Context(), migrator)
			},
		})
	}
	status := func(ctx context.Context, migrator *bunstore.Migrator) error {
		steps, err := migrator.Status(ctx)
		if err != nil {
			return err
		}
		return printSteps(process.Stdout, steps)
	}
	add("up", "Take all pending steps", func(ctx context.Context, migrator *bunstore.Migrator) error {
		if err := migrator.Up(ctx); err != nil {
			return err
		}
		return status(ctx, migrator)
	})
	add("down", "Take the last step back, with the data that it holds", func(ctx context.Context, migrator *bunstore.Migrator) error {
		if err := migrator.Down(ctx); err != nil {
			return err
		}
		return status(ctx, migrator)
	})
	add("status", "List the steps and when they were taken", status)
	return cmd
}

func printSteps(to io.Writer, steps []bunstore.Migration) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	for _, step := range steps {
		state := "pending"
		if !step.Pending() {
			state = step.AppliedAt.Format(time.RFC3339)
		}
		if _, err := fmt.Fprintf(table, "%s\t%s\n", step.Name, state); err != nil {
			return err
		}
	}
	return table.Flush()
}
