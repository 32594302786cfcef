package telemetry

import (
	"context"
	"time"

	dto "github.com/prometheus/client_model/go"
	"go.opentelemetry.io/otel/sdk/resource"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	metricspb "go.opentelemetry.io/proto/otlp/metrics/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
)

// pusher sends metrics, which are those that Prometheus would fetch, under the
// same names.
type pusher struct {
	to      *collector
	about   *resource.Resource
	since   time.Time // when counting began
	read    func() ([]*dto.MetricFamily, error)
	trouble trouble
}

// run pushes until life ends, and then once more.
func (p *pusher) run(life context.Context) {
	ticker := time.NewTicker(pushEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			p.trouble.note(life, p.push(life))
		case <-life.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(life), closeTimeout)
			p.trouble.note(last, p.push(last))
			cancel()
			return
		}
	}
}

func (p *pusher) push(ctx context.Context) error {
	families, err := p.read()
	if err != nil {
		return err
	}
	scope := &metricspb.ScopeMetrics{Scope: &commonpb.InstrumentationScope{Name: serviceName}}
	at := instants{nanoseconds(p.since), nanoseconds(time.Now())}
	for _, family := range families {
		scope.Metrics = append(scope.Metrics, at.metric(family))
	}
	var attributes []*commonpb.KeyValue
	for _, attribute := range p.about.Attributes() {
		attributes = append(attributes, text(string(attribute.Key), attribute.Value.String()))
	}
	return p.to.send(ctx, "/v1/metrics", &metricspb.MetricsData{ResourceMetrics: []*metricspb.ResourceMetrics{{
		Resource: &resourcepb.Resource{Attributes: attributes}, ScopeMetrics: []*metricspb.ScopeMetrics{scope},
	}}})
}

// instants are when counting began, and when what was counted was read.
type instants struct{ since, now uint64 }

func nanoseconds(t time.Time) uint64 { return uint64(max(t.UnixNano(), 0)) }

// metric says the same as the family.
func (i instants) metric(family *dto.MetricFamily) *metricspb.Metric {
	metric := &metricspb.Metric{Name: family.GetName(), Description: family.GetHelp()}
	switch family.GetType() {
	case dto.MetricType_COUNTER:
		metric.Data = &metricspb.Metric_Sum{Sum: &metricspb.Sum{
			DataPoints:             i.numbers(family, func(m *dto.Metric) float64 { return m.GetCounter().GetValue() }),
			AggregationTemporality: metricspb.AggregationTemporality_AGGREGATION_TEMPORALITY_CUMULATIVE, IsMonotonic: true,
		}}
	case dto.MetricType_HISTOGRAM:
		metric.Data = &metricspb.Metric_Histogram{Histogram: &metricspb.Histogram{
			DataPoints:             i.histograms(family),
			AggregationTemporality: metricspb.AggregationTemporality_AGGREGATION_TEMPORALITY_CUMULATIVE,
		}}
	case dto.MetricType_SUMMARY:
		metric.Data = &metricspb.Metric_Summary{Summary: &metricspb.Summary{DataPoints: i.summaries(family)}}
	case dto.MetricType_GAUGE, dto.MetricType_UNTYPED, dto.MetricType_GAUGE_HISTOGRAM: // of the last two there are none
		metric.Data = &metricspb.Metric_Gauge{Gauge: &metricspb.Gauge{
			DataPoints: i.numbers(family, func(m *dto.Metric) float64 { return m.GetGauge().GetValue() }),
		}}
	}
	return metric
}

func (i instants) numbers(family *dto.MetricFamily, value func(*dto.Metric) float64) (points []*metricspb.NumberDataPoint) {
	for _, metric := range family.GetMetric() {
		points = append(points, &metricspb.NumberDataPoint{
			Attributes: labels(metric), StartTimeUnixNano: i.since, TimeUnixNano: i.now,
			Value: &metricspb.NumberDataPoint_AsDouble{AsDouble: value(metric)},
		})
	}
	return points
}

// histograms: where Prometheus counts all that is below a bound OTLP counts
// what is between two.
func (i instants) histograms(family *dto.MetricFamily) (points []*metricspb.HistogramDataPoint) {
	for _, metric := range family.GetMetric() {
		histogram, below := metric.GetHistogram(), uint64(0)
		sum := histogram.GetSampleSum()
		point := &metricspb.HistogramDataPoint{
			Attributes: labels(metric), StartTimeUnixNano: i.since, TimeUnixNano: i.now,
			Count: histogram.GetSampleCount(), Sum: &sum,
		}
		for _, bucket := range histogram.GetBucket() {
			point.ExplicitBounds = append(point.ExplicitBounds, bucket.GetUpperBound())
			point.BucketCounts = append(point.BucketCounts, bucket.GetCumulativeCount()-below)
			below = bucket.GetCumulativeCount()
		}
		point.BucketCounts = append(point.BucketCounts, histogram.GetSampleCount()-below)
		points = append(points, point)
	}
	return points
}

func (i instants) summaries(family *dto.MetricFamily) (points []*metricspb.SummaryDataPoint) {
	for _, metric := range family.GetMetric() {
		summary := metric.GetSummary()
		point := &metricspb.SummaryDataPoint{
			Attributes: labels(metric), StartTimeUnixNano: i.since, TimeUnixNano: i.now,
			Count: summary.GetSampleCount(), Sum: summary.GetSampleSum(),
		}
		for _, quantile := range summary.GetQuantile() {
			point.QuantileValues = append(point.QuantileValues, &metricspb.SummaryDataPoint_ValueAtQuantile{
				Quantile: quantile.GetQuantile(), Value: quantile.GetValue(),
			})
		}
		points = append(points, point)
	}
	return points
}

func labels(metric *dto.Metric) (attributes []*commonpb.KeyValue) {
	for _, label := range metric.GetLabel() {
		attributes = append(attributes, text(label.GetName(), label.GetValue()))
	}
	return attributes
}

func text(key, value string) *commonpb.KeyValue {
	return &commonpb.KeyValue{Key: key, Value: &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: value}}}
}
