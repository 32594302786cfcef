package postgres_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestAuditLog(t *testing.T) {
	for mode, prepare := range map[string]bool{"prepared": true, "unprepared": false} {
		t.Run(mode, func(t *testing.T) {
			options := postgres.Options{URL: migrated(t), Prepare: prepare}
			portstest.TestAuditLog(t,
				portstest.AuditHarness{Log: open(t, options), Read: reader(t, options.URL)},
				portstest.ClosedAuditLog(func(t *testing.T) ports.AuditLog {
					store := open(t, options)
					if err := store.Close(); err != nil {
						t.Fatal(err)
					}
					return store
				}))
		})
	}
}

// reader gives what reads all entries in the database.
func reader(t *testing.T, url string) func(ctx context.Context) ([]domain.AuditEntry, error) {
	t.Helper()
	connection := connect(t, url)
	return func(ctx context.Context) ([]domain.AuditEntry, error) {
		rows, err := connection.Query(ctx, `SELECT at, actor, owner, action, tasks, outcome, token_id, request_id FROM taskward.audit ORDER BY id`)
		if err != nil {
			return nil, err
		}
		return pgx.CollectRows(rows, func(row pgx.CollectableRow) (entry domain.AuditEntry, err error) {
			err = row.Scan(&entry.At, &entry.Actor, &entry.Owner, &entry.Action, &entry.Tasks, &entry.Outcome, &entry.TokenID, &entry.RequestID)
			entry.At = entry.At.UTC()
			return entry, err
		})
	}
}

// Whoever gets hold of the service's database user can neither read what was
// written down, nor change it, nor take it back.
func TestTheServiceMayOnlyAddToTheAuditLog(t *testing.T) {
	service, _ := walled(t)
	store := open(t, postgres.Options{URL: service, Prepare: true, RowSecurity: postgres.RowSecurityOn})
	if err := store.Record(t.Context(), domain.AuditEntry{At: time.Unix(1e9, 0)}); err != nil {
		t.Fatal(err)
	}
	connection := connect(t, service)
	for _, statement := range []string{
		`SELECT FROM taskward.audit`, `UPDATE taskward.audit SET actor = 'another'`, `DELETE FROM taskward.audit`, `TRUNCATE taskward.audit`,
	} {
		if _, err := connection.Exec(t.Context(), statement); err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s: error %v", statement, err)
		}
	}
}

// An entry is all or nothing with those that came with it.
func TestEntriesThatComeTogetherAreOneStatement(t *testing.T) {
	seen := &sent{}
	store := openTraced(t, postgres.Options{URL: migrated(t), Prepare: true}, seen)
	if err := store.Record(t.Context(), make([]domain.AuditEntry, 100)...); err != nil || len(seen.texts) != 1 {
		t.Errorf("sent %q, error %v", seen.texts, err)
	}
}
