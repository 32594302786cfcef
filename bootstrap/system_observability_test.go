package bootstrap_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/oasdiff/yaml"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
)

// A collector notes what is sent to it, by path.
type collector struct {
	mu   sync.Mutex
	sent map[string]string
	keys []string // with which it came
}

func startCollector(t *testing.T) (url string, c *collector) {
	t.Helper()
	c = &collector{sent: map[string]string{}}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // a service that was killed
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.sent[r.URL.Path] += string(body)
		c.keys = append(c.keys, r.Header.Get("X-Key"))
	}))
	t.Cleanup(server.Close)
	return server.URL, c
}

// Operators find out what happens: from /metrics while the service runs, and from a collector. Neither learns what users keep to themselves.
func TestOperatorsSeeWhatHappens(t *testing.T) {
	t.Parallel()
	needBinary(t)
	keys := filepath.Join(t.TempDir(), "keys.json")
	if err := os.WriteFile(keys, []byte(`{"keys":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	const key = "a-key-to-the-collector"
	otlp, collector := startCollector(t)
	admin := freeAddress(t)
	server := serve(t, "DATABASE_URL="+engines[1].database(t), "BETTER_AUTH_SECRET="+secret, promptly, "TASKWARD_ADMIN_ADDR="+admin,
		"TASKWARD_AUTH_1_ISSUERS=https://other.example", "TASKWARD_AUTH_1_AUDIENCES=tasks", "TASKWARD_AUTH_1_JWKS_FILE="+keys,
		"OTEL_EXPORTER_OTLP_ENDPOINT="+otlp, "OTEL_EXPORTER_OTLP_HEADERS=X-Key="+key)
	ada := server.as(nextRoute(t))
	stream := ada.follow(t, "")
	ada.post(t, ada.tasks(), `{"title":"Water the plants"}`).expect(t, 201)
	if next, err := stream.next(); err != nil || next.name != "task" {
		t.Fatalf("the stream went on with %+v, %v", next, err)
	}
	made := ada.get(t, ada.tasks()+"?search=plants").expect(t, 200)
	server.as(person{id: ada.person.id, token: "junk"}).get(t, "/api/me/tasks").expectProblem(t, 401)
	server.as(person{}).get(t, "/api/me/tasks").expectProblem(t, 401)

	page := scrape(t, "http://"+admin+"/metrics")
	for _, want := range []string{
		`taskward_http_requests_total{method="POST",route="/api/:user_id/tasks",status="201"} 1`,
		`taskward_http_requests_total{method="GET",route="/api/:user_id/tasks",status="200"} 1`,
		`taskward_http_requests_total{method="GET",route="/api/me/tasks",status="401"} 2`,
		`taskward_http_request_duration_seconds_count{method="POST",route="/api/:user_id/tasks"} 1`,
		`taskward_auth_refusals_total{code="token_missing"} 1`,
		`taskward_key_set_refreshes_total{result="success",server="https://other.example"} 1`,
		`taskward_key_set_refreshes_total{result="failure",server="https://other.example"} 0`,
		`taskward_db_pool_waiting{pool="store"} 0`,
		`taskward_db_pool_refused_total{pool="store"} 0`,
		`taskward_token_cache_hits_total 2`, // the second and third request of ada's
		`taskward_streams_open 1`,
		`taskward_change_lag_seconds_count 1`,
	} {
		if !strings.Contains(page, "\n"+want+"\n") {
			t.Errorf("not told: %s", want)
		}
	}
	if age := regexp.MustCompile(`taskward_key_set_age_seconds\{server="https://other.example"\} (\S+)`).FindStringSubmatch(page); age == nil {
		t.Error("the key set has no age")
	} else if seconds, err := strconv.ParseFloat(age[1], 64); err != nil || seconds <= 0 || seconds > patience.Seconds() {
		t.Errorf("the key set is %s seconds old", age[1])
	}
	problems, err := promlint.New(strings.NewReader(page)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, problem := range problems {
		t.Errorf("%s: %s", problem.Metric, problem.Text)
	}
	if _, inUse, _ := strings.Cut(page, `taskward_db_pool_connections{pool="store",state="idle"} `); inUse == "" || inUse[0] == '0' {
		t.Error("no connection to the database is told of")
	}
	expectServed(t, page, ".github/docs/observe/dashboard.json", ".github/docs/observe/alerts.yaml", ".github/docs/observability.md")

	stream.leave()
	server.process.stop(t)
	traces, metrics := collector.sent["/v1/traces"], collector.sent["/v1/metrics"]
	for _, want := range []string{"POST /api/:user_id/tasks", "verify token", "db.query.text", "taskward.tasks", "token_missing", made.header.Get("X-Request-ID")} {
		if !strings.Contains(traces, want) {
			t.Errorf("the collector was sent no trace with %s", want)
		}
	}
	if !strings.Contains(metrics, "taskward_http_requests_total") || !strings.Contains(metrics, "taskward_db_pool_waiting") {
		t.Error("the collector was not sent the metrics")
	}
	for _, sent := range collector.keys {
		if sent != key {
			t.Errorf("the collector was sent the key %q", sent)
		}
	}
	for name, text := range map[string]string{"/metrics": page, "traces": traces, "metrics": metrics} {
		if kind, line := confidences.find(text); kind != "" {
			t.Errorf("a %s is among the %s: %q", kind, name, line)
		}
		if strings.Contains(text, ada.person.id) || strings.Contains(text, "plants") {
			t.Errorf("the %s tell who asked, or for what", name)
		}
	}
}

func scrape(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it was read
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s is answered %d, %v", url, response.StatusCode, err)
	}
	return string(body)
}

// ours are the names of metrics, as rules and dashboards have them. A histogram has three.
var ours = regexp.MustCompile(`\b(taskward|go|process)_[a-z_]*[a-z]\b`)

// expectServed holds the metrics that files speak of against those that there are, both ways.
func expectServed(t *testing.T, page string, files ...string) {
	t.Helper()
	var said string
	for _, file := range files {
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range ours.FindAllString(string(text), -1) {
			if name != "go_version" && !strings.Contains(page, "\n"+name+"{") && !strings.Contains(page, "\n"+name+" ") && !strings.Contains(page, "# TYPE "+name+" ") {
				t.Errorf("%s has %s, which is not served", file, name)
			}
		}
		said += string(text)
	}
	for _, line := range regexp.MustCompile(`(?m)^# TYPE (taskward_\w+) `).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(said, line[1]) {
			t.Errorf("%s is served, and nothing says what for", line[1])
		}
	}
}

// Each rule tells somebody something, and is explained.
func TestAlertsAreExplained(t *testing.T) {
	text, err := os.ReadFile("../.github/docs/observe/alerts.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert       string
				Expr        string
				For         string
				Labels      struct{ Severity string }
				Annotations struct{ Summary string }
			}
		}
	}
	if _, err := yaml.Unmarshal(text, &rules, yaml.DecodeOpts{}); err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../.github/docs/observability.md")
	if err != nil {
		t.Fatal(err)
	}
	if len(rules.Groups) != 1 || len(rules.Groups[0].Rules) == 0 {
		t.Fatalf("there are no rules: %+v", rules)
	}
	for _, rule := range rules.Groups[0].Rules {
		if rule.Expr == "" || rule.For == "" || rule.Labels.Severity == "" || rule.Annotations.Summary == "" {
			t.Errorf("%s is not complete: %+v", rule.Alert, rule)
		}
		if !strings.Contains(string(page), "`"+rule.Alert+"`") {
			t.Errorf("nothing says what to do about %s", rule.Alert)
		}
	}
}
