package postgrestest_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

// A test process that is killed cannot stop its cluster, so that has to end
// by itself.
func TestClusterDoesNotOutliveAKilledTest(t *testing.T) {
	const victim = "POSTGRESTEST_VICTIM"
	if os.Getenv(victim) != "" {
		fmt.Fprintln(os.Stderr, postgrestest.Database(t))
		select {}
	}
	if testing.Short() {
		t.Skip("-short: tests on PostgreSQL are left out")
	}
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // this very test
	command.Env = append(os.Environ(), victim+"=1", "TEST_DATABASE_URL=", "TMPDIR="+sharedDirectory(t))
	output, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(output).ReadString('\n')
	if err != nil {
		t.Fatalf("the test to be killed printed no URL: %v", err)
	}
	connection := connect(t, strings.TrimSpace(url))
	if err := command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait() // "signal: killed"

	// Returns when the server goes; if it stays, the test's deadline speaks.
	if _, err := connection.WaitForNotification(t.Context()); err == nil {
		t.Error("got a notification that nobody sent")
	}
}

// sharedDirectory is like t.TempDir, but for every user.
func sharedDirectory(t *testing.T) string {
	t.Helper()
	directory, err := os.MkdirTemp("", "postgrestest-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(directory) }) // the server may be writing its last
	if err := os.Chmod(directory, 0o755); err != nil {
		t.Fatal(err)
	}
	return directory
}
