package bootstrap

import (
	"io"
	"log/slog"
	"strconv"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/application"
)

// Config is every setting, as the environment gives it. A setting is one
// field: its variable, its default, what it is for, and whether its value is
// hidden. The README's table is held against these tags by a test. A hidden
// setting can also be given as a file, by its name with _FILE added.
type Config struct {
	Database          Database                   `env:"DATABASE_URL" envDefault:"sqlite:taskward.db" hidden:"true" about:"where tasks are kept: postgres://… or sqlite:PATH"`
	DirectDatabase    Database                   `env:"DATABASE_DIRECT_URL" hidden:"true" about:"the same database without a transaction pooler between, for migrations and notifications; DATABASE_URL if not set"`
	PrepareStatements Switch                     `env:"TASKWARD_DB_PREPARE" envDefault:"on" about:"prepared statements (on, off); off where DATABASE_URL is a transaction pooler"`
	RowSecurity       postgres.RowSecurity       `env:"TASKWARD_RLS" envDefault:"off" about:"have PostgreSQL itself keep users apart as well, by row-level security (on, off; citus on a Citus cluster)"`
	Pool              int                        `env:"TASKWARD_DB_POOL" about:"connections to PostgreSQL at a time; 4 for each processor if not set"`
	Queue             int                        `env:"TASKWARD_DB_QUEUE" envDefault:"1024" about:"how many calls may wait for a connection; others are answered 503"`
	QueueTime         time.Duration              `env:"TASKWARD_DB_WAIT" envDefault:"2s" about:"how long a call waits for a connection before it is answered 503"`
	Migrate           MigrateMode                `env:"TASKWARD_MIGRATE" envDefault:"auto" about:"at start, bring the schema up to date (auto) or refuse to start if it is not (check)"`
	Address           Address                    `env:"TASKWARD_ADDR" envDefault:":8000" about:"host:port to listen on"`
	AdminAddress      Address                    `env:"TASKWARD_ADMIN_ADDR" about:"host:port where operators find /metrics and /debug/pprof/, without authentication; :PORT is on this machine alone; none if not set"`
	DrainDelay        time.Duration              `env:"TASKWARD_DRAIN_DELAY" envDefault:"2s" about:"how long a stopping service goes on accepting requests while /readyz already answers 503"`
	CORSOrigins       List                       `env:"TASKWARD_CORS_ORIGINS" envDefault:"http://localhost:3000" about:"origins of the front ends, comma-separated"`
	BetterAuthURL     WebURL                     `env:"BETTER_AUTH_URL" about:"Better Auth's baseURL; alone it gives issuer, audience and JWKS URL"`
	Secret            string                     `env:"BETTER_AUTH_SECRET" hidden:"true" about:"the secret shared with Better Auth, for HS256 tokens; at least 32 bytes"`
	Secrets           string                     `env:"BETTER_AUTH_SECRETS" hidden:"true" about:"several, as Better Auth takes them while one replaces another: 2:NEW,1:OLD, the current one first"`
	Issuers           List                       `env:"TASKWARD_ISSUERS" about:"accepted iss claims, comma-separated; from BETTER_AUTH_URL if not set"`
	Audiences         List                       `env:"TASKWARD_AUDIENCES" about:"accepted aud claims, comma-separated; from BETTER_AUTH_URL if not set"`
	JWKSURL           WebURL                     `env:"TASKWARD_JWKS_URL" about:"where the public keys are; from BETTER_AUTH_URL if not set"`
	JWKSFile          string                     `env:"TASKWARD_JWKS_FILE" about:"a file with the public keys as a JWK set, instead of a URL"`
	JWKSTable         Switch                     `env:"TASKWARD_JWKS_TABLE" envDefault:"off" about:"read the public keys from Better Auth's table jwks, instead of a URL (on, off)"`
	JWKSGrace         time.Duration              `env:"TASKWARD_JWKS_GRACE" envDefault:"720h" about:"how long after its expiry a key in that table still counts: jwks.gracePeriod of Better Auth"`
	InsecureJWKS      Switch                     `env:"TASKWARD_JWKS_INSECURE" envDefault:"off" about:"fetch the public keys over plain http from another machine, too (on, off)"`
	JWKSCooldown      time.Duration              `env:"TASKWARD_JWKS_COOLDOWN" envDefault:"30s" about:"least time between two fetches of the public keys that unknown keys ask for"`
	JWKSMaxStale      time.Duration              `env:"TASKWARD_JWKS_MAX_STALE" envDefault:"24h" about:"how long the last public keys are used while no newer ones can be had"`
	Leeway            time.Duration              `env:"TASKWARD_LEEWAY" envDefault:"30s" about:"how far ahead of our clock a token's iat and nbf may be"`
	RequireIssuedAt   Switch                     `env:"TASKWARD_REQUIRE_IAT" envDefault:"on" about:"refuse tokens without iat (on, off)"`
	MaxTokenAge       time.Duration              `env:"TASKWARD_MAX_TOKEN_AGE" about:"longest life, from iat to exp, that a token may have; any if not set"`
	CookieTokens      Switch                     `env:"TASKWARD_COOKIE_TOKENS" envDefault:"off" about:"accept the JWT of Better Auth's session cookie, sent as a bearer token (on, off)"`
	SessionTokens     Switch                     `env:"TASKWARD_SESSION_TOKENS" envDefault:"off" about:"accept Better Auth's opaque session tokens, looked up in its table session (on, off)"`
	Users             Switch                     `env:"TASKWARD_USERS" envDefault:"off" about:"answer /api/me from Better Auth's table user instead of from the token (on, off)"`
	AuthDatabase      Database                   `env:"TASKWARD_AUTH_DATABASE_URL" hidden:"true" about:"the Postgres with Better Auth's tables; DATABASE_URL if not set"`
	AuthTables        string                     `env:"TASKWARD_AUTH_TABLES" about:"names of Better Auth's tables and columns where they differ: user=auth.users,snake_case"`
	Revocation        application.RevocationMode `env:"TASKWARD_REVOCATION" envDefault:"off" about:"end tokens before they expire: by their jti, on request (jti), or with their session at Better Auth, by sid (session)"`
	SessionStaleness  time.Duration              `env:"TASKWARD_SESSION_STALENESS" envDefault:"10s" about:"how long after a sign-out at Better Auth TASKWARD_REVOCATION=session may still accept its tokens"`
	Replay            application.ReplayMode     `env:"TASKWARD_REPLAY" envDefault:"allowed" about:"accept a token as often as it is sent (allowed) or once (single-use)"`
	MaxTitle          int                        `env:"TASKWARD_MAX_TITLE" envDefault:"200" about:"longest title, in characters; up to 1000"`
	MaxDescription    int                        `env:"TASKWARD_MAX_DESCRIPTION" envDefault:"1000" about:"longest description, in characters; up to 5000"`
	RequireIfMatch    Switch                     `env:"TASKWARD_REQUIRE_IF_MATCH" envDefault:"off" about:"refuse to change a task for a client that does not send If-Match (on, off)"`
	ListShape         httpapi.ListShape          `env:"TASKWARD_LIST_SHAPE" envDefault:"array" about:"answer lists as array, as tasks ({tasks,total,count}) or as items ({items,total,limit,offset})"`
	IsCompleted       Switch                     `env:"TASKWARD_IS_COMPLETED" envDefault:"off" about:"have is_completed beside completed in tasks, and take either (on, off)"`
	Aliases           List                       `env:"TASKWARD_ALIASES" about:"further paths of the tasks of whoever asks, comma-separated: /api/tasks,/api/v1/tasks,/api/todos"`
	Page              Switch                     `env:"TASKWARD_PAGE" envDefault:"off" about:"serve a page for tasks at /, where people sign in at BETTER_AUTH_URL (on, off)"`
	TrashRetention    time.Duration              `env:"TASKWARD_TRASH_RETENTION" envDefault:"720h" about:"how long deleted tasks can be restored, and those who follow changes learn of it"`
	EventsPoll        time.Duration              `env:"TASKWARD_EVENTS_POLL" envDefault:"5s" about:"how often streams of events look for changes that nobody told them of; up to 15s"`
	EventStreams      int                        `env:"TASKWARD_EVENTS_STREAMS" envDefault:"1000" about:"streams of events at a time"`
	UserEventStreams  int                        `env:"TASKWARD_EVENTS_USER_STREAMS" envDefault:"20" about:"streams of events that one user may have at a time"`
	Connections       int                        `env:"TASKWARD_CONNECTIONS" envDefault:"10000" about:"connections at a time; further ones wait until one ends"`
	RateLimit         RateLimit                  `env:"TASKWARD_RATE_LIMIT" envDefault:"off" about:"how often one user may ask, like 100/s, 600/m or 20/h, and at once: 600/m burst 200; off where something in front limits already"`
	RedisURL          RedisURL                   `env:"TASKWARD_REDIS_URL" hidden:"true" about:"redis:// or rediss:// URL of a Redis or Valkey in which all replicas count together; each counts for itself if not set"`
	OTLPEndpoint      WebURL                     `env:"OTEL_EXPORTER_OTLP_ENDPOINT" about:"URL of an OpenTelemetry collector, like http://collector:4318, that gets traces and metrics; none if not set"`
	OTLPHeaders       OTLPHeaders                `env:"OTEL_EXPORTER_OTLP_HEADERS" hidden:"true" about:"headers for the collector: name=value, comma-separated, values percent-encoded"`
	OTLPProtocol      string                     `env:"OTEL_EXPORTER_OTLP_PROTOCOL" envDefault:"http/protobuf" about:"how the collector is spoken to; there is no other way than http/protobuf"`
	Audit             AuditMode                  `env:"TASKWARD_AUDIT" envDefault:"off" about:"write down who changed which tasks and who was refused: as lines of JSON on standard output (log), or in a table of the Postgres in DATABASE_URL (database)"`
	LogLevel          slog.Level                 `env:"TASKWARD_LOG_LEVEL" envDefault:"info" about:"debug, info, warn or error"`

	Others      []AuthServer      `env:"-"` // TASKWARD_AUTH_1_…, TASKWARD_AUTH_2_… and so on
	SecretFiles map[string]string `env:"-"` // which hidden settings came from which files
	Output      io.Writer         `env:"-"` // what TASKWARD_AUDIT=log writes to
}

// AuthServer is a further auth server: one whose tokens are accepted beside
// those of the one that the other settings describe.
type AuthServer struct {
	Prefix    string `env:"-"` // of its variables
	Issuers   List   `env:"ISSUERS" about:"its iss claims, comma-separated; no other auth server may have one of them"`
	Audiences List   `env:"AUDIENCES" about:"accepted aud claims of its tokens, comma-separated"`
	JWKSURL   WebURL `env:"JWKS_URL" about:"where its public keys are"`
	JWKSFile  string `env:"JWKS_FILE" about:"a file with its public keys, instead of a URL"`
}

// defaultAddress is that of TASKWARD_ADDR.
const defaultAddress Address = ":8000"

// The cursor of a list by title has the title in it, and has to fit into a URL;
// a description has to fit into a body of 64 KiB, whatever it consists of.
const (
	longestTitle       = 1000
	longestDescription = 5000
)

// maxEventsPoll lets streams of events send something every 15 s, as they do
// when they look and find nothing.
const maxEventsPoll = 15 * time.Second

// StopTimeout is how long stopping takes at most: the drain, the last request
// and what else there is to end. Who supervises the service has to wait longer
// before it kills.
func (c Config) StopTimeout() time.Duration {
	return c.DrainDelay + httpapi.DefaultDeadline + stopSlack
}

// direct is the database without a pooler between, as far as we know.
func (c Config) direct() Database {
	if c.DirectDatabase.Engine != "" {
		return c.DirectDatabase
	}
	return c.Database
}

// directSetting names the setting that direct comes from.
func (c Config) directSetting() string {
	if c.DirectDatabase.Engine != "" {
		return "DATABASE_DIRECT_URL"
	}
	return "DATABASE_URL"
}

// check gives the problems of values that are each well-formed but make no
// sense, whatever command they are for.
func (c Config) check() Problems {
	var problems Problems
	for name, number := range map[string]int{
		"TASKWARD_MAX_TITLE": c.MaxTitle, "TASKWARD_MAX_DESCRIPTION": c.MaxDescription,
		"TASKWARD_EVENTS_STREAMS": c.EventStreams, "TASKWARD_EVENTS_USER_STREAMS": c.UserEventStreams,
		"TASKWARD_DB_QUEUE": c.Queue, "TASKWARD_CONNECTIONS": c.Connections,
	} {
		if number < 1 {
			problems.add(name, "must be at least 1")
		}
	}
	if c.MaxTitle > longestTitle {
		problems.add("TASKWARD_MAX_TITLE", "must be at most "+strconv.Itoa(longestTitle))
	}
	if c.MaxDescription > longestDescription {
		problems.add("TASKWARD_MAX_DESCRIPTION", "must be at most "+strconv.Itoa(longestDescription))
	}
	if c.DrainDelay < 0 || c.DrainDelay > maxDrainDelay {
		problems.add("TASKWARD_DRAIN_DELAY", "must be from 0s to "+maxDrainDelay.String())
	}
	for name, duration := range map[string]time.Duration{
		"TASKWARD_JWKS_COOLDOWN": c.JWKSCooldown, "TASKWARD_JWKS_MAX_STALE": c.JWKSMaxStale,
		"TASKWARD_LEEWAY": c.Leeway, "TASKWARD_JWKS_GRACE": c.JWKSGrace, "TASKWARD_SESSION_STALENESS": c.SessionStaleness,
		"TASKWARD_TRASH_RETENTION": c.TrashRetention, "TASKWARD_DB_WAIT": c.QueueTime,
	} {
		if duration <= 0 {
			problems.add(name, "must be more than 0s")
		}
	}
	if least := max(jwtauth.DefaultRefresh, c.JWKSCooldown); c.JWKSMaxStale > 0 && c.JWKSMaxStale < least {
		problems.add("TASKWARD_JWKS_MAX_STALE", "must be at least "+least.String()+", the time between two fetches of the public keys")
	}
	if c.EventsPoll <= 0 || c.EventsPoll > maxEventsPoll {
		problems.add("TASKWARD_EVENTS_POLL", "must be more than 0s and at most "+maxEventsPoll.String())
	}
	if c.Pool < 0 {
		problems.add("TASKWARD_DB_POOL", "must not be negative")
	}
	if c.RowSecurity != postgres.RowSecurityOff && c.Database.Engine != Postgres {
		problems.add("TASKWARD_RLS", "needs PostgreSQL in DATABASE_URL")
	}
	if c.Audit == AuditDatabase && c.Database.Engine != Postgres {
		problems.add("TASKWARD_AUDIT", "is database, which needs PostgreSQL in DATABASE_URL; with another database it can be log")
	}
	if bool(c.Page) && c.BetterAuthURL == "" {
		problems.add("TASKWARD_PAGE", "needs BETTER_AUTH_URL: that is where people sign in")
	}
	if c.MaxTokenAge < 0 {
		problems.add("TASKWARD_MAX_TOKEN_AGE", "must not be negative")
	}
	if c.OTLPEndpoint != "" && c.OTLPProtocol != otlpProtocol {
		problems.add("OTEL_EXPORTER_OTLP_PROTOCOL", "must be "+otlpProtocol+": nothing else is spoken here")
	}
	if c.RedisURL != "" && c.RateLimit.limit().IsZero() {
		problems.add("TASKWARD_REDIS_URL", "needs TASKWARD_RATE_LIMIT: nothing else is kept there")
	}
	if direct := c.DirectDatabase; direct.Engine != "" && direct.Engine != c.Database.Engine {
		problems.add("DATABASE_DIRECT_URL", "must name the same database as DATABASE_URL, so the same engine")
	}
	for _, alias := range c.Aliases {
		if err := httpapi.CheckAlias(alias); err != nil {
			problems.add("TASKWARD_ALIASES", err.Error())
		}
	}
	for _, origin := range c.CORSOrigins {
		if !isOrigin(origin) {
			problems.add("TASKWARD_CORS_ORIGINS", `has "`+origin+`", which is no origin like https://app.example.com (a wildcard would let any site act for a user)`)
		}
	}
	return problems
}
