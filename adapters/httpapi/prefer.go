package httpapi

import (
	"net/http"
	"strings"
)

// prefersStrict reports whether the client asks for strict handling, RFC 7240
// section 4.4: then what is not known is refused instead of ignored. Of
// several preferences for the handling the first counts (section 2).
func prefersStrict(header http.Header) bool {
	for preference := range strings.SplitSeq(strings.Join(header.Values("Prefer"), ","), ",") {
		preference, _, _ = strings.Cut(preference, ";")
		name, value, _ := strings.Cut(preference, "=")
		if strings.EqualFold(strings.TrimSpace(name), "handling") {
			return strings.Trim(strings.TrimSpace(value), `"`) == "strict"
		}
	}
	return false
}
