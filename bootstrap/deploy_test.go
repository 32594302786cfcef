package bootstrap_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oasdiff/yaml"

	"github.com/taskward/taskward/bootstrap"
)

// A deployment is what one file of deploy/ asks for, as far as the binary has
// to live up to it.
type deployment struct {
	environ []string      // NAME=value; what is not in the file itself is given here
	grace   time.Duration // before it is killed
	command []string      // with which it starts; none: the image's
	health  []string      // command that asks how it is; none: the image's
	probes  []string      // paths that are asked instead
	port    string        // at which it is expected
	user    string        // none: the image's
}

// secondhand are values for what is in a Secret, an environment file or the
// environment of who starts it.
var secondhand = map[string]string{
	"DATABASE_URL": "postgres://taskward:hunter2@db/taskward", "BETTER_AUTH_URL": "https://app.example.com",
	"BETTER_AUTH_SECRET": strings.TrimPrefix(goodSecret, "BETTER_AUTH_SECRET="), "TASKWARD_CORS_ORIGINS": "https://app.example.com",
}

func deployments(t *testing.T) map[string]deployment {
	t.Helper()
	return map[string]deployment{
		"Dockerfile": fromDockerfile(t), "compose.yaml": fromCompose(t), "kubernetes.yaml": fromKubernetes(t), "taskward.service": fromUnit(t),
	}
}

// TestDeploymentSettings finds no name that is not a setting, and no value
// that is not one of its values.
func TestDeploymentSettings(t *testing.T) {
	known := map[string]bool{}
	for i, config := 0, reflect.TypeFor[bootstrap.Config](); i < config.NumField(); i++ {
		tag := config.Field(i).Tag
		known[tag.Get("env")] = true
		known[tag.Get("env")+"_FILE"] = tag.Get("hidden") == "true"
	}
	for file, deployed := range deployments(t) {
		var inline []string
		for _, variable := range deployed.environ {
			name, _, _ := strings.Cut(variable, "=")
			if !known[name] {
				t.Errorf("%s: %s is not a setting", file, name)
			}
			if !strings.HasSuffix(name, "_FILE") { // of a secret that only a container has
				inline = append(inline, variable)
			}
		}
		if _, problems := bootstrap.ReadConfig(inline); len(problems) > 0 {
			t.Errorf("%s: %v", file, problems)
		}
	}
}

// TestDeploymentGrace lets the binary end what it has begun, and no hanging
// one hold up who waits for it much longer.
func TestDeploymentGrace(t *testing.T) {
	for file, deployed := range deployments(t) {
		if file == "Dockerfile" { // which cannot say
			continue
		}
		config, _ := bootstrap.ReadConfig(slices.DeleteFunc(deployed.environ, func(variable string) bool { return strings.Contains(variable, "_FILE=") }))
		if least := config.StopTimeout(); deployed.grace <= least || deployed.grace > least+15*time.Second {
			t.Errorf("%s: killed after %v, while stopping may take %v", file, deployed.grace, least)
		}
	}
}

// TestDeploymentPorts has everybody expect the service where it listens.
func TestDeploymentPorts(t *testing.T) {
	for file, deployed := range deployments(t) {
		config, _ := bootstrap.ReadConfig(nil)
		if file != "taskward.service" && ":"+deployed.port != string(config.Address) {
			t.Errorf("%s: port %q, while the service listens on %s", file, deployed.port, config.Address)
		}
	}
}

// TestDeploymentUsers has nobody run it as root. The kernel cannot tell of a
// name in an image whether it is root's, and Kubernetes refuses those.
func TestDeploymentUsers(t *testing.T) {
	all := deployments(t)
	image := all["Dockerfile"].user
	if !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(image) {
		t.Errorf("the image runs as %q", image)
	}
	if user := all["kubernetes.yaml"].user; user != image {
		t.Errorf("kubernetes.yaml runs it as %q, the image as %s", user, image)
	}
	if user := all["compose.yaml"].user; user != "" {
		t.Errorf("compose.yaml runs it as %q", user)
	}
}

// TestDeploymentCommands knows every command that is started or asked.
func TestDeploymentCommands(t *testing.T) {
	for file, deployed := range deployments(t) {
		for _, command := range [][]string{deployed.command, deployed.health} {
			if len(command) == 0 {
				continue
			}
			if _, known := flags[strings.Join(command[1:], " ")]; !known || !strings.HasSuffix(command[0], "/taskward") {
				t.Errorf("%s: there is no %q", file, command)
			}
		}
		if file != "kubernetes.yaml" && file != "taskward.service" && len(deployed.health) == 0 {
			t.Errorf("%s does not ask how it is", file)
		}
	}
}

// readYAML reads one of a file's documents.
func readYAML(t *testing.T, path string, into any, document int) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	documents := strings.Split(string(text), "\n---\n")
	if _, err := yaml.Unmarshal([]byte(documents[document]), into, yaml.DecodeOpts{}); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
