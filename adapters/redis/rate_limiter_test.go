package redis_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/taskward/taskward/adapters/redis"
	"github.com/taskward/taskward/adapters/redis/redistest"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

// open gives a limiter that a busy machine does not make fail.
func open(t testing.TB, url string) *redis.RateLimiter {
	t.Helper()
	return openWith(t, url, time.Minute)
}

func openWith(t testing.TB, url string, timeout time.Duration) *redis.RateLimiter {
	t.Helper()
	address, err := redis.ParseAddress(url)
	if err != nil {
		t.Fatal(err)
	}
	limiter, err := redis.OpenRateLimiter(redis.Options{Address: address, Timeout: timeout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = limiter.Close() }) // some are closed already
	return limiter
}

// connect gives a client for what the adapter does not offer.
func connect(t testing.TB, server *redistest.Server) *goredis.Client {
	t.Helper()
	client := goredis.NewClient(&goredis.Options{Addr: server.Address})
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func TestRateLimiter(t *testing.T) {
	testSuite(t, redistest.Start(t).URL, func(t *testing.T) (ports.RateLimiter, func() int) {
		server := redistest.Start(t)
		client := connect(t, server)
		return open(t, server.URL), func() int {
			kept, err := client.DBSize(t.Context()).Result()
			if err != nil {
				t.Fatal(err)
			}
			return int(kept)
		}
	})
}

func testSuite(t *testing.T, url string, counted func(t *testing.T) (ports.RateLimiter, func() int)) {
	t.Helper()
	portstest.TestRateLimiter(t,
		func(t *testing.T) ports.RateLimiter { return open(t, url) },
		portstest.ClosedRateLimiter(func(t *testing.T) ports.RateLimiter {
			limiter := open(t, url)
			if err := limiter.Close(); err != nil {
				t.Fatal(err)
			}
			return limiter
		}),
		portstest.RateLimiterTwice(func(t *testing.T) (one, other ports.RateLimiter) { return open(t, url), open(t, url) }),
		portstest.CountedRateLimiter(counted),
	)
}

var noon = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)

func limit(t testing.TB, text string) domain.RateLimit {
	t.Helper()
	limit, err := domain.ParseRateLimit(text)
	if err != nil {
		t.Fatal(err)
	}
	return limit
}

func take(t *testing.T, limiter *redis.RateLimiter, subject domain.UserID) domain.RateVerdict {
	t.Helper()
	verdict, err := limiter.Take(t.Context(), subject, limit(t, "3/h"), noon)
	if err != nil {
		t.Fatal(err)
	}
	return verdict
}

// What is kept lives as long as it is of use, below a prefix, and costs one
// command.
func TestTakeIsOneCommand(t *testing.T) {
	server := redistest.Start(t)
	client, limiter := connect(t, server), open(t, server.URL)
	take(t, limiter, "a b") // loads the script
	commands := func() int64 {
		info, err := client.Info(t.Context(), "stats").Result()
		if err != nil {
			t.Fatal(err)
		}
		_, count, _ := strings.Cut(info, "total_commands_processed:")
		number, err := strconv.ParseInt(count[:strings.IndexByte(count, '\r')], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return number
	}
	before := commands()
	take(t, limiter, "a b")
	if spent := commands() - before - 1; spent != 3 { // EVALSHA, and in it GET and SET; INFO is ours
		t.Errorf("a call took %d commands, want 3", spent)
	}
	keys, err := client.Keys(t.Context(), "*").Result()
	if err != nil || len(keys) != 1 || keys[0] != "taskward:rate:a b" {
		t.Errorf("the keys are %q, error %v", keys, err)
	}
	life, err := client.PTTL(t.Context(), "taskward:rate:a b").Result()
	if most := 40 * time.Minute; err != nil || life > most || life < most-time.Minute {
		t.Errorf("the bucket lives for %v, error %v; want what it takes to fill, %v", life, err, most)
	}
}

// A server that has forgotten the script, and one that has lost the buckets, is
// as good as any.
func TestTakeAfterARestart(t *testing.T) {
	server := redistest.Start(t)
	limiter := open(t, server.URL)
	for range 3 {
		take(t, limiter, "u")
	}
	if err := connect(t, server).ScriptFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	if take(t, limiter, "u").Allowed {
		t.Error("the bucket was forgotten with the script")
	}
	server.Stop()
	if _, err := limiter.Take(t.Context(), "u", limit(t, "3/h"), noon); domain.KindOf(err) != domain.Unavailable {
		t.Errorf("without a server Take gave error %v", err)
	}
	server.Restart()
	if !take(t, limiter, "u").Allowed {
		t.Error("a new server knows of a bucket")
	}
}

// A server that takes connections and says nothing costs a call no more than
// the time-out.
func TestTakeGivesUp(t *testing.T) {
	mute := silence(t)
	limiter := openWith(t, "redis://"+mute, 0)
	began := time.Now()
	_, err := limiter.Take(t.Context(), "u", limit(t, "3/h"), noon)
	if took := time.Since(began); domain.KindOf(err) != domain.Unavailable || took < 200*time.Millisecond || took > 2*time.Second {
		t.Errorf("Take gave error %v after %v", err, took)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	began = time.Now()
	_, err = limiter.Take(ctx, "u", limit(t, "3/h"), noon)
	if took := time.Since(began); !errors.Is(err, context.DeadlineExceeded) || domain.KindOf(err) == domain.Unavailable || took > 200*time.Millisecond {
		t.Errorf("when the caller's own time is over, Take gives error %v after %v", err, took)
	}
}

// silence gives an address where nothing is ever answered.
func silence(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(io.Discard, connection) }()
		}
	}()
	return listener.Addr().String()
}

func TestCheck(t *testing.T) {
	server := redistest.Start(t, "--requirepass", "hunter2")
	right := open(t, "redis://:hunter2@"+server.Address)
	for range 3 { // more often than it allows
		if err := right.Check(t.Context()); err != nil {
			t.Errorf("Check gave error %v", err)
		}
	}
	for _, url := range []string{server.URL, "redis://:wrong@" + server.Address} {
		if err := open(t, url).Check(t.Context()); domain.KindOf(err) != domain.Unavailable {
			t.Errorf("without the password Check gave error %v", err)
		}
	}
}

// A user who may do no more than the README says can have calls counted.
func TestTakeNeedsFewPermissions(t *testing.T) {
	server := redistest.Start(t, "--user", "taskward", "on", ">hunter2", "~taskward:rate:*", "+evalsha", "+eval", "+get", "+set")
	limiter := open(t, "redis://taskward:hunter2@"+server.Address)
	if !take(t, limiter, "u").Allowed {
		t.Error("the first call is not allowed")
	}
	if err := limiter.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func BenchmarkTake(b *testing.B) {
	limiter := open(b, redistest.Start(b).URL)
	limit := limit(b, "10000/s")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := limiter.Take(b.Context(), "u", limit, noon); err != nil {
			b.Fatal(err)
		}
	}
}
