package bootstrap_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestUnitIsWell has systemd read the unit, and judge how much the service is
// exposed: 1 is little, 10 is all. From 2.5 on it calls it no longer well.
func TestUnitIsWell(t *testing.T) {
	t.Parallel()
	needBinary(t)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("deploy/taskward.service")
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "taskward.service")
	here := strings.ReplaceAll(string(text), "=/usr/local/bin/taskward ", "="+path+" ")
	if err := os.WriteFile(unit, []byte(here), 0o600); err != nil { //nolint:gosec // G703: a file in a folder of the test's
		t.Fatal(err)
	}
	for _, args := range [][]string{{"verify", unit}, {"security", "--offline=true", "--threshold=20", unit}} {
		output, err := exec.CommandContext(t.Context(), "systemd-analyze", args...).CombinedOutput()
		if err != nil || args[0] == "verify" && len(output) > 0 {
			t.Errorf("systemd-analyze %s (apt-get install -y systemd): %v\n%s", args[0], err, output)
		}
	}
}

// TestUnitKeepsToItsFolder has it write where systemd lets it, and end when
// systemd tells it to.
func TestUnitKeepsToItsFolder(t *testing.T) {
	settings := unitSettings(t)
	for name, want := range map[string]string{
		"DynamicUser": "yes", "ProtectSystem": "strict", "NoNewPrivileges": "yes", "MemoryDenyWriteExecute": "yes",
		"StateDirectory": "taskward", "WorkingDirectory": "%S/taskward", "KillSignal": "SIGTERM",
	} {
		if got := strings.Join(settings[name], " "); got != want {
			t.Errorf("%s=%s, want %s", name, got, want)
		}
	}
}

func fromUnit(t *testing.T) deployment {
	t.Helper()
	settings := unitSettings(t)
	deployed := deployment{environ: settings["Environment"]}
	deployed.command = strings.Fields(strings.Join(settings["ExecStart"], " "))
	var err error
	if deployed.grace, err = time.ParseDuration(strings.Join(settings["TimeoutStopSec"], " ")); err != nil {
		t.Errorf("taskward.service: %v", err)
	}
	return deployed
}

// unitSettings gives the lines of the unit by their names.
func unitSettings(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("deploy/taskward.service")
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			settings[name] = append(settings[name], value)
		}
	}
	return settings
}
