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
	confidences.noteSettings(environ)
	expectDiscretion(t, args, out.String(), errs.String())
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
		"two sources of keys":           {[]string{"BETTER_AUTH_URL=https://a.example", "TASKWARD_JWKS_URL=https://a.example/jwks", "TASKWARD_JWKS_FILE=/keys.json"}, []string{"TASKWARD_JWKS_FILE is set beside"}},
		"a key table on SQLite":         {[]string{"BETTER_AUTH_URL=https://a.example", "TASKWARD_JWKS_TABLE=on"}, []string{"TASKWARD_AUTH_DATABASE_URL must name the Postgres", "TASKWARD_JWKS_TABLE=on"}},
		"names of tables that are none": {[]string{goodSecret, "TASKWARD_AUTH_TABLES=user=a b"}, []string{"TASKWARD_AUTH_TABLES "}},
		"a server without its claims":   {[]string{goodSecret, "TASKWARD_AUTH_2_JWKS_URL=https://b.example/jwks"}, []string{"TASKWARD_AUTH_2_ISSUERS is not set", "TASKWARD_AUTH_2_AUDIENCES is not set"}},
		"two servers of one issuer":     {[]string{"BETTER_AUTH_URL=https://a.example", "TASKWARD_AUTH_1_ISSUERS=https://a.example", "TASKWARD_AUTH_1_AUDIENCES=x", "TASKWARD_AUTH_1_JWKS_URL=https://b.example/jwks"}, []string{"TASKWARD_AUTH_1_ISSUERS has https://a.example"}},
		"a server without keys":         {[]string{goodSecret, "TASKWARD_AUTH_1_ISSUERS=a", "TASKWARD_AUTH_1_AUDIENCES=b"}, []string{"TASKWARD_AUTH_1_JWKS_URL or TASKWARD_AUTH_1_JWKS_FILE has to be set"}},
		"secrets in a wrong form":       {[]string{"BETTER_AUTH_SECRETS=just-one"}, []string{"BETTER_AUTH_SECRETS "}},
		"a cookie without its secret":   {[]string{"BETTER_AUTH_URL=https://a.example", "TASKWARD_COOKIE_TOKENS=on"}, []string{"TASKWARD_COOKIE_TOKENS needs BETTER_AUTH_SECRET"}},
		"an age without iat":            {[]string{goodSecret, "TASKWARD_MAX_TOKEN_AGE=1h", "TASKWARD_REQUIRE_IAT=false"}, []string{"TASKWARD_MAX_TOKEN_AGE needs"}},
		"a collector by gRPC":           {[]string{goodSecret, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4317", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"}, []string{"OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf"}},
		"a Redis for nothing":           {[]string{goodSecret, "TASKWARD_REDIS_URL=redis://redis"}, []string{"TASKWARD_REDIS_URL needs TASKWARD_RATE_LIMIT"}},
		"a page without a sign-in":      {[]string{goodSecret, "TASKWARD_PAGE=on"}, []string{"TASKWARD_PAGE needs BETTER_AUTH_URL"}},
		"a limit that is none":          {[]string{goodSecret, "TASKWARD_RATE_LIMIT=100"}, []string{"TASKWARD_RATE_LIMIT must be off, or a limit whose rate must be like 100/s"}},
		"several mistakes at once":      {[]string{"TASKWARD_MAX_TITLE=0", "BETTER_AUTH_SECRET=short", "TASKWARD_DATABASE_URL=x"}, []string{"TASKWARD_MAX_TITLE must", "BETTER_AUTH_SECRET must", "TASKWARD_DATABASE_URL is not a setting"}},
		"a database folder that is not": {[]string{goodSecret, "DATABASE_URL=sqlite:/no/such/folder/tasks.db"}, []string{"DATABASE_URL (sqlite:/no/such/folder/tasks.db): ", "; make the directory, or name a file in one that is there: DATABASE_URL=sqlite:PATH"}},
		"a database that is not there":  {[]string{goodSecret, "DATABASE_URL=postgres://u:hunter2@127.0.0.1:9/app"}, []string{"DATABASE_URL (postgres://127.0.0.1:9/app): ", "; start PostgreSQL there, or put the right host and port into DATABASE_URL"}},
		"a way past the pooler is not":  {[]string{goodSecret, "DATABASE_URL=postgres://127.0.0.1:8/app", "DATABASE_DIRECT_URL=postgres://127.0.0.1:9/app"}, []string{"DATABASE_DIRECT_URL (postgres://127.0.0.1:9/app): ", "put the right host and port into DATABASE_DIRECT_URL"}},
		"a database URL that is none":   {[]string{goodSecret, "DATABASE_URL=postgres://127.0.0.1:9/app?sslmode=perhaps"}, []string{"DATABASE_URL (postgres://127.0.0.1:9/app): ", "sslmode is invalid"}},
		"tables at a URL that is none":  {[]string{goodSecret, sqliteIn(t), "TASKWARD_SESSION_TOKENS=on", "TASKWARD_AUTH_DATABASE_URL=postgres://127.0.0.1:9/app?sslmode=perhaps"}, []string{"TASKWARD_AUTH_DATABASE_URL (postgres://127.0.0.1:9/app): "}},
		"any origin":                    {[]string{goodSecret, "TASKWARD_CORS_ORIGINS=*"}, []string{`TASKWARD_CORS_ORIGINS has "*"`, "a wildcard would let any site act for a user"}},
		"any origin below another":      {[]string{goodSecret, "TASKWARD_CORS_ORIGINS=https://app.example,https://*.example"}, []string{`TASKWARD_CORS_ORIGINS has "https://*.example"`}},
		"the origin of nobody":          {[]string{goodSecret, "TASKWARD_CORS_ORIGINS=null"}, []string{`TASKWARD_CORS_ORIGINS has "null"`}},
		"an address in use":             {[]string{goodSecret, sqliteIn(t), "TASKWARD_ADDR=" + taken(t)}, []string{"TASKWARD_ADDR: ", "; end what listens there, or choose another port: TASKWARD_ADDR=:8000"}},
		"an operators' address in use":  {[]string{goodSecret, sqliteIn(t), "TASKWARD_ADDR=127.0.0.1:0", "TASKWARD_ADMIN_ADDR=" + taken(t)}, []string{"TASKWARD_ADMIN_ADDR: ", "; end what listens there"}},
		"another machine's address":     {[]string{goodSecret, sqliteIn(t), "TASKWARD_ADDR=192.0.2.1:8000"}, []string{"TASKWARD_ADDR: ", "; name an address of this machine, or none for all of them: TASKWARD_ADDR=:8000"}},
		"a schema that is behind":       {[]string{goodSecret, sqliteIn(t), "TASKWARD_MIGRATE=check"}, []string{"taskward migrate up"}},
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

// sqliteIn gives the setting of a database that is not there yet.
func sqliteIn(t *testing.T) string {
	t.Helper()
	return "DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "tasks.db")
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

func TestDevNamesTheFolder(t *testing.T) {
	code, _, stderr := command(t, nil, "dev", "--data", "/no/such/folder/tasks.db")
	if code != 1 || !strings.Contains(stderr, "name a file in a directory that is there and can be written to: --data FILE") {
		t.Errorf("exit code %d:\n%s", code, stderr)
	}
}

func TestConfigCommand(t *testing.T) {
	code, stdout, stderr := command(t, []string{
		goodSecret, "BETTER_AUTH_URL=https://app.example/base", "DATABASE_URL=postgres://user:hunter2@db:5432/app?password=hunter2",
		"TASKWARD_RATE_LIMIT=100/s burst 100", "TASKWARD_REDIS_URL=redis://user:hunter2@redis:6379/1",
	}, "config")
	if code != 0 {
		t.Fatalf("exit code %d:\n%s", code, stderr)
	}
	for _, want := range []string{
		"DATABASE_URL=postgres://db:5432/app\n", "BETTER_AUTH_SECRET=(hidden)\n", "TASKWARD_ISSUERS=https://app.example\n",
		"TASKWARD_AUDIENCES=https://app.example\n", "TASKWARD_JWKS_URL=https://app.example/base/jwks\n", "TASKWARD_DB_PREPARE=on\n",
		"TASKWARD_LOG_LEVEL=info\n", "DATABASE_DIRECT_URL=\n", "TASKWARD_RATE_LIMIT=100/s\n", "TASKWARD_REDIS_URL=redis://redis:6379/1\n",
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
	for name, test := range map[string]struct {
		database string
		steps    string
	}{
		"SQLite":     {"sqlite:" + filepath.Join(t.TempDir(), "tasks.db"), "3"},
		"PostgreSQL": {postgrestest.Database(t), "5"},
	} {
		t.Run(name, func(t *testing.T) {
			pending := regexp.MustCompile(`\n0000` + test.steps + `_\S+ +pending\n$`)
			applied := regexp.MustCompile(`^(0000\d_\S+ +\d{4}-\d\d-\d\dT\S+\n){` + test.steps + `}$`)
			for _, step := range []struct {
				arg  string
				want *regexp.Regexp
			}{
				{"status", pending}, {"up", applied}, {"up", applied}, {"status", applied}, {"down", pending}, {"up", applied},
			} {
				code, stdout, stderr := command(t, []string{"DATABASE_URL=" + test.database}, "migrate", step.arg)
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
	code, stdout, stderr := command(t, nil)
	if code != 0 || stderr != "" || strings.Contains(stdout, "Usage:") || strings.Count(stdout, "\n") > 12 {
		t.Errorf("no arguments: exit code %d, and not a short word of what to type next:\n%s%s", code, stdout, stderr)
	}
	for _, next := range []string{"taskward dev ", "taskward serve ", "taskward doctor ", "taskward --help "} {
		if !strings.Contains(stdout, next) {
			t.Errorf("no arguments: no word of %q:\n%s", next, stdout)
		}
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"srve"}, `there is no command "srve"; did you mean 'taskward serve'?`},
		{[]string{"bring", "tea"}, `there is no command "bring"; 'taskward --help' lists them`},
		{[]string{"migrate", "upp"}, `there is no command "upp"; did you mean 'taskward migrate up'?`},
		{[]string{"serve", "--port=80"}, "unknown flag: --port; 'taskward serve --help' lists the flags"},
	} {
		if code, stdout, stderr := command(t, nil, test.args...); code != 1 || stdout != "" || stderr != "taskward: "+test.want+"\n" {
			t.Errorf("%s: exit code %d:\n%s%s", test.args, code, stdout, stderr)
		}
	}
	if code, stdout, _ := command(t, nil, "migrate"); code != 0 || !strings.Contains(stdout, "taskward migrate [command]") {
		t.Errorf("migrate alone: exit code %d:\n%s", code, stdout)
	}
}

// TestDoctorCommand tells of each thing it looked at, good or bad.
func TestDoctorCommand(t *testing.T) {
	database := "DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "a.db")
	if code, _, stderr := command(t, []string{database}, "migrate", "up"); code != 0 {
		t.Fatal(stderr)
	}
	_, token, _ := command(t, []string{goodSecret}, "token", "--user", "u")
	_, other, _ := command(t, []string{"BETTER_AUTH_SECRET=another-secret-of-32-bytes-or-more"}, "token", "--user", "u")
	for name, test := range map[string]struct {
		environ []string
		args    []string
		token   string
		code    int
		want    []string
	}{
		"all in order":              {[]string{goodSecret, database}, nil, "", 0, []string{"ok   settings: ", "ok   database: sqlite:", "ok   schema: up to date"}},
		"a good token":              {[]string{goodSecret, database}, []string{"-"}, token, 0, []string{"ok   token, signature: "}},
		"a token of another's":      {[]string{goodSecret, database}, []string{"-"}, other, 1, []string{"FAIL token, signature: invalid_signature"}},
		"an opaque token":           {[]string{goodSecret, database}, []string{"-"}, "OksO6bQvFLhTJaZg9GnhTmxKtVsOAstS", 1, []string{"FAIL token, form: opaque_token"}},
		"a database that is behind": {[]string{goodSecret, "DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "b.db")}, nil, "", 1, []string{"FAIL schema: ", "00001_tasks.sql"}},
		"a token and a database that is behind": {
			[]string{goodSecret, "DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "c.db"), "TASKWARD_REVOCATION=jti"},
			[]string{"-"},
			token, 1,
			[]string{"FAIL schema: ", "ok   token, signature: ", "FAIL token, store: cannot be asked"},
		},
		"a token without jti": {
			[]string{goodSecret, database, "TASKWARD_REVOCATION=jti"},
			[]string{"-"},
			token, 1,
			[]string{"ok   token, signature: ", "FAIL token, revocation: missing_token_id: "},
		},
		"settings that are wrong": {[]string{database, "TASKWARD_MAX_TITLE=0"}, []string{"-"}, token, 1, []string{"FAIL settings: ", "TASKWARD_MAX_TITLE must", "no way to verify tokens", "FAIL token: cannot be looked at"}},
		"an auth server that is down": {
			[]string{goodSecret, database, "BETTER_AUTH_URL=http://127.0.0.1:9"},
			nil, "", 1,
			[]string{"FAIL keys of http://127.0.0.1:9: ", "FAIL clock of http://127.0.0.1:9/api/auth/jwks: "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errs bytes.Buffer
			code := bootstrap.Main(t.Context(), bootstrap.Process{
				Args: append([]string{"doctor"}, test.args...), Environ: test.environ,
				Stdin: strings.NewReader(test.token), Stdout: &out, Stderr: &errs,
			})
			if code != test.code {
				t.Errorf("exit code %d, want %d", code, test.code)
			}
			for _, want := range test.want {
				if !strings.Contains(out.String(), want) {
					t.Errorf("%q is not said:\n%s%s", want, out.String(), errs.String())
				}
			}
			if test.token != "" && strings.Contains(out.String()+errs.String(), strings.TrimSpace(test.token)) {
				t.Errorf("the token is repeated:\n%s", out.String())
			}
		})
	}
	if code, stdout, stderr := command(t, []string{goodSecret}, "doctor", "eyJ.a.b"); code != 1 || stdout != "" || !strings.Contains(stderr, "standard input") {
		t.Errorf("a token as an argument: exit code %d:\n%s%s", code, stdout, stderr)
	}
}
