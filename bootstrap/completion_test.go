package bootstrap_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/legacytable"
)

// TestCompletions asks as the scripts of all shells do: for what may come in
// the place of the last argument. The number in the end says what else may.
func TestCompletions(t *testing.T) {
	const files, nothing, noSpace = ":0", ":4", ":6"
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"ser"}, "serve\tServe tasks, configured by environment variables\n" + nothing},
		{[]string{"migrate", "u"}, "up\tTake all pending steps\n" + nothing},
		{[]string{"serve", ""}, nothing},
		{[]string{"backup", ""}, files},
		{[]string{"backup", "a.db", ""}, nothing},
		{[]string{"restore", ""}, files},
		{[]string{"doctor", ""}, "-\n" + nothing},
		{[]string{"dev", "--data", ""}, files},
		{[]string{"adopt", "--from-file", ""}, files},
		{[]string{"adopt", "--table", ""}, nothing},
		{[]string{"adopt", "--map", ""}, strings.Join(legacytable.Fields(), "=\n") + "=\n" + noSpace},
		{[]string{"token", "--ttl", ""}, nothing},
	} {
		code, stdout, stderr := command(t, nil, append([]string{"__complete"}, test.args...)...)
		if diff := cmp.Diff(test.want+"\n", stdout); code != 0 || diff != "" {
			t.Errorf("%q: exit code %d, and it offers (-want +got):\n%s%s", test.args, code, diff, stderr)
		}
	}
}

func TestCompletionScripts(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if code, stdout, stderr := command(t, nil, "completion", shell); code != 0 || !strings.Contains(stdout, "taskward") {
			t.Errorf("%s: exit code %d:\n%s%s", shell, code, stdout, stderr)
		}
	}
}

// TestCompletionInBash switches it on as the README says, and presses Tab.
func TestCompletionInBash(t *testing.T) {
	t.Parallel()
	needBinary(t)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("../README.md")
	if err != nil || !strings.Contains(string(readme), "\nsource <(taskward completion bash)\n") {
		t.Errorf("the README switches it on in another way, or error %v", err)
	}
	script := filepath.Join(t.TempDir(), "taskward.bash")
	if err := os.WriteFile(script, []byte(run(t, nil, "completion", "bash")), 0o600); err != nil {
		t.Fatal(err)
	}
	if output, err := exec.CommandContext(t.Context(), "bash", "-n", script).CombinedOutput(); err != nil {
		t.Fatalf("bash cannot read it: %v\n%s", err, output)
	}
	// What bash-completion brings is stood in for, as not every machine has it, and so is what only an interactive bash takes.
	tab := exec.CommandContext(t.Context(), "bash", "-c", `
		compopt() { :; }
		__ltrim_colon_completions() { :; }
		_init_completion() { words=("${COMP_WORDS[@]}") cword=$COMP_CWORD cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}; }
		source <(taskward completion bash) || exit
		COMP_WORDS=(taskward migrate sta) COMP_CWORD=2 COMP_TYPE=9 COMP_LINE='taskward migrate sta' COMP_POINT=20
		"$(complete -p taskward | sed 's/.*-F \([^ ]*\).*/\1/')"
		printf '%s\n' "${COMPREPLY[@]}"`)
	tab.Env = append(os.Environ(), "PATH="+filepath.Dir(path)+":"+os.Getenv("PATH"))
	if output, err := tab.CombinedOutput(); err != nil || strings.TrimSpace(string(output)) != "status" {
		t.Errorf("taskward migrate sta, Tab: %v\n%s", err, output)
	}
}
