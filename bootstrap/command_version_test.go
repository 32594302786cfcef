package bootstrap_test

import (
	"debug/buildinfo"
	"encoding/json"
	"regexp"
	"runtime/debug"
	"strings"
	"testing"
)

// TestVersionCommand tells what is in the file. The commit is in what is built
// for an image, see TestImageRuns.
func TestVersionCommand(t *testing.T) {
	t.Parallel()
	needBinary(t)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	first, rest, _ := strings.Cut(run(t, nil, "version"), "\n")
	if !strings.HasPrefix(first, "taskward ") || !strings.HasSuffix(first, " "+info.GoVersion) {
		t.Errorf("the first line is %q", first)
	}
	for _, module := range info.Deps {
		line := regexp.QuoteMeta(module.Path) + " +" + regexp.QuoteMeta(module.Version) + " +" + regexp.QuoteMeta(module.Sum)
		if !regexp.MustCompile("(?m)^  " + line + "$").MatchString(rest) {
			t.Errorf("%s %s is not told:\n%s", module.Path, module.Version, rest)
		}
	}
	if lines := strings.Count(rest, "\n"); lines != len(info.Deps) || lines == 0 {
		t.Errorf("%d lines for %d dependencies:\n%s", lines, len(info.Deps), rest)
	}
	var told debug.BuildInfo
	if err := json.Unmarshal([]byte(run(t, nil, "version", "--json")), &told); err != nil || told.String() != info.String() {
		t.Errorf("--json: error %v:\n%s", err, &told)
	}
}
