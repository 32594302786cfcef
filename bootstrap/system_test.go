package bootstrap_test

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

// The system tests build the binary, start a real Better Auth and real databases, and speak HTTP with what runs:
// nothing in them knows a package of Taskward, unless a test says why.

func TestMain(m *testing.M) {
	code := postgrestest.Run(m)
	if err := removeBinary(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// An engine is a kind of database, and how to get a fresh one.
type engine struct {
	name     string
	database func(t *testing.T) (url string)
}

var engines = []engine{
	{"SQLite", func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "tasks.db") }},
	{"PostgreSQL", func(t *testing.T) string { return withPassword(t, postgrestest.Database(t)) }},
}

// withPassword puts one into a URL that has none: a server that asks for none takes any, and no log may have it.
func withPassword(t *testing.T, database string) string {
	t.Helper()
	parsed, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	if _, has := parsed.User.Password(); !has {
		parsed.User = url.UserPassword(parsed.User.Username(), "a-password-of-the-tests")
	}
	return parsed.String()
}

// A stock Better Auth and its URL are all that Taskward needs. On PostgreSQL both live in one database, as they do in most applications.
func TestContractForBetterAuth(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t)
	auth.signUp(t) // Better Auth makes its key with the first token, and more than one for two at once
	databases := map[string]string{
		"SQLite":     "sqlite:" + filepath.Join(t.TempDir(), "tasks.db"),
		"PostgreSQL": auth.database,
	}
	for engine, database := range databases {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			server := serve(t, "DATABASE_URL="+database, "BETTER_AUTH_URL="+auth.url)
			runContract(t, server, auth.signUp)
		})
	}
}

// Many front ends mint their own tokens under the shared secret, with no more claims than they need.
func TestContractForNextRoutes(t *testing.T) {
	t.Parallel()
	needBinary(t)
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, "DATABASE_URL="+engine.database(t), "BETTER_AUTH_SECRET="+secret)
			runContract(t, server, nextRoute)
		})
	}
}

// With a key set and a secret, the token's alg chooses between them.
func TestBothKindsOfTokensAtOnce(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t)
	server := serve(t, "DATABASE_URL="+engines[0].database(t), "BETTER_AUTH_URL="+auth.url, "BETTER_AUTH_SECRET="+secret)
	for _, person := range []person{auth.signUp(t), nextRoute(t)} {
		server.as(person).get(t, "/api/me/tasks").expect(t, 200)
	}
}

// The link in a verification mail carries a token under the same secret. It shows that a mail arrived, not who is asking.
func TestMailTokensOpenNothing(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t)
	ada := auth.signUp(t)
	mailed := auth.mailedToken(t, ada.email)
	if !signedWithSecret(mailed) {
		t.Fatal("the mailed token is not one under the secret, so that its refusal proves nothing")
	}
	for _, settings := range [][]string{
		{"BETTER_AUTH_SECRET=" + secret},
		{"BETTER_AUTH_SECRET=" + secret, "BETTER_AUTH_URL=" + auth.url},
	} {
		server := serve(t, append(settings, "DATABASE_URL="+engines[0].database(t))...)
		thief := server.as(person{id: ada.id, token: mailed})
		for _, path := range []string{"/api/me", "/api/me/tasks", "/api/" + ada.id + "/tasks", "/api/" + ada.email + "/tasks"} {
			thief.get(t, path).expectRefusal(t, "mail_token")
		}
	}
}

func TestTokenCommand(t *testing.T) {
	t.Parallel()
	needBinary(t)
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, "DATABASE_URL="+engine.database(t), "BETTER_AUTH_SECRET="+secret)
			one, two := server.as(commandedToken(t, "u1")), server.as(commandedToken(t, "u2"))

			one.post(t, "/api/u1/tasks", `{"title":"Buy milk"}`).expect(t, 201)
			one.get(t, "/api/u1/tasks").expect(t, 200)
			one.put(t, "/api/u1/tasks/1", `{"title":"Buy oat milk"}`).expect(t, 200)
			two.get(t, "/api/u1/tasks").expectProblem(t, 403)
			two.get(t, "/api/u2/tasks/1").expectProblem(t, 404)
			one.patch(t, "/api/u1/tasks/1/complete", "").expect(t, 200)
			one.delete(t, "/api/u1/tasks/1").expect(t, 204)
			one.get(t, "/api/u1/tasks/1").expectProblem(t, 404)
		})
	}
}

func TestReplicasServeTheSameTasks(t *testing.T) {
	t.Parallel()
	needBinary(t)
	settings := []string{"DATABASE_URL=" + postgrestest.Database(t), "BETTER_AUTH_SECRET=" + secret}
	first, second := launch(t, settings...), launch(t, settings...) // both find an empty database
	first.await(t)
	second.await(t)
	ada := nextRoute(t)

	here, there := first.as(ada), second.as(ada)
	made := here.post(t, here.tasks(), `{"title":"Buy milk"}`).expect(t, 201).task(t)
	if diff := cmp.Diff(made, there.get(t, there.task(made.ID)).expect(t, 200).task(t)); diff != "" {
		t.Errorf("the other replica's task (-made +there):\n%s", diff)
	}
	there.delete(t, there.task(made.ID)).expect(t, 204)
	here.get(t, here.task(made.ID)).expectProblem(t, 404)
}

func TestConcurrentCreatesLoseNothing(t *testing.T) {
	t.Parallel()
	needBinary(t)
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			settings := []string{"DATABASE_URL=" + engine.database(t), "BETTER_AUTH_SECRET=" + secret}
			servers := []*server{serve(t, settings...)}
			if engine.name == "PostgreSQL" {
				servers = append(servers, serve(t, settings...))
			}
			ada := nextRoute(t)
			const creates = 100

			answers := make([]answer, creates)
			var creators sync.WaitGroup
			for i := range creates {
				creators.Go(func() {
					client := servers[i%len(servers)].as(ada)
					answers[i] = client.post(t, client.tasks(), fmt.Sprintf(`{"title":"Task %d"}`, i))
				})
			}
			creators.Wait()

			made := make(map[int64]string)
			for _, answer := range answers {
				task := answer.expect(t, 201).task(t)
				if other, twice := made[task.ID]; twice {
					t.Errorf("id %d was given to %q and to %q", task.ID, other, task.Title)
				}
				made[task.ID] = task.Title
			}
			for id := int64(1); id <= creates; id++ {
				if made[id] == "" {
					t.Errorf("no task got id %d", id)
				}
			}
			for _, server := range servers {
				client := server.as(ada)
				kept := make(map[int64]string)
				for _, task := range client.allTasks(t) {
					kept[task.ID] = task.Title
				}
				if diff := cmp.Diff(made, kept); diff != "" {
					t.Errorf("tasks (-acknowledged +kept):\n%s", diff)
				}
			}
		})
	}
}
