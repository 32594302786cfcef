package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docsParts are what the reference page loads, and as what.
var docsParts = map[string]string{
	"/docs/page.css":             "text/css; charset=utf-8",
	"/docs/page.js":              "text/javascript; charset=utf-8",
	"/docs/favicon-32x32.png":    "image/png",
	"/docs/swagger-ui.css":       "text/css; charset=utf-8",
	"/docs/swagger-ui-bundle.js": "text/javascript; charset=utf-8",
}

func TestTheReferencePageLoadsWhatIsServedHere(t *testing.T) {
	s := serve(t)
	page := s.do("GET", "/docs").want(200)
	if media := page.Get("Content-Type"); media != "text/html; charset=utf-8" {
		t.Errorf("the page is %q", media)
	}
	var loaded []string
	for _, reference := range regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllSubmatch(page.body, -1) {
		loaded = append(loaded, string(reference[1]))
	}
	for path, media := range docsParts {
		if !slices.Contains(loaded, path) {
			t.Errorf("the page does not load %s", path)
		}
		if got := s.do("GET", path).want(200).Get("Content-Type"); got != media {
			t.Errorf("%s is %q, want %q", path, got, media)
		}
	}
	for _, path := range loaded {
		if docsParts[path] == "" && path != "/openapi.yaml" {
			t.Errorf("the page loads %s", path)
		}
	}
	if script := s.do("GET", "/docs/page.js").body; !bytes.Contains(script, []byte(`"/openapi.yaml"`)) {
		t.Error("the page does not show openapi.yaml")
	}
}

func TestTheReferencePageMayDoWhatItNeeds(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/docs", "/docs/", "/docs/page.css", "/docs/swagger-ui-bundle.js"} {
		answer := s.do("GET", path).want(200)
		for name, want := range map[string]string{
			"Cache-Control":          "no-cache",
			"X-Content-Type-Options": "nosniff",
			"X-Frame-Options":        "DENY",
			"Referrer-Policy":        "no-referrer",
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
				"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		} {
			if got := answer.Get(name); got != want {
				t.Errorf("%s: %s: %q, want %q", path, name, got, want)
			}
		}
	}
}

func TestTheReferencePageIsSentOnce(t *testing.T) {
	s := serve(t)
	tags := map[string]string{}
	for _, path := range []string{"/docs", "/docs/page.css", "/docs/page.js", "/docs/favicon-32x32.png", "/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js"} {
		for _, coding := range []string{"", "gzip"} {
			accept := header("Accept-Encoding", coding)
			first := s.do("GET", path, accept).want(200)
			tag := first.Get("ETag")
			if first.Get("Content-Encoding") == coding {
				if tags[tag] != "" {
					t.Errorf("%s %q has the tag of %s", path, coding, tags[tag])
				}
				tags[tag] = path + " " + coding
			}
			if !slices.Contains(first.Values("Vary"), "Accept-Encoding") {
				t.Errorf("%s: Vary %q", path, first.Values("Vary"))
			}
			for _, had := range []string{tag, "W/" + tag, `"1", ` + tag} {
				again := s.do("GET", path, accept, header("If-None-Match", had)).want(304)
				if len(again.body) > 0 || again.Get("ETag") != tag || again.Get("Cache-Control") != "no-cache" {
					t.Errorf("%s to who has %s: %d bytes, ETag %q", path, had, len(again.body), again.Get("ETag"))
				}
			}
			s.do("GET", path, accept, header("If-None-Match", `"1"`)).want(200)
		}
	}
}

func TestTheReferencePageIsSentGzippedToWhoTakesIt(t *testing.T) {
	s := serve(t)
	for _, path := range []string{"/docs/swagger-ui.css", "/docs/swagger-ui-bundle.js"} {
		plain := s.do("GET", path).want(200)
		for _, accepted := range []string{"gzip", "br;q=1.0, GZIP;q=0.5", "deflate, gzip"} {
			packed := s.do("GET", path, header("Accept-Encoding", accepted)).want(200)
			reader, err := gzip.NewReader(bytes.NewReader(packed.body))
			if err != nil || packed.Get("Content-Encoding") != "gzip" {
				t.Fatalf("%s, %s: %v, %q", path, accepted, err, packed.Get("Content-Encoding"))
			}
			if unpacked, err := io.ReadAll(reader); err != nil || !bytes.Equal(unpacked, plain.body) {
				t.Errorf("%s, %s: another file, %v", path, accepted, err)
			}
		}
		for _, accepted := range []string{"identity", "br", "gzip;q=0", "xgzip", strings.Repeat(",", 1000)} {
			if got := s.do("GET", path, header("Accept-Encoding", accepted)).want(200); got.Get("Content-Encoding") != "" || !bytes.Equal(got.body, plain.body) {
				t.Errorf("%s, %s: Content-Encoding %q", path, accepted, got.Get("Content-Encoding"))
			}
		}
	}
}

func TestTheReferencePageHasNoOtherParts(t *testing.T) {
	s := serve(t)
	for _, part := range []string{"nothing", "swagger-ui.css.gz", "..%2Fopenapi.yaml", "docs%2Fpage.html", "%00", "oauth2-redirect.html", "page.html/x"} {
		s.do("GET", "/docs/"+part).refused(404, "route_not_found")
	}
	s.do("POST", "/docs").refused(405, "method_not_allowed")
}
