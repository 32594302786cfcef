// Package httpapi offers the use cases over HTTP: JSON in and out (RFC 8259),
// bearer tokens (RFC 6750) and problem details for every error (RFC 9457).
// [API] is an http.Handler; [Server] puts it on a listener, with a time-out
// for everything a client can be slow at, and drains it.
//
// openapi.yaml describes what is served and is served itself; the tests hold
// the two together.
package httpapi

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"go.opentelemetry.io/otel/trace"

	"github.com/taskward/taskward/application"
)

// Options are what an [API] can be told. The zero value holds the defaults.
type Options struct {
	// CORSOrigins are the origins, such as "https://app.example", whose pages
	// may call the API with credentials. They are compared exactly: there are
	// no wildcards. Nil means [DefaultCORSOrigin] alone, empty none at all.
	CORSOrigins []string

	// BodyLimit is the longest request body in bytes; 0 means [DefaultBodyLimit].
	BodyLimit int64

	// RequireIfMatch refuses to change or delete a task for a client that does
	// not say, with If-Match, which state of it it has seen.
	RequireIfMatch bool

	// Variants are the ways in which front ends expect other answers.
	Variants Variants

	// Streams is how many streams of events there may be at a time; 0 means
	// [DefaultStreams]. UserStreams is how many of them one user may have; 0
	// means [DefaultUserStreams].
	Streams, UserStreams int

	// Connections is how many connections a [Server] has at a time, each with
	// its goroutine and what it has read of a request; 0 means
	// [DefaultConnections]. Further ones wait in the system's queue until one
	// ends.
	Connections int

	// RateLimits hold each user to how often they may ask; nil: to nothing. A
	// stream counts when it is opened, a batch or an import as one request, and
	// what is not authenticated not at all.
	RateLimits *application.RateLimits

	// Audit has those written down who are refused before a use case is asked;
	// nil: nobody does.
	Audit *application.Audit

	// Deadline is the time a request may take, its body included; 0 means
	// [DefaultDeadline]. What is not done by then is given up and answered
	// with 503.
	Deadline time.Duration

	// DrainDelay is how long [Server.Shutdown] still takes new connections
	// after readiness has begun to fail, so that load balancers get to know.
	// 0 means no delay.
	DrainDelay time.Duration

	// KeySet gives the public keys of an auth server that runs in this very
	// process, as a JWK set. It is served at /api/auth/jwks, where Better Auth
	// has its own; nil if there is none.
	KeySet func(context.Context) ([]byte, error)

	// Page is a page for people to use the API with, at / and below /page/; nil
	// if there is none.
	Page http.Handler

	// Watch is told of each request, for whoever counts them.
	Watch Watch

	// Tracers make a span of each request; nil: there are none.
	Tracers trace.TracerProvider

	// Logger gets one line a request; nil discards them.
	Logger *slog.Logger
}

// Defaults of [Options].
const (
	DefaultCORSOrigin  = "http://localhost:3000"
	DefaultBodyLimit   = 64 << 10
	DefaultStreams     = 1000
	DefaultUserStreams = 20
	DefaultConnections = 10000
	DefaultDeadline    = 10 * time.Second
)

// API answers the requests. It is an http.Handler.
type API struct {
	echo       *echo.Echo
	tasks      *application.Tasks
	sessions   *application.Sessions
	users      *application.Users
	checks     []Check
	options    Options
	ratePolicy string
	streams    *places
	imports    *places
	draining   atomic.Bool
}

// New makes the API of the use cases. Tokens are verified by sessions, and
// readiness asks all checks. It fails if an option makes no sense.
func New(tasks *application.Tasks, sessions *application.Sessions, users *application.Users, checks []Check, options Options) (*API, error) {
	options, err := options.complete()
	if err != nil {
		return nil, fmt.Errorf("httpapi: %w", err)
	}
	api := &API{echo: echo.New(), tasks: tasks, sessions: sessions, users: users, checks: checks, options: options}
	api.streams = newPlaces(options.Streams, options.UserStreams, streamsExhausted, tooManyStreams)
	api.imports = newPlaces(maxImports, maxUserImports, importsExhausted, tooManyImports)
	if options.RateLimits != nil {
		api.ratePolicy = quotaPolicy(options.RateLimits.Limit())
	}
	api.echo.HTTPErrorHandler = answerError
	api.echo.IPExtractor = echo.ExtractIPDirect() // Echo believes any X-Forwarded-For otherwise
	api.echo.Pre(trimTrailingSlash)
	api.echo.Use(
		harmlessRequestID, middleware.RequestID(),
		traced(options.Tracers),
		api.accessLog(),
		recoverPanics(),
		guarded,
		api.closeWhileDraining,
		allowOrigins(options.CORSOrigins),
		refuseEmptySegments,
	)
	if options.Audit != nil {
		api.echo.Use(nameRequest)
	}
	api.routes()
	return api, nil
}

// ServeHTTP implements http.Handler.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.echo.ServeHTTP(w, r) }

// complete fills in the defaults and reports everything that makes no sense.
func (o Options) complete() (Options, error) {
	if o.CORSOrigins == nil {
		o.CORSOrigins = []string{DefaultCORSOrigin}
	}
	if o.BodyLimit == 0 {
		o.BodyLimit = DefaultBodyLimit
	}
	if o.Streams == 0 {
		o.Streams = DefaultStreams
	}
	if o.UserStreams == 0 {
		o.UserStreams = DefaultUserStreams
	}
	if o.Connections == 0 {
		o.Connections = DefaultConnections
	}
	if o.Deadline == 0 {
		o.Deadline = DefaultDeadline
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	var problems []error
	for _, origin := range o.CORSOrigins {
		problems = append(problems, checkOrigin(origin))
	}
	shape := cmp.Or(o.Variants.List, BareList)
	if err := o.Variants.List.UnmarshalText([]byte(shape)); err != nil {
		problems = append(problems, fmt.Errorf("list shape %q %w", shape, err))
	}
	for _, alias := range o.Variants.Aliases {
		if err := CheckAlias(alias); err != nil {
			problems = append(problems, fmt.Errorf("alias %q %w", alias, err))
		}
	}
	if o.BodyLimit < 0 || o.Streams < 0 || o.UserStreams < 0 || o.Connections < 0 || o.Deadline < 0 || o.DrainDelay < 0 {
		problems = append(problems, errors.New("body limit, streams, connections, deadline and drain delay must not be negative"))
	}
	return o, errors.Join(problems...)
}
