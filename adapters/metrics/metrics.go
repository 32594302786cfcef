package metrics

import (
	"net/http"
	"strconv"
	"time"

	// The client of those who made Prometheus: its text format, its histograms,
	// and what it knows of Go and of the process.
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
)

// Metrics are all that there are of one service. Make them with [New]. As a
// handler they answer in the format that is asked for.
type Metrics struct {
	http.Handler
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	refusals  *prometheus.CounterVec
	lags      prometheus.Histogram
}

// Requests are answered in a millisecond or two where all is well, and given up
// after ten seconds. Changes are found by a look every few seconds at the latest.
var (
	durationBuckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
	lagBuckets      = []float64{.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}
)

// New makes the metrics of a service of this version. They tell nothing of
// sources before [Metrics.Watch].
func New(version, goVersion string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "taskward_http_requests_total", Help: "Requests that were answered.",
		}, []string{"method", "route", "status"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "taskward_http_request_duration_seconds", Help: "How long requests took to answer; streams of events as long as they lasted.",
			Buckets: durationBuckets,
		}, []string{"method", "route"}),
		refusals: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "taskward_auth_refusals_total", Help: "Requests that were refused because of who asked, or because nobody knew who did.",
		}, []string{"code"}),
		lags: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "taskward_change_lag_seconds", Help: "From a change to its delivery on a stream of events that was open at the time.",
			Buckets: lagBuckets,
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "taskward_build_info", Help: "What is running; always 1.", ConstLabels: prometheus.Labels{"version": version, "go_version": goVersion},
	})
	build.Set(1)
	m.registry.MustRegister(
		m.requests, m.durations, m.refusals, m.lags, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.Handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	return m
}

// Watch has the metrics tell of the sources as well, once.
func (m *Metrics) Watch(sources Sources) { m.registry.MustRegister(sources) }

// Request is one that was answered. Method, route and code have to be of closed
// lists: each combination that ever was is kept.
type Request struct {
	Method, Route string
	Status        int
	Refusal       string // the code with which it was refused because of who asked; empty if it was not
	Took          time.Duration
}

// Count counts a request.
func (m *Metrics) Count(request Request) {
	m.requests.WithLabelValues(request.Method, request.Route, strconv.Itoa(request.Status)).Inc()
	m.durations.WithLabelValues(request.Method, request.Route).Observe(request.Took.Seconds())
	if request.Refusal != "" {
		m.refusals.WithLabelValues(request.Refusal).Inc()
	}
}

// Delivered counts a change that has reached a stream of events.
func (m *Metrics) Delivered(lag time.Duration) { m.lags.Observe(lag.Seconds()) }

// Gather gives the metrics as they are at the moment.
func (m *Metrics) Gather() ([]*dto.MetricFamily, error) { return m.registry.Gather() }
