package webpage

import (
	"encoding/json"
	"net/http"
)

// problem is one that is answered as problem details, RFC 9457, in the form that
// the API gives them.
type problem struct {
	status int
	code   string
	detail string
}

var notFound = &problem{404, "route_not_found", "There is nothing at this path."}

func (p *problem) answer(w http.ResponseWriter) {
	body, err := json.Marshal(struct {
		Type      string `json:"type"`
		Title     string `json:"title"`
		Status    int    `json:"status"`
		Detail    string `json:"detail"`
		Code      string `json:"code"`
		RequestID string `json:"request_id"`
	}{"about:blank", http.StatusText(p.status), p.status, p.detail, p.code, w.Header().Get("X-Request-Id")})
	if err != nil { // cannot be: strings and a number have a form in JSON
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.status)
	_, _ = w.Write(body) // an error means that nobody is left to be told
}
