package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/domain"
)

const owner = domain.UserID("owner")

func create(t *testing.T, store *sqlite.Store, text string) domain.Task {
	t.Helper()
	made, err := store.Apply(t.Context(), owner, createBatch(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return made[0]
}

func createBatch(t *testing.T, text string) domain.Batch {
	t.Helper()
	return domain.NewBatch(time.Unix(1e9, 0), domain.Create{Title: title(t, text)})
}

func title(t testing.TB, text string) domain.Title {
	t.Helper()
	title, err := domain.DefaultLimits.ParseTitle(text)
	if err != nil {
		t.Fatal(err)
	}
	return title
}

func TestAnyFileName(t *testing.T) {
	directory := t.TempDir()
	t.Chdir(directory)
	for _, name := range []string{"plain.db", "with space.db", "what?.db", "what?mode=memory.db", "#1.db", "100%.db", "%41.db", "a&b;c.db", "file:uri.db", "größer🦉.db", "'\".db", "memory:.db"} {
		create(t, open(t, migrated(t, name)), "kept in "+name)
		if _, err := os.Stat(filepath.Join(directory, name)); err != nil {
			t.Errorf("the tasks are in some other file: %v", err)
		}
		task, err := open(t, filepath.Join(directory, name)).Get(t.Context(), owner, 1)
		if err != nil || task.Title.String() != "kept in "+name {
			t.Errorf("want the task by its absolute path, got %+v and error %v", task, err)
		}
	}
}

func TestFilesThatCannotBe(t *testing.T) {
	directory := t.TempDir()
	text := filepath.Join(directory, "letter.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("Dear reader, ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":         "no path",
		":memory:": "no path",
		directory:  "is a directory",
		text:       "file is not a database",
		filepath.Join(directory, "none", "tasks.db"): "no such file or directory",
	} {
		store, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
		if err == nil {
			_ = store.Close()
			t.Errorf("%q is opened", path)
		} else if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("want an error that says %q of %q, got %v", want, path, err)
		}
		migrator, err := sqlite.NewMigrator(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := migrator.Up(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("want an error that says %q of %q, got %v", want, path, err)
		}
	}
}

func TestFilesAreForTheirUserOnly(t *testing.T) {
	directory := t.TempDir()
	create(t, open(t, migrated(t, filepath.Join(directory, "tasks.db"))), "private")
	files, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		info, err := file.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("others may use %s: %v", file.Name(), info.Mode())
		}
	}
}

func TestTasksOutliveTheStore(t *testing.T) {
	path := migrated(t, filepath.Join(t.TempDir(), "tasks.db"))
	before := open(t, path)
	kept := create(t, before, "kept")
	last := create(t, before, "deleted")
	if _, err := before.Apply(t.Context(), owner, domain.NewBatch(time.Unix(2e9, 0), domain.Delete{Target: domain.Target{ID: last.ID}})); err != nil {
		t.Fatal(err)
	}
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	after := open(t, path)
	if got, err := after.Get(t.Context(), owner, kept.ID); err != nil || got != kept {
		t.Errorf("want %+v, got %+v and error %v", kept, got, err)
	}
	if next := create(t, after, "next"); next.ID != last.ID+1 || next.Sequence != last.Sequence+2 {
		t.Errorf("want id %d and sequence %d, got %+v", last.ID+1, last.Sequence+2, next)
	}
}

// What has been acknowledged outlives the process, however that ends.
func TestTasksOutliveAKilledProcess(t *testing.T) {
	const victim = "SQLITE_TEST_VICTIM"
	if path := os.Getenv(victim); path != "" {
		for store := open(t, path); ; {
			fmt.Fprintln(os.Stderr, create(t, store, "acknowledged").ID)
		}
	}
	path := migrated(t, filepath.Join(t.TempDir(), "tasks.db"))
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // this very test
	command.Env = append(os.Environ(), victim+"="+path)
	output, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	var acknowledged domain.TaskID
	for lines := bufio.NewScanner(output); lines.Scan(); {
		if acknowledged, err = domain.ParseTaskID(lines.Text()); err != nil {
			break // a last line that was cut off
		}
		if acknowledged == 100 {
			if err := command.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = command.Wait() // "signal: killed"
	if acknowledged < 100 {
		t.Fatalf("only %d tasks were made", acknowledged)
	}
	store := open(t, path)
	page, err := store.List(t.Context(), owner, domain.TaskQuery{Limit: 1, Count: true})
	if err != nil {
		t.Fatal(err)
	}
	if total, _ := page.Total.Get(); domain.TaskID(total) < acknowledged || page.Tasks[0].ID != domain.TaskID(total) {
		t.Errorf("%d tasks acknowledged, %d kept, the last with id %d", acknowledged, total, page.Tasks[0].ID)
	}
}

func TestFileInUseIsUnavailable(t *testing.T) {
	path := migrated(t, filepath.Join(t.TempDir(), "tasks.db"))
	store, other := open(t, path), open(t, path)
	before := create(t, store, "before")
	unlock, err := other.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := store.Apply(ctx, owner, createBatch(t, "too late")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("want context.DeadlineExceeded, got %v", err)
	}
	if err := store.Pragma(t.Context(), "busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Apply(t.Context(), owner, createBatch(t, "too late")); domain.KindOf(err) != domain.Unavailable {
		t.Errorf("want domain.Unavailable, got %v", err)
	}
	if got, err := store.Get(t.Context(), owner, before.ID); err != nil || got != before {
		t.Errorf("want reads to go on, got %+v and error %v", got, err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	if next := create(t, store, "next"); next.ID != before.ID+1 {
		t.Errorf("want id %d, got %d", before.ID+1, next.ID)
	}
}

func TestFullDiskIsUnavailable(t *testing.T) {
	store := open(t, migrated(t, filepath.Join(t.TempDir(), "tasks.db")))
	before := create(t, store, "before")
	if err := store.Pragma(t.Context(), "max_page_count = 1"); err != nil { // as small as it is now
		t.Fatal(err)
	}
	var err error
	for range 1_000 {
		if _, err = store.Apply(t.Context(), owner, createBatch(t, strings.Repeat("private", 25))); err != nil {
			break
		}
	}
	if domain.KindOf(err) != domain.Unavailable || strings.Contains(err.Error(), "private") {
		t.Errorf("want an error that is unavailable and without the title, got %v", err)
	}
	if got, err := store.Get(t.Context(), owner, before.ID); err != nil || got != before {
		t.Errorf("want reads to go on, got %+v and error %v", got, err)
	}
	if err := store.Pragma(t.Context(), "max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	create(t, store, "there is space again")
}

func TestMissingTablesAreInternal(t *testing.T) {
	store := open(t, filepath.Join(t.TempDir(), "tasks.db"))
	_, err := store.Get(t.Context(), owner, 1)
	if err == nil || domain.KindOf(err) != domain.Internal || !strings.Contains(err.Error(), "get a task") {
		t.Errorf("want an internal error that says what was attempted, got %v", err)
	}
	if err := store.Ping(t.Context()); err != nil {
		t.Errorf("Ping: %v", err)
	}
}
