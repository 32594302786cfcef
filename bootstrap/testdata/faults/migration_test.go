package faults_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
)

func migrate(t *testing.T, d database) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return startProcess(t, []string{"DATABASE_URL=" + d.url}, path, "migrate", "up")
}

func (p *process) expectSuccess(t *testing.T) {
	t.Helper()
	<-p.exited
	if code := p.command.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d; it printed:\n%s", code, p.printed)
	}
}

// shape is all that a database is made of, but for times.
func shape(t *testing.T, d database) string {
	t.Helper()
	const question = `
SELECT string_agg(line, E'\n' ORDER BY line) FROM (
	SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) AS line
	FROM information_schema.columns WHERE table_schema = 'taskward'
	UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'taskward'
	UNION ALL SELECT format('step %s %s', version_id, is_applied) FROM taskward.schema_migrations
) AS lines`
	var text string
	connection := d.connect(t)
	if err := connection.QueryRow(t.Context(), question).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// Many may migrate one database at once: each step is taken once.
func TestTwoMigrateAtOnce(t *testing.T) {
	runs := times(20, 3)
	alone := newDatabase(t)
	migrate(t, alone).expectSuccess(t)
	want := shape(t, alone)
	for range runs {
		d := newDatabase(t)
		one, other := migrate(t, d), migrate(t, d)
		one.expectSuccess(t)
		other.expectSuccess(t)
		if got := shape(t, d); got != want {
			t.Errorf("two at once made\n%s\nwant\n%s", got, want)
		}
	}
	outcomes.add(outcome{fault: "two migrate at once", runs: runs})
}

// Whoever is killed while migrating leaves a step taken or not, and the next one takes the rest. The moment is that in which something is
// made: an event trigger has it wait for a lock.
func TestKillWhileMigrating(t *testing.T) {
	alone := newDatabase(t)
	migrate(t, alone).expectSuccess(t)
	want := shape(t, alone)
	moments := []string{"taskward.trash", "taskward.tasks", "taskward.schema_migrations", "taskward.spent_tokens", "taskward.answers"}
	for _, moment := range moments[:times(len(moments), 3)] {
		t.Run(moment, func(t *testing.T) {
			d := newDatabase(t)
			d.exec(t, `CREATE FUNCTION public.pause() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
					IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity = '`+moment+`') THEN PERFORM pg_advisory_xact_lock(1); END IF;
				END $$`, "CREATE EVENT TRIGGER pause ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION public.pause()")
			holder := d.connect(t)
			hold(t, holder, "SELECT pg_advisory_lock(1)")
			migrating := migrate(t, d)
			eventually(t, "the migration waits", func() bool { return count(t, holder, waitingForLocks) == 1 })
			if migrating.hasExited() {
				t.Fatalf("it had ended before it was killed, and printed:\n%s", migrating.printed)
			}
			migrating.kill()
			hold(t, holder, "SELECT pg_advisory_unlock(1)")
			migrate(t, d).expectSuccess(t)
			if got := shape(t, d); got != want {
				t.Errorf("after a kill at %s there is\n%s\nwant\n%s", moment, got, want)
			}
			serve(t, d.url)
		})
	}
	outcomes.add(outcome{fault: "kill -9 while migrating", runs: times(len(moments), 3)})
}

func hold(t *testing.T, connection *pgx.Conn, statement string) {
	t.Helper()
	if _, err := connection.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
