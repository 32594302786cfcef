package bootstrap_test

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

// TestBackupPageSQLite does what the page says to do.
func TestBackupPageSQLite(t *testing.T) {
	t.Parallel()
	needBinary(t)
	directory := t.TempDir()
	settings := []string{"DATABASE_URL=sqlite:tasks.db"}
	server := serve(t, "DATABASE_URL=sqlite:"+filepath.Join(directory, "tasks.db"), "BETTER_AUTH_SECRET="+secret)
	ada := server.as(nextRoute(t))
	ada.create(t, "Buy milk")
	want := ada.allTasks(t)
	commands := pageCommands(t, "backup.md", "SQLite")
	if len(commands) != 2 {
		t.Fatalf("the page has %d blocks of commands for SQLite", len(commands))
	}
	paste(t, directory, settings, commands[0])
	ada.create(t, "Buy milk, too")
	server.process.stop(t)
	paste(t, directory, settings, commands[1])
	server.start(t)
	server.await(t)
	if diff := gocmp.Diff(want, ada.allTasks(t)); diff != "" {
		t.Errorf("tasks (-backed up +restored):\n%s", diff)
	}
}

// TestBackupPagePostgreSQL does so for a database that others share.
func TestBackupPagePostgreSQL(t *testing.T) {
	t.Parallel()
	needBinary(t)
	from, to := postgrestest.Database(t), postgrestest.Database(t)
	query(t, from, `CREATE TABLE public."user" (id text PRIMARY KEY)`)
	server := serve(t, "DATABASE_URL="+from, "BETTER_AUTH_SECRET="+secret)
	ada, bob := server.as(nextRoute(t)), server.as(nextRoute(t))
	for _, title := range []string{"Buy milk", "Buy größere Milch 🥛", `Buy "milk"`} {
		ada.create(t, title)
	}
	bob.create(t, "Buy milk for bob")
	ada.delete(t, ada.task(2)).expect(t, 204)
	known := ada.get(t, "/api/me/changes").expect(t, 200)
	_, next, _ := strings.Cut(known.body, `"next":"`)
	next, _, _ = strings.Cut(next, `"`)

	commands := pageCommands(t, "backup.md", "PostgreSQL")
	if len(commands) != 1 {
		t.Fatalf("the page has %d blocks of commands for PostgreSQL", len(commands))
	}
	paste(t, t.TempDir(), []string{"FROM=" + from, "TO=" + to}, commands[0])

	restored := serve(t, "DATABASE_URL="+to, "BETTER_AUTH_SECRET="+secret, "TASKWARD_MIGRATE=check")
	for _, before := range []client{ada, bob} {
		after := restored.as(before.person)
		for _, path := range []string{before.tasks(), "/api/me/trash"} {
			want, got := before.get(t, path).expect(t, 200), after.get(t, path).expect(t, 200)
			if diff := gocmp.Diff(want.body, got.body); diff != "" {
				t.Errorf("%s (-dumped +restored):\n%s", path, diff)
			}
		}
	}
	after := restored.as(ada.person)
	after.get(t, "/api/me/changes?since="+next).expectProblem(t, 410)
	if made := after.create(t, "Buy milk again"); made.ID != 4 {
		t.Errorf("after three tasks the next has id %d", made.ID)
	}
	after.post(t, "/api/me/trash/2/restore", "").expect(t, 200)
}

// TestBackupPageBehindRowLevelSecurity has a dump fail rather than lack the rows that are hidden from its role, and the
// restored database be closed as the first was.
func TestBackupPageBehindRowLevelSecurity(t *testing.T) {
	t.Parallel()
	needBinary(t)
	from, to := postgrestest.Database(t), postgrestest.Database(t)
	ada := nextRoute(t)
	server := serve(t, "DATABASE_URL="+from, "BETTER_AUTH_SECRET="+secret)
	server.as(ada).create(t, "Buy milk")
	server.process.stop(t)
	run(t, []string{"DATABASE_URL=" + from, "TASKWARD_RLS=on"}, "migrate", "up")
	role := "reader_" + strings.ToLower(rand.Text())
	query(t, from, "CREATE ROLE "+role+" LOGIN IN ROLE pg_read_all_data")
	t.Cleanup(func() {
		shell := "psql --no-psqlrc --dbname=\"$FROM\" --command='DROP ROLE " + role + "'"
		if printed, err := pasting(context.Background(), t, []string{"FROM=" + from}, shell).CombinedOutput(); err != nil {
			t.Errorf("%s: %v %s", shell, err, printed)
		}
	})
	reader, err := url.Parse(from)
	if err != nil {
		t.Fatal(err)
	}
	reader.User = url.User(role)
	commands := pageCommands(t, "backup.md", "PostgreSQL")[0]
	shell := pasting(t.Context(), t, []string{"FROM=" + reader.String(), "TO=" + to}, commands)
	if printed, err := shell.CombinedOutput(); err == nil || !strings.Contains(string(printed), "row-level security") {
		t.Errorf("a role that sees nothing dumps it, error %v:\n%s", err, printed)
	}
	paste(t, t.TempDir(), []string{"FROM=" + from, "TO=" + to}, commands)
	query(t, to, `DO $$ BEGIN ASSERT (SELECT bool_and(relrowsecurity AND relforcerowsecurity) FROM pg_class
		WHERE oid IN ('taskward.tasks'::regclass, 'taskward.owners'::regclass, 'taskward.trash'::regclass)); END $$`)
	query(t, to, `DO $$ BEGIN ASSERT (SELECT count(*) = 1 FROM taskward.tasks); END $$`)
}

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// pageCommands gives the blocks of shell commands in a section of a page of .github/docs.
func pageCommands(t *testing.T, page, section string) []string {
	t.Helper()
	whole, err := os.ReadFile("../.github/docs/" + page)
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(whole), "\n## "+section+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	var blocks []string
	for _, block := range shellBlock.FindAllStringSubmatch(text, -1) {
		blocks = append(blocks, block[1])
	}
	return blocks
}

// paste runs commands in a directory.
func paste(t *testing.T, directory string, settings []string, commands string) {
	t.Helper()
	shell := pasting(t.Context(), t, settings, commands)
	shell.Dir = directory
	if printed, err := shell.CombinedOutput(); err != nil {
		t.Fatalf("%v (is pg_dump there? apt-get install -y postgresql-client)\n%s\n%s", err, commands, printed)
	}
}

// pasting is a shell with Taskward and PostgreSQL's programs in PATH.
func pasting(ctx context.Context, t *testing.T, settings []string, commands string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	shell := exec.CommandContext(ctx, "sh", "-e", "-u", "-c", commands)
	shell.Dir = t.TempDir()
	search := strings.Join(append(postgresPrograms(), filepath.Dir(path), os.Getenv("PATH")), string(filepath.ListSeparator))
	shell.Env = append([]string{"HOME=" + shell.Dir, "PATH=" + search}, settings...)
	return shell
}

// postgresPrograms gives Debian's folders of them, the newest first: a dump is refused by programs older than the server.
func postgresPrograms() []string {
	folders, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well formed
	slices.SortFunc(folders, func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(b, a))
	})
	return folders
}
