package application_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// turnstile is where users are counted, with a clock to set and a limiter that
// can be broken.
type turnstile struct {
	t       *testing.T
	limits  *application.RateLimits
	asked   atomic.Int64 // of the limiter
	failure atomic.Pointer[error]
	tried   func() // with each call of the limiter; nil: nothing
	wall    time.Time
	log     bytes.Buffer
}

func newTurnstile(t *testing.T, text string) *turnstile {
	t.Helper()
	limit, err := domain.ParseRateLimit(text)
	if err != nil {
		t.Fatal(err)
	}
	s := &turnstile{t: t, wall: noon}
	log := slog.New(slog.NewTextHandler(&s.log, nil))
	s.limits = application.NewRateLimits(limit, breakable{memory.NewRateLimiter(), s}, memory.NewRateLimiter(), func() time.Time { return s.wall }, log)
	return s
}

type breakable struct {
	ports.RateLimiter
	s *turnstile
}

func (b breakable) Take(ctx context.Context, subject domain.UserID, limit domain.RateLimit, at time.Time) (domain.RateVerdict, error) {
	b.s.asked.Add(1)
	if b.s.tried != nil {
		b.s.tried()
	}
	if failure := b.s.failure.Load(); failure != nil {
		return domain.RateVerdict{}, *failure
	}
	return b.RateLimiter.Take(ctx, subject, limit, at)
}

func (s *turnstile) breaks(err error) { s.failure.Store(&err) }

func (s *turnstile) mended() { s.failure.Store(nil) }

// want fails the test unless the next calls of the user's are allowed, or not.
func (s *turnstile) want(id domain.UserID, allowed ...bool) {
	s.t.Helper()
	for i, want := range allowed {
		verdict, err := s.limits.Take(s.t.Context(), user(s.t, id))
		if err != nil || verdict.Allowed != want {
			s.t.Errorf("call %d of %s gave %+v and error %v, want allowed %t", i+1, id, verdict, err, want)
		}
	}
}

func TestRateLimits(t *testing.T) {
	s := newTurnstile(t, "2/m")
	if got := s.limits.Limit().String(); got != "2/m" {
		t.Errorf("the limit is %q", got)
	}
	s.want("ada", true, true, false)
	s.want("bob", true, true, false)
	s.wall = s.wall.Add(30 * time.Second)
	s.want("ada", true, false)
	if verdict, err := s.limits.Take(t.Context(), domain.AuthenticatedUserContext{}); !errors.Is(err, domain.ErrNotAuthenticated) || verdict.Allowed {
		t.Errorf("nobody gets %+v and error %v", verdict, err)
	}
	if s.log.Len() > 0 {
		t.Errorf("it is logged that %s", s.log.String())
	}
}

// While the limiter fails requests go on, counted by this process alone. It is
// tried once a second, and one line tells of the beginning and of the end.
func TestRateLimitsWithoutALimiter(t *testing.T) {
	s := newTurnstile(t, "2/m")
	s.want("ada", true)
	s.breaks(domain.ErrUnavailable.Because(errors.New("connection refused")))
	for second := range 5 {
		s.want("ada", second == 0, second == 0, false, false)
		s.wall = s.wall.Add(time.Second)
	}
	if asked := s.asked.Load(); asked != 1+5 {
		t.Errorf("a limiter that fails was asked %d times in 5 s, want 5", asked-1)
	}
	s.mended()
	s.want("ada", true, false) // what was taken before counts
	if told := s.log.String(); strings.Count(told, "\n") != 2 || strings.Count(told, "level=WARN") != 1 ||
		!strings.Contains(told, "connection refused") || !strings.HasSuffix(told, "level=INFO msg=\"rate limiter works again\"\n") {
		t.Errorf("the log says\n%s", told)
	}
	s.breaks(errors.New("another outage"))
	s.want("bob", true, true, false)
	if told := s.log.String(); strings.Count(told, "\n") != 3 || !strings.Contains(told, "another outage") {
		t.Errorf("the log says\n%s", told)
	}
}

// A limiter that may have come back is tried by one of those who ask. The
// others do not wait for it.
func TestRateLimitsTryOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newTurnstile(t, "1000/h")
		s.breaks(errors.New("outage"))
		s.want("ada", true)
		s.wall = s.wall.Add(time.Second)
		tried, actor := make(chan struct{}), user(t, "ada")
		s.tried = func() { <-tried }
		before := s.asked.Load()
		var served atomic.Int64
		for range 50 {
			go func() {
				if verdict, err := s.limits.Take(t.Context(), actor); err != nil || !verdict.Allowed {
					t.Errorf("Take gave %+v and error %v", verdict, err)
				}
				served.Add(1)
			}()
		}
		synctest.Wait()
		if asked := s.asked.Load() - before; asked != 1 || served.Load() != 49 {
			t.Errorf("while one tries the limiter, %d do, and %d others went on", asked, served.Load())
		}
		close(tried)
		synctest.Wait()
	})
}

// Who gives up has not found the limiter broken.
func TestRateLimitsWhoGivesUp(t *testing.T) {
	s := newTurnstile(t, "2/m")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if verdict, err := s.limits.Take(ended, user(t, "ada")); !errors.Is(err, context.Canceled) || verdict.Allowed {
		t.Errorf("Take gave %+v and error %v", verdict, err)
	}
	s.want("ada", true, true, false)
	if s.log.Len() > 0 {
		t.Errorf("it is logged that %s", s.log.String())
	}
}
