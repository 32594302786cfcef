package bootstrap

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/fx"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// watchers are who may watch a service.
var watchers = []struct {
	name    string
	metrics bool
	traces  []sdk.TracerProviderOption // nil: none
}{
	{"nobody", false, nil},
	{"metrics", true, nil},
	{"sampled-out", true, []sdk.TracerProviderOption{sdk.WithSampler(sdk.NeverSample())}},
	{"traces", true, []sdk.TracerProviderOption{sdk.WithBatcher(tracetest.NewNoopExporter())}},
}

// BenchmarkObserved is a whole request within the process, a list of 20 tasks
// with the log on, and what it costs that somebody watches. It asks each service
// in turn, and tells the time of one request that a tenth of the turns kept to:
// so it is the same for all what else the machine does.
func BenchmarkObserved(b *testing.B) {
	const settings, turn = "BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef", 20
	inMemory := Use[ports.TaskRepository](func(context.Context) (ports.TaskRepository, error) { return memory.NewTasks(), nil })
	for _, store := range []struct {
		name    string
		environ []string
		use     []Module
	}{
		{"memory", []string{settings, "DATABASE_URL=sqlite:unused.db"}, []Module{inMemory}},
		{"PostgreSQL", []string{settings, "DATABASE_URL=" + postgrestest.Database(b)}, nil},
	} {
		b.Run(store.name, func(b *testing.B) {
			lists, took := make([]func() int, len(watchers)), make([][]time.Duration, len(watchers))
			for i, watcher := range watchers {
				environ := slices.Clone(store.environ)
				if watcher.metrics {
					environ = append(environ, "TASKWARD_ADMIN_ADDR=127.0.0.1:0")
				}
				lists[i] = observed(b, environ, watcher.traces, store.use)
			}
			for b.Loop() {
				for i, list := range lists {
					start := time.Now()
					for range turn {
						if status := list(); status != http.StatusOK {
							b.Fatalf("answered %d", status)
						}
					}
					took[i] = append(took[i], time.Since(start)/turn)
				}
			}
			for i, watcher := range watchers {
				slices.Sort(took[i])
				b.ReportMetric(float64(took[i][len(took[i])/10].Nanoseconds()), watcher.name+"-ns/request")
			}
		})
	}
}

// observed makes a request that can be sent over and over.
func observed(b *testing.B, environ []string, traces []sdk.TracerProviderOption, use []Module) (list func() (status int)) {
	b.Helper()
	config, problems := ReadConfig(environ)
	if err := problems.err(); err != nil {
		b.Fatal(err)
	}
	//nolint:sloglint // the handler that discards would hide what a line costs
	wiring, err := wire(b.Context(), config, slog.New(slog.NewJSONHandler(io.Discard, nil)), use)
	if err != nil {
		b.Fatal(err)
	}
	if traces != nil {
		tracers := sdk.NewTracerProvider(traces...)
		b.Cleanup(func() { _ = tracers.Shutdown(context.Background()) }) // nothing is lost
		wiring = fx.Options(wiring, fx.Decorate(func() trace.TracerProvider { return tracers }))
	}
	var all struct {
		fx.In
		API   *httpapi.API
		Tasks ports.TaskRepository
	}
	app := fx.New(wiring, fx.Populate(&all))
	if err := app.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = app.Stop(context.Background()) }) // what is measured is over
	title, err := domain.DefaultLimits.ParseTitle("Buy milk")
	if err != nil {
		b.Fatal(err)
	}
	if err := all.Tasks.Erase(b.Context(), "u"); err != nil {
		b.Fatal(err)
	}
	for range 20 {
		if _, err := all.Tasks.Apply(b.Context(), "u", domain.NewBatch(time.Unix(1e9, 0), domain.Create{Title: title})); err != nil {
			b.Fatal(err)
		}
	}
	token, err := jwtauth.SecretIssuer{Secret: config.Secret}.Mint(domain.User{ID: "u"}, time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	request := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/api/u/tasks?limit=20", nil)
	request.Header.Set("Authorization", "Bearer "+token)
	return func() int {
		answer := &unread{header: http.Header{}}
		all.API.ServeHTTP(answer, request)
		return answer.status
	}
}

// unread is an answer that nobody reads.
type unread struct {
	header http.Header
	status int
}

func (u *unread) Header() http.Header { return u.header }

func (u *unread) WriteHeader(status int) { u.status = status }

func (u *unread) Write(body []byte) (int, error) { return len(body), nil }
