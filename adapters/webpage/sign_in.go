package webpage

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
)

// maxSignIn is the longest body of a sign-in in bytes.
const maxSignIn = 1 << 10

// The ways in which a sign-in of development goes wrong.
var (
	foreignHost   = &problem{403, "foreign_host", "Development users sign in on this machine alone: open the page at 127.0.0.1 or localhost."}
	foreignOrigin = &problem{403, "foreign_origin", "Development users sign in on this service's own page alone."}
	notJSON       = &problem{415, "unsupported_media_type", "Send the body as application/json."}
	tooLarge      = &problem{413, "body_too_large", "The body is too large."}
	malformed     = &problem{400, "invalid_json", `The body is not like {"user":"alice"}.`}
	unknownUser   = &problem{422, "unknown_user", "There is no development user of this name."}
	mintFailed    = &problem{500, "internal_error", "No token could be made."}
)

// signIn gives a token to whoever asks on the page itself. Others who might have
// a browser ask are kept out: another site's page has its own Origin, and one
// whose name was pointed at this machine after it was loaded has its own Host.
func (p *Page) signIn(w http.ResponseWriter, r *http.Request) {
	token, refusal := p.tokenFor(w, r)
	if refusal != nil {
		refusal.answer(w)
		return
	}
	body, err := json.Marshal(map[string]string{"token": token})
	if err != nil { // cannot be: a string has a form in JSON
		mintFailed.answer(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // an error means that nobody is left to be told
}

func (p *Page) tokenFor(w http.ResponseWriter, r *http.Request) (string, *problem) {
	if !isLoopback(r.Host) {
		return "", foreignHost
	}
	if r.Header.Get("Origin") != "http://"+r.Host { // browsers send one with every POST
		return "", foreignOrigin
	}
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return "", notJSON
	}
	user, refusal := readUser(http.MaxBytesReader(w, r.Body, maxSignIn))
	if refusal != nil {
		return "", refusal
	}
	if !slices.Contains(p.users, user) {
		return "", unknownUser
	}
	token, err := p.mint(user)
	if err != nil {
		return "", mintFailed
	}
	return token, nil
}

// readUser reads a body that is {"user":…} and nothing else.
func readUser(body io.Reader) (string, *problem) {
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	var asked struct {
		User *string `json:"user"`
	}
	err := decoder.Decode(&asked)
	if err == nil {
		_, err = decoder.Token()
	}
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return "", tooLarge
	case !errors.Is(err, io.EOF) || asked.User == nil:
		return "", malformed
	}
	return *asked.User, nil
}

// isLoopback reports whether only this machine can mean itself by host, which
// may have a port.
func isLoopback(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	ip := net.ParseIP(name)
	return strings.EqualFold(name, "localhost") || ip != nil && ip.IsLoopback()
}
