package sqlite_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestRevocations(t *testing.T) {
	path := migrated(t, filepath.Join(t.TempDir(), "tasks.db"))
	shared := open(t, path)
	portstest.TestRevocations(t,
		func(*testing.T) ports.Revocations { return shared },
		portstest.RevocationsTwice(func(t *testing.T) (ports.Revocations, ports.Revocations) {
			return open(t, path), open(t, path)
		}),
		portstest.ClosedRevocations(func(t *testing.T) ports.Revocations {
			store := open(t, path)
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			return store
		}))
}

// Whoever comes back after a long time does not wait for all of it to be
// forgotten.
func TestNoWriteForgetsTooMuchAtOnce(t *testing.T) {
	path := migrated(t, filepath.Join(t.TempDir(), "tasks.db"))
	store := open(t, path)
	for table, write := range map[string]func(ports.TokenEntry) error{
		"revoked_tokens": func(entry ports.TokenEntry) error { return store.Revoke(t.Context(), owner, entry) },
		"spent_tokens": func(entry ports.TokenEntry) error {
			_, err := store.Spend(t.Context(), owner, entry)
			return err
		},
	} {
		over := time.Unix(1e9, 0)
		for i := range 250 {
			if err := write(ports.TokenEntry{Token: domain.TokenID(fmt.Sprintf("old%d", i)), At: over.Add(-time.Hour), Until: over}); err != nil {
				t.Fatal(err)
			}
		}
		for i, want := range []string{"151", "52", "3", "4"} {
			entry := ports.TokenEntry{Token: domain.TokenID(fmt.Sprintf("new%d", i)), At: over, Until: over.Add(time.Hour)}
			if err := write(entry); err != nil {
				t.Fatal(err)
			}
			if rows := list(t, path, `SELECT count(*) FROM `+table); rows[0] != want {
				t.Errorf("after %d writes, %s has %s rows, want %s", i+1, table, rows[0], want)
			}
		}
	}
}
