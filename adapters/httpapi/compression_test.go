package httpapi_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
)

// long is a service where the task 1 of u is answered with more than 4 KiB, and
// the task 2 with less.
func long(t testing.TB) *service {
	s := serve(t)
	s.do("POST", "/api/u/tasks", as("u"), sending(map[string]any{"title": "x", "description": strings.Repeat("𝄞", 1000)})).want(201)
	s.create("u", "y")
	return s
}

func TestLongAnswersAreCompressed(t *testing.T) {
	s := long(t)
	for accept, compressed := range map[string]bool{
		"gzip": true, "GZIP": true, "br, gzip": true, "gzip;q=0.1": true, "deflate, gzip ; q=1.0, *;q=0": true, "gzip;x": true,
		"": false, "identity": false, "br": false, "gzip;q=0": false, "gzip; Q=0.000": false, "gzip;q=NaN": false, "gzip;q=-1": false, "gzipped": false, "x-gzip": false, ";q=1": false, "*;q=0": false,
	} {
		for _, path := range []string{"/api/u/tasks", "/api/u/tasks/1", "/api/u/changes", "/openapi.json"} {
			plain := s.do("GET", path, as("u")).want(200)
			got := s.do("GET", path, as("u"), header("Accept-Encoding", accept)).want(200)
			if !bytes.Equal(decoded(t, got.Header, got.body), plain.body) {
				t.Errorf("%s for %q: another answer", path, accept)
			}
			if (got.Get("Content-Encoding") == "gzip") != compressed || (len(got.body) < len(plain.body)) != compressed {
				t.Errorf("%s for %q: %d of %d bytes, Content-Encoding %q", path, accept, len(got.body), len(plain.body), got.Get("Content-Encoding"))
			}
			if got.Get("Content-Length") != strconv.Itoa(len(got.body)) {
				t.Errorf("%s for %q: Content-Length %s of %d bytes", path, accept, got.Get("Content-Length"), len(got.body))
			}
			if vary := strings.Join(got.Values("Vary"), ", "); !strings.Contains(vary, "Accept-Encoding") {
				t.Errorf("%s for %q: Vary: %s", path, accept, vary)
			}
			tag := plain.Get("ETag")
			if compressed && tag != "" {
				tag = strings.TrimSuffix(tag, `"`) + `-gzip"`
			}
			if got.Get("ETag") != tag {
				t.Errorf("%s for %q: ETag %s, want %s", path, accept, got.Get("ETag"), tag)
			}
		}
	}
}

func TestShortAnswersAreNotCompressed(t *testing.T) {
	s := long(t)
	for _, answer := range []*answer{
		s.do("GET", "/api/u/tasks/2", as("u"), header("Accept-Encoding", "gzip")).want(200),
		s.do("GET", "/api/u/tasks?limit=1", as("u"), header("Accept-Encoding", "gzip")).want(200),
		s.do("GET", "/api/u/tasks/9", as("u"), header("Accept-Encoding", "gzip")).want(404),
		s.do("GET", "/health", header("Accept-Encoding", "gzip")).want(200),
	} {
		if answer.Get("Content-Encoding") != "" || strings.Contains(answer.Get("ETag"), "gzip") {
			t.Errorf("answered with %v", answer.Header)
		}
	}
}

func TestTheTagOfACompressedAnswerIsATag(t *testing.T) {
	s := long(t)
	for _, path := range []string{"/api/u/tasks", "/api/u/tasks/1"} {
		tag := s.do("GET", path, as("u"), header("Accept-Encoding", "gzip")).want(200).Get("ETag")
		for _, accept := range []string{"gzip", "identity"} {
			again := s.do("GET", path, as("u"), header("Accept-Encoding", accept), header("If-None-Match", tag)).want(304)
			if again.Get("ETag") != tag || again.Get("Content-Encoding") != "" {
				t.Errorf("%s: %s came back with %v", path, tag, again.Header)
			}
		}
	}
	tag := s.do("GET", "/api/u/tasks/1", as("u"), header("Accept-Encoding", "gzip")).want(200).Get("ETag")
	changed := s.do("PATCH", "/api/u/tasks/1", as("u"), header("Accept-Encoding", "gzip"), header("If-Match", tag), raw(`{"title":"z"}`)).want(200)
	if changed.Get("ETag") != `"3-gzip"` {
		t.Errorf("ETag %s", changed.Get("ETag"))
	}
	s.do("PATCH", "/api/u/tasks/1", as("u"), header("If-Match", tag), raw(`{"title":"z"}`)).refused(412, "task_changed")
}
