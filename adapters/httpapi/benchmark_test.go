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

// measure sends the same request over and over, with the log on.
func measure(b *testing.B, tasks, want int, method, target, body string, choices ...func(*setup)) {
	var chosen setup
	//nolint:sloglint // the handler that discards would hide what a line costs
	chosen.options.Logger = slog.New(slog.NewJSONHandler(io.Discard, nil))
	for _, choose := range choices {
		choose(&chosen)
	}
	api, err := httpapi.New(
		application.NewTasks(memory.NewTasks(), memory.NewWakeups(), time.Now, application.TasksOptions{}), sessions(b, verifier{}, application.SessionsOptions{}), application.NewUsers(nil), nil,
		chosen.options,
	)
	if err != nil {
		b.Fatal(err)
	}
	sender := func(method, target, body string) func() int {
		request := httptest.NewRequestWithContext(b.Context(), method, target, nil)
		as("u")(request)
		raw(body)(request)
		return func() int {
			request.Body = io.NopCloser(strings.NewReader(body))
			answer := &sink{header: http.Header{}}
			api.ServeHTTP(answer, request)
			return answer.status
		}
	}
	create := sender("POST", "/api/u/tasks", draft)
	for range tasks {
		create()
	}
	send := sender(method, target, body)
	b.ReportAllocs()
	for b.Loop() {
		if got := send(); got != want {
			b.Fatalf("answered %d", got)
		}
	}
}

func BenchmarkListOf20(b *testing.B) { measure(b, 20, 200, "GET", "/api/u/tasks?limit=20", "") }

func BenchmarkGet(b *testing.B) { measure(b, 1, 200, "GET", "/api/u/tasks/1", "") }

// BenchmarkGetLimited is [BenchmarkGet] with a limit that is not reached.
func BenchmarkGetLimited(b *testing.B) {
	measure(b, 1, 200, "GET", "/api/u/tasks/1", "", limited(b, "10000/s burst 1000000", time.Now))
}

// BenchmarkRefused is what a flood is answered.
func BenchmarkRefused(b *testing.B) {
	measure(b, 1, 429, "GET", "/api/u/tasks/1", "", limited(b, "1/h", time.Now))
}

func BenchmarkCreate(b *testing.B) {
	measure(b, 0, 201, "POST", "/api/u/tasks", draft)
}
