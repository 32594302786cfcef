package postgres_test

import (
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

// A store that prepares nothing keeps all of its rules behind a pooler that
// gives each transaction to another connection, with one wall and with two.
func TestBehindPgBouncer(t *testing.T) {
	service, administrator := walled(t)
	for wall, options := range map[string]postgres.Options{
		"one wall":  {URL: postgrestest.Pooled(t, administrator)},
		"two walls": {URL: postgrestest.Pooled(t, service), RowSecurity: postgres.RowSecurityOn},
		"Citus":     {URL: postgrestest.Pooled(t, service), RowSecurity: postgres.RowSecurityCitus},
	} {
		t.Run(wall, func(t *testing.T) {
			testBehindWall(t, administrator, func(t *testing.T) *postgres.Store { t.Helper(); return open(t, options) })
		})
	}
}

// The control: this pooler is one for which there is the option not to prepare.
func TestPgBouncerRefusesTimeouts(t *testing.T) {
	store := open(t, postgres.Options{URL: postgrestest.Pooled(t, migrated(t)), Prepare: true})
	if err := store.Ping(t.Context()); err == nil || !strings.Contains(err.Error(), "unsupported startup parameter") {
		t.Errorf("got error %v", err)
	}
}
