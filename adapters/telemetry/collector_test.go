package telemetry_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/taskward/taskward/adapters/telemetry"
)

// collected is what came to a collector that notes all.
type collected struct {
	mu      sync.Mutex
	status  int
	headers []http.Header
	traces  tracepb.TracesData
	metrics metricspb.MetricsData
}

func (c *collected) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	into := map[string]proto.Message{"/base/v1/traces": &c.traces, "/base/v1/metrics": &c.metrics}[r.URL.Path]
	if err != nil || into == nil || r.Method != http.MethodPost || proto.Unmarshal(body, into) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.headers = append(c.headers, r.Header)
	w.WriteHeader(c.status)
}

// families are one of each kind that there is.
func families() ([]*dto.MetricFamily, error) {
	label := []*dto.LabelPair{{Name: proto.String("route"), Value: proto.String("/api")}}
	bucket := func(bound float64, below uint64) *dto.Bucket {
		return &dto.Bucket{UpperBound: &bound, CumulativeCount: &below}
	}
	return []*dto.MetricFamily{
		{Name: proto.String("requests_total"), Help: proto.String("Requests."), Type: dto.MetricType_COUNTER.Enum(), Metric: []*dto.Metric{{Label: label, Counter: &dto.Counter{Value: proto.Float64(7)}}}},
		{Name: proto.String("streams"), Type: dto.MetricType_GAUGE.Enum(), Metric: []*dto.Metric{{Gauge: &dto.Gauge{Value: proto.Float64(3)}}}},
		{Name: proto.String("seconds"), Type: dto.MetricType_HISTOGRAM.Enum(), Metric: []*dto.Metric{{Histogram: &dto.Histogram{
			SampleCount: proto.Uint64(6), SampleSum: proto.Float64(9), Bucket: []*dto.Bucket{bucket(.1, 1), bucket(1, 4)},
		}}}},
		{Name: proto.String("pauses"), Type: dto.MetricType_SUMMARY.Enum(), Metric: []*dto.Metric{{Summary: &dto.Summary{
			SampleCount: proto.Uint64(2), SampleSum: proto.Float64(5), Quantile: []*dto.Quantile{{Quantile: proto.Float64(.5), Value: proto.Float64(2)}},
		}}}},
	}, nil
}

func TestExporterSendsTracesAndMetrics(t *testing.T) {
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=test")
	collector := &collected{status: http.StatusOK}
	server := httptest.NewServer(collector)
	defer server.Close()
	exporter, err := telemetry.Open(t.Context(), telemetry.Options{
		Endpoint: server.URL + "/base/", Headers: map[string]string{"X-Key": "k"}, Version: "v1", Metrics: families,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, span := exporter.Tracers().Tracer("test").Start(t.Context(), "outer")
	_, inner := exporter.Tracers().Tracer("test").Start(ctx, "inner")
	inner.End()
	span.End()
	if err := exporter.Close(); err != nil {
		t.Fatal(err)
	}
	for _, header := range collector.headers {
		if header.Get("Content-Type") != "application/x-protobuf" || header.Get("X-Key") != "k" {
			t.Errorf("sent with the header %v", header)
		}
	}
	if len(collector.traces.GetResourceSpans()) != 1 || len(collector.metrics.GetResourceMetrics()) != 1 {
		t.Fatalf("collected %v and %v", &collector.traces, &collector.metrics)
	}
	spans, metrics := collector.traces.GetResourceSpans()[0], collector.metrics.GetResourceMetrics()[0]
	for _, resource := range [][]*commonpb.KeyValue{spans.GetResource().GetAttributes(), metrics.GetResource().GetAttributes()} {
		about := map[string]string{}
		for _, attribute := range resource {
			about[attribute.GetKey()] = attribute.GetValue().GetStringValue()
		}
		if about["service.name"] != "taskward" || about["service.version"] != "v1" || about["deployment.environment"] != "test" {
			t.Errorf("sent of %v", about)
		}
	}
	var names []string
	for _, span := range spans.GetScopeSpans()[0].GetSpans() {
		names = append(names, span.GetName())
	}
	if diff := cmp.Diff([]string{"inner", "outer"}, names); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
	var told []string
	for _, metric := range metrics.GetScopeMetrics()[0].GetMetrics() {
		told = append(told, tell(metric))
	}
	want := []string{
		`requests_total "Requests.": 7 since the start, [route=/api]`,
		`streams "": 3, []`,
		`seconds "": 6 in [0.1 1] as [1 3 2], sum 9, since the start`,
		`pauses "": 2, sum 5, [0.5: 2]`,
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("metrics (-want +got):\n%s", diff)
	}
}

// tell gives in words what OTLP says of a metric.
func tell(metric *metricspb.Metric) string {
	head := fmt.Sprintf("%s %q: ", metric.GetName(), metric.GetDescription())
	labels := func(attributes []*commonpb.KeyValue) (all []string) {
		for _, attribute := range attributes {
			all = append(all, attribute.GetKey()+"="+attribute.GetValue().GetStringValue())
		}
		return all
	}
	since := func(start, now uint64) string {
		if start == 0 || start > now || now > uint64(time.Now().UnixNano()) {
			return "at no time"
		}
		return "since the start"
	}
	switch data := metric.GetData().(type) {
	case *metricspb.Metric_Sum:
		if data.Sum.GetAggregationTemporality() != metricspb.AggregationTemporality_AGGREGATION_TEMPORALITY_CUMULATIVE || !data.Sum.GetIsMonotonic() {
			return head + "no counter"
		}
		point := data.Sum.GetDataPoints()[0]
		return fmt.Sprint(head, point.GetAsDouble(), " ", since(point.GetStartTimeUnixNano(), point.GetTimeUnixNano()), ", ", labels(point.GetAttributes()))
	case *metricspb.Metric_Gauge:
		return fmt.Sprint(head, data.Gauge.GetDataPoints()[0].GetAsDouble(), ", ", labels(data.Gauge.GetDataPoints()[0].GetAttributes()))
	case *metricspb.Metric_Histogram:
		point := data.Histogram.GetDataPoints()[0]
		return fmt.Sprint(
			head, point.GetCount(), " in ", point.GetExplicitBounds(), " as ", point.GetBucketCounts(), ", sum ", point.GetSum(), ", ",
			since(point.GetStartTimeUnixNano(), point.GetTimeUnixNano()),
		)
	case *metricspb.Metric_Summary:
		point := data.Summary.GetDataPoints()[0]
		quantile := point.GetQuantileValues()[0]
		return fmt.Sprintf("%s%d, sum %v, [%v: %v]", head, point.GetCount(), point.GetSum(), quantile.GetQuantile(), quantile.GetValue())
	}
	return head + "nothing"
}

// TestTroubleWithTheCollectorFailsNothing closes while it refuses, is not
// there, or never answers.
func TestTroubleWithTheCollectorFailsNothing(t *testing.T) {
	released := make(chan struct{})
	silent := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-released }))
	defer silent.Close()
	defer close(released)
	refusing := httptest.NewServer(&collected{status: http.StatusServiceUnavailable})
	defer refusing.Close()
	gone := httptest.NewServer(nil)
	gone.Close()
	for name, endpoint := range map[string]string{"silent": silent.URL, "refusing": refusing.URL + "/base", "gone": gone.URL} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			exporter, err := telemetry.Open(t.Context(), telemetry.Options{
				Endpoint: endpoint, Metrics: families, Log: slog.New(slog.NewTextHandler(&log, nil)), Headers: map[string]string{"X-Key": "Zauberwort"},
			})
			if err != nil {
				t.Fatal(err)
			}
			_, span := exporter.Tracers().Tracer("test").Start(t.Context(), "span")
			span.End()
			began := time.Now()
			if err := exporter.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("Close took %v", took)
			}
			for _, what := range []string{"what=traces failures=1 ", "what=metrics failures=1 "} {
				if strings.Count(log.String(), what) != 1 {
					t.Errorf("%q is not logged once: %s", what, &log)
				}
			}
			if strings.Contains(log.String(), "Zauberwort") {
				t.Errorf("logged %s", &log)
			}
		})
	}
}
