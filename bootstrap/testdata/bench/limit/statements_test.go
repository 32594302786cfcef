package main

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"

	"example.com/bench/internal/database"
)

// TestStatements holds the statements to those that Taskward's store sends, of
// which PostgreSQL shows the last.
func TestStatements(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: tests on PostgreSQL are left out")
	}
	cluster, err := database.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	migrator, err := postgres.NewMigrator(cluster.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrator.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	store, err := postgres.Open(postgres.Options{URL: cluster.URL, Prepare: true, PoolSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	title, err := domain.RestoreTitle("Water the plants")
	if err != nil {
		t.Fatal(err)
	}
	const owner = "alice"
	apply := func(change domain.Change) error {
		_, err := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), change))
		return err
	}
	for _, step := range []struct {
		name, statement string
		send            func() error
	}{
		{"create", create, func() error { return apply(domain.Create{Title: title}) }},
		{"complete", complete, func() error { return apply(domain.ToggleCompleted{Target: domain.Target{ID: 1}}) }},
		{"get", get, func() error { _, err := store.Get(t.Context(), owner, 1); return err }},
		{"list", list, func() error {
			_, err := store.List(t.Context(), owner, domain.TaskQuery{Order: domain.Descending, Limit: 20})
			return err
		}},
	} {
		if err := step.send(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		if sent := lastStatement(t, cluster); sent != step.statement {
			t.Errorf("for %s Taskward sends\n%s\nand the limit server\n%s", step.name, sent, step.statement)
		}
	}
}

func lastStatement(t *testing.T, cluster *database.Cluster) (text string) {
	t.Helper()
	err := cluster.With(t.Context(), func(conn *pgx.Conn) error {
		return conn.QueryRow(context.WithoutCancel(t.Context()), "SELECT query FROM pg_stat_activity WHERE application_name = 'taskward'").Scan(&text)
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}
