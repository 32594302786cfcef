//go:build citus

package postgres_test

import (
	"crypto/rand"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/domain"
)

// TestCitus holds a store to all of its rules on a Citus cluster whose
// coordinator TEST_CITUS_URL names, in a database with the extension that may
// be filled: with one wall, with two, and with the second alone.
func TestCitus(t *testing.T) {
	url := os.Getenv("TEST_CITUS_URL")
	if url == "" {
		t.Fatal("TEST_CITUS_URL has to name a database on the coordinator of a Citus cluster")
	}
	migrator, err := postgres.NewMigrator(url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrator.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		spread, err := postgres.Distribute(t.Context(), url)
		if err != nil || len(spread) != 0 && !slices.Equal(spread, postgres.OwnedTables) {
			t.Fatalf("distributed %q, error %v", spread, err)
		}
	}
	t.Run("one wall", func(t *testing.T) {
		testBehindWall(t, url, func(t *testing.T) *postgres.Store { return open(t, postgres.Options{URL: url, Prepare: true}) })
	})
	if err := postgres.EnforceRowSecurity(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	walled := postgres.Options{URL: postgrestest.Service(t, url, guide), RowSecurity: postgres.RowSecurityCitus}
	t.Run("two walls", func(t *testing.T) {
		testBehindWall(t, url, func(t *testing.T) *postgres.Store { return open(t, walled) })
	})
	t.Run("the second wall alone", func(t *testing.T) {
		// Little can be asked without a filter there: Citus refuses the rest.
		sound, unfiltered := open(t, walled), openUnfiltered(t, walled)
		superuser := postgres.Options{URL: url, Prepare: true} // to whom no wall is one
		owners := []domain.UserID{domain.UserID("One-" + rand.Text()), domain.UserID("Another-" + rand.Text())}
		for _, owner := range owners {
			if _, err := sound.Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), domain.Create{Title: title(t, string(owner))})); err != nil {
				t.Fatal(err)
			}
		}
		for _, owner := range owners {
			task, err := unfiltered.Get(t.Context(), owner, 1)
			if err != nil || task.Title.String() != string(owner) {
				t.Errorf("behind the wall %s sees %+v and error %v", owner, task, err)
			}
			feed, err := unfiltered.Changes(t.Context(), owner, domain.Mark{}, 10)
			if err != nil || len(feed.Tasks) != 1 {
				t.Errorf("behind the wall %s is told of %v and error %v", owner, feed.Tasks, err)
			}
			if feed, err := openUnfiltered(t, superuser).Changes(t.Context(), owner, domain.Mark{}, 10); err != nil || len(feed.Tasks) < 2 {
				t.Errorf("the control: without the wall %s is told of %v and error %v", owner, feed.Tasks, err)
			}
		}
		walled.RowSecurity = postgres.RowSecurityOn
		if page, err := open(t, walled).List(t.Context(), owners[0], domain.TaskQuery{Limit: 10}); err != nil || len(page.Tasks) != 0 {
			t.Errorf("set_config reaches the nodes after all, so that there need not be two ways: %v, error %v", page.Tasks, err)
		}
	})
}
