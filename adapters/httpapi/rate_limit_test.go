package httpapi_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// limited is a choice for a service that limits requests, by a clock of the
// test's.
func limited(t testing.TB, limit string, now func() time.Time) func(*setup) {
	t.Helper()
	return limitedBy(t, limit, now, memory.NewRateLimiter())
}

func limitedBy(t testing.TB, text string, now func() time.Time, limiter ports.RateLimiter) func(*setup) {
	t.Helper()
	limit, err := domain.ParseRateLimit(text)
	if err != nil {
		t.Fatal(err)
	}
	return func(s *setup) {
		s.options.RateLimits = application.NewRateLimits(limit, limiter, memory.NewRateLimiter(), now, slog.New(slog.DiscardHandler))
	}
}

func atDawn() time.Time { return dawn }

// told gives the two fields of an answer.
func told(answer *answer) string {
	return answer.Get("RateLimit-Policy") + " " + answer.Get("RateLimit")
}

func (a *answer) wantTold(want string) *answer {
	a.t.Helper()
	if got := told(a); got != want {
		a.t.Errorf("%d: told %q, want %q", a.status, got, want)
	}
	return a
}

func TestRateLimit(t *testing.T) {
	clock := dawn
	s := serve(t, limited(t, "3/m", func() time.Time { return clock }))
	s.do("GET", "/api/u/tasks", as("u")).want(200).wantTold(`"default";q=3;w=60 "default";r=2;t=20`)
	s.do("GET", "/api/u/tasks/9", as("u")).want(404).wantTold(`"default";q=3;w=60 "default";r=1;t=20`)
	clock = clock.Add(500 * time.Millisecond)
	s.do("GET", "/api/v/tasks", as("u")).want(403).wantTold(`"default";q=3;w=60 "default";r=0;t=20`)
	for range 2 {
		refused := s.do("GET", "/api/u/tasks", as("u"), header("Origin", "http://localhost:3000")).wantTold(`"default";q=3;w=60 "default";r=0;t=20`)
		refused.refused(429, "rate_limited")
		if got := refused.Get("Retry-After"); got != "20" { // 19.5 s, rounded up
			t.Errorf("Retry-After %q, want 20", got)
		}
		if exposed := refused.Get("Access-Control-Expose-Headers"); !strings.Contains(exposed, "retry-after,ratelimit,ratelimit-policy") {
			t.Errorf("a page may see %q", exposed)
		}
	}
	if line := s.log.last(t); line["user_id"] != "u" || line["code"] != "rate_limited" || line["level"] != "INFO" {
		t.Errorf("a refusal is logged as %v", line)
	}
	s.do("GET", "/api/v/tasks", as("u")).refused(429, "rate_limited") // before 403
	s.do("GET", "/api/v/tasks", as("v")).want(200).wantTold(`"default";q=3;w=60 "default";r=2;t=20`)
	clock = clock.Add(19500*time.Millisecond - time.Microsecond)
	s.do("GET", "/api/u/tasks", as("u")).refused(429, "rate_limited")
	clock = clock.Add(time.Microsecond)
	s.do("POST", "/api/u/tasks", as("u"), raw(`{}`)).want(422).wantTold(`"default";q=3;w=60 "default";r=0;t=20`)
	s.do("GET", "/api/u/tasks", as("u")).refused(429, "rate_limited")
}

// It is the user who is counted: not the address, nor anything that a request
// says besides its token.
func TestRateLimitIsForTheSubject(t *testing.T) {
	s := serve(t, limited(t, "2/m", atDawn))
	for i := range 4 {
		address := fmt.Sprintf("192.0.2.%d", i+1)
		status := s.do("GET", "/api/me/tasks", as("u"), header("X-Forwarded-For", address), header("X-User-Id", address), header("User-Agent", address), func(r *http.Request) {
			r.RemoteAddr = address + ":1"
		}).status
		if want := map[bool]int{true: 200, false: 429}[i < 2]; status != want {
			t.Errorf("request %d answered %d, want %d", i+1, status, want)
		}
	}
	s.do("GET", "/api/me/tasks", as("U")).want(200)
}

// What counts, and how much.
func TestRateLimitCountsRequests(t *testing.T) {
	for name, test := range map[string]struct {
		counts int
		send   func(s *service)
	}{
		"a list":     {1, func(s *service) { s.do("GET", "/api/u/tasks", as("u")).want(200) }},
		"its header": {1, func(s *service) { s.do("HEAD", "/api/u/tasks", as("u")).want(200) }},
		"a batch": {1, func(s *service) {
			s.do("POST", "/api/u/tasks/batch", as("u"), raw(`{"operations":[{"op":"create","title":"a"},{"op":"create","title":"b"},{"op":"create","title":"c"}]}`)).want(200)
		}},
		"an import": {1, func(s *service) {
			s.do("POST", "/api/u/import", as("u"), header("Content-Type", "application/x-ndjson"), content("{\"title\":\"a\"}\n{\"title\":\"b\"}\n")).want(200)
		}},
		"an export":                 {1, func(s *service) { s.do("GET", "/api/u/export", as("u")).want(200) }},
		"a stream that is refused":  {1, func(s *service) { s.do("GET", "/api/u/events?since=x", as("u")).want(422) }},
		"a path of somebody else's": {1, func(s *service) { s.do("DELETE", "/api/v/tasks/1", as("u")).want(403) }},
		"nobody":                    {0, func(s *service) { s.do("GET", "/api/u/tasks").want(401).wantTold(" ") }},
		"a stranger": {0, func(s *service) {
			s.do("GET", "/api/u/tasks", header("Authorization", "Bearer x")).want(401).wantTold(" ")
		}},
		"a path that is none":   {0, func(s *service) { s.do("GET", "/api/u/nothing", as("u")).want(404).wantTold(" ") }},
		"a method that is none": {0, func(s *service) { s.do("BREW", "/api/u/tasks", as("u")).want(405).wantTold(" ") }},
		"a preflight": {0, func(s *service) {
			s.do("OPTIONS", "/api/u/tasks", as("u"), header("Origin", "http://localhost:3000"), header("Access-Control-Request-Method", "PUT")).want(204).wantTold(" ")
		}},
		"a monitor": {0, func(s *service) { s.do("GET", "/readyz", as("u")).want(200).wantTold(" ") }},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, limited(t, "10/h", atDawn))
			test.send(s)
			s.do("GET", "/api/me", as("u")).want(200).wantTold(fmt.Sprintf(`"default";q=10;w=3600 "default";r=%d;t=360`, 9-test.counts))
		})
	}
}

// A stream counts when it is opened, and tells so in its header.
func TestRateLimitCountsAStreamOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		events := h.follow(t, "/api/u/events")
		if got := events.Header.Get("RateLimit"); got != `"default";r=9;t=360` {
			t.Errorf("the stream begins with %s", got)
		}
		events.want("start")
		for range 3 {
			h.create("u", "milk")
			events.want("task")
		}
		h.do("GET", "/api/me", as("u")).want(200).wantTold(`"default";q=10;w=3600 "default";r=5;t=360`)
	}, limited(t, "10/h", atDawn))
}

func TestNoRateLimit(t *testing.T) {
	s := serve(t)
	for range 200 {
		s.do("GET", "/api/u/tasks", as("u")).want(200).wantTold(" ")
	}
}

func TestRateLimitPolicy(t *testing.T) {
	for limit, want := range map[string]string{
		"100/s":           `"default";q=100;w=1 "default";r=99;t=1`,
		"600/m burst 200": `"default";q=200;w=20 "default";r=199;t=1`,
		"100/s burst 10":  `"default";q=10;w=1 "default";r=9;t=1`,
		"7/h burst 5":     `"default";q=5;w=2572 "default";r=4;t=515`,
		"1/h":             `"default";q=1;w=3600 "default";r=0;t=3600`,
	} {
		serve(t, limited(t, limit, atDawn)).do("GET", "/api/me", as("u")).want(200).wantTold(want)
	}
}

// A limiter that does not answer costs a request no more than its deadline.
func TestRateLimitDeadline(t *testing.T) {
	stuck := limiterFunc(func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
	s := serve(t, limitedBy(t, "10/h", atDawn, stuck), func(s *setup) { s.options.Deadline = 10 * time.Millisecond })
	for _, path := range []string{"/api/u/tasks", "/api/u/export", "/api/u/events"} {
		s.do("GET", path, as("u")).refused(503, "deadline_exceeded")
	}
}

// limiterFunc is a limiter that always fails.
type limiterFunc func(context.Context) error

func (f limiterFunc) Take(ctx context.Context, _ domain.UserID, _ domain.RateLimit, _ time.Time) (domain.RateVerdict, error) {
	return domain.RateVerdict{}, f(ctx)
}

// TestRateLimitIsForEveryOperation asks for each operation that takes a token,
// and holds the description to saying so.
func TestRateLimitIsForEveryOperation(t *testing.T) {
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t, ownKeys, limited(t, "1/h", atDawn))
	s.do("GET", "/api/me", as("u")).want(200)
	operations := 0
	for path, item := range doc.Paths.Map() {
		for method, operation := range item.Operations() {
			if operation.Security != nil && len(*operation.Security) == 0 {
				continue
			}
			operations++
			target := strings.NewReplacer("{user_id}", "u", "{id}", "1").Replace(path)
			s.do(method, target, as("u")).refused(429, "rate_limited")
			if method == http.MethodGet {
				s.do(http.MethodHead, target, as("u")).want(429)
			}
			for _, status := range slices.Sorted(maps.Keys(operation.Responses.Map())) {
				headers := operation.Responses.Value(status).Value.Headers
				for _, name := range []string{"RateLimit-Policy", "RateLimit"} {
					if described := headers[name] != nil; described != (status != "401") {
						t.Errorf("%s %s: %s of answer %s: described %t", method, path, name, status, described)
					}
				}
			}
		}
	}
	if operations < 30 {
		t.Errorf("%d operations take a token, which cannot be all", operations)
	}
}

// The description holds the fields to their syntax.
func TestRateLimitFieldsAreHeld(t *testing.T) {
	for _, wrong := range []string{`default;r=1;t=1`, `"default";r=-1;t=1`, `"default";r=1;t=0.5`, `"default";r=1`, `"default"; r=1; t=1`} {
		watched := &witness{TB: t}
		fields := http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"r"}, "Ratelimit": {wrong}}
		request, err := http.NewRequestWithContext(t.Context(), "GET", "/api/me", nil)
		if err != nil {
			t.Fatal(err)
		}
		(&service{t: watched}).hold(request, 200, fields, []byte(`{"id":"u","email":null,"name":null,"created_at":null,"updated_at":null}`))
		if !watched.failed {
			t.Errorf("%s was let through", wrong)
		}
	}
}
