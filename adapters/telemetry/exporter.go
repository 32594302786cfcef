package telemetry

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace" // batches spans, samples them, and reads OTEL_TRACES_SAMPLER and its like
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"
	"go.opentelemetry.io/otel/trace"
)

// Options says where to send what.
type Options struct {
	// Endpoint is the URL of the collector, such as http://collector:4318, as
	// OTEL_EXPORTER_OTLP_ENDPOINT has it.
	Endpoint string

	// Headers go with each request, as OTEL_EXPORTER_OTLP_HEADERS has them.
	Headers map[string]string

	// Version is that of the service.
	Version string

	// Metrics gives what there is to send once a minute, and in the end; nil:
	// there are none.
	Metrics func() ([]*dto.MetricFamily, error)

	// Log is told of trouble with the collector; nil: nobody is.
	Log *slog.Logger
}

const (
	serviceName = "taskward"
	pushEvery   = time.Minute
	// closeTimeout is what a service that stops has left for its last spans.
	closeTimeout = sendTimeout + time.Second
)

// Exporter sends spans and metrics until it is closed. Make one with [Open].
type Exporter struct {
	tracers *sdk.TracerProvider
	end     context.CancelFunc
	running sync.WaitGroup
}

// Open begins to send. It does not wait for the collector to be there.
func Open(ctx context.Context, options Options) (*Exporter, error) {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	// The environment comes last, so that it has the last word.
	about, err := resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithAttributes(semconv.ServiceName(serviceName), semconv.ServiceVersion(options.Version)),
		resource.WithFromEnv(),
	)
	if err != nil {
		return nil, err
	}
	to := newCollector(options.Endpoint, options.Headers)
	spans, err := otlptrace.New(ctx, traces{to})
	if err != nil {
		return nil, err
	}
	life, end := context.WithCancel(context.WithoutCancel(ctx))
	e := &Exporter{
		tracers: sdk.NewTracerProvider(sdk.WithResource(about), sdk.WithBatcher(patient{spans, &trouble{log: options.Log, what: "traces"}})),
		end:     end,
	}
	if options.Metrics != nil {
		pusher := &pusher{to: to, about: about, since: time.Now(), read: options.Metrics, trouble: trouble{log: options.Log, what: "metrics"}}
		e.running.Go(func() { pusher.run(life) })
	}
	return e, nil
}

// Tracers make the spans that are sent.
func (e *Exporter) Tracers() trace.TracerProvider { return e.tracers }

// Close sends what there is, and ends. It takes four seconds at most: what a
// collector does not take by then is lost, which fails nothing.
func (e *Exporter) Close() error {
	e.end()
	defer e.running.Wait()
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := e.tracers.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// patient sends spans. That they are lost, where they are, is for the log alone.
type patient struct {
	sdk.SpanExporter
	trouble *trouble
}

// ExportSpans implements sdk.SpanExporter.
func (p patient) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	p.trouble.note(ctx, p.SpanExporter.ExportSpans(ctx, spans))
	return nil
}
