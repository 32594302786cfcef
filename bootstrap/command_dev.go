package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"github.com/taskward/taskward/ports"
)

// devTokenLife is how long the tokens hold that dev prints.
const devTokenLife = 24 * time.Hour

func newDev(process Process, use []Module) *cobra.Command {
	var data string
	cmd := &cobra.Command{
		Use:   "dev",
		Short: "Serve this machine alone, with a SQLite file and two users, alice and bob",
		Long: "Serve this machine alone, for development: tasks are kept in a SQLite file, and tokens for two users,\n" +
			"alice and bob, are minted with a key beside it. Its page for tasks is at /. It needs no settings; of those that are set, the ones\n" +
			"about the database and Better Auth do not count.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			config, problems := ReadConfig(process.Environ)
			config.Output = process.Stdout
			config.Database, config.DirectDatabase = Database{SQLite, data}, Database{}
			config.DrainDelay = 0
			config.Page = true
			if config.Address == defaultAddress {
				config.Address = "127.0.0.1:8000"
			}
			if !config.Address.isLoopback() {
				problems.add("TASKWARD_ADDR", "must be on the loopback interface for dev, like 127.0.0.1:8000: its tokens are for everybody who can read this screen")
			}
			if err := problems.err(); err != nil {
				return err
			}
			return runDev(cmd.Context(), config, process, use)
		},
	}
	cmd.Flags().StringVar(&data, "data", "taskward.db", "SQLite file to keep the tasks in")
	completeFlag(cmd, "data", completeOneFile)
	return cmd
}

func runDev(ctx context.Context, config Config, process Process, use []Module) error {
	auth, first, err := openDevAuth(config.Database.At + ".dev-key.pem")
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(process.Stderr, &slog.HandlerOptions{Level: config.LogLevel}))
	verifier := Use[ports.TokenVerifier](func(context.Context) (ports.TokenVerifier, error) { return auth, nil })
	app, err := New(ctx, config, log, append([]Module{verifier}, use...)...)
	if err != nil {
		return err
	}
	if first {
		err = addExamples(ctx, app.tasks)
	}
	return errors.Join(err, greet(process.Stdout, "http://"+app.Address().String(), auth), app.Run(ctx))
}

// greet prints all that somebody needs to begin.
func greet(to io.Writer, address string, auth *devAuth) error {
	lines := "Taskward is at " + address + "\n\nOpen it in a browser and sign in as alice or bob, or take a token, good for a day:\n"
	var alice string
	for _, user := range devUsers {
		token, err := auth.Mint(user, devTokenLife)
		if err != nil {
			return err
		}
		lines += fmt.Sprintf("\n%s\n%s\n", user.ID, token)
		if alice == "" {
			alice = token
		}
	}
	lines += fmt.Sprintf("\nTry:\n\ncurl -H 'Authorization: Bearer %s' %s/api/alice/tasks\n\n", alice, address)
	_, err := io.WriteString(to, lines)
	return err
}
