package bootstrap_test

import (
	"net"
	"strconv"
	"testing"
	"time"
)

// comeback is how soon an auth server that is back is found.
const comeback = 5 * time.Second

// Taskward goes on without the auth server, and starts without it, but takes nobody's word before it has keys.
func TestTokensWithoutTheAuthServer(t *testing.T) {
	t.Parallel()
	needBinary(t)
	_, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	auth := startBetterAuth(t, "PORT="+port)
	settings := []string{"DATABASE_URL=" + auth.database, "BETTER_AUTH_URL=" + auth.url, promptly}
	known, unseen := auth.signUp(t), auth.signUp(t)
	before := serve(t, settings...)
	before.as(known).get(t, "/api/me/tasks").expect(t, 200)

	auth.stop(t)
	for _, person := range []person{known, unseen} {
		before.as(person).get(t, "/api/me/tasks").expect(t, 200)
	}

	after := launch(t, settings...)
	after.awaitListening(t)
	for _, person := range []person{known, unseen} {
		after.as(person).get(t, "/api/me/tasks").expectLater(t)
		after.as(person).get(t, "/readyz").expectProblem(t, 503)
	}
	after.as(person{}).get(t, "/livez").expect(t, 200)

	auth.start(t)
	back := time.Now()
	after.as(known).eventuallyServed(t)
	if took := time.Since(back); took > comeback {
		t.Errorf("the auth server's return was noticed after %v, want %v", took, comeback)
	}
	after.as(unseen).get(t, "/readyz").expect(t, 200)
}

// An auth server behind a rate limit is one that is away for a while.
func TestTokensWhileKeysAreRateLimited(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t)
	keys := proxyKeys(t, auth)
	settings := []string{"DATABASE_URL=" + auth.database, "BETTER_AUTH_URL=" + auth.url, "TASKWARD_JWKS_URL=" + keys.url, "TASKWARD_JWKS_COOLDOWN=" + cooldown.String(), promptly}
	session := auth.openSession(t)
	ada := session.mint(t)
	before := serve(t, settings...)
	before.as(ada).get(t, "/api/me/tasks").expect(t, 200)

	keys.throttled.Store(true)
	auth.rotate(t)
	rotated := session.mint(t)
	if headerOf(t, rotated.token).Kid == headerOf(t, ada.token).Kid {
		t.Fatal("the key is the same after its rotation")
	}
	after := launch(t, settings...)
	after.awaitListening(t)
	before.as(auth.signUp(t)).get(t, "/api/me/tasks").expectLater(t)
	before.as(rotated).get(t, "/api/me/tasks").expectLater(t)
	before.as(ada).get(t, "/api/me/tasks").expect(t, 200)
	before.as(ada).get(t, "/readyz").expect(t, 200)
	after.as(rotated).get(t, "/api/me/tasks").expectLater(t)
	after.as(rotated).get(t, "/readyz").expectProblem(t, 503)

	keys.throttled.Store(false)
	lifted := time.Now()
	for _, server := range []*server{before, after} {
		server.as(rotated).eventuallyServed(t)
		if took := time.Since(lifted); took > comeback {
			t.Errorf("the end of the rate limit was noticed after %v, want %v", took, comeback)
		}
	}
}

// rotate has Better Auth sign what comes with a new key.
func (b *betterAuth) rotate(t *testing.T) {
	t.Helper()
	query(t, b.database, `UPDATE jwks SET "expiresAt" = now() - interval '1 second' WHERE "expiresAt" IS NULL`)
}

// expectLater wants the answer that asks for patience: 503, and when to try again.
func (a answer) expectLater(t *testing.T) {
	t.Helper()
	a.expectProblem(t, 503)
	if seconds, err := strconv.Atoi(a.header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 5 {
		t.Errorf("%s: Retry-After %q, want 1 to 5 seconds", a.request, a.header.Get("Retry-After"))
	}
}

// eventuallyServed waits until the person's token is accepted, and wants 503 until then.
func (c client) eventuallyServed(t *testing.T) {
	t.Helper()
	eventually(t, "the token is accepted", func() bool {
		answer := c.get(t, "/api/me/tasks")
		if answer.status != 200 {
			answer.expectLater(t)
		}
		return answer.status == 200
	})
}

// awaitListening is [server.await] for a server that cannot get ready yet.
func (s *server) awaitListening(t *testing.T) {
	t.Helper()
	eventually(t, s.url+" listens", func() bool {
		_, err := s.as(person{}).send(t.Context(), "GET", "/readyz", "")
		return err == nil
	})
}
