package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/adapters/bunstore/postgres"
)

func newMigrate(process Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the database's schema up to date, take a step back, or tell where it is",
		Args:  knownCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	add := func(use, short string, run func(context.Context, Config, *bunstore.Migrator) error) {
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
				return run(cmd.Context(), config, migrator)
			},
		})
	}
	status := func(ctx context.Context, _ Config, migrator *bunstore.Migrator) error {
		steps, err := migrator.Status(ctx)
		if err != nil {
			return err
		}
		return printSteps(process.Stdout, steps)
	}
	add("up", "Take all pending steps", func(ctx context.Context, config Config, migrator *bunstore.Migrator) error {
		if err := migrateUp(ctx, config, migrator); err != nil {
			return err
		}
		return status(ctx, config, migrator)
	})
	add("down", "Take the last step back, with the data that it holds", func(ctx context.Context, config Config, migrator *bunstore.Migrator) error {
		if err := migrator.Down(ctx); err != nil {
			return err
		}
		return status(ctx, config, migrator)
	})
	add("status", "List the steps and when they were taken", status)
	add("distribute", "Spread the tables over a Citus cluster by owner, where it is not done yet", func(ctx context.Context, config Config, migrator *bunstore.Migrator) error {
		if err := migrator.Check(ctx); err != nil {
			return err
		}
		return distribute(ctx, config, process.Stdout)
	})
	return cmd
}

func distribute(ctx context.Context, config Config, to io.Writer) error {
	outcome := "not done: " + postgres.ErrNoCitus.Error()
	if database := config.direct(); database.Engine == Postgres {
		spread, err := postgres.Distribute(ctx, database.At)
		switch {
		case errors.Is(err, postgres.ErrNoCitus):
		case err != nil:
			return err
		case len(spread) == 0:
			outcome = "nothing to do: all tables are distributed"
		default:
			outcome = "distributed: " + strings.Join(spread, ", ")
		}
	}
	_, err := fmt.Fprintln(to, outcome)
	return err
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
