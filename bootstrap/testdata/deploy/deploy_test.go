// Package deploy_test has the files of bootstrap/deploy read by those who will
// read them: Docker's parser and linter, Compose's loader and the types of
// Kubernetes. It is a module of its own, for Taskward needs none of these.
package deploy_test

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

const files = "../../deploy/"

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestDockerfile(t *testing.T) {
	parsed, err := parser.Parse(bytes.NewReader(read(t, files+"Dockerfile")))
	if err != nil {
		t.Fatal(err)
	}
	for _, warning := range parsed.Warnings {
		t.Error(warning.Short)
	}
	lint := linter.New(&linter.Config{Warn: func(rule, description, _, message string, _ []parser.Range) {
		t.Errorf("%s: %s (%s)", rule, message, description)
	}})
	stages, _, err := instructions.Parse(parsed.AST, lint)
	if err != nil || len(stages) != 2 {
		t.Errorf("%d stages, error %v", len(stages), err)
	}
}

// TestDockerignore takes no file away that git tracks: the Go command would
// find it deleted, and write into the binary that the commit is not what it is
// made of.
func TestDockerignore(t *testing.T) {
	patterns, err := ignorefile.ReadAll(bytes.NewReader(read(t, "../../../.dockerignore")))
	if err != nil {
		t.Fatal(err)
	}
	ignored, err := patternmatcher.New(patterns)
	if err != nil {
		t.Fatal(err)
	}
	tracked, err := exec.CommandContext(t.Context(), "git", "-c", "safe.directory=*", "-C", "../../..", "ls-files", "-z").Output()
	if err != nil {
		t.Fatal(err)
	}
	for file := range strings.SplitSeq(strings.Trim(string(tracked), "\x00"), "\x00") {
		if gone, err := ignored.MatchesOrParentMatches(file); gone || err != nil {
			t.Errorf("%s is ignored, error %v", file, err)
		}
	}
	for _, secret := range []string{".env", "bootstrap/deploy/secrets/database-url", "taskward.db", "bootstrap/taskward.db-wal"} {
		if gone, err := ignored.MatchesOrParentMatches(secret); !gone || err != nil {
			t.Errorf("%s goes to the engine, error %v", secret, err)
		}
	}
}

func TestCompose(t *testing.T) {
	load := func(environment types.Mapping) (*types.Project, error) {
		return loader.LoadWithContext(t.Context(), types.ConfigDetails{
			WorkingDir:  files,
			ConfigFiles: []types.ConfigFile{{Filename: files + "compose.yaml"}},
			Environment: environment,
		})
	}
	project, err := load(types.Mapping{"BETTER_AUTH_URL": "https://app.example.com"})
	if err != nil {
		t.Fatal(err)
	}
	if len(project.Services) != 2 {
		t.Errorf("its services are %v", project.ServiceNames())
	}
	if _, err := load(nil); err == nil || !strings.Contains(err.Error(), "set it to the address of your Better Auth app") {
		t.Errorf("without BETTER_AUTH_URL: %v", err)
	}
}

func TestKubernetes(t *testing.T) {
	kinds := []any{&appsv1.Deployment{}, &corev1.Service{}, &policyv1.PodDisruptionBudget{}}
	documents := strings.Split(string(read(t, files+"kubernetes.yaml")), "\n---\n")
	if len(documents) != len(kinds) {
		t.Fatalf("%d documents, want %d", len(documents), len(kinds))
	}
	for i, document := range documents {
		if err := yaml.UnmarshalStrict([]byte(document), kinds[i]); err != nil {
			t.Errorf("%T: %v", kinds[i], err)
		}
	}
}
