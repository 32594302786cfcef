package bootstrap

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/fx"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/ports"
)

// combinations are the ways in which shipped adapters are put together.
func combinations(t *testing.T) map[string]Config {
	t.Helper()
	pooled := postgrestest.Database(t)
	environments := map[string][]string{
		"SQLite and a secret":     {"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "a.db"), "BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef"},
		"SQLite and a key set":    {"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "b.db"), "BETTER_AUTH_URL=http://127.0.0.1:9"},
		"PostgreSQL and a secret": {"DATABASE_URL=" + postgrestest.Database(t), "BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef"},
		"PostgreSQL and both": {
			"DATABASE_URL=" + postgrestest.Database(t), "BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef",
			"BETTER_AUTH_URL=http://127.0.0.1:9", "TASKWARD_DB_PREPARE=off",
		},
		"PostgreSQL past a pooler": {
			"DATABASE_URL=" + pooled, "DATABASE_DIRECT_URL=" + pooled, "TASKWARD_DB_PREPARE=off",
			"BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef",
		},
		"SQLite and revocation": {
			"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "c.db"), "BETTER_AUTH_SECRETS=2:0123456789abcdef0123456789abcdef,1:fedcba9876543210fedcba9876543210",
			"TASKWARD_REVOCATION=jti", "TASKWARD_REPLAY=single-use",
		},
		"PostgreSQL and Better Auth's tables": {
			"DATABASE_URL=" + postgrestest.Database(t), "BETTER_AUTH_URL=http://127.0.0.1:9", "TASKWARD_JWKS_TABLE=on",
			"TASKWARD_SESSION_TOKENS=on", "TASKWARD_USERS=on", "TASKWARD_REVOCATION=session", "TASKWARD_REPLAY=single-use",
		},
		"SQLite and a collector": { // which is not there: that stops nothing
			"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "e.db"), "BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef",
			"OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9", "TASKWARD_ADMIN_ADDR=127.0.0.1:0",
		},
		"SQLite and a limit": {
			"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "d.db"), "BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef", "TASKWARD_RATE_LIMIT=100/s",
		},
		"PostgreSQL and a limit in Redis": { // which is not there: that stops nothing
			"DATABASE_URL=" + postgrestest.Database(t), "BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef",
			"TASKWARD_RATE_LIMIT=600/m burst 200", "TASKWARD_REDIS_URL=redis://127.0.0.1:9",
		},
		"SQLite and an audit log": {
			"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "e.db"), "BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef", "TASKWARD_AUDIT=log",
		},
		"PostgreSQL and an audit log in it": {
			"DATABASE_URL=" + postgrestest.Database(t), "BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef", "TASKWARD_AUDIT=database",
		},
	}
	configs := map[string]Config{}
	for name, environ := range environments {
		config, problems := ReadConfig(append(environ, "TASKWARD_ADDR=127.0.0.1:0", "TASKWARD_DRAIN_DELAY=1ns"))
		if err := problems.err(); err != nil {
			t.Fatal(err)
		}
		config.Output = io.Discard
		configs[name] = config
	}
	return configs
}

// ported is one adapter for each port.
type ported struct {
	fx.In
	Tasks       ports.TaskRepository
	Wakeups     ports.Wakeups
	Verifier    ports.TokenVerifier
	Revocations ports.Revocations
	Lookup      ports.SessionLookup
	Users       ports.UserDirectory
	Limiter     ports.RateLimiter
	Audit       ports.AuditLog
}

// TestGraphAdapters asks for every port in each combination: fx makes only
// what is asked for, and would not miss the rest.
func TestGraphAdapters(t *testing.T) {
	const none = "<nil>"
	wants := map[string][]string{
		"SQLite and a secret":                 {"*sqlite.Store", "*memory.Wakeups", "*bootstrap.verifier", none, none, none, none, none},
		"SQLite and a key set":                {"*sqlite.Store", "*memory.Wakeups", "*bootstrap.verifier", none, none, none, none, none},
		"SQLite and revocation":               {"*sqlite.Store", "*memory.Wakeups", "*bootstrap.verifier", "*sqlite.Store", none, none, none, none},
		"PostgreSQL and a secret":             {"*postgres.Store", "*postgres.Wakeups", "*bootstrap.verifier", none, none, none, none, none},
		"PostgreSQL and both":                 {"*postgres.Store", "*memory.Wakeups", "*bootstrap.verifier", none, none, none, none, none},
		"PostgreSQL past a pooler":            {"*postgres.Store", "*postgres.Wakeups", "*bootstrap.verifier", none, none, none, none, none},
		"PostgreSQL and Better Auth's tables": {"*postgres.Store", "*postgres.Wakeups", "*bootstrap.verifier", "*postgres.Store", "*betterauth.Sessions", "*betterauth.Users", none, none},
		"SQLite and a limit":                  {"*sqlite.Store", "*memory.Wakeups", "*bootstrap.verifier", none, none, none, "*memory.RateLimiter", none},
		"SQLite and an audit log":             {"*sqlite.Store", "*memory.Wakeups", "*bootstrap.verifier", none, none, none, none, "*auditlog.Log"},
		"PostgreSQL and an audit log in it":   {"*postgres.Store", "*postgres.Wakeups", "*bootstrap.verifier", none, none, none, none, "*postgres.Store"},
		"PostgreSQL and a limit in Redis":     {"*postgres.Store", "*postgres.Wakeups", "*bootstrap.verifier", none, none, none, "*redis.RateLimiter", none},
		"SQLite and a collector":              {"*sqlite.Store", "*memory.Wakeups", "*bootstrap.verifier", none, none, none, none, none},
	}
	for name, config := range combinations(t) {
		t.Run(name, func(t *testing.T) {
			all := start(t, config)
			var got []string
			for _, adapter := range []any{all.Tasks, all.Wakeups, all.Verifier, all.Revocations, all.Lookup, all.Users, all.Limiter, all.Audit} {
				got = append(got, fmt.Sprintf("%T", adapter))
			}
			if diff := cmp.Diff(wants[name], got); diff != "" {
				t.Errorf("adapters (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUse puts an adapter in place of the shipped one, which must not be
// opened: its database does not exist.
func TestUse(t *testing.T) {
	config := combinations(t)["SQLite and a secret"]
	config.Database.At = filepath.Join(t.TempDir(), "no", "such", "folder", "tasks.db")
	tasks := memory.NewTasks()
	got := start(t, config, Use[ports.TaskRepository](func(context.Context) (ports.TaskRepository, error) { return tasks, nil }))
	if got.Tasks != ports.TaskRepository(tasks) {
		t.Errorf("ports.TaskRepository is %T, want the one in use", got.Tasks)
	}
	t.Cleanup(func() { // runs before that of start
		if _, err := tasks.Get(context.Background(), "u", 1); err == nil || strings.Contains(err.Error(), "unavailable") {
			t.Errorf("the store was closed before the service stopped: %v", err)
		}
	})
}

func start(t *testing.T, config Config, use ...Module) (got ported) {
	t.Helper()
	wiring, err := wire(t.Context(), config, slog.New(slog.DiscardHandler), use)
	if err != nil {
		t.Fatal(err)
	}
	app := fx.New(wiring, fx.Invoke(func(all ported) { got = all }))
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Stop(context.Background()); err != nil {
			t.Error(err)
		}
		if _, err := got.Tasks.Get(context.Background(), "u", 1); err == nil || !strings.Contains(err.Error(), "unavailable") {
			t.Errorf("the store was not closed with the service: %v", err)
		}
	})
	return got
}

// TestGraphRuns starts and stops real services.
func TestGraphRuns(t *testing.T) {
	for name, config := range combinations(t) {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			app, err := New(ctx, config, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			ended := make(chan error)
			go func() { ended <- app.Run(ctx) }()
			if status := get(t, "http://"+app.Address().String()+"/health"); status != http.StatusOK {
				t.Errorf("GET /health answered %d", status)
			}
			want := http.StatusOK
			if config.BetterAuthURL != "" {
				want = http.StatusServiceUnavailable // no key set was ever loaded
			}
			if status := get(t, "http://"+app.Address().String()+"/readyz"); status != want {
				t.Errorf("GET /readyz answered %d, want %d", status, want)
			}
			cancel()
			if err := <-ended; err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
}

// TestRunStopsWhileItStarts tells a service to stop before it has begun.
func TestRunStopsWhileItStarts(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	app, err := New(ctx, combinations(t)["SQLite and a secret"], slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := app.Run(ctx); err != nil {
		t.Errorf("Run: %v", err)
	}
}

func get(t *testing.T, address string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode
}

// TestGraphMissing asks for a port that nothing serves, as one would be that
// has no module yet: one line says so, and who asks.
func TestGraphMissing(t *testing.T) {
	wiring, err := wire(t.Context(), combinations(t)["SQLite and a secret"], slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	type useCases struct{}
	asks := func(fmt.Stringer) *useCases { return nil }
	app := fx.New(wiring, fx.Provide(asks), fx.Invoke(func(*useCases) {}))
	text := fmt.Sprint(wiringCause(app.Err()))
	if !strings.HasPrefix(text, "missing dependencies") || !strings.HasSuffix(text, "missing type: fmt.Stringer") ||
		!strings.Contains(text, "graph_test.go:") || strings.Contains(text, "\n") {
		t.Errorf("the error is %q; it should name the port and who asks, in one line", text)
	}
}
