package bootstrap

import (
	"context"

	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/ports"
)

// shipped are the adapters that serve where no other is in use. Only those
// are listed that the settings ask for.
func shipped(config Config) []Module {
	modules := []Module{
		module(0, openTasks),
		module(0, openWakeups),
		module(0, openVerifier),
	}
	if config.keepsTokens() {
		modules = append(modules, module(0, openRevocations))
	}
	if config.Revocation == application.RevokeSessions {
		modules = append(modules, module(0, openSessions))
	}
	if config.Users {
		modules = append(modules, module(0, openUsers))
	}
	if !config.RateLimit.limit().IsZero() {
		modules = append(modules, module(0, openRateLimiter))
	}
	if config.Audit != AuditNothing {
		modules = append(modules, module(0, openAuditLog))
	}
	return modules
}

func openTasks(ctx context.Context, parts parts) (ports.TaskRepository, error) {
	return parts.Store.open(ctx, parts)
}

// openWakeups gives those that reach other processes where there is a way to
// Postgres past poolers. Where there is none the others find changes when they
// look for them.
func openWakeups(_ context.Context, parts parts) (ports.Wakeups, error) {
	config, local := parts.Config, memory.NewWakeups()
	pooled := config.DirectDatabase.Engine == "" && !bool(config.PrepareStatements)
	if config.Database.Engine != Postgres || pooled {
		return local, nil
	}
	return postgres.OpenWakeups(config.direct().At, local, parts.Log) //nolint:contextcheck // they outlive what opens them
}

func openRevocations(ctx context.Context, parts parts) (ports.Revocations, error) {
	return parts.Store.open(ctx, parts)
}

func openSessions(_ context.Context, parts parts) (ports.SessionLookup, error) {
	return parts.Auth.sessions(parts.Config)
}

func openUsers(_ context.Context, parts parts) (ports.UserDirectory, error) {
	return betterauth.NewUsers(parts.Auth.db, parts.Auth.names), nil
}

func openRateLimiter(_ context.Context, parts parts) (ports.RateLimiter, error) {
	if parts.Config.RedisURL == "" {
		return memory.NewRateLimiter(), nil
	}
	return parts.Config.RedisURL.open()
}

func openVerifier(ctx context.Context, parts parts) (ports.TokenVerifier, error) {
	config := parts.Config
	table, err := parts.Auth.keys(config, parts.Log)
	if err != nil {
		return nil, err
	}
	options, problems := config.tokens(table)
	if err := problems.err(); err != nil {
		return nil, err
	}
	options.Log = parts.Log
	accepted, err := newBearers(config, options, parts.Auth)
	if err != nil {
		return nil, err
	}
	following, stop := context.WithCancel(context.WithoutCancel(ctx))
	if accepted.jwt != nil {
		accepted.jwt.Start()
	}
	if options.Secret != nil && len(config.SecretFiles) > 0 {
		go followSecrets(following, config, options.Secret.Secrets, parts.Log)
	}
	return &verifier{accepted, stop}, nil
}

// verifier is the shipped one as [module] wants an adapter: with a Ping and a
// Close.
type verifier struct {
	*bearers
	stop context.CancelFunc // ends what follows the files of secrets
}

// Ping tells whether there are keys to verify with.
func (v *verifier) Ping(context.Context) error {
	if v.jwt == nil {
		return nil
	}
	return v.jwt.Ready()
}

// Close ends the fetching of keys and the following of files. It never fails.
func (v *verifier) Close() error {
	v.stop()
	v.close()
	return nil
}
