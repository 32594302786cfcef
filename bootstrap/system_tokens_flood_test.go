package bootstrap_test

import (
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const (
	flood      = 10_000
	floodLanes = 20
	floodPace  = 8 * time.Millisecond // between two of a lane: the flood lasts for several cooldowns
)

// Whoever invents keys can neither have Taskward ask for them more often than once a cooldown, nor keep a true one out.
func TestTokensUnderAFloodOfUnknownKeys(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t)
	keys := proxyKeys(t, auth)
	session := auth.openSession(t)
	ada := session.mint(t)
	server := serve(t, "DATABASE_URL="+auth.database, "BETTER_AUTH_URL="+auth.url, "TASKWARD_JWKS_URL="+keys.url,
		"TASKWARD_JWKS_COOLDOWN="+cooldown.String(), "TASKWARD_LOG_LEVEL=error", promptly)
	server.as(ada).get(t, "/api/me/tasks").expect(t, 200)
	asked, began := keys.requests.Load(), time.Now()

	var sent, refused, putOff atomic.Int64
	var lanes sync.WaitGroup
	half := make(chan struct{})
	for range floodLanes {
		lanes.Go(func() {
			connection := &http.Client{Timeout: patience, Transport: &http.Transport{}}
			defer connection.CloseIdleConnections()
			for range every(t.Context(), floodPace) {
				number := sent.Add(1)
				if number > flood {
					return
				}
				if number == flood/2 {
					close(half)
				}
				switch status, err := knock(t, connection, server.as(junk(t, auth.url, int(number)))); {
				case err != nil:
					t.Error(err)
				case status == 401:
					refused.Add(1)
				case status == 503:
					putOff.Add(1)
				default:
					t.Errorf("a token with a made-up key gets %d", status)
				}
			}
		})
	}
	<-half
	server.as(ada).get(t, "/api/me/tasks").expect(t, 200)
	auth.rotate(t)
	rotated := session.mint(t)
	published := time.Now()
	var found time.Duration
	eventually(t, "the rotation is picked up", func() bool {
		age := time.Since(published)
		answer := server.as(rotated).get(t, "/api/me/tasks")
		if answer.status == 200 {
			found = time.Since(published)
			return true
		}
		answer.expectLater(t)
		if age > cooldown {
			t.Fatalf("the new key is not known %v after its first token, want no longer than the cooldown of %v", age, cooldown)
		}
		return false
	})
	left := flood - sent.Load()
	lanes.Wait()

	took := time.Since(began)
	requests, most := keys.requests.Load()-asked, int64(took/cooldown)+1
	if requests > most {
		t.Errorf("%d requests for keys in %v, want one a cooldown of %v at most", requests, took, cooldown)
	}
	if left <= 0 {
		t.Errorf("the flood was over before the rotation was picked up")
	}
	t.Logf("%d unknown keys in %v: %d refused, %d put off, %d requests for keys; the rotation was picked up after %v, with %d to come",
		flood, took.Round(time.Millisecond), refused.Load(), putOff.Load(), requests, found.Round(time.Millisecond), left)
}

// knock makes a request on a connection that stays open, and gives the status of the answer.
func knock(t *testing.T, connection *http.Client, c client) (int, error) {
	request, err := http.NewRequestWithContext(t.Context(), "GET", c.url+"/api/me/tasks", nil)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+c.person.token)
	response, err := connection.Do(request)
	if err != nil {
		return 0, err
	}
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}
