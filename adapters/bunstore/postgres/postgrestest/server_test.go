package postgrestest_test

import (
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

func TestServerKeepsItsPortAndItsTables(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: tests on PostgreSQL are left out")
	}
	server, err := postgrestest.StartServer("work_mem=1MB")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Remove(); err != nil {
			t.Error(err)
		}
	})
	url := server.URL("postgres")
	for _, statement := range []string{"CREATE TABLE here (word text)", "INSERT INTO here VALUES ('kept')"} {
		if _, err := connect(t, url).Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := server.Stop(); err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	var word, durable, memory string
	row := connect(t, url).QueryRow(t.Context(), "SELECT word, current_setting('synchronous_commit'), current_setting('work_mem') FROM here")
	if err := row.Scan(&word, &durable, &memory); err != nil {
		t.Fatal(err)
	}
	if word != "kept" || durable != "on" || memory != "1MB" {
		t.Errorf("after a restart: word %q, synchronous_commit %s, work_mem %s", word, durable, memory)
	}
}
