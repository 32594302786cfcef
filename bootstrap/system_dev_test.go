package bootstrap_test

import (
	"encoding/base64"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// `taskward dev` is the first thing that a newcomer runs: what it prints has to work as it stands, and still after a restart.
func TestDev(t *testing.T) {
	t.Parallel()
	needBinary(t)
	if _, err := exec.LookPath("curl"); err != nil {
		t.Fatal("there is no curl to run the printed line: apt-get install -y curl")
	}
	address, data := freeAddress(t), filepath.Join(t.TempDir(), "tasks.db")

	first := startDev(t, address, data)
	if examples := first.runCurlLine(t); len(examples) == 0 {
		t.Error("a first start has no example tasks")
	}
	alice, bob := first.as(t, "alice"), first.as(t, "bob")
	alice.create(t, "Buy milk")
	bob.get(t, alice.tasks()).expectProblem(t, 403)
	kept := map[string][]task{"alice": alice.allTasks(t), "bob": bob.allTasks(t)}
	first.process.terminate(t)
	first.process.expectCleanExit(t)

	second := startDev(t, address, data)
	second.runCurlLine(t)
	for name, tasks := range kept {
		for _, client := range []client{first.as(t, name), second.as(t, name)} {
			if diff := cmp.Diff(tasks, client.allTasks(t)); diff != "" {
				t.Errorf("%s's tasks (-before the restart +after):\n%s", name, diff)
			}
		}
	}
	second.process.terminate(t)
	second.process.expectCleanExit(t)
}

// A devServer is a running `taskward dev`.
type devServer struct {
	url     string
	process *process
}

func startDev(t *testing.T, address, data string) *devServer {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	d := &devServer{url: "http://" + address}
	d.process = startProcess(t, []string{"TASKWARD_ADDR=" + address}, path, "dev", "--data", data)
	eventually(t, "taskward dev has printed its curl line", func() bool {
		if d.process.hasExited() {
			t.Fatalf("taskward dev ended; it printed:\n%s", d.process.printed)
		}
		return d.curlLine() != ""
	})
	return d
}

var curlCommand = regexp.MustCompile(`(?m)^\s*(curl (?:.*\\\n)*.*)\n`)

// curlLine is the printed command, empty as long as there is none.
func (d *devServer) curlLine() string {
	if command := curlCommand.FindStringSubmatch(d.process.printed.String()); command != nil {
		return command[1]
	}
	return ""
}

// runCurlLine does what a newcomer does with it, and returns the tasks that it shows.
func (d *devServer) runCurlLine(t *testing.T) []task {
	t.Helper()
	command := exec.CommandContext(t.Context(), "sh", "-c", d.curlLine())
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v", d.curlLine(), err)
	}
	var elements []json.RawMessage
	if err := json.Unmarshal(output, &elements); err != nil {
		t.Fatalf("%s: it shows no tasks (%v): %s", d.curlLine(), err, output)
	}
	tasks := make([]task, len(elements))
	for i, element := range elements {
		tasks[i] = parseTask(t, element)
	}
	return tasks
}

var compactToken = regexp.MustCompile(`eyJ[\w-]+\.([\w-]+)\.[\w-]+`)

// as is the client of the user whose token is printed.
func (d *devServer) as(t *testing.T, id string) client {
	t.Helper()
	for _, token := range compactToken.FindAllStringSubmatch(d.process.printed.String(), -1) {
		payload, err := base64.RawURLEncoding.DecodeString(token[1])
		if err != nil {
			t.Fatalf("%v in %s", err, token[0])
		}
		var claims struct{ Sub string }
		if err := json.Unmarshal(payload, &claims); err != nil {
			t.Fatalf("%v in %s", err, payload)
		}
		if claims.Sub == id {
			return client{d.url, person{id: id, token: token[0]}}
		}
	}
	t.Fatalf("no token of %s is printed:\n%s", id, d.process.printed)
	return client{}
}
