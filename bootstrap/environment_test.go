package bootstrap_test

import (
	"encoding"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/bootstrap"
)

func TestReadConfigDefaults(t *testing.T) {
	config, problems := bootstrap.ReadConfig([]string{"PATH=/bin", "TASKWARD_ADDR=", "TASKWARD_PORT=tcp://10.0.0.1:8000", "TASKWARD_SERVICE_HOST=10.0.0.1"})
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	want := bootstrap.Config{
		Database:          bootstrap.Database{Engine: bootstrap.SQLite, At: "taskward.db"},
		PrepareStatements: true,
		RowSecurity:       postgres.RowSecurityOff,
		Queue:             1024,
		QueueTime:         2 * time.Second,
		Migrate:           bootstrap.MigrateAuto,
		Address:           ":8000",
		DrainDelay:        2 * time.Second,
		CORSOrigins:       bootstrap.List{"http://localhost:3000"},
		JWKSGrace:         30 * 24 * time.Hour,
		JWKSCooldown:      30 * time.Second,
		JWKSMaxStale:      24 * time.Hour,
		Leeway:            30 * time.Second,
		RequireIssuedAt:   true,
		Revocation:        application.RevokeNothing,
		SessionStaleness:  10 * time.Second,
		Replay:            application.ReplayAllowed,
		MaxTitle:          200,
		MaxDescription:    1000,
		ListShape:         httpapi.BareList,
		TrashRetention:    30 * 24 * time.Hour,
		EventsPoll:        5 * time.Second,
		EventStreams:      1000,
		UserEventStreams:  20,
		Connections:       10000,
		RateLimit:         "off",
		OTLPProtocol:      "http/protobuf",
		Audit:             bootstrap.AuditNothing,
		SecretFiles:       map[string]string{},
	}
	if diff := cmp.Diff(want, config); diff != "" {
		t.Errorf("settings of an empty environment (-want +got):\n%s", diff)
	}
}

func TestReadConfigValues(t *testing.T) {
	config, problems := bootstrap.ReadConfig([]string{
		"DATABASE_URL=postgres://u:p@pool:6432/app?sslmode=disable", "DATABASE_DIRECT_URL=postgres://u:p@db/app",
		"TASKWARD_DB_PREPARE=off", "TASKWARD_RLS=on", "TASKWARD_DB_POOL=5", "TASKWARD_DB_QUEUE=6", "TASKWARD_DB_WAIT=7s", "TASKWARD_MIGRATE=check", "TASKWARD_ADDR=127.0.0.1:80", "TASKWARD_ADMIN_ADDR=:81", "TASKWARD_DRAIN_DELAY=500ms",
		"TASKWARD_CORS_ORIGINS=https://a.example, http://b.example:81", "BETTER_AUTH_URL=https://a.example",
		"BETTER_AUTH_SECRET=s", "TASKWARD_ISSUERS=one,two", "TASKWARD_AUDIENCES=three", "TASKWARD_JWKS_URL=http://auth/jwks",
		"TASKWARD_JWKS_INSECURE=on", "TASKWARD_MAX_TITLE=10", "TASKWARD_MAX_DESCRIPTION=20", "TASKWARD_LOG_LEVEL=WARN",
		"BETTER_AUTH_SECRETS=2:new,1:old", "TASKWARD_JWKS_FILE=/keys.json", "TASKWARD_JWKS_TABLE=on", "TASKWARD_JWKS_GRACE=1h", "TASKWARD_JWKS_COOLDOWN=1s",
		"TASKWARD_JWKS_MAX_STALE=2h", "TASKWARD_LEEWAY=3s", "TASKWARD_REQUIRE_IAT=false", "TASKWARD_MAX_TOKEN_AGE=4h",
		"TASKWARD_COOKIE_TOKENS=on", "TASKWARD_SESSION_TOKENS=on", "TASKWARD_USERS=on", "TASKWARD_AUTH_DATABASE_URL=postgres://db/auth",
		"TASKWARD_AUTH_TABLES=snake_case", "TASKWARD_REVOCATION=jti", "TASKWARD_SESSION_STALENESS=5s", "TASKWARD_REPLAY=single-use",
		"TASKWARD_REQUIRE_IF_MATCH=on", "TASKWARD_LIST_SHAPE=items", "TASKWARD_IS_COMPLETED=on", "TASKWARD_ALIASES=/api/tasks,/api/v1/todos",
		"TASKWARD_PAGE=on", "TASKWARD_TRASH_RETENTION=1h", "TASKWARD_EVENTS_POLL=15s", "TASKWARD_EVENTS_STREAMS=30", "TASKWARD_EVENTS_USER_STREAMS=3", "TASKWARD_CONNECTIONS=4000",
		"TASKWARD_RATE_LIMIT=600/m burst 200", "TASKWARD_REDIS_URL=rediss://u:p@redis:6380/1",
		"OTEL_EXPORTER_OTLP_ENDPOINT=http://collector:4318", "OTEL_EXPORTER_OTLP_HEADERS=a=b", "OTEL_TRACES_SAMPLER=always_off",
		"TASKWARD_AUDIT=database",
		"TASKWARD_AUTH_10_ISSUERS=ten", "TASKWARD_AUTH_2_ISSUERS=two", "TASKWARD_AUTH_2_JWKS_FILE=/two.json",
	})
	if len(problems) != 0 {
		t.Fatal(problems)
	}
	want := bootstrap.Config{
		Database:       bootstrap.Database{Engine: bootstrap.Postgres, At: "postgres://u:p@pool:6432/app?sslmode=disable"},
		DirectDatabase: bootstrap.Database{Engine: bootstrap.Postgres, At: "postgres://u:p@db/app"},
		RowSecurity:    postgres.RowSecurityOn, Pool: 5, Queue: 6, QueueTime: 7 * time.Second,
		Migrate: bootstrap.MigrateCheck, Address: "127.0.0.1:80", AdminAddress: ":81", DrainDelay: 500 * time.Millisecond,
		CORSOrigins:   bootstrap.List{"https://a.example", "http://b.example:81"},
		BetterAuthURL: "https://a.example", Secret: "s", Issuers: bootstrap.List{"one", "two"}, Audiences: bootstrap.List{"three"},
		JWKSURL: "http://auth/jwks", InsecureJWKS: true, MaxTitle: 10, MaxDescription: 20, LogLevel: 4,
		Secrets: "2:new,1:old", JWKSFile: "/keys.json", JWKSTable: true, JWKSGrace: time.Hour, JWKSCooldown: time.Second, JWKSMaxStale: 2 * time.Hour,
		Leeway: 3 * time.Second, MaxTokenAge: 4 * time.Hour, CookieTokens: true, SessionTokens: true, Users: true,
		AuthDatabase: bootstrap.Database{Engine: bootstrap.Postgres, At: "postgres://db/auth"}, AuthTables: "snake_case",
		Revocation: application.RevokeTokens, SessionStaleness: 5 * time.Second, Replay: application.SingleUse,
		RequireIfMatch: true, ListShape: httpapi.ItemsList, IsCompleted: true, Aliases: bootstrap.List{"/api/tasks", "/api/v1/todos"},
		Page: true, TrashRetention: time.Hour, EventsPoll: 15 * time.Second, EventStreams: 30, UserEventStreams: 3, Connections: 4000,
		RateLimit: "600/m burst 200", RedisURL: "rediss://u:p@redis:6380/1",
		OTLPEndpoint: "http://collector:4318", OTLPHeaders: "a=b", OTLPProtocol: "http/protobuf",
		Audit: bootstrap.AuditDatabase,
		Others: []bootstrap.AuthServer{
			{Prefix: "TASKWARD_AUTH_2_", Issuers: bootstrap.List{"two"}, JWKSFile: "/two.json"},
			{Prefix: "TASKWARD_AUTH_10_", Issuers: bootstrap.List{"ten"}},
		},
		SecretFiles: map[string]string{},
	}
	if diff := cmp.Diff(want, config); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestReadConfigFiles(t *testing.T) {
	directory := t.TempDir()
	secret, empty := filepath.Join(directory, "secret"), filepath.Join(directory, "empty")
	for file, content := range map[string]string{secret: "from a file\n", empty: "\n"} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	config, problems := bootstrap.ReadConfig([]string{"BETTER_AUTH_SECRET_FILE=" + secret})
	if len(problems) != 0 || config.Secret != "from a file" {
		t.Errorf("the secret is %q, problems %v", config.Secret, problems)
	}
	for _, environ := range [][]string{
		{"BETTER_AUTH_SECRET_FILE=" + secret, "BETTER_AUTH_SECRET=x"},
		{"BETTER_AUTH_SECRET_FILE=" + empty},
		{"BETTER_AUTH_SECRET_FILE=" + filepath.Join(directory, "missing")},
	} {
		if _, problems := bootstrap.ReadConfig(environ); len(problems) != 1 || problems[0].Setting != "BETTER_AUTH_SECRET_FILE" {
			t.Errorf("%v gave problems %v", environ, problems)
		}
	}
}

// TestReadConfigProblems sets everything wrong at once: each problem is
// named, by its variable, and no value that may be secret is repeated.
func TestReadConfigProblems(t *testing.T) {
	wrong := map[string]string{
		"DATABASE_URL":                "mysql://root:hunter2@db/app",
		"DATABASE_DIRECT_URL":         "postgres://root:hunter2%zz@db/app",
		"TASKWARD_DB_PREPARE":         "maybe",
		"TASKWARD_RLS":                "maybe",
		"TASKWARD_DB_POOL":            "-1",
		"TASKWARD_DB_QUEUE":           "0",
		"TASKWARD_DB_WAIT":            "0s",
		"TASKWARD_MIGRATE":            "later",
		"TASKWARD_ADDR":               "localhost",
		"TASKWARD_ADMIN_ADDR":         "here",
		"TASKWARD_DRAIN_DELAY":        "soon",
		"TASKWARD_CORS_ORIGINS":       "*",
		"BETTER_AUTH_URL":             "app.example.com",
		"TASKWARD_ISSUERS":            "a,,b",
		"TASKWARD_AUDIENCES":          ",",
		"TASKWARD_JWKS_URL":           "ftp://auth/jwks",
		"TASKWARD_JWKS_INSECURE":      "2",
		"TASKWARD_MAX_TITLE":          "many",
		"TASKWARD_MAX_DESCRIPTION":    "0",
		"TASKWARD_LOG_LEVEL":          "loud",
		"TASKWARD_ADRR":               ":80",
		"TASKWARD_AUTH_1_ISSUER":      "a",
		"TASKWARD_AUTH_1_JWKS_URL":    "ftp://auth/jwks",
		"TASKWARD_AUTH_0_ISSUERS":     "a",
		"TASKWARD_REVOCATION":         "maybe",
		"TASKWARD_REPLAY":             "never",
		"TASKWARD_LEEWAY":             "0s",
		"TASKWARD_JWKS_GRACE":         "0s",
		"TASKWARD_JWKS_COOLDOWN":      "-1s",
		"TASKWARD_JWKS_MAX_STALE":     "x",
		"TASKWARD_MAX_TOKEN_AGE":      "-1h",
		"TASKWARD_CONNECTIONS":        "all",
		"TASKWARD_RATE_LIMIT":         "100",
		"OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4317",
		"OTEL_EXPORTER_OTLP_HEADERS":  "hunter2",
		"TASKWARD_REDIS_URL":          "http://:hunter2@redis",
		"TASKWARD_AUDIT":              "on",
		"TASKWARD_PAGE":               "perhaps",
	}
	var environ []string
	for name, value := range wrong {
		environ = append(environ, name+"="+value)
	}
	_, problems := bootstrap.ReadConfig(environ)
	told := map[string]string{}
	for _, problem := range problems {
		told[problem.Setting] += problem.Detail
	}
	for name := range wrong {
		if told[name] == "" {
			t.Errorf("nothing is said about %s", name)
		}
		delete(told, name)
	}
	if len(told) != 0 {
		t.Errorf("problems with what was not set: %v", told)
	}
	text := problems.Error()
	if strings.Contains(text, "hunter2") {
		t.Errorf("the password is in the error: %s", text)
	}
	if want := "TASKWARD_ADRR is not a setting; did you mean TASKWARD_ADDR?"; !strings.Contains(text, want) {
		t.Errorf("%q is not in the error:\n%s", want, text)
	}
	t.Log(text)
}

func TestReadConfigBounds(t *testing.T) {
	for _, variable := range []string{
		"TASKWARD_ADDR=:65536", "TASKWARD_ADDR=:-1", "TASKWARD_ADDR=:http", "TASKWARD_ADDR=127.0.0.1",
		"TASKWARD_DRAIN_DELAY=-1s", "TASKWARD_DRAIN_DELAY=2m", "TASKWARD_MAX_TITLE=-5", "TASKWARD_MAX_TITLE=1001", "TASKWARD_MAX_DESCRIPTION=0", "TASKWARD_MAX_DESCRIPTION=5001", "TASKWARD_MAX_TITLE=99999999999999999999",
		"TASKWARD_CORS_ORIGINS=https://a.example/", "TASKWARD_CORS_ORIGINS=https://*.example", "TASKWARD_CORS_ORIGINS=null",
		"TASKWARD_RLS=on", "TASKWARD_RLS=citus", "TASKWARD_AUDIT=database", "TASKWARD_DB_POOL=-1", "TASKWARD_DB_QUEUE=0", "TASKWARD_DB_WAIT=-1s", // the engine is SQLite
		"DATABASE_URL=sqlite:", "DATABASE_URL=postgres://db", "DATABASE_URL=taskward.db", "DATABASE_DIRECT_URL=postgres://db/app",
		"BETTER_AUTH_URL=https://u:p@a.example", "BETTER_AUTH_URL=https://a.example?x=1", "BETTER_AUTH_URL=https://",
		"TASKWARD_JWKS_MAX_STALE=4m59s", "TASKWARD_JWKS_COOLDOWN=25h",
		"TASKWARD_LIST_SHAPE=object", "TASKWARD_ALIASES=/api/me", "TASKWARD_ALIASES=tasks", "TASKWARD_ALIASES=/api/:user_id", "TASKWARD_ALIASES=/",
		"TASKWARD_PAGE=on", // and there is no BETTER_AUTH_URL
		"TASKWARD_TRASH_RETENTION=0s", "TASKWARD_EVENTS_POLL=0s", "TASKWARD_EVENTS_POLL=16s", "TASKWARD_EVENTS_STREAMS=0", "TASKWARD_EVENTS_USER_STREAMS=0", "TASKWARD_CONNECTIONS=0",
		"TASKWARD_RATE_LIMIT=0/s", "TASKWARD_RATE_LIMIT=10001/s", "TASKWARD_RATE_LIMIT=on", "TASKWARD_RATE_LIMIT=1/s burst 0", "TASKWARD_REDIS_URL=redis://redis",
		"OTEL_EXPORTER_OTLP_HEADERS=a", "OTEL_EXPORTER_OTLP_ENDPOINT=http://u:p@collector:4318",
	} {
		if _, problems := bootstrap.ReadConfig([]string{variable}); len(problems) == 0 {
			t.Errorf("%s is taken", variable)
		}
	}
}

func FuzzReadConfig(f *testing.F) {
	f.Add("DATABASE_URL", "postgres://u:p@h/db")
	f.Add("TASKWARD_ADDR", ":8000")
	f.Add("TASKWARD_CORS_ORIGINS", "https://a.example,http://b.example")
	f.Add("TASKWARD_LOG_LEVEL", "INFO+3")
	f.Add("TASKWARD_X", "1")
	f.Fuzz(func(_ *testing.T, name, value string) {
		config, problems := bootstrap.ReadConfig([]string{name + "=" + value})
		_, _ = config.Database.String(), problems.Error()
	})
}

// FuzzDatabase: the name of a database that is shown has no password, and what
// is wrong with a value is said without repeating it.
func FuzzDatabase(f *testing.F) {
	for _, seed := range []string{
		"postgres://u:a-password@h/db", "postgresql://h:5432/db?password=a-password", "postgres://u:p%zz@h/db", "sqlite:a.db", "sqlite:", "sqlite:a\x00b",
		"postgres://a-password@h/db", "postgres:///db", "postgres://u:p@h/", "postgres://u:p@h/db#a-password", "mysql://u:p@h/db", "",
	} {
		f.Add(seed, "a-password")
	}
	f.Fuzz(func(t *testing.T, value, password string) {
		var database bootstrap.Database
		if err := database.UnmarshalText([]byte(value)); err != nil {
			if len(value) > 20 && strings.Contains(err.Error(), value) {
				t.Errorf("%q is repeated: %v", value, err)
			}
			return
		}
		if parsed, err := url.Parse(value); database.Engine == bootstrap.Postgres && err == nil && parsed.User != nil {
			secret, _ := parsed.User.Password()
			if len(secret) > 8 && strings.Contains(database.String(), secret) && !strings.Contains(parsed.Host+parsed.Path, secret) {
				t.Errorf("%q is shown as %q", value, database)
			}
		}
		// As a password it is one, whatever else it looks like.
		address := url.URL{Scheme: "postgres", User: url.UserPassword("u", password), Host: "h", Path: "/db"}
		if err := database.UnmarshalText([]byte(address.String())); err != nil || database.String() != "postgres://h/db" {
			t.Errorf("password %q: shown as %q, error %v", password, database, err)
		}
	})
}

// FuzzValues: what a setting takes is safe to use and to show, and what it does
// not take is told in one line.
func FuzzValues(f *testing.F) {
	for _, seed := range []string{":8000", "[::1]:80", "a,b", ",", "https://a.example", "http://u@a", "on", "auto", "127.0.0.1:65536", "localhost:080", "http://[::1", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var (
			address bootstrap.Address
			list    bootstrap.List
			web     bootstrap.WebURL
			turned  bootstrap.Switch
			mode    bootstrap.MigrateMode
			audit   bootstrap.AuditMode
		)
		for _, value := range []encoding.TextUnmarshaler{&address, &list, &web, &turned, &mode, &audit} {
			if err := value.UnmarshalText([]byte(text)); err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("%T of %q: %v", value, text, err)
			}
		}
		if host, port, err := net.SplitHostPort(string(address)); address != "" && (err != nil || port == "") {
			t.Errorf("address %q of %q: %q, %q, %v", address, text, host, port, err)
		}
		if slices.Contains(list, "") {
			t.Errorf("%q gave %q", text, list)
		}
		if web != "" {
			if parsed, err := url.Parse(string(web)); err != nil || parsed.User != nil || parsed.Host == "" {
				t.Errorf("%q was taken for a URL, error %v", web, err)
			}
		}
	})
}
