package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spf13/cobra"
	"go.uber.org/fx"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/legacytable"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

func newAdopt(process Process, use []Module) *cobra.Command {
	var flags adoptFlags
	cmd := &cobra.Command{
		Use:   "adopt --table TABLE",
		Short: "Copy the tasks of an old back end from its table in Postgres",
		Long: "Copy the tasks of an old back end from its table in Postgres, which is only read. Columns with usual names are\n" +
			"found by themselves; --dry-run shows which. What does not fit can be put right in a view: it is as good as a table.\n\n" +
			"The owner's column has to hold Better Auth's ids of users. Numbers stay the ids of their tasks, unless the owner\n" +
			"has had tasks with higher ones here; other ids become numbers in the order of creation, and are told.\n" +
			"A row that cannot be a task is told with the reason, and the others are copied. All of it can be done again: what\n" +
			"was copied is not copied twice, and stays what it has become here.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, problems := ReadConfig(process.Environ)
			if err := problems.err(); err != nil {
				return err
			}
			return runAdopt(cmd.Context(), config, flags, process, use)
		},
	}
	set := cmd.Flags()
	set.StringVar(&flags.table, "table", "", "table or view, if need be with its schema: public.tasks")
	set.StringArrayVar(&flags.columns.Map, "map", nil, "FIELD=COLUMN for a column with an unusual name: title=label; once for each")
	set.StringArrayVar(&flags.columns.Ignore, "ignore", nil, "COLUMN that is not what its name says; once for each")
	set.StringVar(&flags.urlFile, "from-file", "", "file with the URL of the table's database, if that is not DATABASE_URL; arguments can be read by other users")
	set.BoolVar(&flags.dryRun, "dry-run", false, "copy nothing, and tell what would happen if there were no tasks here yet")
	if err := cmd.MarkFlagRequired("table"); err != nil {
		panic(err) // the flag is defined above
	}
	completeFlag(cmd, "map", cobra.FixedCompletions(mappable(), cobra.ShellCompDirectiveNoSpace|cobra.ShellCompDirectiveNoFileComp))
	completeFlag(cmd, "from-file", completeOneFile)
	return cmd
}

// mappable gives what --map can begin with.
func mappable() []cobra.Completion {
	fields := legacytable.Fields()
	for i, field := range fields {
		fields[i] = field + "="
	}
	return fields
}

type adoptFlags struct {
	table   string
	columns legacytable.Options
	urlFile string
	dryRun  bool
}

// source is where the table is.
func (f adoptFlags) source(config Config) (Database, error) {
	if f.urlFile == "" {
		if config.Database.Engine != Postgres {
			return Database{}, errors.New("DATABASE_URL is no Postgres: give the URL of the one with the table with --from-file")
		}
		return config.Database, nil
	}
	var database Database
	text, err := readFile(f.urlFile)
	if err == nil {
		err = database.UnmarshalText([]byte(text))
	}
	if err == nil && database.Engine != Postgres {
		err = errors.New("must begin with postgres://")
	}
	if err != nil {
		return Database{}, fmt.Errorf("--from-file: the URL %w", err)
	}
	return database, nil
}

func runAdopt(ctx context.Context, config Config, flags adoptFlags, process Process, use []Module) (err error) {
	database, err := flags.source(config)
	if err != nil {
		return err
	}
	db, err := postgres.Connect(postgres.Options{URL: database.At}) // as any pooler takes it
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	flags.columns.Limits = domain.Limits{Title: config.MaxTitle, Description: config.MaxDescription}
	table, err := legacytable.Open(ctx, db, flags.table, flags.columns)
	if err != nil {
		return err
	}
	if table.Schema() == "taskward" {
		return fmt.Errorf("%s is Taskward's own: tasks go from one Taskward to another by export and import", table)
	}
	log := slog.New(slog.NewTextHandler(process.Stderr, &slog.HandlerOptions{Level: config.LogLevel}))
	far := newProgress(ctx, process, log, "adopting", "rows", adoptLines, countRows(ctx, table, process))
	adoption := &adoption{from: table, at: time.Now(), to: far.over(process.Stdout), far: far}
	if err := adoption.introduce(); err != nil {
		return err
	}
	if flags.dryRun {
		adoption.into = &rehearsal{}
		_, err := fmt.Fprintln(process.Stdout, "a dry run: nothing is copied, and this is what would happen if there were no tasks here yet")
		return errors.Join(err, adoption.run(ctx))
	}
	return withAdapters(ctx, config, log, use, func(needs adoptNeeds) error {
		adoption.into = needs.Tasks
		return adoption.run(ctx)
	})
}

// adoptLines is how many rows come between two lines of the log.
const adoptLines = 10_000

// countRows goes through the table once more if there is somebody to look at a
// bar.
func countRows(ctx context.Context, table *legacytable.Table, process Process) int64 {
	if !isTerminal(process.Stderr) {
		return unknownTotal
	}
	rows, err := table.Count(ctx)
	if err != nil { // what reads them will say so, or takes longer than a count may
		return unknownTotal
	}
	return rows
}

// adoptNeeds is where tasks are adopted to.
type adoptNeeds struct {
	fx.In
	Tasks ports.TaskRepository
}
