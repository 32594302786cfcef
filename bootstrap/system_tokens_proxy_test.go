package bootstrap_test

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
)

// A keyProxy stands between Taskward and the public keys of a Better Auth, as a gateway or a CDN does.
type keyProxy struct {
	url       string       // of the keys
	requests  atomic.Int64 // that have come
	throttled atomic.Bool  // it answers 429, as Better Auth's rate limit does
}

func proxyKeys(t *testing.T, auth *betterAuth) *keyProxy {
	t.Helper()
	upstream, err := url.Parse(auth.url)
	if err != nil {
		t.Fatal(err)
	}
	proxy := &keyProxy{}
	forward := httputil.NewSingleHostReverseProxy(upstream)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxy.requests.Add(1)
		if proxy.throttled.Load() {
			w.Header().Set("X-Retry-After", "10")
			http.Error(w, `{"message":"Too many requests. Please try again later."}`, http.StatusTooManyRequests)
			return
		}
		forward.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	proxy.url = server.URL + "/api/auth/jwks"
	return proxy
}
