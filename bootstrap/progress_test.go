package bootstrap_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/creack/pty"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/bootstrap"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// onTerminal calls the command with a terminal for standard error, and gives
// what that gets to see.
func onTerminal(t *testing.T, environ []string, use []bootstrap.Module, args ...string) (code int, stdout, seen string) {
	t.Helper()
	screen, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = screen.Close() }() // all was read
	if err := pty.Setsize(terminal, &pty.Winsize{Rows: 24, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	var shown transcript
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(&shown, screen) // ends with an error when the terminal is closed
	}()
	var out bytes.Buffer
	code = bootstrap.Main(t.Context(), bootstrap.Process{
		Args: args, Environ: environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: terminal,
	}, use...)
	if err := terminal.Close(); err != nil {
		t.Fatal(err)
	}
	<-read
	expectDiscretion(t, args, out.String(), shown.String())
	return code, out.String(), shown.String()
}

// clear is what a terminal takes for: nothing in this line.
const clear = "\x1b[2K\r"

// expectBar wants a bar that has come to its end, is gone then, and has no
// lines of a log between.
func expectBar(t *testing.T, seen, doing string, parts ...string) {
	t.Helper()
	for _, part := range append(parts, doing, "\r") {
		if !strings.Contains(seen, part) {
			t.Errorf("%q is not shown: %q", part, seen)
		}
	}
	if strings.Contains(seen, "under way") || !strings.HasSuffix(seen, clear) {
		t.Errorf("the bar does not stand alone, or stays: %q", seen)
	}
}

func TestAdoptOnTerminal(t *testing.T) {
	t.Parallel()
	database := legacy(t, `CREATE TABLE tasks (id integer, user_id text, title text)`, `INSERT INTO tasks SELECT n, 'u', 'T' FROM generate_series(1, 25000) AS n`)
	code, stdout, seen := onTerminal(t, []string{database}, nil, "adopt", "--table", "tasks", "--dry-run")
	if code != 0 || !strings.HasSuffix(stdout, "copied: 25000, there already: 0, left out as deleted: 0, not copied: 0\n") {
		t.Errorf("exit code %d:\n%s", code, stdout)
	}
	expectBar(t, seen, "adopting", "/25000) ", "% |")
}

// manyOwners have a task each; only the first is a user.
func manyOwners(t *testing.T, number int) []bootstrap.Module {
	t.Helper()
	owners := make([]domain.UserID, number)
	for i := range owners {
		owners[i] = domain.UserID(fmt.Sprintf("owner-%06d", i))
	}
	tasks, users := tasksOf(t, owners...), memory.NewUsers(domain.User{ID: owners[0]})
	return []bootstrap.Module{
		bootstrap.Use[ports.TaskRepository](func(context.Context) (ports.TaskRepository, error) { return tasks, nil }),
		bootstrap.Use[ports.UserDirectory](func(context.Context) (ports.UserDirectory, error) { return users, nil }),
	}
}

func TestSweepOnTerminal(t *testing.T) {
	t.Parallel()
	code, stdout, seen := onTerminal(t, nil, manyOwners(t, 300), "sweep", "--yes")
	if code != 0 || !strings.HasSuffix(stdout, "owners who are users: 1, erased: 299\n") {
		t.Errorf("exit code %d:\n%s", code, stdout)
	}
	expectBar(t, seen, "erasing", "asking for owners", "/299")
}

// TestSweepTellsHowFar has so many owners that it says now and then how many
// it has asked for.
func TestSweepTellsHowFar(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	code := bootstrap.Main(t.Context(), bootstrap.Process{Args: []string{"sweep", "--yes"}, Stdout: &out, Stderr: &errs}, manyOwners(t, 15_000)...)
	if code != 0 || strings.Count(errs.String(), "\n") != 2 ||
		!strings.Contains(errs.String(), `doing="asking for owners" owners=10000`) || !strings.Contains(errs.String(), "doing=erasing owners=10000") {
		t.Errorf("exit code %d, and on the way it says:\n%s", code, errs.String())
	}
}

func TestBackupOnTerminal(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	database := "DATABASE_URL=sqlite:" + filepath.Join(directory, "tasks.db")
	if code, _, stderr := command(t, []string{database}, "migrate", "up"); code != 0 {
		t.Fatal(stderr)
	}
	code, stdout, seen := onTerminal(t, []string{database}, nil, "backup", filepath.Join(directory, "copy.db"))
	if code != 0 || !strings.HasPrefix(stdout, "backed up to ") {
		t.Errorf("exit code %d:\n%s%s", code, stdout, seen)
	}
	expectBar(t, seen, "backing up", " 0% |")
}

// TestLinesComeInThePlaceOfTheBar has both on one terminal.
func TestLinesComeInThePlaceOfTheBar(t *testing.T) {
	t.Parallel()
	screen, terminal, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = screen.Close() }() // all was read
	var shown transcript
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = io.Copy(&shown, screen) // ends with an error when the terminal is closed
	}()
	code := bootstrap.Main(t.Context(), bootstrap.Process{Args: []string{"sweep", "--yes"}, Stdout: terminal, Stderr: terminal}, manyOwners(t, 300)...)
	if err := terminal.Close(); err != nil || code != 0 {
		t.Fatal(code, err)
	}
	<-read
	for line := range strings.SplitSeq(shown.String(), "\n") {
		if _, told, ok := strings.Cut(line, `erased: "`); ok && !strings.HasPrefix(line, "erased: ") && !strings.Contains(line, clear+`erased: "`) {
			t.Errorf("a line begins beside the bar: %q", told)
		}
	}
}
