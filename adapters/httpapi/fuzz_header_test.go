package httpapi_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// FuzzCondition: what is no list of entity tags as RFC 9110 has it is refused,
// and of what is one exactly the strong tags of the present state count.
func FuzzCondition(f *testing.F) {
	for _, seed := range []string{`*`, `"1"`, `W/"1"`, `"1", W/"2" ,"3"`, `,"1",,`, `"1-gzip"`, `"`, `""`, `"a,b"`, `w/"1"`, "\"\xff\"", `"1""2"`, `"1" x`, ``} {
		f.Add(seed)
	}
	const tag = `(?:W/)?"[^\x00-\x20"\x7f]*"`
	list := regexp.MustCompile(`^[ \t,]*` + tag + `[ \t]*(?:,[ \t,]*` + tag + `[ \t]*)*(?:,[ \t,]*)?$`)
	tags := regexp.MustCompile(tag)
	f.Fuzz(func(t *testing.T, condition string) {
		s := serve(t, quiet)
		s.create("u", "x")
		stated := tags.FindAllString(condition, -1)
		matches, weakly := false, false
		for _, tag := range stated {
			matches = matches || tag == `"1"` || tag == `"1-gzip"`
			weakly = weakly || strings.TrimPrefix(tag, "W/") == `"1"` || strings.TrimPrefix(tag, "W/") == `"1-gzip"`
		}
		wantMatch, wantNone := 412, 200
		switch {
		case strings.Trim(condition, " \t") == "*":
			wantMatch, wantNone = 200, 304
		case !list.MatchString(condition) || len(stated) > 100:
			wantMatch, wantNone = 400, 400
		case matches:
			wantMatch, wantNone = 200, 304
		case weakly:
			wantNone = 304
		}
		for _, path := range []string{"/api/u/tasks", "/api/u/tasks/1"} {
			if got := s.do("GET", path, as("u"), header("If-None-Match", condition)).status; got != wantNone {
				t.Errorf("If-None-Match: %q: %d, want %d", condition, got, wantNone)
			}
		}
		if got := s.do("PATCH", "/api/u/tasks/1", as("u"), header("If-Match", condition), raw(`{}`)).status; got != wantMatch {
			t.Errorf("If-Match: %q: %d, want %d", condition, got, wantMatch)
		}
	})
}

// FuzzAccept: only who says so gets a calendar, or a compressed answer; and
// each of them is what it says it is.
func FuzzAccept(f *testing.F) {
	for _, seed := range []string{"gzip", "text/calendar", "text/calendar;q=0.5, application/x-ndjson", "gzip;q=0", "*", ";;,=q", "gzip;q=1e999"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		s := long(t)
		export := s.do("GET", "/api/u/export", as("u"), header("Accept", accept)).want(200)
		if calendar := strings.HasPrefix(string(export.body), "BEGIN:VCALENDAR\r\n"); calendar != strings.HasPrefix(export.Get("Content-Type"), "text/calendar") ||
			calendar && !strings.Contains(strings.ToLower(accept), "text/calendar") {
			t.Errorf("%q: %s", accept, export.Get("Content-Type"))
		}
		list := s.do("GET", "/api/u/tasks", as("u"), header("Accept-Encoding", accept)).want(200)
		compressed := list.Get("Content-Encoding") == "gzip"
		if compressed && !strings.Contains(strings.ToLower(accept), "gzip") || compressed != strings.HasSuffix(list.Get("ETag"), `-gzip"`) {
			t.Errorf("%q: %v", accept, list.Header)
		}
		if plain := decoded(t, list.Header, list.body); !strings.HasPrefix(string(plain), "[{") {
			t.Errorf("%q: %s", accept, plain)
		}
	})
}

// FuzzIdempotencyKey: a key that is taken has one answer.
func FuzzIdempotencyKey(f *testing.F) {
	for _, seed := range []string{"k", "", " ", "\x7f", "é", strings.Repeat("k", 256), `"k"`} {
		f.Add(seed)
	}
	fits := regexp.MustCompile(`^[!-~]{1,255}$`)
	f.Fuzz(func(t *testing.T, name string) {
		s := serve(t, quiet)
		send := func() *answer { return s.do("POST", "/api/u/tasks", as("u"), key(name), raw(`{"title":"x"}`)) }
		first := send()
		if want := fits.MatchString(name); (first.status == 201) != want || first.status != 201 && first.status != 422 {
			t.Errorf("%q: answered %d", name, first.status)
		}
		if first.status == 201 {
			same(t, first, send())
		}
		if got := s.do("GET", "/api/u/tasks", as("u")).ids(); len(got) > 1 {
			t.Errorf("%q: left %s", name, fmt.Sprint(got))
		}
	})
}

// FuzzLastEventID: a stream goes on from an id that was given, or begins anew
// where there is none, and from nothing else.
func FuzzLastEventID(f *testing.F) {
	long := func(s *setup) { s.verifier = verifier{life: 1 << 62} } // the clock goes on with each stream
	s := full(f, 3, quiet, long)
	given := map[string]bool{"": true, "now": true}
	for token, more := "", true; more; {
		query := "limit=1"
		if token != "" {
			query += "&since=" + token
		}
		part := changes(s, "u", query)
		token, more = part.Next, part.More
		given[token] = true
		f.Add(token, "")
		f.Add("", token)
	}
	for _, seed := range []string{"", "now", "0", "id: 1\ndata: x", "\x00", strings.Repeat("A", 100)} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, id, since string) {
		s := &service{API: s.API, t: t, log: s.log}
		target := "/api/u/events?since=" + url.QueryEscape(since)
		if since == "" {
			target = "/api/u/events"
		}
		answer := s.do("HEAD", target, as("u"), header("Last-Event-ID", id)) // which is answered before there are events
		last := id
		if last == "" {
			last = since
		}
		if want := given[last]; (answer.status == 200) != want || answer.status != 200 && answer.status != 422 {
			t.Errorf("Last-Event-ID %q and since %q: answered %d", id, since, answer.status)
		}
	})
}

// FuzzPrefer: whatever a client prefers, only strict handling makes a
// difference.
func FuzzPrefer(f *testing.F) {
	for _, seed := range []string{"handling=strict", "handling=lenient", `handling="strict"; x=y`, "HANDLING = strict", "respond-async, handling=strict", ",;=", "handling", "handling=strict,handling=lenient"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, preference string) {
		s := serve(t, quiet)
		prefer := header("Prefer", preference)
		s.do("GET", "/api/u/tasks?limit=1", as("u"), prefer).want(200)
		switch answer := s.do("GET", "/api/u/tasks?unknown=1", as("u"), prefer); answer.status {
		case 200:
		case 422:
			if !strings.Contains(strings.ToLower(preference), "handling") || !strings.Contains(preference, "strict") {
				t.Errorf("%q was taken for strict handling", preference)
			}
		default:
			t.Errorf("%q: answered %d", preference, answer.status)
		}
	})
}

// FuzzRequestID: an id that comes back is the one that was sent, or one of
// ours, and can do no harm where it is logged.
func FuzzRequestID(f *testing.F) {
	for _, seed := range []string{"r", "", "a b", "a\nb", `a"b`, "é", strings.Repeat("x", 65), "\x1b[31m"} {
		f.Add(seed)
	}
	harmless := regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	f.Fuzz(func(t *testing.T, id string) {
		s := serve(t)
		got := s.do("GET", "/nothing", header("X-Request-ID", id)).refused(404, "route_not_found").RequestID
		if !harmless.MatchString(got) || harmless.MatchString(id) && got != id {
			t.Errorf("%q came back as %q", id, got)
		}
	})
}
