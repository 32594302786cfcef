package bootstrap_test

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

// readmeCommands gives the blocks of shell commands in a section of the README.
func readmeCommands(t *testing.T, section string, want int) []string {
	t.Helper()
	blocks := pageCommands(t, "../../README.md", section)
	if len(blocks) != want {
		t.Fatalf("%q has %d blocks of commands, want %d", section, len(blocks), want)
	}
	return blocks
}

// TestReadmeBehindBetterAuth starts Taskward as the README does, with an app and a database that there are, and asks the doctor.
func TestReadmeBehindBetterAuth(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth, database, address := startBetterAuth(t), postgrestest.Database(t), freeAddress(t)
	there := strings.NewReplacer("https://app.example.com", auth.origin, "postgres://taskward:secret@db/app", database)
	commands := readmeCommands(t, "Behind your Better Auth app", 2)

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	serve := pasting(ctx, t, []string{"TASKWARD_ADDR=" + address, "TASKWARD_DRAIN_DELAY=0s"}, "exec env "+there.Replace(commands[0]))
	serve.Cancel = func() error { return serve.Process.Signal(syscall.SIGTERM) }
	printed := &transcript{}
	serve.Stdout, serve.Stderr = printed, printed
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	server := &server{url: "http://" + address}
	eventually(t, "it gets ready", func() bool {
		answer, err := server.as(person{}).send(t.Context(), "GET", "/readyz", "")
		return err == nil && answer.status == 200
	})
	ada := server.as(auth.signUp(t))
	ada.create(t, "Water the plants")

	directory := t.TempDir()
	if err := os.WriteFile(filepath.Join(directory, "token.txt"), []byte(ada.person.token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	paste(t, directory, []string{"BETTER_AUTH_URL=" + auth.origin, "DATABASE_URL=" + database}, commands[1])
	stop()
	if err := serve.Wait(); serve.ProcessState.ExitCode() != 0 {
		t.Errorf("%v; it printed:\n%s", err, printed)
	}
}

// TestReadmeAdopt takes an old back end's tasks over as the README does.
func TestReadmeAdopt(t *testing.T) {
	t.Parallel()
	needBinary(t)
	database, ada := postgrestest.Database(t), nextRoute(t)
	query(t, database, `CREATE TABLE public.tasks (id integer, user_id text, title text, completed boolean)`)
	query(t, database, `INSERT INTO public.tasks VALUES (1, '`+ada.id+`', 'Water the plants', true), (2, '`+ada.id+`', 'Buy milk', false)`)
	paste(t, t.TempDir(), []string{"DATABASE_URL=" + database}, readmeCommands(t, "Tasks of an old back end", 1)[0])
	server := serve(t, "DATABASE_URL="+database, "BETTER_AUTH_SECRET="+secret)
	if kept := server.as(ada).allTasks(t); len(kept) != 2 || kept[0].Title != "Buy milk" || !kept[1].Completed {
		t.Errorf("adopted were %+v", kept)
	}
}

// runners names the test that runs each block of commands in the README and the pages beside it, by its first line, or says why
// there is none.
var runners = map[string]string{
	"go run ./bootstrap/cmd/taskward dev":                           "TestDev",
	"go run github.com/go-task/task/v3/cmd/task@v3.52.0 test":       "(.ci/run calls it)",
	"go run github.com/go-task/task/v3/cmd/task@v3.52.0 check":      "(.ci/run is it)",
	"go run github.com/go-task/task/v3/cmd/task@v3.52.0 demo":       "TestDemo",
	"go run github.com/go-task/task/v3/cmd/task@v3.52.0 bench:load": "(TestQuick and TestMeasure of bootstrap/testdata/bench)",
	"export TOKEN=…": "TestReadmeTour",
	`curl -H "Authorization: Bearer $TOKEN" $TASKS`:                                                         "TestReadmeTour",
	"BETTER_AUTH_URL=https://app.example.com DATABASE_URL=postgres://taskward:secret@db/app taskward serve": "TestReadmeBehindBetterAuth",
	"taskward doctor - < token.txt":                                                                         "TestReadmeBehindBetterAuth",
	"source <(taskward completion bash)":                                                                    "TestCompletionInBash",
	"taskward adopt --table public.tasks --dry-run":                                                         "TestReadmeAdopt",
	"taskward backup tasks-2026-12-24.db":                                                                   "TestBackupPageSQLite",
	"taskward restore tasks-2026-12-24.db":                                                                  "TestBackupPageSQLite",
	`pg_dump --dbname="$FROM" --schema=taskward --no-owner --format=custom --file=taskward.dump`:            "TestBackupPagePostgreSQL",
	"mkdir -m 700 secrets":                                                                                  "TestDeployPageSecrets",
	"docker build -f bootstrap/deploy/Dockerfile -t taskward .":                                             "(no engine: TestImageRuns does what the image does)",
	"BETTER_AUTH_URL=https://app.example.com docker compose up --build":                                     "(no engine: bootstrap/testdata/deploy has it read by Compose)",
	"install -m 600 taskward.env /etc/taskward.env":                                                         "(no systemd: it reads the unit in a test)",
	"kubectl create secret generic taskward --from-env-file=taskward.env":                                   "(no cluster: bootstrap/testdata/deploy reads the manifest)",
}

// TestEveryCommandIsRun fails for a block that has come without a test, or gone.
func TestEveryCommandIsRun(t *testing.T) {
	tests := sources(t, "*_test.go")
	left := maps.Clone(runners)
	for _, file := range append(glob(t, "../.github/docs/*.md"), "../README.md", "../.github/CONTRIBUTING.md") {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
			first, _, _ := strings.Cut(block[1], "\n")
			runner, known := runners[first]
			if !known {
				t.Errorf("%s: nothing runs %s", file, first)
			}
			if strings.HasPrefix(runner, "Test") && !strings.Contains(tests, "func "+runner+"(") {
				t.Errorf("%s: there is no %s", first, runner)
			}
			delete(left, first)
		}
	}
	for first := range left {
		t.Errorf("no page has %s any more", first)
	}
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sources is all that is in files of this folder.
func sources(t *testing.T, pattern string) string {
	t.Helper()
	var all strings.Builder
	for _, file := range glob(t, pattern) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
