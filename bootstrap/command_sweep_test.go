package bootstrap_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/bootstrap"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// commandOn calls the command on adapters of the test's.
func commandOn(ctx context.Context, tasks ports.TaskRepository, users ports.UserDirectory, environ []string, args ...string) (code int, stdout, stderr string) {
	var use []bootstrap.Module
	if tasks != nil {
		use = append(use, bootstrap.Use[ports.TaskRepository](func(context.Context) (ports.TaskRepository, error) { return tasks, nil }))
	}
	if users != nil {
		use = append(use, bootstrap.Use[ports.UserDirectory](func(context.Context) (ports.UserDirectory, error) {
			return struct{ ports.UserDirectory }{users}, nil // which nobody closes
		}))
	}
	var out, errs bytes.Buffer
	code = bootstrap.Main(ctx, bootstrap.Process{
		Args: args, Environ: environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
	}, use...)
	return code, out.String(), errs.String()
}

// keptOpen is a store that nobody closes.
type keptOpen struct {
	ports.TaskRepository
	owners ports.Owners
}

func (k keptOpen) Owners(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
	return k.owners.Owners(ctx, after, limit)
}

// tasksOf gives a store in which each of the owners has two tasks.
func tasksOf(t *testing.T, owners ...domain.UserID) keptOpen {
	t.Helper()
	tasks := memory.NewTasks()
	for _, owner := range owners {
		for range 2 {
			create := domain.Create{Title: titled(t, "Buy milk")}
			if _, err := tasks.Apply(t.Context(), owner, domain.NewBatch(time.Now(), create)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return keptOpen{tasks, tasks}
}

func titled(t *testing.T, text string) domain.Title {
	t.Helper()
	title, err := domain.DefaultLimits.ParseTitle(text)
	if err != nil {
		t.Fatal(err)
	}
	return title
}

// holders tells which of the owners have tasks.
func holders(t *testing.T, tasks ports.TaskRepository, owners ...domain.UserID) []domain.UserID {
	t.Helper()
	var having []domain.UserID
	for _, owner := range owners {
		page, err := tasks.List(t.Context(), owner, domain.TaskQuery{Limit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Tasks) > 0 {
			having = append(having, owner)
		}
	}
	return having
}

func TestSweep(t *testing.T) {
	owners := []domain.UserID{"ada", "bob", "eve\n", "zoe"}
	tasks, users := tasksOf(t, owners...), memory.NewUsers(domain.User{ID: "ada"}, domain.User{ID: "zoe"}, domain.User{ID: "without tasks"})
	for _, step := range []struct {
		args []string
		want string
		left []domain.UserID
	}{
		{
			nil, "gone: \"bob\"\ngone: \"eve\\n\"\nowners who are users: 2, who are gone: 2; nothing was erased\nTo erase for good what they have: taskward sweep --yes\n",
			owners,
		},
		{[]string{"--yes"}, "erased: \"bob\"\nerased: \"eve\\n\"\nowners who are users: 2, erased: 2\n", []domain.UserID{"ada", "zoe"}},
		{nil, "owners who are users: 2, who are gone: 0; nothing was erased\n", []domain.UserID{"ada", "zoe"}},
		{[]string{"--yes"}, "owners who are users: 2, erased: 0\n", []domain.UserID{"ada", "zoe"}},
	} {
		code, stdout, stderr := commandOn(t.Context(), tasks, users, nil, append([]string{"sweep"}, step.args...)...)
		if code != 0 || stdout != step.want || stderr != "" {
			t.Errorf("sweep %s: exit code %d, and it says:\n%s%s", step.args, code, stdout, stderr)
		}
		if diff := cmp.Diff(step.left, holders(t, tasks, owners...)); diff != "" {
			t.Errorf("after sweep %s those have tasks (-want +got):\n%s", step.args, diff)
		}
	}
}

// Who looks for what became of an owner's tasks finds that they were swept, and by nobody's token.
func TestSweepIsInTheAuditLog(t *testing.T) {
	tasks, users := tasksOf(t, "ada", "bob"), memory.NewUsers(domain.User{ID: "ada"})
	for _, step := range []struct{ args, want []string }{
		{[]string{"sweep"}, nil},
		{[]string{"sweep", "--yes"}, []string{`"msg":"audit","actor":"","owner":"bob","action":"erase","tasks":[],"outcome":"done","token_id":"","request_id":""}`}},
	} {
		code, stdout, stderr := commandOn(t.Context(), tasks, users, []string{"TASKWARD_AUDIT=log"}, step.args...)
		lines := slices.Collect(strings.Lines(stderr))
		if code != 0 || len(lines) != len(step.want) {
			t.Fatalf("%s: exit code %d, and it says:\n%s%s", step.args, code, stdout, stderr)
		}
		for i, want := range step.want {
			if !strings.HasSuffix(lines[i], want+"\n") {
				t.Errorf("%s writes down %s", step.args, lines[i])
			}
		}
	}
}

// TestSweepRefuses erases nothing where it cannot be sure.
func TestSweepRefuses(t *testing.T) {
	sqlite := "DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "tasks.db")
	silent := memory.NewUsers(domain.User{ID: "ada"})
	if err := silent.Close(); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		users   ports.UserDirectory
		environ []string
		want    string
	}{
		"a directory that does not answer": {silent, nil, "nothing was erased: unavailable"},
		"a directory without anybody":      {memory.NewUsers(), nil, "none of those who have tasks is in the table of users"},
		"another app's directory":          {memory.NewUsers(domain.User{ID: "eve"}), nil, "none of those who have tasks is in the table of users"},
		"no directory":                     {nil, []string{sqlite}, "TASKWARD_AUTH_DATABASE_URL must name the Postgres with Better Auth's tables"},
		"users of other auth servers": {
			nil,
			[]string{"DATABASE_URL=postgres://127.0.0.1:9/app", "TASKWARD_AUTH_3_ISSUERS=https://b.example"},
			"TASKWARD_AUTH_3_ISSUERS lets in users of another auth server",
		},
		"settings that are wrong": {memory.NewUsers(), []string{"TASKWARD_MAX_TITLE=0"}, "TASKWARD_MAX_TITLE must be at least 1"},
	} {
		t.Run(name, func(t *testing.T) {
			tasks := tasksOf(t, "ada", "bob")
			code, stdout, stderr := commandOn(t.Context(), tasks, test.users, test.environ, "sweep", "--yes")
			if code != 1 || stdout != "" || !strings.Contains(stderr, test.want) {
				t.Errorf("exit code %d, %q is not said:\n%s%s", code, test.want, stdout, stderr)
			}
			if left := holders(t, tasks, "ada", "bob"); len(left) != 2 {
				t.Errorf("only %q have tasks still", left)
			}
		})
	}

	t.Run("a store that does not know its owners", func(t *testing.T) {
		tasks := struct{ ports.TaskRepository }{tasksOf(t, "ada")}
		code, _, stderr := commandOn(t.Context(), tasks, memory.NewUsers(), nil, "sweep")
		if code != 1 || !strings.Contains(stderr, "does not tell who has tasks") {
			t.Errorf("exit code %d:\n%s", code, stderr)
		}
	})
	t.Run("a schema that is behind", func(t *testing.T) {
		code, _, stderr := commandOn(t.Context(), nil, memory.NewUsers(), []string{sqlite}, "sweep", "--yes")
		if code != 1 || !strings.Contains(stderr, "taskward migrate up") {
			t.Errorf("exit code %d:\n%s", code, stderr)
		}
	})
}

// fickleUsers are a directory that thinks better of somebody.
type fickleUsers struct {
	*memory.Users
	asked map[domain.UserID]int
	again error // when it is asked for somebody the second time
}

func (f fickleUsers) Get(ctx context.Context, id domain.UserID) (domain.User, error) {
	if f.asked[id]++; f.asked[id] > 1 && id == "carl" {
		return domain.User{ID: id}, f.again
	}
	return f.Users.Get(ctx, id)
}

// TestSweepAsksAgain looks each owner up once more before it erases anything.
func TestSweepAsksAgain(t *testing.T) {
	for name, test := range map[string]struct {
		again        error
		code         int
		said, stderr string
		left         []domain.UserID
	}{
		"somebody who is back": {nil, 0, "erased: \"bob\"\nerased: \"dan\"\nowners who are users: 1, erased: 2\n", "", []domain.UserID{"ada", "carl"}},
		"a directory that ends": {
			errors.New("the line is dead"), 1, "erased: \"bob\"\n", "after 1 owners had been erased: the line is dead", []domain.UserID{"ada", "carl", "dan"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tasks := tasksOf(t, "ada", "bob", "carl", "dan")
			users := fickleUsers{memory.NewUsers(domain.User{ID: "ada"}), map[domain.UserID]int{}, test.again}
			code, stdout, stderr := commandOn(t.Context(), tasks, users, nil, "sweep", "--yes")
			if code != test.code || stdout != test.said || !strings.Contains(stderr, test.stderr) {
				t.Errorf("exit code %d, and it says:\n%s%s", code, stdout, stderr)
			}
			if diff := cmp.Diff(test.left, holders(t, tasks, "ada", "bob", "carl", "dan")); diff != "" {
				t.Errorf("those have tasks (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSweepPauses waits between batches of owners, and no longer than the one
// who asked.
func TestSweepPauses(t *testing.T) {
	owners := []domain.UserID{"zoe"}
	for i := range 250 {
		owners = append(owners, domain.UserID(fmt.Sprintf("gone %03d", i)))
	}
	users := memory.NewUsers(domain.User{ID: "zoe"})
	synctest.Test(t, func(t *testing.T) {
		tasks := tasksOf(t, owners...)
		began := time.Now()
		code, _, stderr := commandOn(t.Context(), tasks, users, nil, "sweep", "--yes", "--pause", "1h")
		if took := time.Since(began); code != 0 || took != 4*time.Hour { // two to look at 251 owners, two to erase 250
			t.Errorf("exit code %d after %v:\n%s", code, took, stderr)
		}
		if left := holders(t, tasks, owners...); len(left) != 1 {
			t.Errorf("%d owners have tasks still", len(left))
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		began := time.Now()
		code, _, stderr := commandOn(ctx, tasksOf(t, owners...), users, nil, "sweep", "--yes", "--pause", "1h")
		if took := time.Since(began); code != 1 || took != time.Minute || !strings.Contains(stderr, "nothing was erased: context deadline exceeded") {
			t.Errorf("exit code %d after %v:\n%s", code, took, stderr)
		}
	})
}
