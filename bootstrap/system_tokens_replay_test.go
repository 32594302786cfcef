package bootstrap_test

import (
	"fmt"
	"sync"
	"testing"
)

// With TASKWARD_REPLAY=single-use a token is good for one request, whoever of those that share a database gets it, and whenever.
func TestTokensAreGoodForOneRequest(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t, "JWT_JTI=on")
	auth.openSession(t).mint(t) // Better Auth makes its key with the first token, and more than one for two at once
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			settings := []string{
				"DATABASE_URL=" + engine.database(t), "BETTER_AUTH_URL=" + auth.url, "BETTER_AUTH_SECRET=" + secret,
				"TASKWARD_REPLAY=single-use", promptly,
			}
			servers := []*server{serve(t, settings...)}
			if engine.name == "PostgreSQL" {
				servers = append(servers, serve(t, settings...))
			}
			session := auth.openSession(t)
			servers[0].as(nextRoute(t)).get(t, "/api/me/tasks").expectRefusal(t, "missing_token_id")

			spent := session.mint(t)
			servers[0].as(spent).post(t, "/api/me/tasks", `{"title":"Water the plants"}`).expect(t, 201)
			for _, server := range servers {
				server.as(spent).post(t, "/api/me/tasks", `{"title":"Water the plants"}`).expectRefusal(t, "token_replayed")
				server.as(spent).get(t, "/api/me").expectRefusal(t, "token_replayed")
			}
			if tasks := servers[0].as(session.mint(t)).get(t, "/api/me/tasks").expect(t, 200).tasks(t); len(tasks) != 1 {
				t.Errorf("a token that was sent again has made %d tasks, want one", len(tasks))
			}

			const rounds, requests = 5, 20
			for range rounds {
				expectServedOnce(t, servers, session.mint(t), requests)
			}
			servers[0].restart(t)
			servers[0].as(spent).get(t, "/api/me/tasks").expectRefusal(t, "token_replayed")
		})
	}
}

// expectServedOnce sends one token many times at once to all servers in turn.
func expectServedOnce(t *testing.T, servers []*server, p person, requests int) {
	t.Helper()
	answers := make([]answer, requests)
	var clients sync.WaitGroup
	for i := range requests {
		clients.Go(func() {
			answers[i] = servers[i%len(servers)].as(p).post(t, "/api/me/tasks", fmt.Sprintf(`{"title":"Task %d"}`, i))
		})
	}
	clients.Wait()
	served := 0
	for _, answer := range answers {
		if answer.status == 201 {
			served++
			continue
		}
		answer.expectRefusal(t, "token_replayed")
	}
	if served != 1 {
		t.Errorf("of %d requests with one token %d were served, want one", requests, served)
	}
}
