package bootstrap

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"

	"go.opentelemetry.io/otel/trace"
	"go.uber.org/fx"

	"github.com/taskward/taskward/adapters/metrics"
	"github.com/taskward/taskward/adapters/telemetry"
)

// otlpProtocol is the one that [telemetry] speaks.
const otlpProtocol = "http/protobuf"

// OTLPHeaders go with what is sent to a collector: name=value, comma-separated.
type OTLPHeaders string

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *OTLPHeaders) UnmarshalText(text []byte) error {
	*h = OTLPHeaders(text)
	_, err := h.parse()
	return err
}

// String hides what may be a key to somebody's collector.
func (h OTLPHeaders) String() string {
	if h == "" {
		return ""
	}
	return "(hidden)"
}

func (h OTLPHeaders) parse() (map[string]string, error) {
	headers := map[string]string{}
	for pair := range strings.SplitSeq(string(h), ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, value, found := strings.Cut(pair, "=")
		plain, err := url.PathUnescape(strings.TrimSpace(value))
		if name = strings.TrimSpace(name); !found || name == "" || err != nil {
			return nil, errOTLPHeaders
		}
		headers[name] = plain
	}
	return headers, nil
}

// errOTLPHeaders does not repeat what may be secret.
var errOTLPHeaders = errors.New("must be name=value, comma-separated, with anything unusual in values percent-encoded")

// newExporter gives none where no collector is named.
func newExporter(ctx context.Context, config Config, log *slog.Logger, counted *metrics.Metrics, lifecycle fx.Lifecycle) (*telemetry.Exporter, error) {
	if config.OTLPEndpoint == "" {
		return nil, nil
	}
	headers, err := config.OTLPHeaders.parse()
	if err != nil {
		return nil, err
	}
	exporter, err := telemetry.Open(ctx, telemetry.Options{
		Endpoint: string(config.OTLPEndpoint), Headers: headers, Version: releaseOf(build()), Metrics: counted.Gather, Log: log,
	})
	if err == nil {
		lifecycle.Append(fx.StopHook(exporter.Close))
	}
	return exporter, err
}

func newTracers(exporter *telemetry.Exporter) trace.TracerProvider {
	if exporter == nil {
		return nil
	}
	return exporter.Tracers()
}
