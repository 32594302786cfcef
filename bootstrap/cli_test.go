package bootstrap_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/bootstrap"
)

// command calls the command as main does, but with an environment of its own.
func command(t *testing.T, environ []string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	code = bootstrap.Main(ctx, bootstrap.Process{
		Args: args, Environ: environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
	})
	return code, out.String(), errs.String()
}

const goodSecret = "BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef"

// TestServeRefuses holds each setting that would let the wrong tokens in to a
// start that fails and says why.
func TestServeRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		environ []string
		want    []string
	}{
		"no way to verify tokens":       {nil, []string{"BETTER_AUTH_URL is not set", "no way to verify tokens"}},
		"Better Auth's default secret":  {[]string{"BETTER_AUTH_SECRET=better-auth-secret-12345678901234567890"}, []string{"BETTER_AUTH_SECRET must not be Better Auth's built-in default"}},
		"a secret of 31 bytes":          {[]string{"BETTER_AUTH_SECRET=0123456789abcdef0123456789abcde"}, []string{"BETTER_AUTH_SECRET must have at least 32 bytes"}},
		"a key set without its claims":  {[]string{"TASKWARD_JWKS_URL=https://auth.example/jwks"}, []string{"TASKWARD_ISSUERS is not set", "TASKWARD_AUDIENCES is not set"}},
		"a key set over plain http":     {[]string{"BETTER_AUTH_URL=http://auth.example"}, []string{"BETTER_AUTH_URL must be https"}},
		"a key set from elsewhere":      {[]string{"BETTER_AUTH_URL=https://a.example", "TASKWARD_JWKS_URL=http://b.example/jwks"}, []string{"TASKWARD_JWKS_URL must be https"}},
		"several mistakes at once":      {[]string{"TASKWARD_MAX_TITLE=0", "BETTER_AUTH_SECRET=short", "TASKWARD_DATABASE_URL=x"}, []string{"TASKWARD_MAX_TITLE must", "BETTER_AUTH_SECRET must", "TASKWARD_DATABASE_URL is not a setting"}},
		"a database folder that is not": {[]string{goodSecret, "DATABASE_URL=sqlite:/no/such/folder/tasks.db"}, []string{"/no/such/folder"}},
		"an address in use":             {[]string{goodSecret, "DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "a.db"), "TASKWARD_ADDR=" + taken(t)}, []string{"TASKWARD_ADDR"}},
		"a schema that is behind":       {[]string{goodSecret, "DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "b.db"), "TASKWARD_MIGRATE=check"}, []string{"taskward migrate up"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, _, stderr := command(t, test.environ, "serve")
			if code != 1 {
				t.Errorf("exit code %d, want 1", code)
			}
			for _, want := range test.want {
				if !strings.Contains(stderr, want) {
					t.Errorf("%q is not said:\n%s", want, stderr)
				}
			}
		})
	}
}

// taken gives an address that somebody listens on.
func taken(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String()
}

func TestDevRefusesOtherMachines(t *testing.T) {
	code, _, stderr := command(t, []string{"TASKWARD_ADDR=0.0.0.0:8000"}, "dev", "--data", filepath.Join(t.TempDir(), "a.db"))
	if code != 1 || !strings.Contains(stderr, "TASKWARD_ADDR must be on the loopback interface") {
		t.Errorf("exit code %d:\n%s", code, stderr)
	}
}

func TestConfigCommand(t *testing.T) {
	code, stdout, stderr := command(t, []string{
		goodSecret, "BETTER_AUTH_URL=https://app.example/base", "DATABASE_URL=postgres://user:hunter2@db:5432/app?password=hunter2",
	}, "config")
	if code != 0 {
		t.Fatalf("exit code %d:\n%s", code, stderr)
	}
	for _, want := range []string{
		"DATABASE_URL=postgres://db:5432/app\n", "BETTER_AUTH_SECRET=(hidden)\n", "TASKWARD_ISSUERS=https://app.example\n",
		"TASKWARD_AUDIENCES=https://app.example\n", "TASKWARD_JWKS_URL=https://app.example/base/jwks\n", "TASKWARD_DB_PREPARE=on\n",
		"TASKWARD_LOG_LEVEL=info\n", "DATABASE_DIRECT_URL=\n",
	} {
		if !strings.Contains(stdout, want) {
			t.Errorf("%q is not printed:\n%s", want, stdout)
		}
	}
	if strings.Contains(stdout+stderr, "hunter2") || strings.Contains(stdout+stderr, "0123456789abcdef") {
		t.Errorf("a secret is printed:\n%s%s", stdout, stderr)
	}
}

func TestMigrateCommand(t *testing.T) {
	for name, database := range map[string]string{
		"SQLite":     "sqlite:" + filepath.Join(t.TempDir(), "tasks.db"),
		"PostgreSQL": postgrestest.Database(t),
	} {
		t.Run(name, func(t *testing.T) {
			pending := regexp.MustCompile(`(?m)^00001_\S+\s+pending$`)
			applied := regexp.MustCompile(`(?m)^00001_\S+\s+\d{4}-\d\d-\d\dT`)
			for _, step := range []struct {
				arg  string
				want *regexp.Regexp
			}{
				{"status", pending}, {"up", applied}, {"up", applied}, {"status", applied}, {"down", pending}, {"up", applied},
			} {
				code, stdout, stderr := command(t, []string{"DATABASE_URL=" + database}, "migrate", step.arg)
				if code != 0 || !step.want.MatchString(stdout) {
					t.Errorf("migrate %s: exit code %d:\n%s%s", step.arg, code, stdout, stderr)
				}
			}
		})
	}
}

func TestTokenRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		environ, args []string
		want          string
	}{
		"no secret":      {nil, []string{"--user", "u"}, "BETTER_AUTH_SECRET is not set"},
		"no user":        {[]string{goodSecret}, nil, `"user" not set`},
		"an empty user":  {[]string{goodSecret}, []string{"--user", ""}, "user_id must not be empty"},
		"a wrong email":  {[]string{goodSecret}, []string{"--user", "u", "--email", "nobody"}, "email must be a mail address"},
		"no life":        {[]string{goodSecret}, []string{"--user", "u", "--ttl", "0s"}, "must be at least a second"},
		"a short secret": {[]string{"BETTER_AUTH_SECRET=short"}, []string{"--user", "u"}, "at least 32 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			code, stdout, stderr := command(t, test.environ, append([]string{"token"}, test.args...)...)
			if code != 1 || stdout != "" || !strings.Contains(stderr, test.want) {
				t.Errorf("exit code %d, %q is not said:\n%s%s", code, test.want, stdout, stderr)
			}
		})
	}
}

func TestHealthcheckCommand(t *testing.T) {
	var ready atomic.Bool
	ready.Store(true)
	mux := http.NewServeMux()
	mux.HandleFunc("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !ready.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	environ := []string{"TASKWARD_ADDR=:" + port}
	if code, _, stderr := command(t, environ, "healthcheck"); code != 0 {
		t.Errorf("ready: exit code %d: %s", code, stderr)
	}
	ready.Store(false)
	if code, _, stderr := command(t, environ, "healthcheck"); code != 1 || !strings.Contains(stderr, "503") {
		t.Errorf("not ready: exit code %d: %s", code, stderr)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := command(t, environ, "healthcheck"); code != 1 || !strings.Contains(stderr, "not reachable") {
		t.Errorf("down: exit code %d: %s", code, stderr)
	}
}

func TestMainWithoutMuch(t *testing.T) {
	if code, stdout, _ := command(t, nil); code != 0 || !strings.Contains(stdout, "taskward dev") {
		t.Errorf("no arguments: exit code %d, and no word of what to type next:\n%s", code, stdout)
	}
	if code, _, stderr := command(t, nil, "srve"); code != 1 || !strings.Contains(stderr, "serve") {
		t.Errorf("an unknown command: exit code %d:\n%s", code, stderr)
	}
	if code, stdout, _ := command(t, nil, "version"); code != 0 || !strings.HasPrefix(stdout, "taskward ") {
		t.Errorf("version: exit code %d:\n%s", code, stdout)
	}
}
