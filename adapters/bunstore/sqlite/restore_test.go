package sqlite_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/domain"
)

var moment = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

// A restored database serves what was backed up and goes on with its ids. Its
// tags, and the marks of those who follow changes, are none that were before.
func TestRestoreToNothing(t *testing.T) {
	file, path := backedUp(t), filepath.Join(t.TempDir(), "tasks.db")
	restored, err := sqlite.Restore(t.Context(), file, path, moment)
	if err != nil || restored.Kept != "" || restored.Tasks != 2 {
		t.Fatalf("restored: %+v, error %v", restored, err)
	}
	if diff := cmp.Diff([]string{"tasks.db", "tasks.db.lock"}, names(t, filepath.Dir(path))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if info, err := os.Stat(path); err != nil || info.Mode() != 0o600 {
		t.Errorf("mode %v, error %v", info.Mode(), err)
	}
	titles, _ := texts(t, path)
	if diff := cmp.Diff([]string{"two", "one"}, titles); diff != "" {
		t.Errorf("tasks (-want +got):\n%s", diff)
	}
	store := open(t, path)
	for _, known := range []domain.Mark{{Sequence: 1}, {Sequence: 4}, {Sequence: 4_000}} {
		if _, err := store.Changes(t.Context(), owner, known, 10); !errors.Is(err, domain.ErrChangesForgotten) {
			t.Errorf("who has come to %+v goes on with error %v", known, err)
		}
	}
	if feed, err := store.Changes(t.Context(), owner, domain.Mark{}, 10); err != nil || len(feed.Tasks) != 3 {
		t.Errorf("from the beginning: %+v, error %v", feed, err)
	}
	next := create(t, store, "next")
	if next.ID != 4 || next.Sequence <= 4_000 {
		t.Errorf("the next task: %+v", next)
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

// To whom nothing was left there is nothing left after a restore either.
func TestRestoreOfWhatWasErased(t *testing.T) {
	directory := t.TempDir()
	path, file := migrated(t, filepath.Join(directory, "tasks.db")), filepath.Join(directory, "backup.db")
	store := open(t, path)
	create(t, store, "erased")
	if err := store.Erase(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Backup(t.Context(), path, file, nil); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(directory, "other.db")
	if _, err := sqlite.Restore(t.Context(), file, other, moment); err != nil {
		t.Fatal(err)
	}
	if _, state := texts(t, other); state.Forgotten != state.Sequence {
		t.Errorf("the owner has something again: %+v", state)
	}
}

// leftBehind makes a database whose process was killed: the last task is in
// the write-ahead log alone.
func leftBehind(t *testing.T, path string) {
	t.Helper()
	source := migrated(t, filepath.Join(t.TempDir(), "source.db"))
	create(t, open(t, source), "acknowledged")
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(source + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if suffix == "" && bytes.Contains(text, []byte("acknowledged")) {
			t.Fatal("the task is not in the log alone")
		}
		if err := os.WriteFile(path+suffix, text, 0o600); err != nil { //nolint:gosec // G703: files of the test's
			t.Fatal(err)
		}
	}
}

func TestRestoreKeepsWhatWasThere(t *testing.T) {
	file, path := backedUp(t), filepath.Join(t.TempDir(), "tasks.db")
	leftBehind(t, path)
	restored, err := sqlite.Restore(t.Context(), file, path, moment)
	if err != nil || restored.Kept != path+".before-restore-20260304T050607Z" {
		t.Fatalf("restored: %+v, error %v", restored, err)
	}
	want := []string{"tasks.db", "tasks.db.before-restore-20260304T050607Z", "tasks.db.lock"}
	if diff := cmp.Diff(want, names(t, filepath.Dir(path))); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for path, want := range map[string][]string{path: {"two", "one"}, restored.Kept: {"acknowledged"}} {
		titles, _ := texts(t, path)
		if diff := cmp.Diff(want, titles); diff != "" {
			t.Errorf("tasks in %s (-want +got):\n%s", path, diff)
		}
	}
	if _, err := sqlite.Restore(t.Context(), file, path, moment); err == nil {
		t.Error("what was kept is overwritten, or the stores that are open go unnoticed")
	}
}

// The log of a database that is gone would be taken for that of the next.
func TestRestoreRemovesStaleLogs(t *testing.T) {
	file, path := backedUp(t), filepath.Join(t.TempDir(), "tasks.db")
	leftBehind(t, path)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Restore(t.Context(), file, path, moment); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the log is there still: %v", err)
	}
	titles, _ := texts(t, path)
	if diff := cmp.Diff([]string{"two", "one"}, titles); diff != "" {
		t.Errorf("tasks (-want +got):\n%s", diff)
	}
}

// The name in DATABASE_URL may lead to a file on another disk.
func TestRestoreFollowsLinks(t *testing.T) {
	file, path, link := backedUp(t), filepath.Join(t.TempDir(), "real.db"), filepath.Join(t.TempDir(), "tasks.db")
	leftBehind(t, path)
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Restore(t.Context(), file, link, moment); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != fs.ModeSymlink {
		t.Errorf("the link is a file now: %v, error %v", info, err)
	}
	if titles, _ := texts(t, path); len(titles) != 2 {
		t.Errorf("tasks: %q", titles)
	}
	if _, err := sqlite.Restore(t.Context(), file, link, moment); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("an open store went unnoticed: %v", err)
	}
}

func TestRestoreOfAnEarlierVersion(t *testing.T) {
	for version := int64(1); version <= 2; version++ {
		directory := t.TempDir()
		path, file, other := filepath.Join(directory, "tasks.db"), filepath.Join(directory, "backup.db"), filepath.Join(directory, "other.db")
		migrated(t, path)
		migrator, err := sqlite.NewMigrator(path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 - version {
			if err := migrator.Down(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := sqlite.Backup(t.Context(), path, file, nil); err != nil {
			t.Fatal(err)
		}
		restored, err := sqlite.Restore(t.Context(), file, other, moment)
		if err != nil || restored.Version != version {
			t.Errorf("restored: %+v, error %v", restored, err)
		}
		create(t, open(t, migrated(t, other)), "next")
	}
}

// hostile gives copies that must not become a database, and what is said of each.
func hostile(t testing.TB) map[string]struct {
	text []byte
	want string
} {
	t.Helper()
	good, err := os.ReadFile(backedUp(t))
	if err != nil {
		t.Fatal(err)
	}
	changed := func(statements ...string) []byte {
		path := filepath.Join(t.TempDir(), "changed.db")
		if err := os.WriteFile(path, good, 0o600); err != nil { //nolint:gosec // G703: files of the test's
			t.Fatal(err)
		}
		if err := sqlite.Execute(t.Context(), path, statements...); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	torn := slices.Clone(good)
	for i := 4 * 4096; i < 5*4096; i++ {
		torn[i] = 0xaa
	}
	const foreign, damaged = "is no database of Taskward's: ", "is damaged: "
	return map[string]struct {
		text []byte
		want string
	}{
		"nothing":                {nil, foreign},
		"a byte":                 {[]byte("S"), foreign},
		"a letter":               {bytes.Repeat([]byte("Dear reader, "), 1000), foreign},
		"a header alone":         {good[:100], "is "},
		"a page":                 {good[:4096], "is "},
		"all but the last page":  {good[:len(good)-4096], damaged},
		"all but the last byte":  {good[:len(good)-1], damaged},
		"half":                   {good[:len(good)/2], damaged},
		"a torn page":            {torn, "is "},
		"another's database":     {changed(`DROP TABLE schema_migrations`), foreign},
		"a database before all":  {changed(`DELETE FROM schema_migrations WHERE version_id > 0`), foreign},
		"a later version":        {changed(`INSERT INTO schema_migrations (version_id, is_applied) VALUES (99, 1)`), "is of a later version of Taskward: its schema is at step 99, and this version knows 3: restore it with that version"},
		"a version that is text": {changed(`UPDATE schema_migrations SET version_id = 'three'`), "is "},
		"a table that lacks":     {changed(`DROP TABLE trash`), foreign},
		"a column that lacks":    {changed(`ALTER TABLE owners DROP COLUMN forgotten`), foreign},
		"a column too many":      {changed(`ALTER TABLE tasks ADD COLUMN spy TEXT AS (user_id)`), foreign},
		"a table without types":  {changed(`DROP TABLE answers`, `CREATE TABLE answers (user_id, key, request, results, kept_until)`), foreign},
		"a view for a table":     {changed(`ALTER TABLE tasks RENAME TO hidden`, `CREATE VIEW tasks AS SELECT * FROM hidden`), foreign},
		"a trigger": {changed(`CREATE TRIGGER spy AFTER INSERT ON tasks BEGIN
			UPDATE tasks SET user_id = 'eve', id = 1000000 + new.id WHERE user_id = new.user_id AND id = new.id; END`), foreign},
		"rows against the rules": {changed(`PRAGMA ignore_check_constraints = 1`, `UPDATE tasks SET completed = 7`), damaged},
	}
}

// Whoever made a file may have meant no good, and disks fail: what was there stays.
func TestRestoreRefusesHostileFiles(t *testing.T) {
	for name, test := range hostile(t) {
		t.Run(name, func(t *testing.T) {
			directory := t.TempDir()
			file, path := filepath.Join(directory, "backup.db"), filepath.Join(directory, "tasks.db")
			if err := os.WriteFile(file, test.text, 0o600); err != nil {
				t.Fatal(err)
			}
			leftBehind(t, path)
			before := names(t, directory)
			restored, err := sqlite.Restore(t.Context(), file, path, moment)
			if err == nil || !strings.Contains(err.Error(), "backup.db "+test.want) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("want an error that says %q in one line, got %+v, %v", test.want, restored, err)
			}
			if diff := cmp.Diff(append(before, "tasks.db.lock"), names(t, directory)); diff != "" {
				t.Errorf("files (-before +after):\n%s", diff)
			}
			if titles, _ := texts(t, path); len(titles) != 1 {
				t.Errorf("what was there is now %q", titles)
			}
		})
	}
}

func TestRestoreRefuses(t *testing.T) {
	good := backedUp(t)
	for name, test := range map[string]struct {
		prepare func(t *testing.T, path string) (file, at string)
		want    string
	}{
		"no file":      {func(_ *testing.T, path string) (string, string) { return path + ".none", path }, "there is nothing to restore: "},
		"a directory":  {func(_ *testing.T, path string) (string, string) { return filepath.Dir(path), path }, "is no file: "},
		"a device":     {func(_ *testing.T, path string) (string, string) { return os.DevNull, path }, "is no file: "},
		"no directory": {func(_ *testing.T, path string) (string, string) { return good, path + "/none/tasks.db" }, "make the directory"},
		"itself":       {func(t *testing.T, path string) (string, string) { return migrated(t, path), path }, "is the database itself"},
		"a file without its log": {func(t *testing.T, path string) (string, string) {
			leftBehind(t, path+".copy")
			return path + ".copy", path
		}, "lacks what is in "},
		"an open store": {func(t *testing.T, path string) (string, string) {
			create(t, open(t, migrated(t, path)), "in use")
			return good, path
		}, "is in use: stop the service"},
		"something that is no database": {func(t *testing.T, path string) (string, string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("Dear reader, ", 100)), 0o600); err != nil {
				t.Fatal(err)
			}
			return good, path
		}, "move "},
		"a name that is taken": {func(t *testing.T, path string) (string, string) {
			migrated(t, path)
			if err := os.WriteFile(path+".before-restore-20260304T050607Z", nil, 0o600); err != nil {
				t.Fatal(err)
			}
			return good, path
		}, "cannot be kept beside: "},
	} {
		t.Run(name, func(t *testing.T) {
			file, at := test.prepare(t, filepath.Join(t.TempDir(), "tasks.db"))
			before, _ := os.ReadFile(at)
			restored, err := sqlite.Restore(t.Context(), file, at, moment)
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
				t.Fatalf("want an error that says %q in one line, got %+v, %v", test.want, restored, err)
			}
			if after, _ := os.ReadFile(at); !bytes.Equal(before, after) && test.want != "cannot be kept beside: " {
				t.Error("what was there is changed")
			}
			if _, err := os.Stat(at + ".restoring"); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("the draft is left: %v", err)
			}
		})
	}
}

// Whenever a restore is killed, there is one database or the other.
func TestKilledRestoreLeavesADatabase(t *testing.T) {
	const victim = "SQLITE_TEST_RESTORE"
	if file := os.Getenv(victim); file != "" {
		for i := 0; ; i++ {
			now := moment.Add(time.Duration(os.Getpid()*1_000+i) * time.Second)
			if restored, err := sqlite.Restore(t.Context(), file, filepath.Join(filepath.Dir(file), "tasks.db"), now); err != nil {
				t.Fatal(err)
			} else if restored.Kept != "" {
				_ = os.Remove(restored.Kept) // it is not looked at
			}
			_, _ = os.Stderr.WriteString("restored\n")
		}
	}
	directory := t.TempDir()
	file, path := filepath.Join(directory, "backup.db"), filepath.Join(directory, "tasks.db")
	if err := os.Rename(backedUp(t), file); err != nil {
		t.Fatal(err)
	}
	leftBehind(t, path)
	for i := range 15 {
		command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$") //nolint:gosec // this very test
		command.Env = append(os.Environ(), victim+"="+file)
		output, err := command.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		if i > 0 { // the first is killed in its first restore, or before
			if _, err := output.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
		}
		for ctx, cancel := context.WithTimeout(t.Context(), time.Duration(i)*5*time.Millisecond); ; {
			if ctx.Err() != nil {
				cancel()
				break
			}
			if _, err := os.Stat(path); err != nil {
				t.Errorf("meanwhile there is no database: %v", err)
			}
		}
		if err := command.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = command.Wait() // "signal: killed"
		titles, _ := texts(t, copied(t, path))
		if old := i == 0 && slices.Equal(titles, []string{"acknowledged"}); !old && !slices.Equal(titles, []string{"two", "one"}) {
			t.Fatalf("after %d kills there are %q", i+1, titles)
		}
	}
}

// copied gives a copy of a database that nobody has open.
func copied(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy.db")
	for _, suffix := range []string{"", "-wal"} {
		text, err := os.ReadFile(path + suffix)
		if err != nil && (suffix == "" || !errors.Is(err, fs.ErrNotExist)) {
			t.Fatal(err)
		}
		if err == nil {
			if err := os.WriteFile(to+suffix, text, 0o600); err != nil { //nolint:gosec // G703: files of the test's
				t.Fatal(err)
			}
		}
	}
	return to
}

// No file does harm, whatever bits have tipped over in it: either it is refused
// and what was there stays, or a store can work on it. (The fuzzer would have
// to instrument all of SQLite, and manages one file a second.)
func TestRestoreOfFilesThatAreAlmostRight(t *testing.T) {
	good, err := os.ReadFile(backedUp(t))
	if err != nil {
		t.Fatal(err)
	}
	var refused int
	const files = 40
	for seed := range uint64(files) {
		random := rand.New(rand.NewPCG(seed, 0))
		text := slices.Clone(good)
		for range 1 + random.IntN(3) {
			page := 4096 * random.IntN(len(text)/4096)
			text[page+random.IntN(16)] ^= 1 << random.IntN(8) // where pages have what matters
		}
		file, path := filepath.Join(t.TempDir(), "backup.db"), filepath.Join(t.TempDir(), "tasks.db")
		for name, text := range map[string][]byte{file: text, path: good} {
			if err := os.WriteFile(name, text, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := sqlite.Restore(t.Context(), file, path, moment); err != nil {
			refused++
			if there, readErr := os.ReadFile(path); readErr != nil || !bytes.Equal(there, good) {
				t.Errorf("seed %d: refused (%v), and what was there is not: %v", seed, err, readErr)
			}
			continue
		}
		next := domain.NewBatch(moment, domain.Create{Title: title(t, "next")})
		if _, err := open(t, migrated(t, path)).Apply(t.Context(), "somebody new", next); err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
	}
	if refused < files/4 {
		t.Errorf("only %d of %d files were refused", refused, files)
	}
}
