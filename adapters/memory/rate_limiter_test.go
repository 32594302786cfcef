package memory_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestRateLimiter(t *testing.T) {
	shared := memory.NewRateLimiter()
	portstest.TestRateLimiter(t,
		func(*testing.T) ports.RateLimiter { return shared },
		portstest.ClosedRateLimiter(func(t *testing.T) ports.RateLimiter {
			limiter := memory.NewRateLimiter()
			if err := limiter.Close(); err != nil {
				t.Fatal(err)
			}
			return limiter
		}),
		portstest.RateLimiterTwice(func(*testing.T) (one, other ports.RateLimiter) { return shared, shared }),
		portstest.CountedRateLimiter(func(*testing.T) (ports.RateLimiter, func() int) {
			limiter := memory.NewRateLimiter()
			return limiter, limiter.Kept
		}),
	)
}

// Of more subjects than there is room for, those are forgotten who have not
// called for longest.
func TestRateLimiterIsBounded(t *testing.T) {
	limit, err := domain.ParseRateLimit("2/h burst 1")
	if err != nil {
		t.Fatal(err)
	}
	limiter := memory.NewRateLimiter()
	noon := time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)
	allowed := func(subject string) bool {
		verdict, err := limiter.Take(t.Context(), domain.UserID(subject), limit, noon)
		if err != nil {
			t.Fatal(err)
		}
		if kept := limiter.Kept(); kept > memory.MaxSubjects {
			t.Fatalf("%d buckets are kept, want at most %d", kept, memory.MaxSubjects)
		}
		return verdict.Allowed
	}
	for _, subject := range []string{"idle", "busy"} {
		if !allowed(subject) {
			t.Fatalf("the first call of %s is not allowed", subject)
		}
	}
	for i := range 2 * memory.MaxSubjects {
		if !allowed(strconv.Itoa(i)) {
			t.Fatalf("the first call of subject %d is not allowed", i)
		}
		if i%1000 == 0 && allowed("busy") {
			t.Fatalf("who calls now and then was forgotten after %d others", i)
		}
	}
	if !allowed("idle") {
		t.Error("who has not called for so long is still known")
	}
	if allowed("busy") {
		t.Error("who calls now and then was forgotten")
	}
}
