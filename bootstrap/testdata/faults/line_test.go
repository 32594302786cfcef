package faults_test

import (
	"context"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/Shopify/toxiproxy/v2"
	"github.com/rs/zerolog"
)

// A line is the network between the service and PostgreSQL.
type line struct {
	url   string
	proxy *toxiproxy.Proxy
}

func newLine(t *testing.T, d database) *line {
	t.Helper()
	address, err := url.Parse(d.url)
	if err != nil {
		t.Fatal(err)
	}
	server := toxiproxy.NewServer(toxiproxy.NewMetricsContainer(nil), zerolog.New(io.Discard))
	proxy := toxiproxy.NewProxy(server, d.name, "127.0.0.1:0", address.Host)
	if err := proxy.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(proxy.Stop)
	address.Host = proxy.Listen
	return &line{address.String(), proxy}
}

// spoil adds toxics, which are as the documentation of Toxiproxy has them.
func (l *line) spoil(t *testing.T, toxics ...string) {
	t.Helper()
	for _, toxic := range toxics {
		if _, err := l.proxy.Toxics.AddToxicJson(strings.NewReader(toxic)); err != nil {
			t.Fatal(err)
		}
	}
}

func (l *line) mend() { l.proxy.Toxics.ResetToxics(context.Background()) }
