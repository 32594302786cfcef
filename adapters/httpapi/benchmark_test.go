package httpapi_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
)

const draft = `{"title":"Buy milk","description":"Two litres, and bread"}`

// sink is a ResponseWriter that costs nothing.
type sink struct {
	header http.Header
	status int
	bytes  int
}

func (s *sink) Header() http.Header { return s.header }

func (s *sink) WriteHeader(status int) { s.status = status }

func (s *sink) Write(body []byte) (int, error) {
	s.bytes += len(body)
	return len(body), nil
}

// sender makes a request that can be sent over and over, with the log on, to a
// service whose user has so many tasks.
func sender(tb testing.TB, tasks int, method, target, body, limit string) (send func() (status int)) {
	tb.Helper()
	var chosen setup
	//nolint:sloglint // the handler that discards would hide what a line costs
	chosen.options.Logger = slog.New(slog.NewJSONHandler(io.Discard, nil))
	if limit != "" {
		limited(tb, limit, time.Now)(&chosen)
	}
	api, err := httpapi.New(
		application.NewTasks(memory.NewTasks(), memory.NewWakeups(), time.Now, application.TasksOptions{}), sessions(tb, verifier{}, application.SessionsOptions{}), application.NewUsers(nil), nil,
		chosen.options,
	)
	if err != nil {
		tb.Fatal(err)
	}
	to := func(method, target, body string) func() int {
		request := httptest.NewRequestWithContext(tb.Context(), method, target, nil)
		as("u")(request)
		raw(body)(request)
		return func() int {
			request.Body = io.NopCloser(strings.NewReader(body))
			answer := &sink{header: http.Header{}}
			api.ServeHTTP(answer, request)
			return answer.status
		}
	}
	create := to("POST", "/api/u/tasks", draft)
	for range tasks {
		create()
	}
	return to(method, target, body)
}

// frequent are the requests that nearly all are like.
var frequent = []struct {
	name                 string
	tasks, want          int
	method, target, body string
	allocations          float64 // at most
	limit                string
}{
	{"list of 20", 20, 200, "GET", "/api/u/tasks?limit=20", "", 76, ""},
	{"get", 1, 200, "GET", "/api/u/tasks/1", "", 50, ""},
	{"get, limited", 1, 200, "GET", "/api/u/tasks/1", "", 54, "10000/s burst 1000000"},
	{"get, refused", 1, 429, "GET", "/api/u/tasks/1", "", 67, "1/h"},
	{"create", 0, 201, "POST", "/api/u/tasks", draft, 90, ""},
	{"complete", 1, 200, "PATCH", "/api/u/tasks/1/complete", `{"completed":true}`, 80, ""},
}

func BenchmarkRequest(b *testing.B) {
	for _, request := range frequent {
		b.Run(request.name, func(b *testing.B) {
			send := sender(b, request.tasks, request.method, request.target, request.body, request.limit)
			b.ReportAllocs()
			for b.Loop() {
				if got := send(); got != request.want {
					b.Fatalf("answered %d", got)
				}
			}
		})
	}
}

// What a request allocates does not depend on the machine, and tells at once
// when a feature makes all of them dearer.
func TestAllocations(t *testing.T) {
	for _, request := range frequent {
		send := sender(t, request.tasks, request.method, request.target, request.body, request.limit)
		if got := send(); got != request.want {
			t.Errorf("%s is answered %d", request.name, got)
		}
		allocations := testing.AllocsPerRun(200, func() { send() })
		t.Logf("%s: %.0f", request.name, allocations)
		if allocations > request.allocations {
			t.Errorf("%s allocates %.0f times, want at most %.0f", request.name, allocations, request.allocations)
		}
	}
}
