package bootstrap

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"time"

	"go.opentelemetry.io/otel/trace"
	"go.uber.org/fx"
	"go.uber.org/fx/fxevent"

	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/adapters/metrics"
	"github.com/taskward/taskward/adapters/telemetry"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// stopSlack is what stopping may take beyond the drain and the last request.
const stopSlack = 5 * time.Second

// App is a wired service. [New] makes one, Run runs it.
type App struct {
	fx       *fx.App
	tasks    *application.Tasks
	listener net.Listener
	failure  chan error
}

// New wires the service that config describes, with the given modules in
// place of shipped ones. It opens the adapters, brings the schema up to date
// and takes the address, but does not answer yet. ctx bounds the opening.
func New(ctx context.Context, config Config, log *slog.Logger, use ...Module) (*App, error) {
	app := &App{failure: make(chan error, 2)} // for each server
	wiring, err := wire(ctx, config, log, use)
	if err != nil {
		return nil, err
	}
	app.fx = fx.New(wiring, fx.Populate(&app.tasks), fx.Invoke(watch, app.serveAdmin, app.serve))
	return app, wiringCause(app.fx.Err())
}

// wire says how everything is made; what is asked for then gets made.
func wire(ctx context.Context, config Config, log *slog.Logger, use []Module) (fx.Option, error) {
	modules, err := choose(shipped(config), use)
	if err != nil {
		return nil, err
	}
	return fx.Options(
		fx.Supply(config, log, fx.Annotate(ctx, fx.As(new(context.Context)))),
		modules,
		fx.Provide(newShippedStore, newAuthTables, newAudit, newTasks, newSessions, application.NewUsers, newRateLimits, newMetrics, newExporter, newTracers, newAPI, httpapi.NewServer, newAdmin),
		fx.RecoverFromPanics(),
		fx.WithLogger(quiet),
		fx.StopTimeout(config.StopTimeout()),
	), nil
}

// Address is what the service listens on.
func (a *App) Address() net.Addr { return a.listener.Addr() }

// Run answers until ctx ends, and then drains. It returns an error if the
// service could not start, failed, or could not end all requests in time.
func (a *App) Run(ctx context.Context) error {
	// A service that is told to stop while it starts drains like any other.
	starting, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.fx.StartTimeout())
	defer cancel()
	if err := a.fx.Start(starting); err != nil {
		return wiringCause(err)
	}
	var failure error
	select {
	case <-ctx.Done():
	case failure = <-a.failure:
	}
	stopping, cancelStop := context.WithTimeout(context.WithoutCancel(ctx), a.fx.StopTimeout())
	defer cancelStop()
	return errors.Join(failure, a.fx.Stop(stopping))
}

// serve takes the address and has the server begin and end with the service.
func (a *App) serve(ctx context.Context, config Config, log *slog.Logger, server *httpapi.Server, lifecycle fx.Lifecycle) error {
	var err error
	a.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", string(config.Address))
	if err != nil {
		return addressFault("TASKWARD_ADDR", err)
	}
	lifecycle.Append(fx.Hook{
		OnStart: func(ctx context.Context) error {
			log.InfoContext(ctx, "listening", "address", a.Address().String())
			go func() { a.failure <- server.Serve(a.listener) }()
			return nil
		},
		OnStop: func(ctx context.Context) error {
			log.InfoContext(ctx, "draining", "delay", config.DrainDelay.String())
			defer log.InfoContext(ctx, "stopped")
			return server.Shutdown(ctx)
		},
	})
	return nil
}

func newTasks(config Config, repository ports.TaskRepository, wakeups ports.Wakeups, audit *application.Audit) *application.Tasks {
	return application.NewTasks(repository, wakeups, time.Now, application.TasksOptions{
		Limits:         domain.Limits{Title: config.MaxTitle, Description: config.MaxDescription},
		TrashRetention: config.TrashRetention,
		Poll:           config.EventsPoll,
		Audit:          audit,
	})
}

func newAuthTables(config Config, tracers trace.TracerProvider, lifecycle fx.Lifecycle) (*authTables, error) {
	tables, err := openAuthTables(config, tracers)
	if err == nil {
		lifecycle.Append(fx.StopHook(tables.Close))
	}
	return tables, err
}

func newSessions(config Config, verifier ports.TokenVerifier, revocations ports.Revocations, lookup ports.SessionLookup, audit *application.Audit, tracers trace.TracerProvider) (*application.Sessions, error) {
	if tracers != nil {
		verifier = telemetry.NewVerifier(verifier, tracers)
	}
	return application.NewSessions(verifier, time.Now, application.SessionsOptions{
		Revocation: config.Revocation, Replay: config.Replay, Revocations: revocations, Lookup: lookup, Audit: audit,
	})
}

// newRateLimits gives none where the setting is off.
func newRateLimits(config Config, limiter ports.RateLimiter, log *slog.Logger) *application.RateLimits {
	if limiter == nil {
		return nil
	}
	return application.NewRateLimits(config.RateLimit.limit(), limiter, memory.NewRateLimiter(), time.Now, log)
}

// apiNeeds is what the HTTP API is made of.
type apiNeeds struct {
	fx.In
	Config   Config
	Log      *slog.Logger
	Tasks    *application.Tasks
	Sessions *application.Sessions
	Users    *application.Users
	Limits   *application.RateLimits // nil: none
	Audit    *application.Audit      // nil: none
	Verifier ports.TokenVerifier     // which may be an issuer as well
	Metrics  *metrics.Metrics        // nil: none
	Tracers  trace.TracerProvider    // nil: none
	Checks   []httpapi.Check         `group:"readiness"`
}

func newAPI(needs apiNeeds) (*httpapi.API, error) {
	options := httpapi.Options{
		CORSOrigins:    needs.Config.CORSOrigins,
		RequireIfMatch: bool(needs.Config.RequireIfMatch),
		Variants: httpapi.Variants{
			List: needs.Config.ListShape, IsCompleted: bool(needs.Config.IsCompleted), Aliases: needs.Config.Aliases,
		},
		Streams:     needs.Config.EventStreams,
		UserStreams: needs.Config.UserEventStreams,
		Connections: needs.Config.Connections,
		RateLimits:  needs.Limits,
		Audit:       needs.Audit,
		DrainDelay:  needs.Config.DrainDelay,
		Watch:       counting(needs.Metrics),
		Tracers:     needs.Tracers,
		Logger:      needs.Log,
	}
	if issuer, ok := needs.Verifier.(ports.KeySource); ok { // it verifies what it mints itself
		options.KeySet = issuer.KeySet
	}
	if needs.Config.Page {
		page, err := newPage(needs.Config, needs.Verifier)
		if err != nil {
			return nil, err
		}
		options.Page = page
	}
	return httpapi.New(needs.Tasks, needs.Sessions, needs.Users, needs.Checks, options)
}

// quiet has fx tell its events at debug level only: errors are returned.
func quiet(log *slog.Logger) fxevent.Logger {
	events := &fxevent.SlogLogger{Logger: log}
	events.UseLogLevel(slog.LevelDebug)
	events.UseErrorLevel(slog.LevelDebug)
	return events
}
