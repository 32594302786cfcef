package metrics_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"github.com/taskward/taskward/adapters/metrics"
)

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

// counted has something of everything.
func counted() *metrics.Metrics {
	m := metrics.New("v1.2.3", "go1.26")
	m.Watch(metrics.Sources{
		Pools: func() []metrics.Pool {
			return []metrics.Pool{{Name: "tasks", Size: 8, InUse: 1, Idle: 2, Waiting: 3, Waited: 4, Refused: 5}}
		},
		KeySets: func() []metrics.KeySet {
			return []metrics.KeySet{
				{Server: "https://a.example", Fetched: noon, Succeeded: 6, Failed: 7},
				{Server: "https://b.example", Failed: 8},
			}
		},
		Tokens:  func() (hits, misses uint64) { return 9, 10 },
		Streams: func() int { return 11 },
		Now:     func() time.Time { return noon.Add(90 * time.Second) },
	})
	m.Count(metrics.Request{Method: "GET", Route: "/api/:user_id/tasks", Status: 200, Took: 3 * time.Millisecond})
	m.Count(metrics.Request{Method: "GET", Route: "/api/:user_id/tasks", Status: 401, Refusal: "token_expired", Took: time.Minute})
	m.Delivered(20 * time.Millisecond)
	return m
}

func scrape(t *testing.T, m *metrics.Metrics) string {
	t.Helper()
	answer := httptest.NewRecorder()
	m.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	if answer.Code != 200 {
		t.Fatalf("answered %d: %s", answer.Code, answer.Body)
	}
	return answer.Body.String()
}

func TestMetricsTellWhatWasCountedAndWhatIsRead(t *testing.T) {
	text := "\n" + scrape(t, counted())
	for _, want := range []string{
		`taskward_build_info{go_version="go1.26",version="v1.2.3"} 1`,
		`taskward_http_requests_total{method="GET",route="/api/:user_id/tasks",status="200"} 1`,
		`taskward_http_requests_total{method="GET",route="/api/:user_id/tasks",status="401"} 1`,
		`taskward_http_request_duration_seconds_bucket{method="GET",route="/api/:user_id/tasks",le="0.0025"} 0`,
		`taskward_http_request_duration_seconds_bucket{method="GET",route="/api/:user_id/tasks",le="0.005"} 1`,
		`taskward_http_request_duration_seconds_bucket{method="GET",route="/api/:user_id/tasks",le="+Inf"} 2`,
		`taskward_auth_refusals_total{code="token_expired"} 1`,
		`taskward_change_lag_seconds_bucket{le="0.01"} 0`,
		`taskward_change_lag_seconds_bucket{le="0.025"} 1`,
		`taskward_db_pool_connections{pool="tasks",state="in_use"} 1`,
		`taskward_db_pool_connections{pool="tasks",state="idle"} 2`,
		`taskward_db_pool_max_connections{pool="tasks"} 8`,
		`taskward_db_pool_waiting{pool="tasks"} 3`,
		`taskward_db_pool_waits_total{pool="tasks"} 4`,
		`taskward_db_pool_refused_total{pool="tasks"} 5`,
		`taskward_key_set_age_seconds{server="https://a.example"} 90`,
		`taskward_key_set_refreshes_total{result="success",server="https://a.example"} 6`,
		`taskward_key_set_refreshes_total{result="failure",server="https://a.example"} 7`,
		`taskward_key_set_refreshes_total{result="failure",server="https://b.example"} 8`,
		`taskward_token_cache_hits_total 9`,
		`taskward_token_cache_misses_total 10`,
		`taskward_streams_open 11`,
	} {
		if !strings.Contains(text, "\n"+want+"\n") {
			t.Errorf("not told: %s", want)
		}
	}
	if strings.Contains(text, `taskward_key_set_age_seconds{server="https://b.example"}`) {
		t.Error("a key set that there is none of has an age")
	}
	for _, want := range []string{"go_goroutines", "process_start_time_seconds"} {
		if !strings.Contains(text, "\n"+want+" ") {
			t.Errorf("not told: %s", want)
		}
	}
	if t.Failed() {
		t.Log(text)
	}
}

// TestMetricsAreAsPrometheusWantsThem is what `promtool check metrics` does.
func TestMetricsAreAsPrometheusWantsThem(t *testing.T) {
	problems, err := promlint.New(strings.NewReader(scrape(t, counted()))).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
}

// TestMetricsWithoutSources is a service all of whose adapters are others'.
func TestMetricsWithoutSources(t *testing.T) {
	m := metrics.New("v1.2.3", "go1.26")
	m.Watch(metrics.Sources{})
	if text := scrape(t, m); strings.Contains(text, "taskward_db") || !strings.Contains(text, "taskward_build_info") {
		t.Errorf("told:\n%s", text)
	}
}

func BenchmarkCount(b *testing.B) {
	m := counted()
	b.ReportAllocs()
	for b.Loop() {
		m.Count(metrics.Request{Method: "GET", Route: "/api/:user_id/tasks", Status: 200, Took: 3 * time.Millisecond})
	}
}
