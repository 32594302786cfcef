package bootstrap_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/sqlite"
	"github.com/taskward/taskward/domain"
)

// A backup that is made while people write has all that was acknowledged before it began, as of one moment, and they do
// not wait for it. Restored, it goes on from there.
func TestBackupWhileOthersWrite(t *testing.T) {
	t.Parallel()
	needBinary(t)
	directory := t.TempDir()
	database, file := "sqlite:"+filepath.Join(directory, "tasks.db"), filepath.Join(directory, "backup.db")
	server := serve(t, "DATABASE_URL="+database, "BETTER_AUTH_SECRET="+secret)
	fill(t, server.as(nextRoute(t)), 3_000)
	writers := make([]*scribe, 6)
	done := make(chan struct{})
	var writing sync.WaitGroup
	for i := range writers {
		writers[i] = &scribe{client: server.as(nextRoute(t))}
		writing.Go(func() { writers[i].write(t, done) })
	}
	enough := func(than int) func() bool {
		return func() bool {
			return !slices.ContainsFunc(writers, func(w *scribe) bool { return len(w.soFar()) <= than })
		}
	}
	eventually(t, "everybody has written something", enough(10))

	before := make([][]task, len(writers))
	for i, writer := range writers {
		before[i] = writer.soFar()
	}
	began := time.Now()
	printed := run(t, []string{"DATABASE_URL=" + database}, "backup", file)
	took := time.Since(began)
	eventually(t, "everybody goes on writing", enough(20))
	close(done)
	writing.Wait()
	server.process.stop(t)

	var during int
	for _, writer := range writers {
		during += len(writer.between(began, began.Add(took)))
	}
	t.Logf("%s: took %v, in which %d tasks were acknowledged, the slowest after %v", strings.TrimSpace(printed), took, during, slowest(writers))
	if during == 0 {
		t.Error("nobody could write while the backup was made")
	}
	if private := "Buy milk"; strings.Contains(printed, private) {
		t.Errorf("a title is printed: %s", printed)
	}

	other := "sqlite:" + filepath.Join(t.TempDir(), "tasks.db")
	run(t, []string{"DATABASE_URL=" + other}, "restore", file)
	restored := serve(t, "DATABASE_URL="+other, "BETTER_AUTH_SECRET="+secret)
	for i, writer := range writers {
		client := restored.as(writer.person)
		kept := client.allTasks(t)
		slices.Reverse(kept)
		if len(kept) < len(before[i]) {
			t.Fatalf("%d tasks were acknowledged before the backup, and %d are in it", len(before[i]), len(kept))
		}
		if diff := cmp.Diff(writer.soFar()[:min(len(kept), len(writer.soFar()))], kept[:min(len(kept), len(writer.soFar()))]); diff != "" {
			t.Errorf("tasks (-acknowledged +restored):\n%s", diff)
		}
		expectConsistent(t, file, domain.UserID(writer.person.id), len(kept))
		if made := client.create(t, "Buy milk"); made.ID != int64(len(kept))+1 {
			t.Errorf("after %d tasks the next has id %d", len(kept), made.ID)
		}
	}
}

// fill gives somebody tasks, so that there is something to copy.
func fill(t *testing.T, client client, count int) {
	t.Helper()
	operation := `{"op":"create","title":"Buy milk` + strings.Repeat(" and more milk", 10) + `"}`
	for range count / 100 {
		body := `{"operations":[` + operation + strings.Repeat(","+operation, 99) + `]}`
		client.post(t, client.tasks()+"/batch", body).expect(t, 200)
	}
}

// expectConsistent holds what is in a backup of somebody who has made tasks and nothing else: no gap, and no counter behind.
func expectConsistent(t *testing.T, file string, owner domain.UserID, tasks int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	looked := filepath.Join(t.TempDir(), "looked.db")         // at: a store makes a log
	if err := os.WriteFile(looked, text, 0o600); err != nil { //nolint:gosec // G703: files of the test's
		t.Fatal(err)
	}
	store, err := sqlite.Open(t.Context(), sqlite.Options{Path: looked})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = store.Close() }()
	counters, err := store.State(t.Context(), owner)
	if want := (domain.Counters{LastTaskID: domain.TaskID(tasks), Sequence: domain.Sequence(tasks)}); err != nil || counters != want {
		t.Errorf("%d tasks, and counters %+v, error %v", tasks, counters, err)
	}
	feed, err := store.Changes(t.Context(), owner, domain.Mark{}, tasks+1)
	if err != nil || len(feed.Tasks) != tasks {
		t.Fatalf("%d tasks, and %d changes, error %v", tasks, len(feed.Tasks), err)
	}
	for i, task := range feed.Tasks {
		if int64(task.ID) != int64(i)+1 || int64(task.Sequence) != int64(i)+1 {
			t.Fatalf("change %d is of task %d with sequence %d", i+1, task.ID, task.Sequence)
		}
	}
}

// A scribe makes one task after the other, and remembers what was acknowledged and when.
type scribe struct {
	client
	mu    sync.Mutex
	tasks []task
	at    []time.Time
	worst time.Duration
}

func (w *scribe) write(t *testing.T, done <-chan struct{}) {
	for i := 1; ; i++ {
		select {
		case <-done:
			return
		default:
		}
		began := time.Now()
		answer := w.post(t, w.client.tasks(), fmt.Sprintf(`{"title":"Buy milk for the %d. time"}`, i))
		if answer.status != 201 {
			t.Errorf("%s: %d %s", answer.request, answer.status, answer.body)
			return
		}
		made := answer.task(t)
		w.mu.Lock()
		w.tasks, w.at, w.worst = append(w.tasks, made), append(w.at, time.Now()), max(w.worst, time.Since(began))
		w.mu.Unlock()
	}
}

func (w *scribe) soFar() []task {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.tasks)
}

func (w *scribe) between(from, to time.Time) []task {
	w.mu.Lock()
	defer w.mu.Unlock()
	var some []task
	for i, at := range w.at {
		if at.After(from) && at.Before(to) {
			some = append(some, w.tasks[i])
		}
	}
	return some
}

func slowest(writers []*scribe) time.Duration {
	return slices.MaxFunc(writers, func(a, b *scribe) int { return int(a.worst - b.worst) }).worst
}

// kill -9 in the middle of a backup leaves no file that could be taken for one.
func TestKilledBackupLeavesNoFile(t *testing.T) {
	t.Parallel()
	needBinary(t)
	directory := t.TempDir()
	database, file := "sqlite:"+filepath.Join(directory, "tasks.db"), filepath.Join(directory, "backup.db")
	server := serve(t, "DATABASE_URL="+database, "BETTER_AUTH_SECRET="+secret)
	fill(t, server.as(nextRoute(t)), 5_000)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{0, 1, 100_000} { // of the draft when it is killed, at least
		victim := startProcess(t, []string{"DATABASE_URL=" + database}, path, "backup", file)
		eventually(t, "the backup is under way", func() bool {
			drafts, _ := filepath.Glob(file + "*")
			return victim.hasExited() || slices.ContainsFunc(drafts, func(name string) bool {
				info, err := os.Stat(name)
				return err == nil && info.Size() >= size
			})
		})
		_ = victim.command.Process.Kill()
		<-victim.exited
		if victim.command.ProcessState.Exited() {
			t.Errorf("it was done before it could be killed: %s", victim.printed)
		}
		if _, err := os.Lstat(file); !os.IsNotExist(err) {
			t.Fatalf("there is a file: %v", err)
		}
		drafts, _ := filepath.Glob(file + ".partial-*")
		for _, name := range drafts {
			_ = os.Remove(name) // so that the next is seen
		}
	}
	run(t, []string{"DATABASE_URL=" + database}, "backup", file)
}

// As long as a service runs nothing comes into the place of its database.
func TestRestoreWaitsForTheServiceToStop(t *testing.T) {
	t.Parallel()
	needBinary(t)
	directory := t.TempDir()
	path, file := filepath.Join(directory, "tasks.db"), filepath.Join(directory, "backup.db")
	settings := []string{"DATABASE_URL=sqlite:" + path, "BETTER_AUTH_SECRET=" + secret}
	server := serve(t, settings...)
	ada := server.as(nextRoute(t))
	ada.create(t, "Buy milk")
	run(t, settings, "backup", file)
	ada.create(t, "Buy milk, too")

	code, _, stderr := command(t, settings[:1], "restore", file)
	if code != 1 || !strings.Contains(stderr, "is in use: stop the service") {
		t.Errorf("exit code %d: %s", code, stderr)
	}
	if tasks := ada.allTasks(t); len(tasks) != 2 {
		t.Errorf("tasks: %+v", tasks)
	}
	known := ada.get(t, "/api/me/changes?since=now").expect(t, 200)
	_, next, _ := strings.Cut(known.body, `"next":"`)
	next, _, _ = strings.Cut(next, `"`)
	server.process.stop(t)

	printed := run(t, settings[:1], "restore", file)
	server.start(t)
	server.await(t)
	if tasks := ada.allTasks(t); len(tasks) != 1 {
		t.Errorf("tasks: %+v", tasks)
	}
	ada.get(t, "/api/me/changes?since="+next).expectProblem(t, 410)
	_, kept, _ := strings.Cut(strings.TrimSpace(printed), "The one before is ")
	before := serve(t, "DATABASE_URL=sqlite:"+kept, settings[1])
	if tasks := before.as(ada.person).allTasks(t); len(tasks) != 2 {
		t.Errorf("tasks in %q: %+v", kept, tasks)
	}
}

func TestBackupAndRestoreCommandsRefuse(t *testing.T) {
	directory := t.TempDir()
	database := "DATABASE_URL=sqlite:" + filepath.Join(directory, "tasks.db")
	postgres := "DATABASE_URL=postgres://u:hunter2@127.0.0.1:9/app"
	for _, verb := range []string{"backup", "restore"} {
		for name, test := range map[string]struct {
			environ, args []string
			want          string
		}{
			"no file":         {[]string{database}, nil, "name one file: taskward " + verb + " FILE"},
			"two files":       {[]string{database}, []string{"a", "b"}, "name one file"},
			"an empty name":   {[]string{database}, []string{""}, "name one file"},
			"a stream":        {[]string{database}, []string{"-"}, "cannot come and go as a stream"},
			"a flag":          {[]string{database}, []string{"--force", "a"}, "unknown flag"},
			"PostgreSQL":      {[]string{postgres}, []string{"a"}, "pg_dump backs up and pg_restore restores: see https://github.com/taskward/taskward/blob/main/.github/docs/backup.md"},
			"wrong settings":  {[]string{database, "TASKWARD_MAX_TITLE=0"}, []string{"a"}, "TASKWARD_MAX_TITLE must"},
			"nothing there":   {[]string{database}, []string{filepath.Join(directory, "none.db")}, "there is no"},
			"its directory":   {[]string{database}, []string{directory}, "taskward: " + verb + ": "},
			"the NUL of C":    {[]string{database}, []string{"a\x00b"}, "taskward: " + verb + ": "},
			"a name too long": {[]string{database}, []string{filepath.Join(directory, strings.Repeat("a", 300))}, "taskward: " + verb + ": "},
		} {
			if name == "nothing there" && verb == "restore" {
				test.want = "there is nothing to restore"
			}
			code, stdout, stderr := command(t, test.environ, append([]string{verb}, test.args...)...)
			lines := strings.Count(stderr, "\n")
			if code != 1 || stdout != "" || !strings.Contains(stderr, test.want) || lines > 1 && name != "wrong settings" || strings.Contains(stderr, "hunter2") {
				t.Errorf("%s, %s: exit code %d, %q is not said in a line:\n%s%s", verb, name, code, test.want, stdout, stderr)
			}
		}
	}
	if left, err := os.ReadDir(directory); err != nil || len(left) > 0 {
		t.Errorf("they leave %v, error %v", left, err)
	}
}
