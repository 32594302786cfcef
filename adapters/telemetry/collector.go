package telemetry

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto" // what OTLP is written in
)

// sendTimeout is what a collector has to take a message.
const sendTimeout = 3 * time.Second

// collector is where all is sent, OTLP/HTTP 1.10 in its binary form.
type collector struct {
	endpoint string
	headers  map[string]string
	client   *http.Client
}

func newCollector(endpoint string, headers map[string]string) *collector {
	return &collector{strings.TrimSuffix(endpoint, "/"), headers, &http.Client{Timeout: sendTimeout}}
}

// send hands over what a path of the endpoint is for. There is no second try:
// of metrics the next are as good, and spans must not pile up.
func (c *collector) send(ctx context.Context, path string, message proto.Message) error {
	body, err := proto.Marshal(message)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.endpoint+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range c.headers {
		request.Header.Set(name, value)
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // so that the connection can be used again
	_ = response.Body.Close()                                         // it was read as far as it counts
	if response.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("the collector answers %s", response.Status)
	}
	return nil
}

// traces is an otlptrace.Client.
type traces struct{ *collector }

// Start implements otlptrace.Client.
func (traces) Start(context.Context) error { return nil }

// Stop implements otlptrace.Client.
func (traces) Stop(context.Context) error { return nil }

// UploadTraces implements otlptrace.Client. On the wire a TracesData is the
// same as a request to export it, whose package has gRPC in it.
func (t traces) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	return t.send(ctx, "/v1/traces", &tracepb.TracesData{ResourceSpans: spans})
}
