package httpapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// lineOf is what the access log says of the only stream, once it has ended.
func (h *hosted) lineOf(t *testing.T) map[string]any {
	t.Helper()
	synctest.Wait()
	for _, line := range h.log.lines(t) {
		if path, _ := line["path"].(string); strings.HasSuffix(path, "/events") {
			return line
		}
	}
	t.Fatal("the access log says nothing of the stream")
	return nil
}

func TestEventsEndWithTheToken(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		start := time.Now()
		events := h.follow(t, "/api/u/events")
		events.want("start")
		events.wantEnd()
		if lasted := time.Since(start); lasted > time.Hour || lasted < time.Hour-time.Minute {
			t.Errorf("it lasted %v, and the token an hour", lasted)
		}
		line := h.lineOf(t)
		for name, want := range map[string]any{
			"level": "INFO", "method": "GET", "route": "/api/:user_id/events", "path": "/api/u/events", "status": 200.0, "user_id": "u", "code": nil, "error": nil,
		} {
			if line[name] != want {
				t.Errorf("%s is logged as %v, want %v", name, line[name], want)
			}
		}
		if duration, _ := line["duration"].(float64); duration < float64(59*time.Minute) {
			t.Errorf("logged after %v", time.Duration(duration))
		}
		if bytes, _ := line["bytes"].(float64); bytes < 100 {
			t.Errorf("logged %v bytes", bytes)
		}
	})
}

// expiring accepts a token once, for no time at all.
type expiring struct{ asked atomic.Int64 }

func (e *expiring) Verify(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
	if e.asked.Add(1) > 1 {
		return domain.AuthenticatedUserContext{}, errBadToken
	}
	return verifier{life: 1}.Verify(ctx, token)
}

func TestEventsOfATokenThatExpiresBeforeTheyBegin(t *testing.T) {
	s := serve(t, func(s *setup) { s.verifier = &expiring{} })
	s.do("GET", "/api/u/events", as("u")).refused(401, errBadToken.Code)
}

func TestEventsEndWithARevokedToken(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		phone, laptop := h.follow(t, "/api/u/events", with("phone")), h.follow(t, "/api/u/events", with("laptop"))
		phone.want("start")
		laptop.want("start")
		told := make(chan event)
		go func() { told <- laptop.want("task") }()
		h.do("DELETE", "/api/u/session", with("phone")).want(204)
		revoked := time.Now()
		phone.wantEnd()
		if lasted := time.Since(revoked); lasted > 70*time.Second {
			t.Errorf("it lasted for another %v", lasted)
		}
		if line := h.lineOf(t); line["code"] != "token_revoked" || line["status"] != 200.0 {
			t.Errorf("logged %v", line)
		}
		h.do("POST", "/api/u/tasks", with("laptop"), raw(`{"title":"title"}`)).want(201)
		<-told
		laptop.leave()
	}, revoking)
}

// A token that is good for one request is good for as long as that takes.
func TestEventsGoOnWithASpentToken(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		events := h.follow(t, "/api/u/events", with("phone"))
		events.want("start")
		time.AfterFunc(30*time.Minute, func() {
			h.do("POST", "/api/u/tasks", with("laptop"), raw(`{"title":"title"}`)).want(201)
		})
		events.want("task")
		if answer := h.ask(t, "/api/u/events", with("phone")); answer.StatusCode != http.StatusUnauthorized {
			t.Errorf("a second stream with the token: %d", answer.StatusCode)
		}
		events.leave()
	}, revoking, func(s *setup) { s.sessions.Replay = application.SingleUse })
}

// fading is a verifier that accepts its tokens until it fails.
type fading struct {
	verifier
	failure atomic.Pointer[error]
}

func (f *fading) Verify(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
	if failure := f.failure.Load(); failure != nil {
		return domain.AuthenticatedUserContext{}, *failure
	}
	return f.verifier.Verify(ctx, token)
}

func TestEventsEndWhereTheTokenIsNotAcceptedAnyMore(t *testing.T) {
	for code, failure := range map[string]error{"token_unknown": errBadToken, "unavailable": domain.ErrUnavailable} {
		tokens := &fading{}
		inBubble(t, func(t *testing.T, h *hosted) {
			events := h.follow(t, "/api/u/events")
			events.want("start")
			tokens.failure.Store(&failure)
			start := time.Now()
			events.wantEnd()
			if took := time.Since(start); took > 70*time.Second {
				t.Errorf("it ended after %v", took)
			}
			if line := h.lineOf(t); line["code"] != code || line["status"] != 200.0 {
				t.Errorf("logged %v", line)
			}
		}, func(s *setup) { s.verifier = tokens })
	}
}

func TestEventsEndWhenTheServiceDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := host(t, func(s *setup) { s.options.DrainDelay = 5 * time.Second })
		events, other := h.follow(t, "/api/u/events"), h.follow(t, "/api/u/events")
		events.want("start")
		other.want("start")
		down, start := make(chan error, 1), time.Now()
		go func() { down <- h.Shutdown(t.Context()) }()
		events.wantEnd()
		other.wantEnd()
		if took := time.Since(start); took > 0 {
			t.Errorf("they ended after %v", took)
		}
		h.do("GET", "/api/u/events", as("u")).refused(503, "draining")
		h.do("GET", "/api/u/tasks", as("u")).want(200)
		h.client.CloseIdleConnections()
		if err := errors.Join(<-down, <-h.served); err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("the shutdown took %v", took)
		}
	})
}

func TestEventsEndWhenTheClientLeaves(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		events := h.follow(t, "/api/u/events")
		events.want("start")
		events.leave()
		if line := h.lineOf(t); line["status"] != 200.0 {
			t.Errorf("logged %v", line)
		}
	})
}

func TestSlowReadersAreDropped(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		const tasks = 200
		for range tasks {
			h.create("u", strings.Repeat("x", 200))
		}
		events := h.follow(t, "/api/u/events")
		events.want("start")
		first := events.want("task").change(t).Task.ID
		start := time.Now()
		<-time.After(11 * time.Second)
		synctest.Wait()
		if line := h.lineOf(t); line["code"] != "client_gone" {
			t.Errorf("after %v: %v", time.Since(start), line)
		}
		last := first
		for {
			next, err := events.next()
			if err != nil {
				if !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Errorf("it was not cut off: %v", err)
				}
				break
			}
			last = next.change(t).Task.ID
		}
		if last == tasks {
			t.Error("everything had been sent")
		}
		again := h.follow(t, "/api/u/events", header("Last-Event-ID", events.lastID))
		again.want("start")
		for id := last + 1; id <= tasks; id++ {
			if got := again.want("task").change(t).Task.ID; got != id {
				t.Fatalf("task %d came instead of %d", got, id)
			}
		}
		again.leave()
	})
}

func TestReadersThatStopAreDropped(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		events := h.follow(t, "/api/u/events")
		events.want("start")
		h.create("u", "title")
		<-time.After(11 * time.Second)
		if line := h.lineOf(t); line["code"] != "client_gone" {
			t.Errorf("logged %v", line)
		}
	})
}

// A stream is neither a request that has to come to an end soon nor one whose
// client has to have sent something.
func TestEventsOutliveTheTimeOutsOfRequests(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		events := h.follow(t, "/api/u/events")
		events.want("start")
		for _, wait := range []time.Duration{11 * time.Second, 31 * time.Second, 61 * time.Second, 121 * time.Second} {
			time.AfterFunc(wait, func() { h.create("u", "title") })
			events.want("task")
		}
		events.leave()
	})
}

func TestEventsThatCannotBeToldAnyMore(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		h.create("u", "title")
		events := h.follow(t, "/api/u/events")
		events.want("start")
		last := events.want("task").id
		h.do("DELETE", "/api/u/tasks?confirm=all", as("u")).want(204)
		if reset := events.want("reset"); reset.id != "" || reset.data != `{"type":"reset"}` {
			t.Errorf("told %+v", reset)
		}
		events.wantEnd()
		if line := h.lineOf(t); line["code"] != "changes_forgotten" || line["status"] != 200.0 {
			t.Errorf("logged %v", line)
		}
		for _, method := range []string{"GET", "HEAD"} {
			for _, path := range []string{"/api/u/events", "/api/me/events"} {
				refusal := h.do(method, path, header("Last-Event-ID", last), as("u")).want(410)
				if link := refusal.Get("Link"); link != "<"+path+`>; rel="start"` {
					t.Errorf("Link %s", link)
				}
			}
		}
		again := h.follow(t, "/api/u/events")
		again.want("start")
		h.create("u", "after")
		if got := again.want("task").change(t).Task.ID; got != 2 {
			t.Errorf("then came task %d", got)
		}
		again.leave()
	})
}

// feeds is a store whose Changes is as given.
type feeds struct {
	ports.TaskRepository
	changes func(context.Context) error
}

func (r feeds) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	if err := r.changes(ctx); err != nil {
		return domain.Feed{}, err
	}
	return r.TaskRepository.Changes(ctx, owner, since, limit)
}

func TestEventsOfAStoreThatFails(t *testing.T) {
	for name, test := range map[string]struct {
		fail func(context.Context) error
		code string
	}{
		"it is down": {func(context.Context) error { return domain.ErrUnavailable }, "unavailable"},
		"it hangs": {func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}, "unavailable"},
		"it breaks": {func(context.Context) error { return errors.New("disk on fire") }, "internal_error"},
	} {
		t.Run(name, func(t *testing.T) {
			var fails atomic.Bool
			inBubble(t, func(t *testing.T, h *hosted) {
				events := h.follow(t, "/api/u/events")
				events.want("start")
				fails.Store(true)
				start := time.Now()
				events.wantEnd()
				if took := time.Since(start); took > 20*time.Second {
					t.Errorf("it ended after %v", took)
				}
				if line := h.lineOf(t); line["code"] != test.code || line["status"] != 200.0 || line["error"] == nil {
					t.Errorf("logged %v", line)
				}
				status := map[string]int{"unavailable": 503, "internal_error": 500}[test.code]
				h.do("GET", "/api/u/events", as("u")).refused(status, test.code)
			}, func(s *setup) {
				s.repository = feeds{s.repository, func(ctx context.Context) error {
					if fails.Load() {
						return test.fail(ctx)
					}
					return nil
				}}
			})
		})
	}
}

func TestStreamsOfEventsAreBounded(t *testing.T) {
	inBubble(t, func(t *testing.T, h *hosted) {
		follow := func(user string) *follower {
			events := h.follow(t, "/api/me/events", as(user))
			events.want("start")
			return events
		}
		first := follow("u")
		follow("u")
		refusal := h.do("GET", "/api/u/events", as("u"))
		refusal.refused(429, "too_many_streams")
		other := follow("v")
		exhausted := h.do("GET", "/api/w/events", as("w"))
		exhausted.refused(503, "streams_exhausted")
		for _, answer := range []*answer{refusal, exhausted} {
			if wait := answer.Get("Retry-After"); wait != "10" {
				t.Errorf("Retry-After %q", wait)
			}
		}
		for _, events := range []*follower{first, other} {
			events.leave()
			synctest.Wait()
		}
		follow("u")
		follow("w")
		h.do("GET", "/api/u/events", as("u")).refused(429, "too_many_streams")
		h.do("GET", "/api/v/events", as("v")).refused(503, "streams_exhausted")
	}, func(s *setup) { s.options.Streams, s.options.UserStreams = 3, 2 })
}

func TestStreamsAreNotNegative(t *testing.T) {
	for _, options := range []httpapi.Options{{Streams: -1}, {UserStreams: -1}} {
		if _, err := httpapi.New(nil, nil, nil, nil, options); err == nil {
			t.Errorf("%+v was taken", options)
		}
	}
}
