// Package telemetry sends traces and metrics to a collector of OpenTelemetry's,
// over OTLP/HTTP, and makes a span of the verification of tokens.
//
// What there is for it at OpenTelemetry (otlptracehttp, otlpmetrichttp) brings
// gRPC along, which is never called, but keeps the linker from leaving out what
// nobody uses: the binary grows from 25 to 42 MB. The messages are the same.
package telemetry
