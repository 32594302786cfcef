package bootstrap

import (
	"context"
	"fmt"
	"strings"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
)

func (d *doctor) examineDatabase(ctx context.Context) {
	name := d.config.Database.String()
	migrator, err := newMigrator(d.config, nil)
	if err == nil {
		_, err = migrator.Status(ctx)
	}
	d.find("database", err, name)
	if err != nil {
		return
	}
	if err := migrator.Check(ctx); err != nil {
		d.find("schema", err, "")
		return
	}
	d.upToDate = true
	d.find("schema", nil, "up to date")
	if d.config.Database.Engine == Postgres {
		d.examinePostgres(ctx)
	}
}

// examinePostgres looks at what holds for the database user of the service.
func (d *doctor) examinePostgres(ctx context.Context) {
	store, err := postgres.Open(postgresOptions(d.config))
	if err != nil {
		d.find("connections", err, "")
		return
	}
	defer func() { _ = store.Close() }() // nothing was written
	d.examineTimeouts(ctx, store)
	d.examineWall(ctx, store)
}

// examineTimeouts tells whether the server gives up what nobody waits for any
// more. Behind a pooler connections cannot ask for that.
func (d *doctor) examineTimeouts(ctx context.Context, store *postgres.Store) {
	user, missing, err := store.Unlimited(ctx)
	err = suspectPooler(err)
	if len(missing) > 0 {
		err = fmt.Errorf("nothing sets %s; run: ALTER ROLE %s SET %s = '10s'", strings.Join(missing, " and "), user, missing[0])
	}
	detail := "the server ends statements and transactions that take too long"
	if err != nil {
		detail = ""
	}
	d.find("time-outs", err, detail)
}

// examineWall tells whether the database keeps users apart, too.
func (d *doctor) examineWall(ctx context.Context, store *postgres.Store) {
	state, err := store.RowSecurityState(ctx)
	if err == nil {
		err = checkWall(d.config.RowSecurity, state)
	}
	detail := "holds for the database user " + state.User
	switch {
	case d.config.RowSecurity != postgres.RowSecurityOff:
	case state.Mighty:
		detail = "off, and with TASKWARD_RLS=on the database user " + state.User + " would get past it, as a superuser or by BYPASSRLS"
	default:
		detail = "off; with TASKWARD_RLS=on it would hold for the database user " + state.User
	}
	if err != nil {
		detail = ""
	}
	d.find("row-level security", err, detail)
}
