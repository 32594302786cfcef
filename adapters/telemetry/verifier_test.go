package telemetry_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/taskward/taskward/adapters/telemetry"
	"github.com/taskward/taskward/domain"
)

// decided is a verifier that has decided already.
type decided struct{ err error }

func (d decided) Verify(context.Context, string) (domain.AuthenticatedUserContext, error) {
	return domain.AuthenticatedUserContext{}, d.err
}

func TestVerificationIsTraced(t *testing.T) {
	recorder := tracetest.NewSpanRecorder()
	tracers := sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder))
	refusal := &domain.Error{Kind: domain.Unauthenticated, Code: "token_expired"}
	for _, test := range []struct {
		err  error
		want string
	}{{nil, "[]"}, {fmt.Errorf("wrapped: %w", refusal), "[{error.type token_expired}]"}, {errors.New("other"), "[{error.type _OTHER}]"}} {
		verifier := telemetry.NewVerifier(decided{test.err}, tracers)
		ctx, request := tracers.Tracer("test").Start(t.Context(), "request")
		if _, err := verifier.Verify(ctx, "Zauberwort"); !errors.Is(err, test.err) {
			t.Errorf("error %v, want %v", err, test.err)
		}
		ended := recorder.Ended()
		span := ended[len(ended)-1]
		var told []string
		for _, attribute := range span.Attributes() {
			told = append(told, fmt.Sprintf("{%s %s}", attribute.Key, attribute.Value.String()))
		}
		if got := fmt.Sprint(told); span.Name() != "verify token" || span.Parent().SpanID() != request.SpanContext().SpanID() || got != test.want {
			t.Errorf("of %v: span %q with %s, want %s", test.err, span.Name(), got, test.want)
		}
		request.End()
		before := len(recorder.Ended())
		if _, err := verifier.Verify(t.Context(), "Zauberwort"); !errors.Is(err, test.err) || len(recorder.Ended()) != before {
			t.Errorf("what nobody records: error %v, %d spans more", err, len(recorder.Ended())-before)
		}
	}
}
