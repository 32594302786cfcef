package postgres_test

import (
	"strings"
	"testing"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
)

// TestStatementsAreTraced does one of everything, in each of the ways in which
// statements are sent: each is seen, and none with what it is about.
func TestStatementsAreTraced(t *testing.T) {
	const secret = "Zauberwort"
	url := migrated(t)
	for _, mode := range []postgres.RowSecurity{postgres.RowSecurityOff, postgres.RowSecurityOn, postgres.RowSecurityCitus} {
		t.Run(string(mode), func(t *testing.T) {
			recorder := tracetest.NewSpanRecorder()
			tracers := sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder))
			store := open(t, postgres.Options{URL: url, Prepare: true, RowSecurity: mode, Tracers: tracers})
			owner := domain.UserID(secret + string(mode))
			title, err := domain.DefaultLimits.ParseTitle(secret)
			if err != nil {
				t.Fatal(err)
			}
			work := map[string]func(t *testing.T) error{
				"insert into taskward.tasks": func(t *testing.T) error {
					ctx, span := tracers.Tracer("test").Start(t.Context(), "request")
					defer span.End()
					_, err := store.Apply(ctx, owner, domain.NewBatch(time.Unix(1e9, 0), domain.Create{Title: title}))
					return err
				},
				"strpos": func(t *testing.T) error {
					ctx, span := tracers.Tracer("test").Start(t.Context(), "request")
					defer span.End()
					_, err := store.List(ctx, owner, domain.TaskQuery{Limit: 1, Search: secret})
					return err
				},
				"": func(t *testing.T) error { // nobody records this one
					_, err := store.Get(t.Context(), owner, 1)
					return err
				},
			}
			for statement, do := range work {
				before := len(recorder.Ended())
				if err := do(t); err != nil && domain.KindOf(err) != domain.NotFound {
					t.Fatal(err)
				}
				seen := false
				for _, span := range recorder.Ended()[before:] {
					for _, attribute := range span.Attributes() {
						seen = seen || attribute.Key == "db.query.text" && strings.Contains(strings.ToLower(attribute.Value.AsString()), statement)
						if strings.Contains(attribute.Value.String(), secret) {
							t.Errorf("%s has %s: %s", span.Name(), attribute.Key, attribute.Value.String())
						}
					}
				}
				if seen != (statement != "") {
					t.Errorf("%q: seen is %t, of %d spans", statement, seen, len(recorder.Ended())-before)
				}
			}
		})
	}
}
