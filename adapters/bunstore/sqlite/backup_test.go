package sqlite_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/domain"
)

// backedUp gives a file with a backup of three tasks, of which the last is deleted.
func backedUp(t testing.TB) (file string) {
	t.Helper()
	directory := t.TempDir()
	path := migrated(t, filepath.Join(directory, "tasks.db"))
	store := open(t, path)
	for _, text := range []string{"one", "two", "three"} {
		if _, err := store.Apply(t.Context(), owner, domain.NewBatch(moment, domain.Create{Title: title(t, text)})); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := store.Apply(t.Context(), owner, domain.NewBatch(moment, domain.Delete{Target: domain.Target{ID: 3}})); err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(directory, "backup.db")
	content, err := sqlite.Backup(t.Context(), path, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if content.Owners != 1 || content.Tasks != 2 || content.Version != content.Latest {
		t.Errorf("backed up: %+v", content)
	}
	return file
}

// texts gives the titles in a database, the newest first, and the owner's state.
func texts(t testing.TB, path string) ([]string, domain.Counters) {
	t.Helper()
	store := open(t, path)
	page, err := store.List(t.Context(), owner, domain.TaskQuery{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, task := range page.Tasks {
		all = append(all, task.Title.String())
	}
	state, err := store.State(t.Context(), owner)
	if err != nil {
		t.Fatal(err)
	}
	return all, state
}

// names lists a directory.
func names(t testing.TB, directory string) []string {
	t.Helper()
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Name())
	}
	return all
}

func TestBackupIsOneFile(t *testing.T) {
	file := backedUp(t)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 {
		t.Errorf("its mode is %v", info.Mode())
	}
	there := names(t, filepath.Dir(file))
	if diff := cmp.Diff([]string{"backup.db", "tasks.db", "tasks.db-shm", "tasks.db-wal", "tasks.db.lock"}, there); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if text, err := os.ReadFile(file); err != nil || text[18] != 1 || text[19] != 1 { // the file format's version numbers
		t.Errorf("it needs a write-ahead log, or error %v", err)
	}
	titles, _ := texts(t, file)
	if diff := cmp.Diff([]string{"two", "one"}, titles); diff != "" {
		t.Errorf("tasks (-want +got):\n%s", diff)
	}
}

// What was erased must not outlast it in a backup that is made later.
func TestBackupLeavesOutWhatWasErased(t *testing.T) {
	directory := t.TempDir()
	path, file := migrated(t, filepath.Join(directory, "tasks.db")), filepath.Join(directory, "backup.db")
	store := open(t, path)
	const private = "wherewithal"
	for range 200 {
		create(t, store, strings.Repeat(private, 15))
	}
	if err := store.Erase(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Backup(t.Context(), path, file, nil); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), private) {
		t.Errorf("an erased title is in the backup, or error %v", err)
	}
}

func TestBackupRefuses(t *testing.T) {
	directory := t.TempDir()
	path := migrated(t, filepath.Join(directory, "tasks.db"))
	at := func(name string) string { return filepath.Join(directory, name) }
	for name, text := range map[string]string{"taken": "taken", "letter": strings.Repeat("Dear reader, ", 100), "empty": ""} {
		if err := os.WriteFile(at(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("nowhere", at("link")); err != nil {
		t.Fatal(err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	before := names(t, directory)
	for name, test := range map[string]struct {
		ctx      context.Context
		path, to string
		want     string
	}{
		"a file that is there":      {nil, path, at("taken"), "is there already and is not overwritten: name another file, or move it away"},
		"the database itself":       {nil, path, path, "is there already"},
		"a link to nowhere":         {nil, path, at("link"), "is there already"},
		"a directory":               {nil, path, directory, "is a directory: name a file in it"},
		"no directory":              {nil, path, at("none/b.db"), "no such file or directory: name a file in a directory that is there"},
		"a closed directory":        {nil, path, "/sys/b.db", "name a file in a directory that is there and can be written to"},
		"no database":               {nil, at("none.db"), at("b.db"), "there is no database to back up: "},
		"a database that is none":   {nil, at("letter"), at("b.db"), "letter is no database of Taskward's: "},
		"a database without tables": {nil, at("empty"), at("b.db"), "empty is no database of Taskward's: "},
		"nobody who waits":          {cancelled, path, at("b.db"), context.Canceled.Error()},
	} {
		if test.ctx == nil {
			test.ctx = t.Context()
		}
		content, err := sqlite.Backup(test.ctx, test.path, test.to, nil)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: want an error that says %q in one line, got %+v, %v", name, test.want, content, err)
		}
	}
	after := slices.DeleteFunc(names(t, directory), func(name string) bool { return strings.HasSuffix(name, ".lock") })
	if diff := cmp.Diff(slices.DeleteFunc(before, func(name string) bool { return strings.HasSuffix(name, ".lock") }), after); diff != "" {
		t.Errorf("files (-before +after):\n%s", diff)
	}
}

// A backup that is interrupted leaves nothing of itself.
func TestInterruptedBackupLeavesNothing(t *testing.T) {
	directory := t.TempDir()
	path := migrated(t, filepath.Join(directory, "tasks.db"))
	store := open(t, path)
	var changes []domain.Change
	for range 500 {
		changes = append(changes, domain.Create{Title: title(t, strings.Repeat("long", 50))})
	}
	if _, err := store.Apply(t.Context(), owner, domain.NewBatch(moment, changes...)); err != nil {
		t.Fatal(err)
	}
	before := names(t, directory)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { // until the copy has begun
		for len(names(t, directory)) == len(before) && ctx.Err() == nil {
			continue
		}
		cancel()
	}()
	if _, err := sqlite.Backup(ctx, path, filepath.Join(directory, "backup.db"), nil); err == nil {
		t.Error("it was done, whoever waited for it")
	}
	if diff := cmp.Diff(before, names(t, directory)); diff != "" {
		t.Errorf("files (-before +after):\n%s", diff)
	}
}

// A backup tells how far it has come, and in the end that all is there.
func TestBackupTellsHowFar(t *testing.T) {
	directory := t.TempDir()
	path, file := migrated(t, filepath.Join(directory, "tasks.db")), filepath.Join(directory, "backup.db")
	store := open(t, path)
	for range 50 {
		create(t, store, strings.Repeat("long", 50))
	}
	type step struct{ done, total int64 }
	var steps []step
	content, err := sqlite.Backup(t.Context(), path, file, func(done, total int64) { steps = append(steps, step{done, total}) })
	if err != nil {
		t.Fatal(err)
	}
	about := func(bytes int64) bool { return bytes > content.Bytes*9/10 && bytes < content.Bytes*11/10 }
	if len(steps) < 2 || steps[0].done != 0 || !about(steps[len(steps)-1].done) || !about(steps[0].total) {
		t.Errorf("of %d bytes it tells %v", content.Bytes, steps)
	}
}

// Of those who want one name at once one gets it, and the others are told.
func TestEntitle(t *testing.T) {
	const rivals, rounds = 8, 200
	directory := t.TempDir()
	for round := range rounds {
		name := filepath.Join(directory, strconv.Itoa(round))
		failures := make([]error, rivals)
		var group sync.WaitGroup
		for rival := range rivals {
			draft := name + ".partial-" + strconv.Itoa(rival)
			if err := os.WriteFile(draft, []byte{byte(rival)}, 0o600); err != nil {
				t.Fatal(err)
			}
			group.Go(func() { failures[rival] = sqlite.Entitle(draft, name) })
		}
		group.Wait()
		content, err := os.ReadFile(name)
		if err != nil || len(content) != 1 {
			t.Fatalf("nobody got the name: %v", err)
		}
		for rival, failure := range failures {
			if got := int(content[0]) == rival; got != (failure == nil) {
				t.Errorf("that %d got the name is %t, its error %v", rival, got, failure)
			}
		}
	}
}
