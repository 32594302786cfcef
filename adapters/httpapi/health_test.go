package httpapi_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/httpapi"
)

func TestHealth(t *testing.T) {
	s := serve(t, func(s *setup) {
		s.checks = []httpapi.Check{{Name: "database", Ready: func(context.Context) error { return errors.New("down") }}}
	})
	for path, want := range map[string]string{"/health": `{"status":"healthy"}`, "/livez": `{"status":"alive"}`} {
		if got := s.do("GET", path).want(200).body; string(got) != want {
			t.Errorf("%s: %s", path, got)
		}
	}
}

func TestReadiness(t *testing.T) {
	failures := map[string]error{}
	check := func(name string) httpapi.Check {
		return httpapi.Check{Name: name, Ready: func(context.Context) error { return failures[name] }}
	}
	s := serve(t, func(s *setup) { s.checks = []httpapi.Check{check("database"), check("keys")} })
	if got := s.do("GET", "/readyz").want(200).body; string(got) != `{"status":"ready"}` {
		t.Errorf("answered %s", got)
	}
	failures["keys"], failures["database"] = errors.New("no secret key set"), errors.New("no secret connection")
	answer := s.do("GET", "/readyz")
	answer.refused(503, "not_ready")
	if answer.Get("Retry-After") != "1" || strings.Contains(string(answer.body), "secret") || strings.Contains(string(answer.body), "keys") {
		t.Errorf("answered %s with %v", answer.body, answer.Header)
	}
	cause, _ := s.log.last(t)["error"].(string)
	if !strings.Contains(cause, "keys: no secret key set") || !strings.Contains(cause, "database: no secret connection") {
		t.Errorf("logged %q", cause)
	}
	delete(failures, "keys")
	s.do("GET", "/readyz").refused(503, "not_ready")
	delete(failures, "database")
	s.do("GET", "/readyz").want(200)
}

func TestReadinessDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}
		s := serve(t, func(s *setup) {
			s.checks = []httpapi.Check{{Name: "database", Ready: hang}, {Name: "keys", Ready: hang}}
		})
		start := time.Now()
		s.do("GET", "/readyz").refused(503, "not_ready")
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestChecksAreMadeAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := func(context.Context) error {
			<-time.After(time.Second)
			return nil
		}
		s := serve(t, func(s *setup) {
			s.checks = []httpapi.Check{{Name: "database", Ready: slow}, {Name: "keys", Ready: slow}}
		})
		start := time.Now()
		s.do("GET", "/readyz").want(200)
		if took := time.Since(start); took != time.Second {
			t.Errorf("took %v", took)
		}
	})
}
