package results_test

import (
	"os"
	"path/filepath"
	"testing"

	"example.com/bench/internal/results"
)

func TestWriteReplacesOneSection(t *testing.T) {
	file := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(file, []byte("a\n<!-- one -->\nold\n<!-- end of one -->\nb\n<!-- two -->\nkept\n<!-- end of two -->\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := results.Write(file, "one", "new\n"); err != nil {
		t.Fatal(err)
	}
	const want = "a\n<!-- one -->\n\nnew\n\n<!-- end of one -->\nb\n<!-- two -->\nkept\n<!-- end of two -->\n"
	if got, err := os.ReadFile(file); string(got) != want || err != nil {
		t.Errorf("got %q (error %v), want %q", got, err, want)
	}
	if err := results.Write(file, "three", "new\n"); err == nil {
		t.Error("a section that is not there was written")
	}
}
