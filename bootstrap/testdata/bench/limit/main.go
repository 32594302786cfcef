// Command limit is the server that Taskward is measured against: what can be
// had from Go, net/http and PostgreSQL where nothing else is asked for. It
// sends Taskward's own statements and answers what Taskward answers, but has
// no middleware, no log, no rules and no way to grow.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "limit:", err)
		os.Exit(1)
	}
}

func run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	config, err := pgxpool.ParseConfig(os.Getenv("DATABASE_URL"))
	if err != nil {
		return err
	}
	pool, err := strconv.ParseInt(os.Getenv("POOL"), 10, 32)
	if err != nil {
		return err
	}
	config.MaxConns = int32(pool)
	db, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return err
	}
	defer db.Close()
	api := &api{db: db, tokens: newTokens(os.Getenv("SECRET"))}
	server := &http.Server{Addr: os.Getenv("ADDR"), Handler: api.routes(), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}
