package httpapi

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// preflightSeconds is how long a browser may remember a preflight's answer.
const preflightSeconds = 600

// allowOrigins lets pages from origins call with credentials, and read the
// answers, errors included.
func allowOrigins(origins []string) echo.MiddlewareFunc {
	return middleware.CORSWithConfig(middleware.CORSConfig{
		// Echo's AllowOrigins would take wildcards.
		AllowOriginFunc:  func(origin string) (bool, error) { return slices.Contains(origins, origin), nil },
		AllowCredentials: true,
		AllowMethods:     []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete},
		AllowHeaders: []string{
			"authorization", "content-type", "if-match", "if-none-match",
			"idempotency-key", "last-event-id", "prefer",
		},
		ExposeHeaders: []string{
			"etag", "link", "location", "x-total-count", "www-authenticate",
			"retry-after", "ratelimit", "ratelimit-policy", "x-request-id",
		},
		MaxAge: preflightSeconds,
	})
}

// checkOrigin accepts an origin as browsers send it, RFC 6454 section 6.2:
// scheme, host in lower case and, unless it is the scheme's own, port.
func checkOrigin(origin string) error {
	address, err := url.Parse(origin)
	if err != nil || origin != address.Scheme+"://"+address.Host || !isHost(address.Hostname()) ||
		!slices.Contains([]string{"http", "https"}, address.Scheme) ||
		strings.HasSuffix(origin, ":") || address.Port() == defaultPorts[address.Scheme] {
		return fmt.Errorf("CORS origin %q is not scheme, host and port only, as in https://app.example (no path, no wildcard, no default port)", origin)
	}
	return nil
}

var defaultPorts = map[string]string{"http": "80", "https": "443"}

// isHost reports whether text can be a name, or an address, in an origin.
func isHost(text string) bool {
	return text != "" && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789.-:") == ""
}
