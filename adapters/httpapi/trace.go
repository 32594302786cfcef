package httpapi

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	semconv "go.opentelemetry.io/otel/semconv/v1.40.0"
	"go.opentelemetry.io/otel/trace"
)

// traced makes a span of each request, in the trace that the caller says it is
// of (W3C Trace Context). It tells the route and not the path, and nothing of
// the query: users are named in the one, and search with the other. (That is
// why it is not otelecho, which tells both.)
func traced(tracers trace.TracerProvider) echo.MiddlewareFunc {
	if tracers == nil {
		return func(next echo.HandlerFunc) echo.HandlerFunc { return next }
	}
	tracer, callers := tracers.Tracer("github.com/taskward/taskward/adapters/httpapi"), propagation.TraceContext{}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			request := c.Request()
			if isForMonitors(c.Path()) {
				return next(c)
			}
			method, route := methodName(request.Method), routeName(c.Path())
			ctx, span := tracer.Start(
				callers.Extract(request.Context(), propagation.HeaderCarrier(request.Header)), method+" "+route,
				trace.WithSpanKind(trace.SpanKindServer),
			)
			defer span.End()
			c.SetRequest(request.WithContext(ctx))
			err := next(c) // the access log has made an answer of an error
			if span.IsRecording() {
				span.SetAttributes(
					semconv.HTTPRequestMethodKey.String(method), semconv.HTTPRoute(route), semconv.HTTPResponseStatusCode(c.Response().Status),
					attribute.String("request_id", c.Response().Header().Get(echo.HeaderXRequestID)),
				)
				if failure, ok := c.Get(failureKey).(*failure); ok {
					span.SetAttributes(semconv.ErrorTypeKey.String(failure.code))
					if failure.status >= http.StatusInternalServerError {
						span.SetStatus(codes.Error, failure.code)
					}
				}
			}
			return err
		}
	}
}

// traceOf is for the access log: which trace to look at for more.
func traceOf(ctx context.Context) []slog.Attr {
	span := trace.SpanContextFromContext(ctx)
	if !span.IsValid() {
		return nil
	}
	return []slog.Attr{slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String())}
}

// unrecorded is the context of what goes on and on: the span of its request
// would get more below it every few seconds, for hours.
func unrecorded(ctx context.Context) context.Context {
	span := trace.SpanContextFromContext(ctx)
	if !span.IsValid() {
		return ctx
	}
	return trace.ContextWithSpanContext(ctx, span)
}
