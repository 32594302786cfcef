package bootstrap_test

import (
	"database/sql"
	"testing"
	"time"
)

// promptly has a server stop at once: no balancer has to be told.
const promptly = "TASKWARD_DRAIN_DELAY=0s"

// Who shares the database with Better Auth can take keys from its table, users too, and accept the session token itself.
func TestTokensFromBetterAuthsTables(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t)
	settings := []string{"DATABASE_URL=" + auth.database, "BETTER_AUTH_URL=" + auth.url, "BETTER_AUTH_SECRET=" + secret, promptly}
	session := auth.openSession(t)
	ada := session.mint(t)
	bare := person{id: ada.id, token: personWithID(t, ada.id).token} // says nothing but the id
	opaque := person{id: ada.id, token: session.opaque}
	wanted := user{ID: ada.id, Email: ada.email, Name: ada.name}

	plain := serve(t, settings...)
	if got := plain.as(bare).get(t, "/api/me").expect(t, 200).user(t); got.Email != "" {
		t.Errorf("without the table /api/me knows more than the token: %+v", got)
	}
	if problem := plain.as(opaque).get(t, "/api/me").expectProblem(t, 401); problem.Code != "opaque_token" {
		t.Errorf("a session token is refused as %s", problem.Code)
	}

	server := serve(t, append(settings, "TASKWARD_JWKS_TABLE=on", "TASKWARD_USERS=on", "TASKWARD_SESSION_TOKENS=on")...)
	for _, person := range []person{ada, bare, opaque} {
		if got := server.as(person).get(t, "/api/me").expect(t, 200).user(t); got != wanted {
			t.Errorf("/api/me answers %+v, want %+v", got, wanted)
		}
		server.as(person).get(t, "/api/"+ada.id+"/tasks").expect(t, 200)
	}
	server.as(person{id: ada.id, token: session.opaque[1:] + "x"}).get(t, "/api/me").expectProblem(t, 401)

	session.signOut(t)
	eventually(t, "the session token is refused", func() bool {
		return server.as(opaque).get(t, "/api/me").status == 401
	})
	server.as(ada).get(t, "/api/me").expect(t, 200) // a JWT outlives its session
}

// With TASKWARD_REVOCATION=session it does not.
func TestTokensEndWithTheirSession(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t, "JWT_SID=on")
	session, other := auth.openSession(t), auth.openSession(t)
	server := serve(t, "DATABASE_URL="+auth.database, "BETTER_AUTH_URL="+auth.url, "TASKWARD_REVOCATION=session",
		"TASKWARD_SESSION_STALENESS="+cooldown.String(), promptly)
	ada, bob := server.as(session.mint(t)), server.as(other.mint(t))
	ada.get(t, "/api/me/tasks").expect(t, 200)
	bob.get(t, "/api/me/tasks").expect(t, 200)

	session.signOut(t)
	ada.refusedBy(t, time.Now().Add(cooldown))
	bob.get(t, "/api/me/tasks").expect(t, 200)
}

// query runs a statement on a database of PostgreSQL, through the driver that Taskward brings.
func query(t *testing.T, database, statement string, args ...any) {
	t.Helper()
	db, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
