// Package database makes throwaway databases full of tasks.
package database

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"

	"example.com/bench/internal/usage"
)

// settings have nothing written through to the disk, which [Durability] says
// beside each result, and no checkpoint fall into a round.
var settings = []string{
	"shared_buffers=512MB", "max_wal_size=16GB", "checkpoint_timeout=1h",
	"max_connections=200", "track_activity_query_size=16kB",
}

// Durability says which of the settings a reader has to know.
const Durability = "fsync off, synchronous_commit on, shared_buffers 512 MB"

// Cluster is a running PostgreSQL.
type Cluster struct {
	URL    string // as a superuser
	server *postgrestest.Server
}

// Start starts a server with no tables.
func Start() (*Cluster, error) {
	server, err := postgrestest.StartServer(settings...)
	if err != nil {
		return nil, errors.Join(err, server.Remove())
	}
	return &Cluster{URL: server.URL("postgres"), server: server}, nil
}

// Stop ends the server and removes its data.
func (c *Cluster) Stop() error { return c.server.Remove() }

// CPU is what all processes of the server have used.
func (c *Cluster) CPU() (time.Duration, error) { return usage.OfFamily(c.server.Postmaster().Pid) }

// Version is that of the server.
func (c *Cluster) Version(ctx context.Context) (version string, err error) {
	err = c.With(ctx, func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "SHOW server_version").Scan(&version)
	})
	version, _, _ = strings.Cut(version, " ") // from what the package says of itself
	return version, err
}

// With does something on a connection of its own.
func (c *Cluster) With(ctx context.Context, do func(*pgx.Conn) error) (err error) {
	conn, err := pgx.Connect(ctx, c.URL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	return do(conn)
}

var guideSQL = regexp.MustCompile("(?s)```sql\n(.*?)```")

// Service makes the user that the guide to row-level security has
// administrators make, and gives the database's URL for that user.
func (c *Cluster) Service(ctx context.Context, guide string) (string, error) {
	text, err := os.ReadFile(guide)
	if err != nil {
		return "", err
	}
	block := guideSQL.FindSubmatch(text)
	if block == nil {
		return "", fmt.Errorf("%s has no SQL", guide)
	}
	err = c.With(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, string(block[1]))
		return err
	})
	if err != nil {
		return "", err
	}
	service, err := url.Parse(c.URL)
	if err != nil {
		return "", err
	}
	service.User = url.UserPassword("taskward_service", "change me")
	return service.String(), nil
}
