package bootstrap_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestImageBuildsWithThisGo has the image built by a Go of the version that
// go.mod asks for, whatever its patch.
func TestImageBuildsWithThisGo(t *testing.T) {
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)\.\d+$`).FindSubmatch(mod)
	if version == nil {
		t.Fatal("go.mod has no Go version")
	}
	build := dockerfile(t)[0]
	if want := " golang:" + string(version[1]) + "-"; build.name != "FROM" || !strings.Contains(build.text, want) {
		t.Errorf("%s %s: want the image%s…", build.name, build.text, want)
	}
}

// An instruction is a line of a Dockerfile.
type instruction struct{ name, text string }

// args gives those in the form of JSON, which no shell has to read.
func (i instruction) args(t *testing.T) (args []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(i.text), &args); err != nil {
		t.Fatalf("%s %s needs a shell: %v", i.name, i.text, err)
	}
	return args
}

// dockerfile reads the Dockerfile, as far as this one goes.
func dockerfile(t *testing.T) []instruction {
	t.Helper()
	text, err := os.ReadFile("deploy/Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`(?m)^#.*\n`).ReplaceAll(text, nil)
	text = regexp.MustCompile(`\\\n\s*`).ReplaceAll(text, nil)
	var all []instruction
	for line := range strings.Lines(string(text)) {
		if name, rest, ok := strings.Cut(strings.TrimSpace(line), " "); ok {
			all = append(all, instruction{name, rest})
		}
	}
	return all
}

// lastStage is the last stage of the Dockerfile, which is what remains.
func lastStage(t *testing.T) []instruction {
	t.Helper()
	all := dockerfile(t)
	for i := range slices.Backward(all) {
		if all[i].name == "FROM" {
			if all[i].text != "scratch" {
				t.Errorf("there is more in the image than the binary needs: it is made from %s", all[i].text)
			}
			return all[i+1:]
		}
	}
	t.Fatal("the Dockerfile has no FROM")
	return nil
}

func fromDockerfile(t *testing.T) deployment {
	t.Helper()
	var deployed deployment
	var entrypoint, arguments []string
	for _, instruction := range lastStage(t) {
		switch instruction.name {
		case "ENV":
			deployed.environ = append(deployed.environ, strings.Fields(instruction.text)...)
		case "USER":
			deployed.user = instruction.text
		case "EXPOSE":
			deployed.port = instruction.text
		case "ENTRYPOINT":
			entrypoint = instruction.args(t)
		case "CMD":
			arguments = instruction.args(t)
		case "HEALTHCHECK":
			_, instruction.text, _ = strings.Cut(instruction.text, " CMD ")
			deployed.health = instruction.args(t)
		}
	}
	deployed.command = append(entrypoint, arguments...)
	return deployed
}
