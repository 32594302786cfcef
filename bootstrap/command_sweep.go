package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/ports"
)

func newSweep(process Process, use []Module) *cobra.Command {
	var yes bool
	var pause time.Duration
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "Erase the tasks of users whom Better Auth has no longer",
		Long: "Erase the tasks of users whom Better Auth's table user has no longer. Without --yes it only tells who that is.\n" +
			"It asks for each owner of tasks, and again right before it erases what they have. If the table cannot be read\n" +
			"it stops, and if none of the owners is in it, it takes it for another app's and erases nothing.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, problems := ReadConfig(process.Environ)
			if !replaces[ports.UserDirectory](use) {
				config.Users = true
				problems = append(problems, config.checkSweep()...)
			}
			if err := problems.err(); err != nil {
				return err
			}
			config.Migrate = MigrateCheck  // to make room is no reason to change the schema
			config.Output = process.Stderr // where it logs: what it prints is for whoever called it
			log := slog.New(slog.NewTextHandler(process.Stderr, &slog.HandlerOptions{Level: config.LogLevel}))
			return withAdapters(cmd.Context(), config, log, use, func(needs sweepNeeds) error {
				sweep := &sweep{tasks: needs.Tasks, users: needs.Users, audit: needs.Audit, pause: pause, to: process.Stdout}
				sweep.begin = func(doing string, total int64) *progress {
					return newProgress(cmd.Context(), process, log, doing, "owners", sweepLines, total)
				}
				return runSweep(cmd.Context(), sweep, yes)
			})
		},
	}
	cmd.Flags().BoolVar(&yes, "yes", false, "erase, for good")
	cmd.Flags().DurationVar(&pause, "pause", 0, fmt.Sprintf("how long to wait after each %d owners, to leave the database to others", sweepBatch))
	return cmd
}

// checkSweep holds that who is not in Better Auth's table is nowhere else.
func (c Config) checkSweep() Problems {
	var problems Problems
	if c.authDatabase().Engine != Postgres {
		problems.add("TASKWARD_AUTH_DATABASE_URL", "must name the Postgres with Better Auth's tables, for sweep to know who is there")
	}
	for _, other := range c.Others {
		problems.add(other.Prefix+"ISSUERS", "lets in users of another auth server, whom sweep would take for gone")
	}
	return problems
}

// sweepNeeds is what a sweep is made of.
type sweepNeeds struct {
	fx.In
	Tasks ports.TaskRepository // which has to know its owners as well
	Users ports.UserDirectory
	Audit *application.Audit // nil: none
}

// sweepLines is how many owners come between two lines of the log.
const sweepLines = 10_000

func runSweep(ctx context.Context, sweep *sweep, yes bool) error {
	owners, ok := sweep.tasks.(ports.Owners)
	if !ok {
		return errors.New("the store in use does not tell who has tasks")
	}
	sweep.owners = owners
	if err := sweep.survey(ctx); err != nil {
		return fmt.Errorf("nothing was erased: %w", err)
	}
	if !yes {
		return sweep.tell()
	}
	if err := sweep.erase(ctx); err != nil {
		return fmt.Errorf("after %d owners had been erased: %w", sweep.erased, err)
	}
	return nil
}
