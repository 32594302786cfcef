package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestServe has a user's task outlive the service, in the file of the store.
func TestServe(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what builds a program and runs it")
	}
	taskward := build(t)
	alice := strings.TrimSpace(taskward.output(t, "token", "--user", "alice"))

	first := taskward.serve(t)
	first.expect(t, "GET", "/readyz", "", "", http.StatusOK)
	first.expect(t, "POST", "/api/alice/tasks", alice, `{"title":"Water the plants"}`, http.StatusCreated)
	first.expect(t, "GET", "/api/bob/tasks", alice, "", http.StatusForbidden)
	first.stop(t)

	second := taskward.serve(t)
	var tasks []struct {
		ID    int
		Title string
	}
	list := second.expect(t, "GET", "/api/alice/tasks", alice, "", http.StatusOK)
	if err := json.Unmarshal(list, &tasks); err != nil {
		t.Fatalf("%v in %s", err, list)
	}
	if len(tasks) != 1 || tasks[0].ID != 1 || tasks[0].Title != "Water the plants" {
		t.Errorf("alice has %s", list)
	}
	second.stop(t)

	if made, err := filepath.Glob(filepath.Join(taskward.dir, "*")); err != nil || len(made) != 2 {
		t.Errorf("beside the program and the file of the store there is %v (error %v)", made, err)
	}
}

// program is a built main and the empty directory that it runs in.
type program struct{ dir string }

func build(t *testing.T) program {
	t.Helper()
	p := program{t.TempDir()}
	if output, err := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(p.dir, "taskward"), ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return p
}

func (p program) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), filepath.Join(p.dir, "taskward"), args...)
	command.Dir = p.dir
	command.Env = []string{
		"BETTER_AUTH_SECRET=0123456789abcdef0123456789abcdef", "TASKS_FILE=tasks.bolt",
		"TASKWARD_ADDR=127.0.0.1:0", "TASKWARD_DRAIN_DELAY=0s",
	}
	command.Stderr = os.Stderr
	return command
}

func (p program) output(t *testing.T, args ...string) string {
	t.Helper()
	output, err := p.command(t, args...).Output()
	if err != nil {
		t.Fatalf("taskward %s: %v", strings.Join(args, " "), err)
	}
	return string(output)
}

// service is a running `taskward serve`.
type service struct {
	url     string
	command *exec.Cmd
	log     io.Reader
}

// serve starts a service and reads in its log where it listens.
func (p program) serve(t *testing.T) service {
	t.Helper()
	command := p.command(t, "serve")
	command.Stderr = nil
	log, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	lines := bufio.NewScanner(io.TeeReader(log, &printed))
	for lines.Scan() {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			return service{"http://" + line.Address, command, log}
		}
	}
	t.Fatalf("taskward serve does not listen (%v):\n%s", command.Wait(), printed.String())
	return service{}
}

func (s service) expect(t *testing.T, method, path, token, body string, status int) []byte {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != status {
		t.Fatalf("%s %s answered %d, want %d:\n%s", method, path, response.StatusCode, status, text)
	}
	return text
}

// stop tells the service to stop, which closes the store: another can open it.
func (s service) stop(t *testing.T) {
	t.Helper()
	if err := s.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	log, err := io.ReadAll(s.log)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.command.Wait(); err != nil {
		t.Errorf("taskward serve: %v\n%s", err, log)
	}
}
