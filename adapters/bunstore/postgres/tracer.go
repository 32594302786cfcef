package postgres

import (
	"context"
	"strings"

	"github.com/exaring/otelpgx" // sees each statement where pgx sends it, whoever hands it to pgx
	"github.com/jackc/pgx/v5"
	"go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"
)

// tracer makes a span of each statement that is sent for a request which is
// recorded. It has the text, in which there are parameters and no values.
type tracer struct{ *otelpgx.Tracer }

func newTracer(tracers trace.TracerProvider) tracer {
	return tracer{otelpgx.NewTracer(
		otelpgx.WithTracerProvider(tracers),
		otelpgx.WithMeterProvider(noop.NewMeterProvider()),
		otelpgx.WithDisableConnectionDetailsInAttributes(), // the user, with each statement
	)}
}

// TraceBatchQuery implements [pgx.BatchTracer]. It leaves out the owner, who is
// in the text where SET takes no parameters.
func (t tracer) TraceBatchQuery(ctx context.Context, conn *pgx.Conn, data pgx.TraceBatchQueryData) {
	if strings.HasPrefix(data.SQL, setOwner) {
		data.SQL = setOwner
	}
	t.Tracer.TraceBatchQuery(ctx, conn, data)
}
