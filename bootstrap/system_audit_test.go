package bootstrap_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/bootstrap"
	"github.com/taskward/taskward/ports"
)

// written is an entry of the audit log, as whoever reads the lines has it.
type written struct {
	Msg, Level, Actor, Owner, Action, Outcome string
	Time                                      time.Time
	Tasks                                     []int64
	TokenID                                   string `json:"token_id"`
	RequestID                                 string `json:"request_id"`
}

// entries are those that a process has printed. Nothing else may be on its standard output.
func (p *process) entries(t *testing.T) (entries []written) {
	t.Helper()
	for line := range strings.Lines(p.output.String()) {
		var entry written
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Msg != "audit" || entry.Level != "INFO" {
			t.Fatalf("on standard output is %q, error %v", line, err)
		}
		entries = append(entries, entry)
	}
	return entries
}

// What is written down says nothing that may not be printed, whatever people do: it is searched as all output is. TASKWARD_LOG_LEVEL is
// for other lines.
func TestContractWithAnAuditLog(t *testing.T) {
	t.Parallel()
	needBinary(t)
	server := serve(t, "DATABASE_URL="+engines[0].database(t), "BETTER_AUTH_SECRET="+secret, "TASKWARD_AUDIT=log", "TASKWARD_LOG_LEVEL=error")
	ada, first := server.as(nextRoute(t)), server.process
	ada.get(t, "/api/"+ada.person.token+"/tasks").expect(t, 403) // which puts a token where an owner should be
	runContract(t, server, nextRoute)                            // which starts it anew in the end
	actions := map[string]bool{}
	for _, entry := range append(first.entries(t), server.process.entries(t)...) {
		actions[entry.Action+" "+entry.Outcome] = true
	}
	for _, want := range []string{
		"create done", "edit done", "complete done", "delete done", "read not_owner", "create not_owner", "delete not_owner", "authenticate token_missing",
	} {
		if !actions[want] {
			t.Errorf("no entry says %q", want)
		}
	}
}

// What happens over HTTP is found in the log by the id of its answer, with the token that proved who asked.
func TestRequestsAreInTheAuditLog(t *testing.T) {
	t.Parallel()
	needBinary(t)
	server := serve(t, "DATABASE_URL="+engines[0].database(t), "BETTER_AUTH_SECRET="+secret, "TASKWARD_AUDIT=log")
	ada := server.as(person{id: "ada", token: mintToken(t, secret, map[string]any{"sub": "ada", "jti": "the-id-of-the-token"})})
	eve := server.as(personWithID(t, "eve"))
	before := time.Now()
	var want []written
	say := func(answer answer, entry written) {
		t.Helper()
		entry.Msg, entry.Level, entry.RequestID = "audit", "INFO", answer.header.Get("X-Request-ID")
		if entry.Tasks == nil {
			entry.Tasks = []int64{}
		}
		want = append(want, entry)
	}
	say(ada.post(t, ada.tasks(), `{"title":"Water the plants"}`).expect(t, 201),
		written{Actor: "ada", Owner: "ada", Action: "create", Outcome: "done", Tasks: []int64{1}, TokenID: "the-id-of-the-token"})
	ada.get(t, ada.tasks()).expect(t, 200)
	say(eve.delete(t, ada.task(1)).expect(t, 403),
		written{Actor: "eve", Owner: "ada", Action: "delete", Outcome: "not_owner", Tasks: []int64{1}})
	say(server.as(person{token: "no.token.ofanybody"}).get(t, "/api/me").expect(t, 401),
		written{Action: "authenticate", Outcome: "malformed_encoding"})
	say(ada.delete(t, ada.task(1)).expect(t, 204),
		written{Actor: "ada", Owner: "ada", Action: "delete", Outcome: "done", Tasks: []int64{1}, TokenID: "the-id-of-the-token"})

	got := server.process.entries(t)
	for i := range got {
		if at := got[i].Time; at.Before(before.Truncate(time.Microsecond)) || at.After(time.Now()) || at.Nanosecond()%1000 != 0 {
			t.Errorf("entry %d is of %v", i, at)
		}
		got[i].Time = time.Time{}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
}

// A service behind the second wall writes to a table that it may not read. The page's statements give its entries and delete them.
func TestTheAuditLogInPostgres(t *testing.T) {
	t.Parallel()
	administrator := postgrestest.Database(t)
	settings := []string{"DATABASE_URL=" + administrator, "TASKWARD_RLS=on"}
	if code, _, stderr := command(t, settings, "migrate", "up"); code != 0 {
		t.Fatal(stderr)
	}
	service := startService(t, []string{
		"DATABASE_URL=" + postgrestest.Service(t, administrator, "../.github/docs/row-level-security.md"), "DATABASE_DIRECT_URL=" + administrator,
		"TASKWARD_RLS=on", "TASKWARD_AUDIT=database", "BETTER_AUTH_SECRET=" + secret, "TASKWARD_ADDR=127.0.0.1:0", promptly,
	})
	eve := mintToken(t, secret, map[string]any{"sub": "eve"})
	if code := service.ask(t, "GET", "/api/ada/tasks/7", eve); code != "not_owner" {
		t.Errorf("eve is refused for %q", code)
	}
	read, erase := pageStatements(t)
	if got := rows(t, administrator, read, "ada"); len(got) != 1 || !strings.Contains(got[0], " eve read {7} not_owner ") {
		t.Errorf("the log has %q", got)
	}
	query(t, administrator, "UPDATE taskward.audit SET at = now() - interval '89 days'")
	query(t, administrator, erase)
	if got := rows(t, administrator, read, "ada"); len(got) != 1 {
		t.Errorf("young entries were deleted, left is %q", got)
	}
	query(t, administrator, "UPDATE taskward.audit SET at = now() - interval '91 days'")
	query(t, administrator, erase)
	if got := rows(t, administrator, read, "ada"); len(got) != 0 {
		t.Errorf("old entries were not deleted: %q", got)
	}
}

// pageStatements are those of the page about the audit log.
func pageStatements(t *testing.T) (read, erase string) {
	t.Helper()
	page, err := os.ReadFile("../.github/docs/audit.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllSubmatch(page, -1)
	if len(blocks) != 2 {
		t.Fatalf("the page has %d statements, want 2", len(blocks))
	}
	return string(blocks[0][1]), string(blocks[1][1])
}

// All that the service keeps in its database goes over the connections that it may have.
func TestTasksRevocationsAndAuditShareTheConnections(t *testing.T) {
	t.Parallel()
	needBinary(t)
	database := engines[1].database(t)
	server := serve(t, "DATABASE_URL="+database, "BETTER_AUTH_SECRET="+secret, "TASKWARD_AUDIT=database", "TASKWARD_REVOCATION=jti", "TASKWARD_DB_POOL=2")
	ada := server.as(person{id: "ada", token: mintToken(t, secret, map[string]any{"sub": "ada", "jti": "the-id-of-the-token"})})
	ada.post(t, ada.tasks(), `{"title":"Water the plants"}`).expect(t, 201)
	const most = "SELECT count(*) <= 3 FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'taskward'"
	if got := rows(t, database, most); got[0] != "true " {
		t.Errorf("that at most two connections are open, and one to listen, is %s", got[0])
	}
}

// rows gives what a statement does, each row as a line.
func rows(t *testing.T, database, statement string, args ...any) (lines []string) {
	t.Helper()
	db, err := sql.Open("pgx", database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }() // nothing was written
	found, err := db.QueryContext(t.Context(), statement, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }() // it is read to its end
	columns, err := found.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for found.Next() {
		cells := make([]any, len(columns))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := found.Scan(cells...); err != nil {
			t.Fatal(err)
		}
		line := ""
		for _, cell := range cells {
			line += fmt.Sprint(*cell.(*any), " ")
		}
		lines = append(lines, line)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

// An audit log of one's own needs no setting.
func TestAnAuditLogOfOnesOwn(t *testing.T) {
	t.Parallel()
	log := memory.NewAuditLog()
	service := startService(t, []string{
		"DATABASE_URL=" + engines[0].database(t), "BETTER_AUTH_SECRET=" + secret, "TASKWARD_ADDR=127.0.0.1:0", promptly,
	}, bootstrap.Use(func(context.Context) (ports.AuditLog, error) { return log, nil }))
	service.ask(t, "GET", "/api/ada/tasks", mintToken(t, secret, map[string]any{"sub": "eve"}))
	if entries := log.Entries(); len(entries) != 1 || entries[0].Outcome != "not_owner" {
		t.Errorf("the log has %+v", entries)
	}
}

// A log that cannot be kept stops the start, with the name of its setting.
func TestAnAuditLogThatCannotBeKept(t *testing.T) {
	t.Parallel()
	settings := []string{"BETTER_AUTH_SECRET=" + secret, "TASKWARD_ADDR=127.0.0.1:0"}
	for name, start := range map[string]func() string{
		"serve on SQLite": func() string {
			_, _, stderr := command(t, append([]string{"TASKWARD_AUDIT=database"}, settings...), "serve")
			return stderr
		},
		"dev, which is on SQLite": func() string {
			_, _, stderr := command(t, append([]string{"TASKWARD_AUDIT=database", "DATABASE_URL=postgres://db/app"}, settings...), "dev", "--data", filepath.Join(t.TempDir(), "tasks.db"))
			return stderr
		},
		"without an output": func() string {
			config, problems := bootstrap.ReadConfig(append([]string{"TASKWARD_AUDIT=log", "DATABASE_URL=" + engines[0].database(t)}, settings...))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			_, err := bootstrap.New(t.Context(), config, slog.New(slog.DiscardHandler))
			return fmt.Sprint(err)
		},
	} {
		if said := start(); !strings.Contains(said, "TASKWARD_AUDIT") {
			t.Errorf("%s: %s", name, said)
		}
	}
}
