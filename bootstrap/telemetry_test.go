package bootstrap

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.uber.org/fx"

	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

// TestOneTraceARequest looks at the spans of one request, from the answer down
// to the statements.
func TestOneTraceARequest(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	config := combinations(t)["PostgreSQL and a secret"]
	wiring, err := wire(t.Context(), config, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	var api *httpapi.API
	app := fx.New(wiring, fx.Populate(&api), fx.Decorate(func() trace.TracerProvider {
		return sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder))
	}))
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := app.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	token, err := jwtauth.SecretIssuer{Secret: config.Secret}.Mint(domain.User{ID: "ada"}, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/ada/tasks", strings.NewReader(`{"title":"Water the plants"}`))
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	api.ServeHTTP(answer, request)
	if answer.Code != http.StatusCreated {
		body, err := io.ReadAll(answer.Body)
		t.Fatalf("answered %d: %s, %v", answer.Code, body, err)
	}
	spans := recorder.Ended()
	root := spans[len(spans)-1]
	if root.Name() != "POST /api/:user_id/tasks" || root.Parent().IsValid() {
		t.Errorf("the last span is %q under %v", root.Name(), root.Parent())
	}
	if got := value(root, "request_id"); got == "" || got != answer.Header().Get("X-Request-ID") {
		t.Errorf("the span is of request %q, the answer of %q", got, answer.Header().Get("X-Request-ID"))
	}
	verified, statements := 0, 0
	for _, span := range spans[:len(spans)-1] {
		if span.SpanContext().TraceID() != root.SpanContext().TraceID() || !span.Parent().IsValid() {
			t.Errorf("%s is of trace %v under %v", span.Name(), span.SpanContext().TraceID(), span.Parent())
		}
		if span.Name() == "verify token" && span.Parent().SpanID() == root.SpanContext().SpanID() {
			verified++
		}
		if strings.Contains(value(span, "db.query.text"), "taskward.tasks") {
			statements++
		}
		for _, attribute := range span.Attributes() {
			if told := attribute.Value.String(); strings.Contains(told, "Water") || strings.Contains(told, "ada") || strings.Contains(told, token) {
				t.Errorf("%s tells %s", span.Name(), told)
			}
		}
	}
	if verified != 1 || statements == 0 {
		t.Errorf("%d verifications and %d statements among %d spans", verified, statements, len(spans))
	}
}

func value(span sdk.ReadOnlySpan, key attribute.Key) string {
	for _, attribute := range span.Attributes() {
		if attribute.Key == key {
			return attribute.Value.String()
		}
	}
	return ""
}

// TestOffByDefault: what nobody asks for is not there, and costs nothing.
func TestOffByDefault(t *testing.T) {
	config := combinations(t)["SQLite and a secret"]
	wiring, err := wire(t.Context(), config, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	var needs apiNeeds
	app := fx.New(wiring, fx.Invoke(func(all apiNeeds) { needs = all }))
	if err := app.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if needs.Metrics != nil || needs.Tracers != nil || counting(needs.Metrics).Answered != nil {
		t.Errorf("without a setting there are metrics %v and tracers %v", needs.Metrics, needs.Tracers)
	}
	if err := app.Stop(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestOTLPHeaders(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"":                           {},
		"a=b":                        {"a": "b"},
		" a = b , c=d%2Ce%20f ,":     {"a": "b", "c": "d,e f"},
		"authorization=Basic%20eA==": {"authorization": "Basic eA=="},
	} {
		var headers OTLPHeaders
		if err := headers.UnmarshalText([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		got, err := headers.parse()
		if err != nil || len(got) != len(want) {
			t.Errorf("%q is %v, error %v", text, got, err)
		}
		for name, value := range want {
			if got[name] != value {
				t.Errorf("%q is %v", text, got)
			}
		}
		if shown := headers.String(); text != "" && shown != "(hidden)" {
			t.Errorf("%q is shown as %q", text, shown)
		}
	}
	for _, text := range []string{"Zauberwort", "=Zauberwort", "a=Zauberwort%zz"} {
		if err := new(OTLPHeaders).UnmarshalText([]byte(text)); err == nil || strings.Contains(err.Error(), "Zauberwort") {
			t.Errorf("%q: error %v", text, err)
		}
	}
}
