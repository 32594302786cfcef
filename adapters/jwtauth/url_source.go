package jwtauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// URLSource is a [ports.KeySource] that fetches the set over HTTP, as Better Auth
// serves it at /api/auth/jwks.
type URLSource struct {
	address string
	client  *http.Client
}

// URLOptions loosens what a [URLSource] demands.
type URLOptions struct {
	// PlainHTTP allows http to other machines. Whoever can change what
	// travels between can then sign in as anybody.
	PlainHTTP bool
}

// NewURLSource makes the source for an address, which has to be https, or http
// on this machine. Any other gets an [domain.Invalid] error.
func NewURLSource(address string, options URLOptions) (*URLSource, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Hostname() == "" || parsed.Scheme != "https" && parsed.Scheme != "http" {
		return nil, domain.Invalidity(domain.Violation{Field: "key set URL", Detail: "must be an http or https URL"})
	}
	if parsed.Scheme == "http" && !options.PlainHTTP && !isLoopback(parsed.Hostname()) {
		return nil, domain.Invalidity(domain.Violation{Field: "key set URL", Detail: "must be https: over http anybody on the way could put in keys of their own"})
	}
	return &URLSource{address, &http.Client{
		Transport: &http.Transport{
			Proxy:                  http.ProxyFromEnvironment,
			ForceAttemptHTTP2:      true,
			DisableKeepAlives:      true, // the next fetch is minutes away
			MaxResponseHeaderBytes: 64 << 10,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

var _ ports.KeySource = (*URLSource)(nil)

// KeySet implements [ports.KeySource]. It follows no redirect, and takes nothing but
// a 200 with at most 512 KiB.
func (s *URLSource) KeySet(ctx context.Context) (document []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address, nil)
	if err != nil {
		return nil, fmt.Errorf("key set: %w", err)
	}
	request.Header.Set("Accept", "application/jwk-set+json, application/json")
	response, err := s.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("key set: %w", err)
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("key set: GET %s answered %s", s.address, response.Status)
	}
	if document, err = readKeySet(response.Body); err != nil {
		return nil, fmt.Errorf("key set: GET %s: %w", s.address, err)
	}
	return document, nil
}

// maxKeySetBytes is far more than a thousand keys need.
const maxKeySetBytes = 512 << 10

func readKeySet(from io.Reader) ([]byte, error) {
	document, err := io.ReadAll(io.LimitReader(from, maxKeySetBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(document) > maxKeySetBytes:
		return nil, fmt.Errorf("longer than %d bytes", maxKeySetBytes)
	}
	return document, nil
}

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}
