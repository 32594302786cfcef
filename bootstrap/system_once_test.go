package bootstrap_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

// TestRetriesCreateOnce retries one create at three replicas, of which one is
// killed meanwhile. Whoever gets an answer gets the same one.
func TestRetriesCreateOnce(t *testing.T) {
	t.Parallel()
	needBinary(t)
	settings := []string{"DATABASE_URL=" + postgrestest.Database(t), "BETTER_AUTH_SECRET=" + secret}
	replicas := []*server{serve(t, settings...), serve(t, settings...), serve(t, settings...)}
	ada := nextRoute(t)
	const retries = 200

	answers := make([]answer, retries)
	errs := make([]error, retries)
	var senders sync.WaitGroup
	for sender := range 8 {
		senders.Go(func() {
			for i := sender; i < retries; i += 8 {
				if i == retries/2 {
					_ = replicas[0].process.command.Process.Kill()
				}
				client := replicas[i%len(replicas)].as(ada)
				answers[i], errs[i] = client.send(t.Context(), "POST", "/api/me/tasks", `{"title":"Buy milk","tags":["once"]}`, "Idempotency-Key: buy-milk")
			}
		})
	}
	senders.Wait()

	var first answer
	failed := 0
	for i, got := range answers {
		if errs[i] != nil {
			if i%len(replicas) != 0 {
				t.Errorf("a replica that was not killed failed: %v", errs[i])
			}
			failed++
			continue
		}
		got.expect(t, 201)
		if first.status == 0 {
			first = got
		}
		if got.body != first.body || got.header.Get("ETag") != first.header.Get("ETag") || got.header.Get("Location") != first.header.Get("Location") {
			t.Errorf("retry %d was answered\n%s, the first\n%s", i, got.body, first.body)
		}
	}
	if failed == 0 || failed == retries {
		t.Errorf("%d of %d requests failed, so that the kill proves nothing", failed, retries)
	}
	if kept := replicas[1].as(ada).allTasks(t); len(kept) != 1 {
		t.Errorf("there are %d tasks, want 1", len(kept))
	}
	replicas[1].as(ada).post(t, "/api/me/tasks", `{"title":"Buy bread"}`, "Idempotency-Key: buy-milk").expectProblem(t, 422)
}

// TestUpdatesOfOneVersion has 64 clients update the version that all of them
// have seen.
func TestUpdatesOfOneVersion(t *testing.T) {
	t.Parallel()
	needBinary(t)
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			settings := []string{"DATABASE_URL=" + engine.database(t), "BETTER_AUTH_SECRET=" + secret}
			servers := []*server{serve(t, settings...), serve(t, settings...)}
			ada := nextRoute(t)
			seen := servers[0].as(ada).post(t, "/api/me/tasks", `{"title":"Buy milk"}`).expect(t, 201).header.Get("ETag")
			const clients = 64

			statuses := make([]int, clients)
			var updaters sync.WaitGroup
			for i := range clients {
				updaters.Go(func() {
					client := servers[i%len(servers)].as(ada)
					statuses[i] = client.do(t, "PATCH", "/api/me/tasks/1", fmt.Sprintf(`{"title":"Buy milk %d"}`, i), "If-Match: "+seen).status
				})
			}
			updaters.Wait()

			count := map[int]int{}
			for _, status := range statuses {
				count[status]++
			}
			if count[200] != 1 || count[412] != clients-1 {
				t.Errorf("answers by status: %v, want one 200 and %d times 412", count, clients-1)
			}
		})
	}
}
