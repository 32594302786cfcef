package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestRevocations(t *testing.T) {
	for mode, prepare := range map[string]bool{"prepared": true, "unprepared": false} {
		t.Run(mode, func(t *testing.T) {
			options := postgres.Options{URL: migrated(t), Prepare: prepare}
			shared := open(t, options)
			portstest.TestRevocations(t,
				func(*testing.T) ports.Revocations { return shared },
				portstest.RevocationsTwice(func(t *testing.T) (ports.Revocations, ports.Revocations) {
					return open(t, options), open(t, options)
				}),
				portstest.ClosedRevocations(func(t *testing.T) ports.Revocations {
					store := open(t, options)
					if err := store.Close(); err != nil {
						t.Fatal(err)
					}
					return store
				}))
		})
	}
}

// Whoever comes back after a long time does not wait for all of it to be
// forgotten.
func TestNoWriteForgetsTooMuchAtOnce(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true})
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
			if rows := list(t, url, `SELECT count(*)::text FROM taskward.`+table); rows[0] != want {
				t.Errorf("after %d writes, %s has %s rows, want %s", i+1, table, rows[0], want)
			}
		}
	}
}

// An entry that is over keeps nobody waiting who has it locked, or is about to
// forget it.
func TestNobodyWaitsForWhatIsOver(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true})
	over := ports.TokenEntry{Token: "over", At: time.Unix(1e9, 0), Until: time.Unix(1e9+1, 0)}
	_, err := store.Spend(t.Context(), owner, over)
	if err := errors.Join(err, store.Revoke(t.Context(), owner, over)); err != nil {
		t.Fatal(err)
	}
	tx, err := connect(t, url).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"revoked_tokens", "spent_tokens"} {
		if _, err := tx.Exec(t.Context(), `SELECT FROM taskward.`+table+` WHERE user_id = $1 FOR UPDATE`, string(owner)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	entry := ports.TokenEntry{Token: "token", At: time.Unix(2e9, 0), Until: time.Unix(3e9, 0)}
	_, spendErr := store.Spend(ctx, owner, entry)
	if err := errors.Join(store.Revoke(ctx, owner, entry), spendErr); err != nil {
		t.Error(err)
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestConflictsOverRevocationsAreTriedAgain(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true})
	entry := ports.TokenEntry{Token: "token", At: time.Unix(1e9, 0), Until: time.Unix(2e9, 0)}
	for table, write := range map[string]func() error{
		"revoked_tokens": func() error { return store.Revoke(t.Context(), owner, entry) },
		"revoked_before": func() error { return store.RevokeBefore(t.Context(), owner, entry.At) },
		"spent_tokens": func() error {
			first, err := store.Spend(t.Context(), owner, entry)
			if err == nil && !first {
				err = errors.New("the token was spent before")
			}
			return err
		},
	} {
		refuse(t, url, "40P01", 3)
		trigger := fmt.Sprintf(`CREATE TRIGGER refuse BEFORE INSERT ON taskward.%s FOR EACH ROW EXECUTE FUNCTION refuse()`, table)
		if _, err := connect(t, url).Exec(t.Context(), trigger); err != nil {
			t.Fatal(err)
		}
		if err := write(); err != nil {
			t.Errorf("%s: three conflicts were shown: %v", table, err)
		}
	}
}
