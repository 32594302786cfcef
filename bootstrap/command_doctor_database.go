package bootstrap

import (
	"context"
	"errors"

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
		d.examineWall(ctx)
	}
}

// examineWall tells whether the database keeps users apart, too.
func (d *doctor) examineWall(ctx context.Context) {
	state, err := d.wall(ctx)
	if err == nil {
		err = checkWall(d.config.RowSecurity, state)
	}
	detail := "holds for the database user " + state.User
	switch {
	case err != nil:
		detail = ""
	case d.config.RowSecurity != postgres.RowSecurityOff:
	case state.Mighty:
		detail = "off, and with TASKWARD_RLS=on the database user " + state.User + " would get past it, as a superuser or by BYPASSRLS"
	default:
		detail = "off; with TASKWARD_RLS=on it would hold for the database user " + state.User
	}
	d.find("row-level security", err, detail)
}

func (d *doctor) wall(ctx context.Context) (state postgres.RowSecurityState, err error) {
	store, err := postgres.Open(postgres.Options{URL: d.config.Database.At, Prepare: bool(d.config.PrepareStatements)})
	if err != nil {
		return state, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	return store.RowSecurityState(ctx)
}
