package bootstrap_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadmeAdapter holds the README to the size that an adapter of another
// engine has, and to the main that puts it in.
func TestReadmeAdapter(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	const (
		adapter, tests = "testdata/boltstore/*.go", "testdata/boltstore/*_test.go"
		suite, main    = "testdata/boltstore/store_test.go", "testdata/boltstore/cmd/taskward/main.go"
	)
	code, test := linesOf(t, adapter)-linesOf(t, tests), linesOf(t, suite)
	words := strings.Join(strings.Fields(string(readme)), " ")
	for _, claim := range []string{
		fmt.Sprintf("in %d lines of Go and a main of %d.", code, linesOf(t, main)),
		fmt.Sprintf("passes the suite with a test of %d lines.", test),
	} {
		if !strings.Contains(words, claim) {
			t.Errorf("the README should say: %s", claim)
		}
	}
	text, err := os.ReadFile(main)
	if err != nil {
		t.Fatal(err)
	}
	if _, function, ok := bytes.Cut(text, []byte("func main()")); !ok || !bytes.Contains(readme, function) {
		t.Errorf("the README does not show the main of %s", main)
	}
	if lines := linesOf(t, main); lines >= 15 {
		t.Errorf("%s has %d lines, want less than fifteen", main, lines)
	}
}

// linesOf counts the lines of the files that match a pattern.
func linesOf(t *testing.T, pattern string) int {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %v, error %v", pattern, files, err)
	}
	lines := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines += bytes.Count(text, []byte("\n"))
	}
	return lines
}
