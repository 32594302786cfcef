package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
)

func TestConnections(t *testing.T) {
	const url = "postgres://host/database"
	for name, test := range map[string]struct {
		options postgres.Options
		mode    pgx.QueryExecMode
		want    map[string]string
	}{
		"defaults": {
			postgres.Options{URL: url, Prepare: true},
			pgx.QueryExecModeCacheStatement,
			map[string]string{"application_name": "taskward", "statement_timeout": "10000", "idle_in_transaction_session_timeout": "10000"},
		},
		"behind a pooler": {
			postgres.Options{URL: url},
			pgx.QueryExecModeExec,
			map[string]string{"application_name": "taskward"},
		},
		"options": {
			postgres.Options{URL: url, Prepare: true, StatementTimeout: time.Second, IdleInTransactionTimeout: time.Minute},
			pgx.QueryExecModeCacheStatement,
			map[string]string{"application_name": "taskward", "statement_timeout": "1000", "idle_in_transaction_session_timeout": "60000"},
		},
		"URL": {
			postgres.Options{URL: url + "?application_name=mine&statement_timeout=5&idle_in_transaction_session_timeout=6", Prepare: true, StatementTimeout: time.Second},
			pgx.QueryExecModeCacheStatement,
			map[string]string{"application_name": "mine", "statement_timeout": "5", "idle_in_transaction_session_timeout": "6"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := postgres.Connection(test.options)
			if err != nil {
				t.Fatal(err)
			}
			if got.DefaultQueryExecMode != test.mode {
				t.Errorf("statements are sent in the mode %s, want %s", got.DefaultQueryExecMode, test.mode)
			}
			if difference := cmp.Diff(test.want, got.RuntimeParams); difference != "" {
				t.Errorf("want -, got +:\n%s", difference)
			}
		})
	}
}

func TestMalformedURLsDoNotShowThePassword(t *testing.T) {
	for url, want := range map[string]string{
		"":                                                            "postgres://user:password@host",
		"hunter2":                                                     "postgres://user:password@host",
		"mysql://user:hunter2@host/db":                                "postgres://user:password@host",
		"host=here user=me password=hunter2":                          "postgres://user:password@host",
		"postgres://user:hunter2@host:port/db":                        "postgres://user:password@host",
		"postgres://user:hunter2#@host/db":                            "percent-encoded",
		"postgres://user:hunter2?@host/db":                            "percent-encoded",
		"postgres://user:hunter2%@host/db":                            "percent-encoded",
		"postgres://user:hunter2 @host/db":                            "percent-encoded",
		"postgres://user:hunter2`: /@host/db":                         "percent-encoded",
		"postgres://user:hunter2@host:99999/db":                       "port",
		"postgres://user:hunter2@host/db?sslmode=perhaps":             "sslmode",
		"postgres://user@host/db?password=hunter2&sslmode=perhaps":    "sslmode",
		"postgres://user:hunter2@host/db?connect_timeout=soon":        "connect_timeout",
		"postgres://user:hunter2@host/db?sslrootcert=/nowhere":        "/nowhere",
		"postgres://user:hunter2%60%3A%20@host/db?sslmode=perhaps":    "sslmode",
		"postgres://user:hunter2@host/db?default_query_exec_mode=how": "default_query_exec_mode",
	} {
		_, storeErr := postgres.Open(postgres.Options{URL: url})
		_, migratorErr := postgres.NewMigrator(url, nil)
		for _, err := range []error{storeErr, migratorErr} {
			if err == nil {
				t.Fatalf("%s is accepted", url)
			}
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: the error says nothing of %q: %v", url, want, err)
			}
			if text := fmt.Sprintf("%v %+v %#v", err, err, err); strings.Contains(text, "hunter2") {
				t.Errorf("%s: the error shows the password: %s", url, text)
			}
		}
	}
}
