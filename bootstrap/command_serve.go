package bootstrap

import (
	"log/slog"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/spf13/cobra"

	"github.com/taskward/taskward/ports"
)

func newServe(process Process, use []Module) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve tasks, configured by environment variables",
		Long:  "Serve tasks, configured by environment variables ('taskward config' prints them), until SIGTERM or SIGINT.\nIt refuses to start without a way to verify tokens.",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, problems := ReadConfig(process.Environ)
			config.Output = process.Stdout
			if !replaces[ports.TokenVerifier](use) {
				_, tokenProblems := config.tokens(nil)
				problems = append(problems, tokenProblems...)
			}
			if err := problems.err(); err != nil {
				return err
			}
			log := slog.New(slog.NewJSONHandler(process.Stderr, &slog.HandlerOptions{Level: config.LogLevel}))
			database := config.Database.String()
			if replaces[ports.TaskRepository](use) {
				database = "another adapter keeps the tasks"
			}
			log.Info("starting", "version", describeBuild(build()), "database", database, "keys", config.derived().JWKSURL)
			keepWithin(cmd.Context(), memlimit.FromCgroup, log)
			app, err := New(cmd.Context(), config, log, use...)
			if err != nil {
				return err
			}
			return app.Run(cmd.Context())
		},
	}
}
