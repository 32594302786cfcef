package webpage_test

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/webpage"
)

// development are options with two users, whose tokens name them.
var development = webpage.Options{
	Users: []string{"alice", "bob"},
	Mint:  func(user string) (string, error) { return "token-of-" + user, nil },
}

func newPage(t testing.TB, options webpage.Options) *webpage.Page {
	t.Helper()
	page, err := webpage.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// ask makes a request of the page's.
func ask(t testing.TB, page *webpage.Page, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	recorder.Header().Set("X-Request-Id", "r1") // as the API has it
	page.ServeHTTP(recorder, request)
	return recorder
}

// paths are all that the page consists of.
func paths(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{"/": "page.html"}
	err := fs.WalkDir(os.DirFS("static"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && name != "page.html" {
			found["/page/"+name] = name
		}
		return err
	})
	if err != nil || len(found) < 10 {
		t.Fatalf("there are %d files, error %v", len(found), err)
	}
	return found
}

func TestEachFileIsServedAsWhatItIs(t *testing.T) {
	page := newPage(t, development)
	for at, name := range paths(t) {
		want, err := os.ReadFile("static/" + name)
		if err != nil {
			t.Fatal(err)
		}
		answer := ask(t, page, "GET", at, "")
		if body := answer.Body.String(); answer.Code != 200 || body != string(want) {
			t.Errorf("%s: status %d, %d bytes, want those of %s", at, answer.Code, len(body), name)
		}
		media := map[string]string{
			".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
			".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
		}[path.Ext(name)]
		if got := answer.Header().Get("Content-Type"); got != media {
			t.Errorf("%s is %q, want %q", at, got, media)
		}
		head := ask(t, page, "HEAD", at, "")
		if head.Code != 200 || head.Header().Get("Content-Length") != answer.Header().Get("Content-Length") {
			t.Errorf("HEAD %s: status %d, Content-Length %q", at, head.Code, head.Header().Get("Content-Length"))
		}
	}
}

func TestEachFileIsSentOnce(t *testing.T) {
	page := newPage(t, development)
	tags := map[string]string{}
	for at := range paths(t) {
		first := ask(t, page, "GET", at, "")
		tag := first.Header().Get("ETag")
		if !strings.HasPrefix(tag, `"`) || tags[tag] != "" || first.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: ETag %s, as has %q, Cache-Control %q", at, tag, tags[tag], first.Header().Get("Cache-Control"))
		}
		tags[tag] = at
		for _, had := range []string{tag, "W/" + tag, `"1", ` + tag} {
			again := ask(t, page, "GET", at, "", "If-None-Match: "+had)
			if again.Code != 304 || again.Body.String() != "" || again.Header().Get("ETag") != tag {
				t.Errorf("%s to who has %s: status %d, ETag %q", at, had, again.Code, again.Header().Get("ETag"))
			}
		}
		if again := ask(t, page, "GET", at, "", `If-None-Match: "1"`); again.Code != 200 {
			t.Errorf("%s to who has another: status %d", at, again.Code)
		}
	}
}

func TestThePageMayDoNoMoreThanItNeeds(t *testing.T) {
	const before, after = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'",
		"; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	for name, test := range map[string]struct {
		options webpage.Options
		servers string
	}{
		"development": {development, ""},
		"Better Auth": {webpage.Options{AuthURL: "https://app.example:8443/api/auth"}, " https://app.example:8443"},
	} {
		t.Run(name, func(t *testing.T) {
			page := newPage(t, test.options)
			for at := range paths(t) {
				if got := ask(t, page, "GET", at, "").Header().Get("Content-Security-Policy"); got != before+test.servers+after {
					t.Errorf("%s may %s", at, got)
				}
			}
		})
	}
}

// TestThePageHasAllThatItLoads holds what the page and its modules name against what there is, and what there is against what is
// named.
func TestThePageHasAllThatItLoads(t *testing.T) {
	there := paths(t)
	named := map[string]bool{"/": true}
	for at, name := range there {
		source, err := os.ReadFile("static/" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range regexp.MustCompile(`(?:src|href)="(/page/[^"]*)"|from "\.(/[^"]*)"`).FindAllSubmatch(source, -1) {
			loaded := string(match[1])
			if loaded == "" {
				loaded = "/page" + string(match[2])
			}
			if there[loaded] == "" {
				t.Errorf("%s loads %s, which is not there", at, loaded)
			}
			named[loaded] = true
		}
		if match := regexp.MustCompile(`(?i)<script(?:>|[^>]*[^>"]>)|<style|\sstyle=|\son\w+="|innerHTML|insertAdjacentHTML|document\.write|eval\(|localStorage|https?://`).Find(source); match != nil && string(match) != "http://" {
			t.Errorf("%s has %q", name, match)
		}
	}
	for at := range there {
		if !named[at] {
			t.Errorf("nothing loads %s", at)
		}
	}
}

func TestThePageKnowsHowToSignIn(t *testing.T) {
	for want, options := range map[string]webpage.Options{
		`{"kind":"development","users":["alice","bob"]}`:               development,
		`{"kind":"better-auth","url":"https://app.example/base/auth"}`: {AuthURL: "https://app.example/base/auth"},
	} {
		answer := ask(t, newPage(t, options), "GET", "/page/auth.json", "")
		if got := answer.Body.String(); got != want || answer.Header().Get("Content-Type") != "application/json" {
			t.Errorf("it is told %s as %s, want %s", got, answer.Header().Get("Content-Type"), want)
		}
	}
}

func TestNothingElseIsServed(t *testing.T) {
	page := newPage(t, development)
	for _, at := range []string{"/page/", "/page", "/page/nothing.js", "/page/page.html", "/page/../main.js", "/page/static/main.js", "/page/main.js/", "/page/sign-in", "/docs"} {
		expectProblem(t, ask(t, page, "GET", at, ""), 404, "route_not_found")
	}
	expectProblem(t, ask(t, page, "POST", "/", ""), 404, "route_not_found")
}

// expectProblem wants an answer to be a problem as the API has them.
func expectProblem(t testing.TB, answer *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	var got struct {
		Type      string
		Title     string
		Status    int
		Detail    string
		Code      string
		RequestID string `json:"request_id"`
	}
	body := answer.Body.String()
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	want := got
	want.Type, want.Title, want.Status, want.Code, want.RequestID = "about:blank", http.StatusText(status), status, code, "r1"
	if diff := cmp.Diff(want, got); diff != "" || got.Detail == "" || answer.Code != status || answer.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("answered %d, %s: %s (-want +got):\n%s", answer.Code, answer.Header().Get("Content-Type"), body, diff)
	}
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	for name, options := range map[string]webpage.Options{
		"no way to sign in":      {},
		"users without tokens":   {Users: []string{"alice"}},
		"tokens without users":   {Mint: development.Mint},
		"both ways":              {AuthURL: "https://app.example", Users: development.Users, Mint: development.Mint},
		"a URL without a scheme": {AuthURL: "app.example/api/auth"},
		"a URL without a host":   {AuthURL: "https:///api/auth"},
		"a URL of another kind":  {AuthURL: "ftp://app.example"},
	} {
		if page, err := webpage.New(options); err == nil || page != nil {
			t.Errorf("%s: no error", name)
		}
	}
}
