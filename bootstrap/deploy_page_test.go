package bootstrap_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/taskward/taskward/bootstrap"
)

// TestDeployPageSecrets makes the files as the page says to, and looks for
// them where compose.yaml does. What follows there needs an engine.
func TestDeployPageSecrets(t *testing.T) {
	t.Parallel()
	needBinary(t)
	commands := pageCommands(t, "deploy.md", "Compose")
	if len(commands) != 2 || !strings.HasPrefix(commands[1], "BETTER_AUTH_URL=") || !strings.Contains(commands[1], " docker compose up") {
		t.Fatalf("the page has other commands: %q", commands)
	}
	directory := t.TempDir()
	paste(t, directory, nil, commands[0])
	contents := map[string]string{}
	for name, secret := range readCompose(t).Secrets {
		text, err := os.ReadFile(filepath.Join(directory, secret.File))
		if err != nil {
			t.Fatal(err)
		}
		contents[name] = strings.TrimSpace(string(text))
	}
	if password := contents["postgres-password"]; !regexp.MustCompile("^[0-9a-f]{48}$").MatchString(password) ||
		!strings.Contains(contents["database-url"], "://taskward:"+password+"@postgres/") {
		t.Errorf("the password is not a long one, or is not in the URL: %q", contents)
	}
	paste(t, directory, []string{"DATABASE_URL_FILE=secrets/database-url"}, "taskward config")
}

// TestDeployPageEnvironment takes what it shows of an environment file.
func TestDeployPageEnvironment(t *testing.T) {
	page, err := os.ReadFile("../.github/docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	file := regexp.MustCompile("(?ms)^```\n(.*?)^```$").FindSubmatch(page)
	if file == nil {
		t.Fatal("the page shows no environment file")
	}
	if _, problems := bootstrap.ReadConfig(strings.Fields(string(file[1]))); len(problems) > 0 {
		t.Error(problems)
	}
}

// TestDeployPageDrain holds what it says about stopping to what is so.
func TestDeployPageDrain(t *testing.T) {
	page, err := os.ReadFile("../.github/docs/deploy.md")
	if err != nil {
		t.Fatal(err)
	}
	config, _ := bootstrap.ReadConfig(nil)
	rest := config.StopTimeout() - config.DrainDelay
	for _, claim := range []string{
		fmt.Sprintf("`TASKWARD_DRAIN_DELAY` (%.0f s)", config.DrainDelay.Seconds()),
		"have 10 s to end, and 5 s later", "The files wait " + fmt.Sprintf("%.0f s.", fromCompose(t).grace.Seconds()),
	} {
		if !strings.Contains(strings.Join(strings.Fields(string(page)), " "), claim) {
			t.Errorf("the page should say: %s", claim)
		}
	}
	if rest.Seconds() != 10+5 {
		t.Errorf("after the drain stopping takes %v", rest)
	}
}
