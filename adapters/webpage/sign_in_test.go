package webpage_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/webpage"
)

const (
	here   = "http://127.0.0.1:8000"
	ofJSON = "Content-Type: application/json"
)

// asked is a sign-in as the page itself asks for it.
var asked = []string{ofJSON, "Origin: " + here}

func TestSignIn(t *testing.T) {
	page := newPage(t, development)
	for _, origin := range []string{here, "http://localhost:8000", "http://[::1]:8000", "http://127.1.2.3", "http://localhost"} {
		for _, media := range []string{"application/json", "application/json; charset=utf-8"} {
			answer := ask(t, page, "POST", origin+"/page/sign-in", `{"user":"bob"}`, "Content-Type: "+media, "Origin: "+origin)
			if body := answer.Body.String(); answer.Code != 200 || body != `{"token":"token-of-bob"}` || answer.Header().Get("Content-Type") != "application/json" {
				t.Errorf("at %s: status %d, %s as %s", origin, answer.Code, body, answer.Header().Get("Content-Type"))
			}
		}
	}
}

// Any page that a browser shows can have it ask this machine: only the page itself gets a token.
func TestSignInIsForThePageAlone(t *testing.T) {
	page := newPage(t, development)
	for name, test := range map[string]struct {
		at, code string
		status   int
		headers  []string
	}{
		"another page":                      {here, "foreign_origin", 403, []string{ofJSON, "Origin: https://evil.example"}},
		"a page of another port":            {here, "foreign_origin", 403, []string{ofJSON, "Origin: http://127.0.0.1:3000"}},
		"a page of another name":            {here, "foreign_origin", 403, []string{ofJSON, "Origin: http://localhost:8000"}},
		"a page of no origin":               {here, "foreign_origin", 403, []string{ofJSON, "Origin: null"}},
		"nobody who says":                   {here, "foreign_origin", 403, []string{ofJSON}},
		"a name that was bound anew":        {"http://evil.example:8000", "foreign_host", 403, []string{ofJSON, "Origin: http://evil.example:8000"}},
		"a name like ours":                  {"http://localhost.evil.example", "foreign_host", 403, []string{ofJSON, "Origin: http://localhost.evil.example"}},
		"another machine":                   {"http://10.0.0.1:8000", "foreign_host", 403, []string{ofJSON, "Origin: http://10.0.0.1:8000"}},
		"a form":                            {here, "unsupported_media_type", 415, []string{"Content-Type: application/x-www-form-urlencoded", "Origin: " + here}},
		"what needs no question beforehand": {here, "unsupported_media_type", 415, []string{"Content-Type: text/plain", "Origin: " + here}},
		"something that does not say what":  {here, "unsupported_media_type", 415, []string{"Origin: " + here}},
		"what is not quite a type":          {here, "unsupported_media_type", 415, []string{"Content-Type: application/json/x", "Origin: " + here}},
	} {
		t.Run(name, func(t *testing.T) {
			expectProblem(t, ask(t, page, "POST", test.at+"/page/sign-in", `{"user":"bob"}`, test.headers...), test.status, test.code)
		})
	}
}

func TestSignInRefuses(t *testing.T) {
	page := newPage(t, development)
	for body, want := range map[string]struct {
		status int
		code   string
	}{
		`{"user":"carol"}`:        {422, "unknown_user"},
		`{"user":"Alice"}`:        {422, "unknown_user"},
		`{"user":""}`:             {422, "unknown_user"},
		`{}`:                      {400, "invalid_json"},
		`{"user":null}`:           {400, "invalid_json"},
		`{"user":1}`:              {400, "invalid_json"},
		`{"user":"bob","more":1}`: {400, "invalid_json"},
		`{"user":"bob"}{}`:        {400, "invalid_json"},
		`{"user":"bob"} x`:        {400, "invalid_json"},
		`{"user":"bob"`:           {400, "invalid_json"},
		`["bob"]`:                 {400, "invalid_json"},
		`null`:                    {400, "invalid_json"},
		``:                        {400, "invalid_json"},
		strings.Repeat(" ", 2000): {413, "body_too_large"},
		`{"user":"` + strings.Repeat("b", 2000) + `"}`: {413, "body_too_large"},
	} {
		expectProblem(t, ask(t, page, "POST", here+"/page/sign-in", body, asked...), want.status, want.code)
	}
}

func TestSignInWithoutATokenToGive(t *testing.T) {
	page := newPage(t, webpage.Options{Users: []string{"alice"}, Mint: func(string) (string, error) { return "", errors.New("secret") }})
	answer := ask(t, page, "POST", here+"/page/sign-in", `{"user":"alice"}`, asked...)
	expectProblem(t, answer, 500, "internal_error")
}

func TestNoSignInWithoutDevelopmentUsers(t *testing.T) {
	page := newPage(t, webpage.Options{AuthURL: "https://app.example/api/auth"})
	expectProblem(t, ask(t, page, "POST", here+"/page/sign-in", `{"user":"alice"}`, asked...), 404, "route_not_found")
}

// FuzzSignIn: whatever is sent, a token is given for a body that names a user and for no other, and what is refused is a problem.
func FuzzSignIn(f *testing.F) {
	for _, seed := range []string{`{"user":"alice"}`, `{"user":"bob"}`, ` {"user" : "\u0062ob" } `, `{"user":"x"}`, `{"User":"bob"}`, `{"user":"bob","user":"alice"}`, `[]`, "", "\xff", `{"user":"bob"}//`} {
		f.Add(seed)
	}
	page := newPage(f, development)
	f.Fuzz(func(t *testing.T, body string) {
		answer := ask(t, page, "POST", here+"/page/sign-in", body, asked...)
		text := answer.Body.String()
		if answer.Code != 200 {
			if !slices.Contains([]int{400, 413, 422}, answer.Code) || answer.Header().Get("Content-Type") != "application/problem+json" || !json.Valid([]byte(text)) {
				t.Errorf("%q is answered %d: %s", body, answer.Code, text)
			}
			return
		}
		var wanted struct{ User string }
		if err := json.Unmarshal([]byte(body), &wanted); err != nil || !slices.Contains(development.Users, wanted.User) || text != `{"token":"token-of-`+wanted.User+`"}` {
			t.Errorf("%q is answered %s, error %v", body, text, err)
		}
	})
}
