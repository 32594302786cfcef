package bootstrap_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

const (
	spread  = 5 * time.Second // how soon a revocation counts on other replicas, and a new secret on all
	patient = time.Second     // more, for the requests that find it out
)

// Signing out ends a token on all replicas, long before it expires.
func TestTokensAreRevoked(t *testing.T) {
	t.Parallel()
	needBinary(t)
	settings := []string{"DATABASE_URL=" + postgrestest.Database(t), "BETTER_AUTH_SECRET=" + secret, "TASKWARD_REVOCATION=jti", promptly}
	here, there := serve(t, settings...), serve(t, settings...)
	phone, laptop, bob := withTokenID(t, "ada"), withTokenID(t, "ada"), withTokenID(t, "bob")
	for _, person := range []person{phone, laptop, bob} {
		here.as(person).get(t, "/api/me/tasks").expect(t, 200)
		there.as(person).get(t, "/api/me/tasks").expect(t, 200)
	}
	here.as(nextRoute(t)).get(t, "/api/me/tasks").expectProblem(t, 401) // without jti it could not be revoked

	here.as(bob).delete(t, "/api/ada/session").expectProblem(t, 403)
	here.as(phone).get(t, "/api/ada/session").expect(t, 200)
	revoked := time.Now()
	here.as(phone).delete(t, "/api/ada/session").expect(t, 204)
	here.as(phone).get(t, "/api/me/tasks").expectProblem(t, 401)
	there.as(phone).refusedBy(t, revoked.Add(spread))
	for _, server := range []*server{here, there} {
		server.as(laptop).get(t, "/api/me/tasks").expect(t, 200)
	}

	tablet := withTokenID(t, "ada")
	there.as(tablet).get(t, "/api/me/tasks").expect(t, 200)
	revoked = time.Now()
	here.as(laptop).delete(t, "/api/ada/session?all=true").expect(t, 204)
	for _, person := range []person{laptop, tablet} {
		here.as(person).get(t, "/api/me/tasks").expectProblem(t, 401)
		there.as(person).refusedBy(t, revoked.Add(spread))
	}
	for _, server := range []*server{here, there} {
		server.as(bob).get(t, "/api/me/tasks").expect(t, 200)
		eventually(t, "a token of after the sign-out is accepted", func() bool { // iat is in whole seconds
			return server.as(withTokenID(t, "ada")).get(t, "/api/me/tasks").status == 200
		})
	}
}

// A secret gives way to another without a restart and without a gap: both hold until the old one is taken away.
func TestTokensWhileSecretsRotate(t *testing.T) {
	t.Parallel()
	needBinary(t)
	file, next := filepath.Join(t.TempDir(), "secrets"), "the-next-secret-of-the-tests-and-of-nobody-else"
	replaceFile(t, file, "1:"+secret)
	server := serve(t, "DATABASE_URL="+engines[0].database(t), "BETTER_AUTH_SECRETS_FILE="+file, promptly)
	before := server.as(nextRoute(t))
	after := server.as(person{id: "ada", token: mintToken(t, next, map[string]any{"sub": "ada"})})
	before.get(t, "/api/me/tasks").expect(t, 200)
	after.get(t, "/api/me/tasks").expectProblem(t, 401)

	replaceFile(t, file, "2:"+next+",1:"+secret)
	deadline := time.Now().Add(spread)
	eventually(t, "the next secret counts", func() bool {
		before.get(t, "/api/me/tasks").expect(t, 200)
		return after.get(t, "/api/me/tasks").status == 200
	})
	if late := time.Since(deadline); late > patient {
		t.Errorf("the next secret counted %v too late", late)
	}

	replaceFile(t, file, "2:"+next)
	before.refusedBy(t, time.Now().Add(spread))
	after.get(t, "/api/me/tasks").expect(t, 200)
}

// withTokenID is the user with a token that has a jti.
func withTokenID(t *testing.T, id string) person {
	t.Helper()
	return person{id: id, token: mintToken(t, secret, map[string]any{"sub": id, "jti": rand.Text()})}
}

// refusedBy waits until the person's token is refused, which has to be so by the deadline.
func (c client) refusedBy(t *testing.T, deadline time.Time) {
	t.Helper()
	eventually(t, "the token is refused", func() bool {
		answer := c.get(t, "/api/me/tasks")
		if answer.status != 200 {
			answer.expectProblem(t, 401)
		}
		return answer.status == 401
	})
	if late := time.Since(deadline); late > patient {
		t.Errorf("the token was refused %v too late", late)
	}
}

// replaceFile puts text into a file at once, as secret stores do: nobody reads half of it.
func replaceFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}
