package jwtauth_test

import (
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports/portstest"
)

func TestURLSource(t *testing.T) {
	var answer atomic.Pointer[string]
	var failing atomic.Bool
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if failing.Load() {
			w.WriteHeader(http.StatusTooManyRequests)
		}
		write(t, w, *answer.Load())
	}))
	defer keys.Close()
	portstest.TestKeySource(t, portstest.KeyHarness{
		Source: must(jwtauth.NewURLSource(keys.URL, jwtauth.URLOptions{})),
		Publish: func(_ context.Context, keys ...portstest.PublicKey) error {
			document := publish(t, keys)
			answer.Store(&document)
			return nil
		},
		Fail: func(_ context.Context, fail bool) error {
			failing.Store(fail)
			return nil
		},
	})
}

func TestURLSourceFetchesTheSet(t *testing.T) {
	const document = `{"keys":[]}`
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet || r.URL.RequestURI() != "/api/auth/jwks?a=b" {
			t.Errorf("the request is %s %s", r.Method, r.URL)
		}
		write(t, w, document)
	}))
	defer keys.Close()
	source, err := jwtauth.NewURLSource(keys.URL+"/api/auth/jwks?a=b", jwtauth.URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := source.KeySet(t.Context())
	if err != nil || string(got) != document {
		t.Errorf("the set is %q, error %v", got, err)
	}
}

func TestVerifierWithKeysFromAURL(t *testing.T) {
	document := fullKeySet(t)
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { write(t, w, document) }))
	defer keys.Close()
	source, err := jwtauth.NewURLSource(keys.URL, jwtauth.URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	verifier := newVerifier(t, jwtauth.Options{Servers: []jwtauth.AuthServer{server(source)}, Clock: atNoon})
	if got := code(verifier.Verify(t.Context(), newDraft("ES256").sign(t))); got != "" {
		t.Errorf("the code is %q", got)
	}
}

func TestURLSourceRefusesBadAnswers(t *testing.T) {
	const most = 512 << 10
	for name, answer := range map[string]func(http.ResponseWriter, *http.Request){
		"too many requests": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) },
		"a server error":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"no content":        func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) },
		"a redirect": func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				t.Error("the redirect was followed")
			}
			http.Redirect(w, r, "/elsewhere", http.StatusFound)
		},
		"too much": func(w http.ResponseWriter, _ *http.Request) { write(t, w, strings.Repeat(" ", most+1)) },
		"too much, packed": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			packed := gzip.NewWriter(w)
			_, _ = packed.Write(make([]byte, 2*most)) // the reader stops
			_ = packed.Close()
		},
		"endless headers": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X", strings.Repeat("x", 1<<20))
			write(t, w, "{}")
		},
		"cut short": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			write(t, w, "{}")
		},
		"hung up": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	} {
		t.Run(name, func(t *testing.T) {
			keys := httptest.NewServer(http.HandlerFunc(answer))
			defer keys.Close()
			source, err := jwtauth.NewURLSource(keys.URL, jwtauth.URLOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := source.KeySet(t.Context()); err == nil {
				t.Errorf("the set is %d bytes, want an error", len(got))
			}
		})
	}
}

func TestURLSourceEndsWithItsContext(t *testing.T) {
	reached := make(chan struct{})
	keys := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(reached)
		<-r.Context().Done()
	}))
	defer keys.Close()
	source, err := jwtauth.NewURLSource(keys.URL, jwtauth.URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-reached
		cancel()
	}()
	if _, err := source.KeySet(ctx); err == nil {
		t.Error("no error")
	}
}

func TestURLSourceAddresses(t *testing.T) {
	for address, allowed := range map[string]bool{
		"https://auth.example.test/api/auth/jwks": true,
		"http://localhost:3000/api/auth/jwks":     true,
		"http://LOCALHOST/jwks":                   true,
		"http://127.0.0.1:3000/jwks":              true,
		"http://127.8.9.1/jwks":                   true,
		"http://[::1]:3000/jwks":                  true,
		"http://auth:3000/jwks":                   false,
		"http://auth.example.test/jwks":           false,
		"http://localhost.example.test/jwks":      false,
		"http://10.0.0.1/jwks":                    false,
		"http://127.0.0.1.example.test/jwks":      false,
		"http://localhost@example.test/jwks":      false,
		"ftp://localhost/jwks":                    false,
		"file:///etc/passwd":                      false,
		"localhost:3000":                          false,
		"https:///jwks":                           false,
		"":                                        false,
		"http://[::1":                             false,
	} {
		_, err := jwtauth.NewURLSource(address, jwtauth.URLOptions{})
		if allowed != (err == nil) || !allowed && domain.KindOf(err) != domain.Invalid {
			t.Errorf("%q: the error is %v", address, err)
		}
	}
	if _, err := jwtauth.NewURLSource("http://auth:3000/jwks", jwtauth.URLOptions{PlainHTTP: true}); err != nil {
		t.Errorf("plain http, allowed: %v", err)
	}
	if _, err := jwtauth.NewURLSource("ftp://auth/jwks", jwtauth.URLOptions{PlainHTTP: true}); err == nil {
		t.Error("ftp is allowed with plain http")
	}
}

func write(t *testing.T, w http.ResponseWriter, text string) {
	t.Helper()
	if _, err := w.Write([]byte(text)); err != nil && len(text) < 1<<16 {
		t.Error(err)
	}
}
