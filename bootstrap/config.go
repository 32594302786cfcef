package bootstrap

import (
	"log/slog"
	"time"
)

// Config is every setting, as the environment gives it. A setting is one
// field: its variable, its default, what it is for, and whether its value is
// hidden. The README's table is held against these tags by a test. A hidden
// setting can also be given as a file, by its name with _FILE added.
type Config struct {
	Database          Database      `env:"DATABASE_URL" envDefault:"sqlite:taskward.db" hidden:"true" about:"where tasks are kept: postgres://… or sqlite:PATH"`
	DirectDatabase    Database      `env:"DATABASE_DIRECT_URL" hidden:"true" about:"the same database without a transaction pooler between, for migrations; DATABASE_URL if not set"`
	PrepareStatements Switch        `env:"TASKWARD_DB_PREPARE" envDefault:"on" about:"prepared statements (on, off); off where DATABASE_URL is a transaction pooler"`
	Migrate           MigrateMode   `env:"TASKWARD_MIGRATE" envDefault:"auto" about:"at start, bring the schema up to date (auto) or refuse to start if it is not (check)"`
	Address           Address       `env:"TASKWARD_ADDR" envDefault:":8000" about:"host:port to listen on"`
	DrainDelay        time.Duration `env:"TASKWARD_DRAIN_DELAY" envDefault:"2s" about:"how long a stopping service goes on accepting requests while /readyz already answers 503"`
	CORSOrigins       List          `env:"TASKWARD_CORS_ORIGINS" envDefault:"http://localhost:3000" about:"origins of the front ends, comma-separated"`
	BetterAuthURL     WebURL        `env:"BETTER_AUTH_URL" about:"Better Auth's baseURL; alone it gives issuer, audience and JWKS URL"`
	Secret            string        `env:"BETTER_AUTH_SECRET" hidden:"true" about:"the secret shared with Better Auth, for HS256 tokens; at least 32 bytes"`
	Issuers           List          `env:"TASKWARD_ISSUERS" about:"accepted iss claims, comma-separated; from BETTER_AUTH_URL if not set"`
	Audiences         List          `env:"TASKWARD_AUDIENCES" about:"accepted aud claims, comma-separated; from BETTER_AUTH_URL if not set"`
	JWKSURL           WebURL        `env:"TASKWARD_JWKS_URL" about:"where the public keys are; from BETTER_AUTH_URL if not set"`
	InsecureJWKS      Switch        `env:"TASKWARD_JWKS_INSECURE" envDefault:"off" about:"fetch the public keys over plain http from another machine, too (on, off)"`
	MaxTitle          int           `env:"TASKWARD_MAX_TITLE" envDefault:"200" about:"longest title, in characters"`
	MaxDescription    int           `env:"TASKWARD_MAX_DESCRIPTION" envDefault:"1000" about:"longest description, in characters"`
	LogLevel          slog.Level    `env:"TASKWARD_LOG_LEVEL" envDefault:"info" about:"debug, info, warn or error"`
}

// defaultAddress is that of TASKWARD_ADDR.
const defaultAddress Address = ":8000"

// check gives the problems of values that are each well-formed but make no
// sense, whatever command they are for.
func (c Config) check() Problems {
	var problems Problems
	if c.MaxTitle < 1 {
		problems.add("TASKWARD_MAX_TITLE", "must be at least 1")
	}
	if c.MaxDescription < 1 {
		problems.add("TASKWARD_MAX_DESCRIPTION", "must be at least 1")
	}
	if c.DrainDelay < 0 || c.DrainDelay > maxDrainDelay {
		problems.add("TASKWARD_DRAIN_DELAY", "must be from 0s to "+maxDrainDelay.String())
	}
	if direct := c.DirectDatabase; direct.Engine != "" && direct.Engine != c.Database.Engine {
		problems.add("DATABASE_DIRECT_URL", "must name the same database as DATABASE_URL, so the same engine")
	}
	for _, origin := range c.CORSOrigins {
		if !isOrigin(origin) {
			problems.add("TASKWARD_CORS_ORIGINS", `has "`+origin+`", which is no origin like https://app.example.com (a wildcard would let any site act for a user)`)
		}
	}
	return problems
}
