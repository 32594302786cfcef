package httpapi

import (
	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
)

// secure tells browsers to make nothing of an answer but the data that it is.
// That they are to come by TLS alone (Strict-Transport-Security) is for the
// proxy to say that ends TLS: here nobody knows what else is at its name.
func secure() echo.MiddlewareFunc {
	return middleware.SecureWithConfig(middleware.SecureConfig{
		ContentTypeNosniff:    "nosniff",
		XFrameOptions:         "DENY",
		ContentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
		ReferrerPolicy:        "no-referrer",
	})
}

// private keeps answers, which are somebody's own, out of every cache, where
// entity tags are for clients that keep answers themselves, and out of pages
// elsewhere that do not ask for them by CORS.
func private(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set(echo.HeaderCacheControl, "private, no-store")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		return next(c)
	}
}
