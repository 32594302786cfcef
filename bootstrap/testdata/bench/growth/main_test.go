package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestQuick runs the short form from end to end.
func TestQuick(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what builds a server and measures it")
	}
	file := filepath.Join(t.TempDir(), "performance.md")
	if err := os.WriteFile(file, []byte("<!-- bench:growth -->\n<!-- end of bench:growth -->\n"), 0o600); err != nil {
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
	if goals := strings.Count(page, "| ≤ "); goals != 3 {
		t.Errorf("%d goals, want 3", goals)
	}
	for _, row := range []string{
		"| 500 | 500 |", "| 500 | 20 |", "| 10000 | 20 |", "| 10000 | 500 |", "| 10000 | 2000 |", "| 20000 | 20 |", "| 20000 | 500 |", "| 20000 | 2000 |",
	} {
		if !strings.Contains(page, row) {
			t.Errorf("there is no row %s", row)
		}
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
