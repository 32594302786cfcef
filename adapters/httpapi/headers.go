package httpapi

import "github.com/labstack/echo/v4"

// guards are headers of every answer, which answers share: Echo's Secure, and
// Header.Set, would make them anew each time.
//
// The first four tell browsers to make nothing of an answer but the data that
// it is. That they are to come by TLS alone (Strict-Transport-Security) is for
// the proxy to say that ends TLS: here nobody knows what else is at its name.
// The others keep answers, which are somebody's own, out of every cache, where
// entity tags are for clients that keep answers themselves, and out of pages
// elsewhere that do not ask for them by CORS.
var guards = []struct {
	name  string
	value []string
}{
	{echo.HeaderXContentTypeOptions, []string{"nosniff"}},
	{echo.HeaderXFrameOptions, []string{"DENY"}},
	{echo.HeaderContentSecurityPolicy, []string{"default-src 'none'; frame-ancestors 'none'"}},
	{echo.HeaderReferrerPolicy, []string{"no-referrer"}},
	{echo.HeaderCacheControl, []string{"private, no-store"}},
	{"Cross-Origin-Resource-Policy", []string{"same-origin"}},
}

func guarded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		for _, guard := range guards {
			header[guard.name] = guard.value
		}
		return next(c)
	}
}
