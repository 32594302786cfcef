// Package webpage is a small page for tasks, to be served beside the API that
// it calls: static/ has its modules, which are written to be read, as they show
// how a front end uses the API. [Page] is an http.Handler of / and of what is
// below /page/.
package webpage

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// Options say how people sign in. There is no default: either Users and Mint
// are set, or AuthURL is.
type Options struct {
	// AuthURL is where Better Auth has its API, such as
	// "https://app.example/api/auth". The page signs people in there.
	AuthURL string

	// Users are those of development, who sign in without a password.
	Users []string

	// Mint makes a token for one of Users.
	Mint func(user string) (token string, err error)
}

// Page answers with the page and with what it loads.
type Page struct {
	files  map[string]*file // by path
	policy string
	users  []string
	mint   func(user string) (string, error) // nil where Better Auth signs people in
}

// New makes the page. It fails if there is not exactly one way to sign in.
func New(options Options) (*Page, error) {
	development := options.Mint != nil && len(options.Users) > 0
	if development == (options.AuthURL != "") {
		return nil, errors.New("webpage: either development users with their tokens or the URL of Better Auth has to be given")
	}
	page := &Page{policy: policy("'self'"), users: options.Users, mint: options.Mint}
	auth := signIn{Kind: "development", Users: options.Users}
	if !development {
		origin, err := originOf(options.AuthURL)
		if err != nil {
			return nil, fmt.Errorf("webpage: %w", err)
		}
		page.policy = policy("'self' " + origin)
		auth = signIn{Kind: "better-auth", URL: options.AuthURL}
	}
	described, err := json.Marshal(auth)
	if err != nil {
		return nil, fmt.Errorf("webpage: %w", err)
	}
	if page.files, err = readFiles(); err != nil {
		return nil, fmt.Errorf("webpage: %w", err)
	}
	page.files["/page/auth.json"] = newFile("application/json", described)
	return page, nil
}

// ServeHTTP implements http.Handler.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	file, known := p.files[r.URL.Path]
	switch {
	case known && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		w.Header().Set("Content-Security-Policy", p.policy)
		file.answer(w, r)
	case p.mint != nil && r.URL.Path == "/page/sign-in" && r.Method == http.MethodPost:
		p.signIn(w, r)
	default:
		notFound.answer(w)
	}
}

// signIn is what auth.json tells the page.
type signIn struct {
	Kind  string   `json:"kind"`
	Users []string `json:"users,omitempty"`
	URL   string   `json:"url,omitempty"`
}

// policy is all that the page may do: run and show what is served here, and
// call the servers that are named.
func policy(servers string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src " + servers +
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// originOf gives scheme, host and port of a URL, as a policy names them.
func originOf(address string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil || parsed.Host == "" || parsed.Scheme != "http" && parsed.Scheme != "https" {
		return "", fmt.Errorf("%q is not like https://app.example/api/auth", address)
	}
	return parsed.Scheme + "://" + parsed.Host, nil
}
