package bootstrap_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadmeTour pastes the README's tour, line by line.
func TestReadmeTour(t *testing.T) {
	t.Parallel()
	needBinary(t)
	server := startDev(t, freeAddress(t), filepath.Join(t.TempDir(), "tasks.db"))
	var answers []string
	for _, line := range tour(t) {
		line = strings.ReplaceAll(line, "http://127.0.0.1:8000", server.url) + ` -s -o /dev/null -w '%{http_code}'`
		command := exec.CommandContext(t.Context(), "sh", "-c", line)
		command.Env = append(os.Environ(), "TOKEN="+server.as(t, "alice").person.token, "TASKS="+server.url+"/api/alice/tasks")
		answer, err := command.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", line, err, answer)
		}
		answers = append(answers, string(answer))
	}
	want := []string{"200", "201", "200", "200", "200", "412", "204", "200", "200", "403", "401"}
	if diff := cmp.Diff(want, answers); diff != "" {
		t.Errorf("the tour's answers (-want +got):\n%s", diff)
	}
	server.process.terminate(t)
	server.process.expectCleanExit(t)
}

// tour gives the commands between the tour's heading and the next.
func tour(t *testing.T) []string {
	t.Helper()
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(readme), "\n## A tour\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var commands []string
	for line := range strings.Lines(section) {
		if strings.HasPrefix(line, "curl ") {
			commands = append(commands, strings.TrimSpace(line))
		}
	}
	return commands
}
