package httpapi_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/domain"
)

func TestErrorsOfTheStore(t *testing.T) {
	secret := errors.New("dial postgres://u:secret@db")
	for name, test := range map[string]struct {
		err        error
		status     int
		code       string
		retryAfter string
		level      string
	}{
		"unknown":          {secret, 500, "internal_error", "", "ERROR"},
		"internal":         {(&domain.Error{Code: "secret", Detail: "secret"}).Because(secret), 500, "internal_error", "", "ERROR"},
		"unavailable":      {domain.ErrUnavailable.Because(secret), 503, "unavailable", "1", "WARN"},
		"unavailable long": {busyFor(2500 * time.Millisecond), 503, "busy", "3", "WARN"},
		"unavailable soon": {busyFor(time.Millisecond), 503, "busy", "1", "WARN"},
		"missing":          {domain.ErrTaskNotFound.Because(secret), 404, "task_not_found", "", "INFO"},
		"its own deadline": {context.DeadlineExceeded, 500, "internal_error", "", "ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, failing(test.err))
			answer := s.do("GET", "/api/u/tasks/1", as("u"))
			answer.refused(test.status, test.code)
			if got := answer.Get("Retry-After"); got != test.retryAfter {
				t.Errorf("Retry-After %q, want %q", got, test.retryAfter)
			}
			if strings.Contains(string(answer.body), "secret") {
				t.Errorf("answered %s", answer.body)
			}
			line := s.log.last(t)
			cause, _ := line["error"].(string)
			if line["level"] != test.level || strings.Contains(cause, "store: "+test.err.Error()) != (test.status >= 500) {
				t.Errorf("logged %v", line)
			}
		})
	}
}

func busyFor(wait time.Duration) error {
	return &domain.Error{Kind: domain.Unavailable, Code: "busy", Detail: "Busy.", RetryAfter: wait}
}

func TestEachKindHasItsStatus(t *testing.T) {
	for kind, status := range map[domain.Kind]int{
		domain.Internal:        500,
		domain.Invalid:         422,
		domain.Unauthenticated: 401,
		domain.Forbidden:       403,
		domain.NotFound:        404,
		domain.Stale:           412,
		domain.Conflict:        409,
		domain.Gone:            410,
		domain.Unavailable:     503,
	} {
		s := serve(t, failing(&domain.Error{Kind: kind, Code: "code", Detail: "Detail."}))
		unheld := &service{API: s.API, t: &witness{TB: t}, log: s.log} // a store answers with these where no GET does
		if got := unheld.do("GET", "/api/u/tasks/1", as("u")).status; got != status {
			t.Errorf("kind %d: %d, want %d", kind, got, status)
		}
	}
}

func TestAPanicIsAnInternalError(t *testing.T) {
	for name, value := range map[string]any{"text": "secret", "error": errors.New("secret"), "nothing": nil} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, getting(func(context.Context) error { panic(value) }))
			answer := s.do("GET", "/api/u/tasks/1", as("u"))
			answer.refused(500, "internal_error")
			if strings.Contains(string(answer.body), "secret") {
				t.Errorf("answered %s", answer.body)
			}
			if lines := s.log.lines(t); len(lines) != 1 {
				t.Errorf("logged %d lines", len(lines))
			}
			line := s.log.last(t)
			if cause, _ := line["error"].(string); line["level"] != "ERROR" || !strings.Contains(cause, "panic: ") || !strings.Contains(cause, "problem_test.go") {
				t.Errorf("logged %v", line)
			}
		})
	}
}

func TestAVerifierThatPanicsIsAnInternalError(t *testing.T) {
	s := serve(t, func(s *setup) {
		s.verifier = verifying(func(string) (domain.AuthenticatedUserContext, error) { panic("x") })
	})
	s.do("GET", "/api/me", as("u")).refused(500, "internal_error")
}

func TestTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := getting(func(ctx context.Context) error {
			<-ctx.Done()
			return domain.ErrUnavailable.Because(ctx.Err())
		})
		for wait, s := range map[time.Duration]*service{
			10 * time.Second: serve(t, hang),
			3 * time.Second:  serve(t, hang, func(s *setup) { s.options.Deadline = 3 * time.Second }),
		} {
			start := time.Now()
			answer := s.do("GET", "/api/u/tasks/1", as("u"))
			answer.refused(503, "deadline_exceeded")
			if took := time.Since(start); took != wait {
				t.Errorf("took %v, want %v", took, wait)
			}
			if answer.Get("Retry-After") != "1" {
				t.Errorf("Retry-After %q", answer.Get("Retry-After"))
			}
			if line := s.log.last(t); line["level"] != "WARN" || line["code"] != "deadline_exceeded" {
				t.Errorf("logged %v", line)
			}
		}
	})
}

func TestAnAnswerThatWasFoundIsGivenAfterTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, getting(func(ctx context.Context) error {
			<-ctx.Done()
			return domain.ErrTaskNotFound
		}))
		s.do("GET", "/api/u/tasks/1", as("u")).refused(404, "task_not_found")
	})
}

func TestAClientThatIsGoneIsNoError(t *testing.T) {
	s := serve(t, getting(func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	}))
	leave := func(r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		cancel()
		*r = *r.WithContext(ctx)
	}
	unheld := &service{API: s.API, t: &witness{TB: t}, log: s.log} // 499 is nowhere described: nobody sees it
	unheld.do("GET", "/api/u/tasks/1", as("u"), leave)
	if line := s.log.last(t); line["level"] != "INFO" || line["code"] != "client_gone" || line["error"] != nil {
		t.Errorf("logged %v", line)
	}
}
