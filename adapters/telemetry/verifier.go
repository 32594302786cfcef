package telemetry

import (
	"context"
	"errors"

	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Verifier is a [ports.TokenVerifier] that has another one verify, and makes a
// span of it where somebody records the request.
type Verifier struct {
	next   ports.TokenVerifier
	tracer trace.Tracer
}

var _ ports.TokenVerifier = (*Verifier)(nil)

// NewVerifier makes spans with tracers of what next verifies.
func NewVerifier(next ports.TokenVerifier, tracers trace.TracerProvider) *Verifier {
	return &Verifier{next, tracers.Tracer("github.com/taskward/taskward/adapters/telemetry")}
}

// Verify implements [ports.TokenVerifier]. The span tells why a token was
// refused, by its code, and nothing of the token.
func (v *Verifier) Verify(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return v.next.Verify(ctx, token)
	}
	ctx, span := v.tracer.Start(ctx, "verify token")
	defer span.End()
	actor, err := v.next.Verify(ctx, token)
	var refusal *domain.Error
	switch {
	case errors.As(err, &refusal):
		span.SetAttributes(semconv.ErrorTypeKey.String(refusal.Code))
	case err != nil:
		span.SetAttributes(semconv.ErrorTypeOther)
	}
	return actor, err
}
