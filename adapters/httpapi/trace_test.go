package httpapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
)

// recording is a choice for a service whose spans end up in the recorder.
func recording(recorder *tracetest.SpanRecorder) func(*setup) {
	return func(s *setup) { s.options.Tracers = sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder)) }
}

func attributesOf(span sdk.ReadOnlySpan) map[string]string {
	all := map[string]string{}
	for _, attribute := range span.Attributes() {
		all[string(attribute.Key)] = attribute.Value.String()
	}
	return all
}

func TestOneSpanARequest(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	s := serve(t, recording(recorder), failing(errors.New("no disk")))
	const caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	s.do("POST", "/api/u/tasks", as("u"), raw(`{"title":"milk"}`), header("X-Request-ID", "r"), header("Traceparent", caller)).want(201)
	refused := s.do("GET", "/api/u/tasks?search=milk").want(401)
	s.do("GET", "/api/u/tasks/1", as("u")).want(500)
	s.unheld().do("BREW", "/whatever/there/is").want(404)
	s.do("GET", "/readyz").want(200)
	for i, want := range []struct {
		name       string
		attributes map[string]string
		status     codes.Code
	}{
		{"POST /api/:user_id/tasks", map[string]string{
			"http.request.method": "POST", "http.route": "/api/:user_id/tasks", "http.response.status_code": "201", "request_id": "r",
		}, codes.Unset},
		{"GET /api/:user_id/tasks", map[string]string{
			"http.request.method": "GET", "http.route": "/api/:user_id/tasks", "http.response.status_code": "401", "request_id": refused.Get("X-Request-ID"),
			"error.type": "token_missing",
		}, codes.Unset},
		{"GET /api/:user_id/tasks/:id", map[string]string{
			"http.request.method": "GET", "http.route": "/api/:user_id/tasks/:id", "http.response.status_code": "500", "error.type": "internal_error",
		}, codes.Error},
		{"other none", map[string]string{
			"http.request.method": "other", "http.route": "none", "http.response.status_code": "404", "error.type": "route_not_found",
		}, codes.Unset},
	} {
		if i >= len(recorder.Ended()) {
			t.Fatalf("no span for %s", want.name)
		}
		span := recorder.Ended()[i]
		attributes := attributesOf(span)
		if _, told := want.attributes["request_id"]; !told {
			want.attributes["request_id"] = attributes["request_id"]
		}
		if diff := cmp.Diff(want.attributes, attributes); diff != "" || span.Name() != want.name || span.Status().Code != want.status || span.SpanKind() != trace.SpanKindServer {
			t.Errorf("span %q of kind %v, status %v (-want +got):\n%s", span.Name(), span.SpanKind(), span.Status(), diff)
		}
		line := s.log.lines(t)[i]
		if line["trace_id"] != span.SpanContext().TraceID().String() || line["span_id"] != span.SpanContext().SpanID().String() || line["request_id"] != attributes["request_id"] {
			t.Errorf("logged %v of %s with the attributes %v", line, span.SpanContext().TraceID(), attributes)
		}
	}
	if first := recorder.Ended()[0]; first.Parent().SpanID().String() != "b7ad6b7169203331" || first.SpanContext().TraceID().String() != "0af7651916cd43dd8448eb211c80319c" {
		t.Errorf("the caller's trace went on as %v under %v", first.SpanContext(), first.Parent())
	}
	if got := len(recorder.Ended()); got != 4 {
		t.Errorf("%d spans of 4 requests and one of a monitor's", got)
	}
	if log := s.log.lines(t); log[len(log)-1]["trace_id"] != nil {
		t.Errorf("a monitor's request is said to have a trace: %v", log[len(log)-1])
	}
}

// TestNothingOfOnesOwnIsTraced is TestNothingOfOnesOwnIsLogged for spans.
func TestNothingOfOnesOwnIsTraced(t *testing.T) {
	const secret = "Zauberwort"
	recorder := tracetest.NewSpanRecorder()
	s := serve(t, recording(recorder), quiet)
	body := raw(fmt.Sprintf(`{"title":%q,"description":%q,%q:1}`, secret, secret, secret))
	every := []part{
		header("Cookie", secret), header("X-Request-ID", secret+" "), header("Prefer", "handling=strict; "+secret), header("User-Agent", secret),
		header("Baggage", "a="+secret), header("Traceparent", secret), header("Tracestate", "a="+secret), body,
	}
	for _, credentials := range [][]part{{as("u")}, {}, {header("Authorization", "Bearer "+secret)}} {
		for _, request := range requests("/api/u/tasks") {
			s.do(request.method, request.path+"?access_token="+secret+"&search="+secret, slices.Concat(every, credentials)...)
			s.do(request.method, request.path, slices.Concat(credentials, []part{raw(`{"title":"` + secret)})...)
		}
		s.unheld().do("GET", "/"+secret, credentials...)
		s.unheld().do(secret, "/api/u/tasks", credentials...)
	}
	for _, span := range recorder.Ended() {
		if text := fmt.Sprintf("%q %v %v %v", span.Name(), span.Attributes(), span.Events(), span.Status()); strings.Contains(text, secret) || strings.Contains(text, tokenPrefix) {
			t.Errorf("traced %s", text)
		}
	}
	if len(recorder.Ended()) == 0 {
		t.Error("there are no spans")
	}
}

// TestWhatGoesOnIsNotRecorded follows changes for a minute: what is done for it
// must not end up below a span that does not end.
func TestWhatGoesOnIsNotRecorded(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	looks := &recorded{Tasks: memory.NewTasks()}
	inBubble(t, func(t *testing.T, h *hosted) {
		events := h.follow(t, "/api/u/events")
		go func() { _, _ = io.Copy(io.Discard, events.Body) }() // a client that reads nothing is dropped
		time.Sleep(time.Minute)                                 //nolint:forbidigo // the bubble's
		events.leave()
		synctest.Wait()
	}, recording(recorder), func(s *setup) { s.repository, s.tasks.Poll = looks, 5*time.Second })
	if looks.changes.Load() < 10 || looks.recorded.Load() > 0 {
		t.Errorf("of %d looks for changes %d were recorded", looks.changes.Load(), looks.recorded.Load())
	}
	if spans := recorder.Ended(); len(spans) != 1 || spans[0].EndTime().Sub(spans[0].StartTime()) < time.Minute {
		t.Errorf("%d spans, the first from %v to %v", len(spans), spans[0].StartTime(), spans[0].EndTime())
	}
}

// recorded is a store that counts who looks for changes on a span.
type recorded struct {
	*memory.Tasks
	changes, recorded atomic.Int64
}

func (r *recorded) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	r.changes.Add(1)
	if trace.SpanFromContext(ctx).IsRecording() {
		r.recorded.Add(1)
	}
	return r.Tasks.Changes(ctx, owner, since, limit)
}
