package httpapi

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
)

// maxTokenBytes is the longest token that is looked at.
const maxTokenBytes = 8 << 10

// bearerToken takes the token from the Authorization header, and from nowhere
// else (RFC 6750 section 2.1): one header, "Bearer" in any case, one space,
// and a token of the characters that section allows.
func bearerToken(header http.Header) (string, error) {
	credentials := header.Values(echo.HeaderAuthorization)
	switch {
	case len(credentials) > 1:
		return "", authorizationTwice
	case len(credentials) == 0 || credentials[0] == "":
		return "", tokenMissing
	}
	scheme, token, _ := strings.Cut(credentials[0], " ")
	switch {
	case !strings.EqualFold(scheme, "Bearer"):
		return "", schemeNotSupported
	case len(token) > maxTokenBytes || !isB64Token(token):
		return "", tokenUnreadable
	}
	return token, nil
}

// isB64Token reports whether text is a b64token, RFC 6750 section 2.1.
func isB64Token(text string) bool {
	stem := strings.TrimRight(text, "=")
	return stem != "" && strings.Trim(stem, letters+"0123456789-._~+/") == ""
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// challenge is the value of WWW-Authenticate, RFC 6750 section 3. The error
// code is empty for who sent no bearer token at all (section 3.1).
func challenge(code, description string) string {
	const realm = `Bearer realm="taskward"`
	if code == "" {
		return realm
	}
	return realm + `, error="` + code + `", error_description="` + strings.Map(quotable, description) + `"`
}

// quotable replaces what error_description must not contain, RFC 6750 section 3.
func quotable(r rune) rune {
	if r < 0x20 || r > 0x7E || r == '"' || r == '\\' {
		return '?'
	}
	return r
}
