package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestQuick runs the short form from end to end.
func TestQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what builds servers and measures them")
	}
	file := filepath.Join(t.TempDir(), "performance.md")
	if err := os.WriteFile(file, []byte("<!-- bench:load -->\n<!-- end of bench:load -->\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var progress bytes.Buffer
	if err := run(t.Context(), []string{"-quick", "-into", file}, io.Discard, &progress); err != nil {
		t.Fatalf("%v\n%s", err, &progress)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	if goals := strings.Count(page, "| ≥ ") + strings.Count(page, "| ≤ "); goals != 22 {
		t.Errorf("%d goals, want 22", goals)
	}
	onSQLite := regexp.MustCompile(`(?m)^\| .+ \| \d+ \| [\d.]+ × \| [\d.]+ × \| \d+ µs \| [\d.]+ ms \|$`)
	if workloads := len(onSQLite.FindAllString(page, -1)); workloads != 5 {
		t.Errorf("%d workloads on SQLite, want 5", workloads)
	}
	if !regexp.MustCompile(`(?m)^replicas: 2, requests: \d+, wrong: 0$`).MatchString(page) {
		t.Error("nothing about replicas")
	}
	for _, none := range []string{"NaN", "Inf"} {
		if strings.Contains(page, none) {
			t.Errorf("there is %s", none)
		}
	}
	if t.Failed() {
		t.Log(page)
	}
}
