package bootstrap_test

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"
)

const (
	cooldown     = time.Second
	rotation     = 2300 * time.Millisecond
	rotationLoad = 10 * time.Second
)

// Better Auth publishes no key before it signs with it. So each rotation meets Taskward unprepared, and here within its cooldown:
// somebody keeps it running with tokens of made-up keys.
func TestTokensWhileKeysRotate(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t, "JWT_ROTATION="+fmt.Sprint(rotation.Seconds()))
	server := serve(t, "DATABASE_URL="+auth.database, "BETTER_AUTH_URL="+auth.url, "TASKWARD_JWKS_COOLDOWN="+cooldown.String(), promptly)
	sessions := []session{auth.openSession(t), auth.openSession(t), auth.openSession(t)}
	ctx, cancel := context.WithTimeout(t.Context(), rotationLoad)
	defer cancel()
	seen := &sightings{first: make(map[string]time.Time)}
	var load sync.WaitGroup
	load.Go(func() {
		for each := range every(ctx, 100*time.Millisecond) { //nolint:contextcheck // a request may outlive the load; it ends with the test
			server.as(junk(t, auth.url, each)).get(t, "/api/me/tasks").expectRefusedOrLater(t)
		}
	})
	for tick := range every(ctx, 20*time.Millisecond) {
		load.Go(func() {
			person, err := sessions[tick%len(sessions)].tryMint(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			seen.use(t, server.as(person))
		})
	}
	load.Wait()
	if len(seen.first) < 3 {
		t.Errorf("%d keys in %v: they do not rotate", len(seen.first), rotationLoad)
	}
	t.Logf("%d keys; of %d new tokens %d were put off by one 503, the last %v after its key was first seen",
		len(seen.first), seen.accepted, seen.putOff, seen.latest.Round(time.Millisecond))
}

// sightings are what the users of a server have seen of its auth server's keys.
type sightings struct {
	mu               sync.Mutex
	first            map[string]time.Time // when each key was first seen, by its kid
	accepted, putOff int
	latest           time.Duration // from the first sight of a key to the last request that was put off
}

// see notes a key, and returns when it was first seen.
func (s *sightings) see(kid string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, known := s.first[kid]; !known {
		s.first[kid] = time.Now()
	}
	return s.first[kid]
}

// use makes a request with a valid token. It may be put off, once, and only within one cooldown of the key's first sight.
func (s *sightings) use(t *testing.T, c client) {
	first := s.see(headerOf(t, c.person.token).Kid)
	age := time.Since(first)
	answer := c.get(t, "/api/me/tasks")
	putOff := answer.status == 503
	if putOff {
		answer.expectLater(t)
		if age > cooldown {
			t.Errorf("a token is put off %v after its key was first seen, want no longer than the cooldown of %v", age, cooldown)
		}
		<-time.After(retryAfter(answer))
		answer = c.get(t, "/api/me/tasks")
	}
	if answer.status != 200 {
		t.Errorf("a valid token gets %d (put off before: %t): %s", answer.status, putOff, answer.body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accepted++
	if putOff {
		s.putOff++
		s.latest = max(s.latest, age)
	}
}

func retryAfter(a answer) time.Duration {
	seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

// expectRefusedOrLater wants what a token with a made-up key gets: it might be a new one until the keys are fetched.
func (a answer) expectRefusedOrLater(t *testing.T) {
	t.Helper()
	if a.status != 401 && a.status != 503 {
		t.Errorf("%s: a token with a made-up key gets %d: %s", a.request, a.status, a.body)
	}
}

// junk is a thief with a token like Better Auth's of now, whose key does not exist.
func junk(t *testing.T, issuer string, number int) person {
	t.Helper()
	now := time.Now().Unix()
	header := fmt.Sprintf(`{"alg":"EdDSA","kid":"made-up-%d"}`, number)
	claims := fmt.Sprintf(`{"sub":"thief","iat":%d,"exp":%d,"iss":%q,"aud":%q}`, now, now+900, issuer, issuer)
	return person{id: "thief", token: base64url([]byte(header)) + "." + base64url([]byte(claims)) + "." + base64url(make([]byte, 64))}
}

// every yields 0, 1, 2 and so on, with an interval between, until the context ends.
func every(ctx context.Context, interval time.Duration) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for i := 0; ctx.Err() == nil && yield(i); i++ {
			select {
			case <-ticker.C:
			case <-ctx.Done():
			}
		}
	}
}
