package bootstrap_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/adapters/redis/redistest"
	"github.com/taskward/taskward/bootstrap"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// limitedService gives a service on SQLite with a limit of 20 an hour.
func limitedService(t *testing.T, settings ...string) service {
	t.Helper()
	return startService(t, append(settings, "DATABASE_URL=sqlite:"+filepath.Join(t.TempDir(), "tasks.db"),
		"BETTER_AUTH_SECRET="+secret, "TASKWARD_RATE_LIMIT=20/h", promptly, "TASKWARD_ADDR=127.0.0.1:0"))
}

// admitted asks in turn until each of the services refuses, and gives how often
// they did not.
func admitted(t *testing.T, token string, services ...service) (allowed int) {
	t.Helper()
	for refused := 0; refused < len(services); {
		refused = 0
		for _, service := range services {
			switch code := service.ask(t, http.MethodGet, "/api/me/tasks", token); code {
			case "":
				allowed++
			case "rate_limited":
				refused++
			default:
				t.Fatalf("the service refuses for %q", code)
			}
		}
		if allowed > 100 {
			t.Fatal("there seems to be no limit")
		}
	}
	return allowed
}

// Replicas that share a Redis share the limit. While it is away each has one
// of its own, and both are ready all the time.
func TestReplicasShareALimit(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	one := limitedService(t, "TASKWARD_REDIS_URL="+server.URL)
	other := limitedService(t, "TASKWARD_REDIS_URL="+server.URL)
	together := func() bool { return admitted(t, nextRoute(t).token, one, other) == 20 }
	eventually(t, "two replicas together allow as many as one", together) // on a busy machine Redis may be late, and then each counts for itself
	server.Stop()
	if allowed := admitted(t, nextRoute(t).token, one, other); allowed != 40 {
		t.Errorf("without Redis two replicas together allow %d, want 20 each", allowed)
	}
	for _, replica := range []service{one, other} {
		if code := replica.ask(t, http.MethodGet, "/readyz", ""); code != "" {
			t.Errorf("without Redis a replica is not ready: %s", code)
		}
	}
	server.Restart()
	eventually(t, "both ask Redis again", together)
	alone := limitedService(t)
	if allowed := admitted(t, nextRoute(t).token, alone, limitedService(t)); allowed != 40 {
		t.Errorf("two replicas that share nothing allow %d, want 20 each", allowed)
	}
}

// Another's limiter stands in the place of the shipped one.
func TestUseARateLimiter(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	use := bootstrap.Use[ports.RateLimiter](func(context.Context) (ports.RateLimiter, error) {
		return counting{memory.NewRateLimiter(), &asked}, nil
	})
	own := startService(t, []string{
		"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "tasks.db"), "BETTER_AUTH_SECRET=" + secret, promptly, "TASKWARD_ADDR=127.0.0.1:0",
		"TASKWARD_RATE_LIMIT=20/h", "TASKWARD_REDIS_URL=redis://127.0.0.1:9",
	}, use)
	if allowed := admitted(t, nextRoute(t).token, own); allowed != 20 || asked.Load() != 21 {
		t.Errorf("%d were allowed and the limiter was asked %d times, want 20 and 21", allowed, asked.Load())
	}
}

type counting struct {
	ports.RateLimiter
	asked *atomic.Int64
}

func (c counting) Take(ctx context.Context, subject domain.UserID, limit domain.RateLimit, at time.Time) (domain.RateVerdict, error) {
	c.asked.Add(1)
	return c.RateLimiter.Take(ctx, subject, limit, at)
}

func TestDoctorAsksRedis(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "--requirepass", "hunter2")
	settings := []string{
		"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "tasks.db"), "BETTER_AUTH_SECRET=" + secret, "TASKWARD_RATE_LIMIT=20/h",
	}
	if code, _, stderr := command(t, settings, "migrate", "up"); code != 0 {
		t.Fatal(stderr)
	}
	for password, want := range map[string]string{"hunter2": "ok   redis: redis://" + server.Address + "\n", "wrong-hunter2": "FAIL redis: "} {
		code, stdout, stderr := command(t, append(settings, "TASKWARD_REDIS_URL=redis://:"+password+"@"+server.Address), "doctor")
		if !strings.Contains(stdout, want) || (code == 0) != strings.HasPrefix(want, "ok") {
			t.Errorf("exit code %d, and not %q:\n%s%s", code, want, stdout, stderr)
		}
		if strings.Contains(stdout+stderr, "hunter2") {
			t.Errorf("the password is repeated:\n%s%s", stdout, stderr)
		}
	}
	if _, stdout, _ := command(t, settings, "doctor"); strings.Contains(stdout, "redis") {
		t.Errorf("there is no Redis, and the doctor says\n%s", stdout)
	}
}

// A user who floods the service from many connections is held to the limit
// before anything is asked of the database, and nobody else is refused. Without
// a limit, as a control, the flood goes all the way.
func TestAFloodOfOneUser(t *testing.T) {
	t.Parallel()
	const limit, perSecond, burst = "50/s burst 100", 50, 100
	for _, test := range []struct {
		name, limit string
		bounded     bool
	}{{"limited", limit, true}, {"not limited", "off", false}} {
		t.Run(test.name, func(t *testing.T) {
			database := "DATABASE_URL=" + postgrestest.Database(t)
			if code, _, stderr := command(t, []string{database}, "migrate", "up"); code != 0 {
				t.Fatal(stderr)
			}
			calls := &tally{by: map[domain.UserID]int{}}
			service := startService(t, []string{
				database, "BETTER_AUTH_SECRET=" + secret, "TASKWARD_RATE_LIMIT=" + test.limit, promptly, "TASKWARD_ADDR=127.0.0.1:0",
			}, bootstrap.Use[ports.TaskRepository](func(context.Context) (ports.TaskRepository, error) {
				store, err := postgres.Open(postgres.Options{URL: strings.TrimPrefix(database, "DATABASE_URL="), Prepare: true})
				return tallied{store, calls}, err
			}))
			quiet := othersAtWork(t, service)
			flood := startFlood(t, service)
			busy := othersAtWork(t, service)
			flood.stop()

			most := burst + int(flood.lasted.Seconds()*perSecond) + 1
			reached := calls.of(flood.user)
			if within := reached <= most; within != test.bounded {
				t.Errorf("in %v %d calls of the flood's reached the store, the limit is %d", flood.lasted, reached, most)
			}
			if refused := flood.refused.Load() > 0; refused != test.bounded || flood.allowed.Load() < burst {
				t.Errorf("of the flood %d were allowed and %d refused", flood.allowed.Load(), flood.refused.Load())
			}
			t.Logf("flood: %d requests in %v, %d reached the store; others: p99 %v, when it is quiet %v (%.1f times)",
				flood.allowed.Load()+flood.refused.Load(), flood.lasted.Round(time.Millisecond), reached, busy, quiet, float64(busy)/float64(quiet))
		})
	}
}

// othersAtWork has four users make and list tasks, less than the limit at once,
// and gives the 99th percentile of how long that took. None may be refused.
func othersAtWork(t *testing.T, service service) time.Duration {
	t.Helper()
	const each = 90
	took := make([][]time.Duration, 4)
	var others sync.WaitGroup
	for i := range took {
		token := nextRoute(t).token
		others.Go(func() {
			for n := range each {
				method, body := http.MethodGet, ""
				if n%3 == 0 {
					method, body = http.MethodPost, `{"title":"Buy milk"}`
				}
				began := time.Now()
				status, err := statusOf(t.Context(), http.DefaultClient, method, service.address+"/api/me/tasks?limit=5", token, body)
				took[i] = append(took[i], time.Since(began))
				if err != nil || status >= 300 {
					t.Errorf("request %d of another user answered %d, %v", n+1, status, err)
				}
			}
		})
	}
	others.Wait()
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	return all[len(all)*99/100]
}

// flooding is one user on many connections.
type flooding struct {
	user             domain.UserID
	allowed, refused atomic.Int64
	lasted           time.Duration
	stop             func()
}

// startFlood returns when the user has used up any limit.
func startFlood(t *testing.T, service service) *flooding {
	t.Helper()
	const connections, pace, warm = 32, 20 * time.Millisecond, 500 // so many as come, whatever they are answered
	user := nextRoute(t)
	flood := &flooding{user: domain.UserID(user.id)}
	ctx, cancel := context.WithCancel(t.Context())
	began, warmed := time.Now(), make(chan struct{})
	var lanes sync.WaitGroup
	for range connections {
		lanes.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			defer client.CloseIdleConnections()
			for range every(ctx, pace) {
				status, err := statusOf(ctx, client, http.MethodGet, service.address+"/api/me/tasks?limit=5", user.token, "")
				var count int64
				switch {
				case ctx.Err() != nil:
					return
				case status == http.StatusOK:
					count = flood.allowed.Add(1) + flood.refused.Load()
				case status == http.StatusTooManyRequests:
					count = flood.allowed.Load() + flood.refused.Add(1)
				default:
					t.Errorf("a request of the flood's answered %d, %v", status, err)
				}
				if count >= warm {
					select {
					case warmed <- struct{}{}:
					default:
					}
				}
			}
		})
	}
	<-warmed
	flood.stop = func() {
		cancel()
		lanes.Wait()
		flood.lasted = time.Since(began)
	}
	return flood
}

// statusOf gives the status of an answer that it has read.
func statusOf(ctx context.Context, client *http.Client, method, address, token, body string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, errors.Join(err, response.Body.Close())
}

// tally counts the calls that reach a store.
type tally struct {
	mu sync.Mutex
	by map[domain.UserID]int
}

func (y *tally) count(owner domain.UserID) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.by[owner]++
}

func (y *tally) of(owner domain.UserID) int {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.by[owner]
}

// tallied is a store whose calls are counted, those that the flood can make.
type tallied struct {
	*postgres.Store
	calls *tally
}

func (s tallied) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	s.calls.count(owner)
	return s.Store.List(ctx, owner, query)
}

func (s tallied) State(ctx context.Context, owner domain.UserID) (domain.Counters, error) {
	s.calls.count(owner)
	return s.Store.State(ctx, owner)
}
