package bootstrap_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

// TestRowSecurityAtStart goes the way of the guide. At each step the service starts where row-level security is what the settings say,
// and the doctor says so beforehand.
func TestRowSecurityAtStart(t *testing.T) {
	administrator := postgrestest.Database(t)
	if code, _, stderr := command(t, []string{"DATABASE_URL=" + administrator}, "migrate", "up"); code != 0 {
		t.Fatal(stderr)
	}
	service := postgrestest.Service(t, administrator, "../.github/docs/row-level-security.md")
	token := mintToken(t, secret, map[string]any{"sub": "ada"})
	environ := func(database, mode string) []string {
		return []string{
			"DATABASE_URL=" + database, "DATABASE_DIRECT_URL=" + administrator, "TASKWARD_RLS=" + mode, "TASKWARD_MIGRATE=check",
			"BETTER_AUTH_SECRET=" + secret, "TASKWARD_ADDR=127.0.0.1:0", promptly,
		}
	}
	accepted := func(database, mode, finding string) {
		t.Helper()
		if code, stdout, stderr := command(t, environ(database, mode), "doctor"); code != 0 || !strings.Contains(stdout, "ok   row-level security: "+finding) {
			t.Errorf("doctor: exit code %d, want %q:\n%s%s", code, finding, stdout, stderr)
		}
		running := startService(t, environ(database, mode))
		if code := running.ask(t, http.MethodGet, "/api/ada/tasks", token); code != "" {
			t.Errorf("a list was refused: %s", code)
		}
	}
	refused := func(database, mode, why string) {
		t.Helper()
		for _, arg := range []string{"doctor", "serve"} {
			if code, stdout, stderr := command(t, environ(database, mode), arg); code == 0 || !strings.Contains(stdout+stderr, why) {
				t.Errorf("%s: exit code %d, want %q:\n%s%s", arg, code, why, stdout, stderr)
			}
		}
	}

	accepted(administrator, "off", "off, and with TASKWARD_RLS=on the database user")
	accepted(service, "off", "off; with TASKWARD_RLS=on it would hold for")
	refused(service, "on", "is not on for answers, owners, revoked_before, revoked_tokens, spent_tokens, tasks, trash; run: taskward migrate up")

	for range 2 {
		if code, _, stderr := command(t, []string{"DATABASE_URL=" + administrator, "TASKWARD_RLS=on"}, "migrate", "up"); code != 0 {
			t.Fatal(stderr)
		}
	}
	accepted(service, "on", "holds for the database user taskward_service_")
	accepted(service, "citus", "holds for the database user taskward_service_")
	accepted(administrator, "off", "off, and with TASKWARD_RLS=on the database user")
	refused(service, "off", "would hide all tasks from the database user taskward_service_")
	refused(administrator, "on", "gets past row-level security, as a superuser or by BYPASSRLS")

	query(t, administrator, `ALTER TABLE taskward.answers NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY`)
	refused(service, "on", "is not on for answers; run: taskward migrate up")
	startService(t, append(environ(service, "on"), "TASKWARD_MIGRATE=auto"))
	accepted(service, "on", "holds for")
}

// TestServeBehindRowSecurity runs the contract of the service behind both walls, with settings as the guide has them.
func TestServeBehindRowSecurity(t *testing.T) {
	t.Parallel()
	needBinary(t)
	administrator := postgrestest.Database(t)
	if code, _, stderr := command(t, []string{"DATABASE_URL=" + administrator, "TASKWARD_RLS=on"}, "migrate", "up"); code != 0 {
		t.Fatal(stderr)
	}
	service := postgrestest.Service(t, administrator, "../.github/docs/row-level-security.md")
	for _, mode := range []string{"on", "citus"} {
		t.Run(mode, func(t *testing.T) {
			server := serve(t, "DATABASE_URL="+service, "DATABASE_DIRECT_URL="+administrator, "TASKWARD_RLS="+mode, "BETTER_AUTH_SECRET="+secret)
			runContract(t, server, nextRoute)
		})
	}
	if code, _, stderr := command(t, []string{"DATABASE_URL=" + service, "DATABASE_DIRECT_URL=" + administrator, "TASKWARD_RLS=on", "TASKWARD_AUTH_DATABASE_URL=" + administrator}, "sweep"); code == 0 {
		t.Errorf("a sweep that cannot see the owners succeeded: %s", stderr)
	}
}

// TestPoolersAreSuspected starts with settings that are for a direct connection, and then with those for a pooler.
func TestPoolersAreSuspected(t *testing.T) {
	direct := postgrestest.Database(t)
	pooled := postgrestest.Pooled(t, direct)
	environ := []string{"DATABASE_URL=" + pooled, "DATABASE_DIRECT_URL=" + direct, goodSecret, "TASKWARD_ADDR=127.0.0.1:0", promptly}
	command(t, environ, "migrate", "up")
	const advice = "if DATABASE_URL leads to a pooler set TASKWARD_DB_PREPARE=off and, for migrations and notifications, DATABASE_DIRECT_URL"
	for _, arg := range []string{"serve", "doctor"} {
		if code, stdout, stderr := command(t, environ, arg); code == 0 || !strings.Contains(stdout+stderr, advice) {
			t.Errorf("%s: exit code %d:\n%s%s", arg, code, stdout, stderr)
		}
	}
	token := mintToken(t, "0123456789abcdef0123456789abcdef", map[string]any{"sub": "ada"})
	if code := startService(t, append(environ, "TASKWARD_DB_PREPARE=off")).ask(t, http.MethodGet, "/api/ada/tasks", token); code != "" {
		t.Errorf("a list was refused: %s", code)
	}
}

// TestDoctorMissesTimeouts is about a database behind a pooler, where connections set none.
func TestDoctorMissesTimeouts(t *testing.T) {
	database := postgrestest.Database(t)
	command(t, []string{"DATABASE_URL=" + database}, "migrate", "up")
	service := postgrestest.Service(t, database, "../.github/docs/row-level-security.md")
	examine := func(settings ...string) string {
		t.Helper()
		_, stdout, _ := command(t, append(settings, "DATABASE_URL="+service, "DATABASE_DIRECT_URL="+database, goodSecret), "doctor")
		return stdout
	}
	const good = "ok   time-outs: the server ends"
	if said := examine(); !strings.Contains(said, good) {
		t.Errorf("with time-outs of the connection's:\n%s", said)
	}
	said := examine("TASKWARD_DB_PREPARE=off")
	if !strings.Contains(said, "FAIL time-outs: nothing sets statement_timeout and idle_in_transaction_session_timeout; run: ALTER ROLE taskward_service_") {
		t.Errorf("without any:\n%s", said)
	}
	for _, setting := range []string{"statement_timeout", "idle_in_transaction_session_timeout"} {
		user := regexp.MustCompile(`taskward_service_\w+`).FindString(service)
		query(t, database, `ALTER ROLE `+user+` SET `+setting+` = '10s'`)
		if said := examine("TASKWARD_DB_PREPARE=off"); strings.Contains(said, "sets "+setting) {
			t.Errorf("with %s:\n%s", setting, said)
		}
	}
	if said := examine("TASKWARD_DB_PREPARE=off"); !strings.Contains(said, good) {
		t.Errorf("with time-outs of the user's:\n%s", said)
	}
}

func TestDistributeCommand(t *testing.T) {
	for name, database := range map[string]string{"SQLite": inFile(t), "PostgreSQL": "DATABASE_URL=" + postgrestest.Database(t)} {
		if code, stdout, stderr := command(t, []string{database}, "migrate", "distribute"); code == 0 || !strings.Contains(stderr, "the database lacks 00001_tasks.sql") {
			t.Errorf("%s: before there are tables: exit code %d:\n%s%s", name, code, stdout, stderr)
		}
		command(t, []string{database}, "migrate", "up")
		if code, stdout, stderr := command(t, []string{database}, "migrate", "distribute"); code != 0 || !strings.HasPrefix(stdout, "not done: this database has no extension citus") {
			t.Errorf("%s: exit code %d:\n%s%s", name, code, stdout, stderr)
		}
	}
}
