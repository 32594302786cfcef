package bootstrap_test

import (
	"sync"
	"testing"
)

// Behind one name and on one database, two instances of Better Auth that lack a key each make one at the same time. Both go on signing.
func TestTokensOfTwoInstances(t *testing.T) {
	t.Parallel()
	needBinary(t)
	one := startBetterAuth(t, "JWT_ALG=RS256")
	two := startBetterAuthOn(t, one.database, "JWT_ALG=RS256", "BASE_URL="+one.url)
	server := serve(t, "DATABASE_URL="+one.database, "BETTER_AUTH_URL="+one.url, "TASKWARD_JWKS_COOLDOWN="+cooldown.String(), promptly)
	ada, bob := one.openSession(t), two.openSession(t)
	var persons []person
	kids := make(map[string]bool)
	eventually(t, "the instances have made a key each", func() bool {
		var both [2]person
		var minting sync.WaitGroup
		for i, session := range []session{ada, bob} {
			minting.Go(func() {
				var err error
				if both[i], err = session.tryMint(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		minting.Wait()
		persons = append(persons, both[:]...)
		first, second := headerOf(t, both[0].token).Kid, headerOf(t, both[1].token).Kid
		kids[first], kids[second] = true, true
		if first == second {
			one.rotate(t)
		}
		return first != second
	})
	for _, person := range persons {
		server.as(person).eventuallyServed(t)
	}
	// A server that starts now finds all of them in its first set.
	server.restart(t)
	for _, person := range persons {
		server.as(person).get(t, "/api/me/tasks").expect(t, 200)
	}
	t.Logf("%d tokens of %d keys", len(persons), len(kids))
}

// Several auth servers are accepted side by side, each for its own issuer only.
func TestTokensOfSeveralAuthServers(t *testing.T) {
	t.Parallel()
	needBinary(t)
	main, other := startBetterAuth(t), startBetterAuth(t, "JWT_ALG=ES256")
	settings := []string{"DATABASE_URL=" + engines[0].database(t), "BETTER_AUTH_URL=" + main.url, promptly}
	ada, bob := main.signUp(t), other.signUp(t)

	alone := serve(t, settings...)
	alone.as(ada).get(t, "/api/me/tasks").expect(t, 200)
	alone.as(bob).get(t, "/api/me/tasks").expectProblem(t, 401)

	both := serve(t, append(settings, "TASKWARD_AUTH_1_ISSUERS="+other.url, "TASKWARD_AUTH_1_AUDIENCES="+other.url,
		"TASKWARD_AUTH_1_JWKS_URL="+other.url+"/api/auth/jwks")...)
	for _, person := range []person{ada, bob} {
		both.as(person).get(t, "/api/me/tasks").expect(t, 200)
	}

	// The other's keys do not vouch for the main one's issuer.
	swapped := serve(t, append(settings, "TASKWARD_JWKS_URL="+other.url+"/api/auth/jwks", "TASKWARD_AUTH_1_ISSUERS="+other.url,
		"TASKWARD_AUTH_1_AUDIENCES="+other.url, "TASKWARD_AUTH_1_JWKS_URL="+main.url+"/api/auth/jwks", "TASKWARD_JWKS_COOLDOWN=1ms")...)
	for _, person := range []person{ada, bob} {
		swapped.as(person).get(t, "/api/me/tasks").expectProblem(t, 401)
	}
}
