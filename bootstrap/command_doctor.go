package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// doctorTimeout is for all that is asked of others.
const doctorTimeout = 30 * time.Second

func newDoctor(process Process) *cobra.Command {
	return &cobra.Command{
		Use:   "doctor [-]",
		Short: "Check settings, database, keys, clocks and Redis, and with - explain a token from standard input",
		Long: "Check the settings, the database and its schema, the auth servers' keys and their clocks, and Redis if there is one.\n" +
			"With - read a token from standard input, and explain step by step why it is accepted or refused.\n" +
			"It changes nothing, and fails if anything is not in order.",
		Args: cobra.MatchAll(cobra.MaximumNArgs(1), func(_ *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] != "-" {
				return errors.New("a token comes on standard input, with - in its place: arguments can be read by other users")
			}
			return nil
		}),
		ValidArgsFunction: cobra.FixedCompletions([]cobra.Completion{"-"}, cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), doctorTimeout)
			defer cancel()
			config, problems := ReadConfig(process.Environ)
			doctor := &doctor{to: process.Stdout, config: config}
			doctor.examineSettings(problems)
			defer doctor.close()
			doctor.examineDatabase(ctx)
			doctor.examineKeys(ctx)
			doctor.examineClocks(ctx)
			doctor.examineRedis(ctx)
			if len(args) == 1 {
				doctor.examineToken(ctx, process.Stdin)
			}
			return doctor.verdict()
		},
	}
}

// doctor tells what it finds, a line each.
type doctor struct {
	to       io.Writer
	config   Config
	tables   *authTables
	accepted *bearers // nil: the settings make none
	upToDate bool     // whether the schema is
	ailing   int
	broken   error // of writing
}

func (d *doctor) close() {
	if d.accepted != nil {
		d.accepted.close()
	}
	_ = d.tables.Close() // nothing was written
}

// find tells of one thing that was looked at.
func (d *doctor) find(what string, err error, detail string) {
	mark, text := "ok  ", detail
	if err != nil {
		mark, text = "FAIL", strings.ReplaceAll(err.Error(), "\n", "\n     ")
		if detail != "" {
			text += " (" + detail + ")"
		}
		d.ailing++
	}
	_, writeErr := fmt.Fprintf(d.to, "%s %s: %s\n", mark, what, text)
	d.broken = errors.Join(d.broken, writeErr)
}

func (d *doctor) verdict() error {
	if d.ailing > 0 {
		return errors.Join(fmt.Errorf("not in order: %d", d.ailing), d.broken)
	}
	return d.broken
}

// examineSettings makes of the settings what the service would make.
func (d *doctor) examineSettings(problems Problems) {
	tables, tablesErr := openAuthTables(d.config, nil)
	if tablesErr != nil {
		tables = &authTables{}
	}
	d.tables = tables
	table, err := tables.keys(d.config, nil)
	problems.addError("TASKWARD_AUTH_TABLES", err)
	options, tokenProblems := d.config.tokens(table)
	problems = append(problems, tokenProblems...)
	d.find("settings", problems.err(), "all in order")
	switch {
	case len(problems) > 0:
		return
	case tablesErr != nil:
		d.find("Better Auth's tables", tablesErr, "")
		return
	}
	if d.accepted, err = newBearers(d.config, options, tables); err != nil {
		d.find("tokens", err, "")
	}
}

func (d *doctor) examineKeys(ctx context.Context) {
	if d.accepted == nil || d.accepted.jwt == nil {
		return
	}
	verifier := d.accepted.jwt
	_ = verifier.Load(ctx) // the status says which server is at fault
	for _, server := range verifier.Status() {
		var keys []string
		for _, key := range server.Keys {
			keys = append(keys, fmt.Sprintf("%q for %s", key.ID, strings.Join(key.Algs, ", ")))
		}
		for _, reason := range server.Ignored {
			keys = append(keys, "ignored: "+reason)
		}
		failure := server.Failure
		if failure == nil && len(server.Keys) == 0 {
			failure = errors.New("the auth server publishes no key that can be used; Better Auth makes the first when the first token is asked for")
		}
		d.find("keys of "+strings.Join(server.Issuers, ", "), failure, strings.Join(keys, "; "))
	}
}

// examineRedis has a call of nobody's counted.
func (d *doctor) examineRedis(ctx context.Context) {
	if d.config.RedisURL == "" {
		return
	}
	limiter, err := d.config.RedisURL.open()
	if err == nil {
		err = limiter.Check(ctx)
		_ = limiter.Close() // nothing is kept
	}
	d.find("redis", err, d.config.RedisURL.String())
}

// maxSkew is how far an auth server's clock may be from ours: its Date header
// is in whole seconds, and took a while to come.
const maxSkew = 5 * time.Second

func (d *doctor) examineClocks(ctx context.Context) {
	if d.accepted == nil {
		return
	}
	addresses := []WebURL{d.config.derived().JWKSURL}
	for _, other := range d.config.Others {
		addresses = append(addresses, other.JWKSURL)
	}
	for _, address := range addresses {
		if address == "" {
			continue
		}
		skew, err := clockSkew(ctx, string(address))
		detail := ""
		if err == nil {
			detail = fmt.Sprintf("%s ahead of ours", skew)
		}
		if skew.Abs() > maxSkew {
			err = errors.New("set this clock or ours right: tokens are judged by time")
		}
		d.find("clock of "+string(address), err, detail)
	}
}

// clockSkew is how far a server's clock is ahead of ours, by its Date header
// (RFC 9110 section 6.6.1).
func clockSkew(ctx context.Context, address string) (time.Duration, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	if err := response.Body.Close(); err != nil {
		return 0, err
	}
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return 0, errors.New("the answer has no Date")
	}
	return date.Sub(time.Now().Truncate(time.Second)), nil
}
