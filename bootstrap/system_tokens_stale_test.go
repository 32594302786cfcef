package bootstrap_test

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/bootstrap"
	"github.com/taskward/taskward/ports"
)

const (
	keyRefresh  = 500 * time.Millisecond
	keyMaxStale = 3 * time.Second
)

// Keys that could not be fetched for so long that they may have been withdrawn are not trusted, until they are fetched again.
//
// TASKWARD_JWKS_MAX_STALE cannot be less than the five minutes between two fetches. So the service runs inside the test here, with the
// verifier in use that these settings would make, but for its schedule.
func TestTokensWhoseKeysAreTooOld(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short leaves out the system tests: they build the binary and start servers")
	}
	_, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	auth := startBetterAuth(t, "PORT="+port)
	known, unseen := auth.signUp(t), auth.signUp(t)
	server := serveInside(t, jwtauth.Options{
		Servers: []jwtauth.AuthServer{{Issuers: []string{auth.url}, Audiences: []string{auth.url}, Keys: keysAt(t, auth.url+"/api/auth/jwks")}},
		Refresh: keyRefresh, Cooldown: keyRefresh, MaxStale: keyMaxStale,
	}, "DATABASE_URL="+engines[0].database(t), "BETTER_AUTH_URL="+auth.url, promptly)
	server.as(known).eventuallyServed(t)

	stopping := time.Now()
	auth.stop(t)
	stopped := time.Now()
	served := 0
	eventually(t, "the keys are too old", func() bool {
		asked := time.Now()
		answer := server.as(known).get(t, "/api/me/tasks")
		if answer.status == 200 {
			served++
			if age := asked.Sub(stopped); age > keyMaxStale {
				t.Fatalf("a token is accepted %v after the auth server's end, want %v at most", age, keyMaxStale)
			}
			return false
		}
		answer.expectTooOld(t)
		return true
	})
	if trusted := time.Since(stopping); served == 0 || trusted < keyMaxStale-2*keyRefresh {
		t.Errorf("%d requests were served in the %v after the auth server's end, want them to be for %v", served, trusted, keyMaxStale)
	}
	server.as(unseen).get(t, "/api/me/tasks").expectTooOld(t)
	server.as(unseen).get(t, "/readyz").expectProblem(t, 503)
	server.as(person{}).get(t, "/livez").expect(t, 200)

	auth.start(t)
	back := time.Now()
	for _, person := range []person{known, unseen} {
		server.as(person).eventuallyServed(t)
	}
	if took := time.Since(back); took > comeback {
		t.Errorf("the auth server's return was noticed after %v, want %v", took, comeback)
	}
	server.as(unseen).get(t, "/readyz").expect(t, 200)
	t.Logf("%d requests served after the auth server's end", served)
}

// expectTooOld wants the answer that asks for patience because of the keys' age.
func (a answer) expectTooOld(t *testing.T) {
	t.Helper()
	a.expectLater(t)
	if problem := a.expectProblem(t, 503); problem.Code != "keys_too_old" {
		t.Errorf("%s: put off as %s, want keys_too_old", a.request, problem.Code)
	}
}

// serveInside is [serve] for a service inside the test, with a verifier that no settings make.
func serveInside(t *testing.T, options jwtauth.Options, settings ...string) *server {
	t.Helper()
	config, problems := bootstrap.ReadConfig(append(settings, "TASKWARD_ADDR=127.0.0.1:0"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	ctx, cancel := context.WithCancel(t.Context())
	app, err := bootstrap.New(ctx, config, slog.New(slog.DiscardHandler), bootstrap.Use[ports.TokenVerifier](
		func(context.Context) (ports.TokenVerifier, error) {
			verifier, err := jwtauth.New(options)
			return readyVerifier{verifier}, err
		}))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- app.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return &server{url: "http://" + app.Address().String()}
}

func keysAt(t *testing.T, address string) ports.KeySource {
	t.Helper()
	source, err := jwtauth.NewURLSource(address, jwtauth.URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return source
}

// readyVerifier is a verifier that /readyz asks.
type readyVerifier struct{ *jwtauth.Verifier }

func (v readyVerifier) Ping(context.Context) error { return v.Ready() }

func (v readyVerifier) Close() error {
	v.Verifier.Close()
	return nil
}
