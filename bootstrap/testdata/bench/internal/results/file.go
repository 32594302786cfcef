// Package results writes what was measured into the results file.
package results

import (
	"bytes"
	"fmt"
	"io"
	"os"
)

// Publish prints text and writes it into the section of the file, if one is
// named.
func Publish(out io.Writer, file, section, text string) error {
	if _, err := io.WriteString(out, text); err != nil || file == "" {
		return err
	}
	return Write(file, section, text)
}

// Write puts lines of text into the section of the file between the markers of that
// name, in the place of what was there.
func Write(file, section, text string) error {
	page, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	begin, end := fmt.Appendf(nil, "<!-- %s -->\n", section), fmt.Appendf(nil, "<!-- end of %s -->\n", section)
	before, rest, opened := bytes.Cut(page, begin)
	_, after, closed := bytes.Cut(rest, end)
	if !opened || !closed {
		return fmt.Errorf("%s has no section between %q and %q", file, begin, end)
	}
	page = bytes.Join([][]byte{before, begin, []byte("\n" + text + "\n"), end, after}, nil)
	return os.WriteFile(file, page, 0o600) //nolint:gosec // G703: whoever runs this says where
}
