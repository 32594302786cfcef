package portstest_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// elsewhere is the test of two adapters in a module of somebody else's: of
// the one in memory, and of one that puts all owners' tasks together.
const elsewhere = `package elsewhere_test

import (
	"context"
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestSound(t *testing.T) {
	portstest.TestTaskRepository(t, func(*testing.T) ports.TaskRepository { return memory.NewTasks() })
}

func TestOwnerless(t *testing.T) {
	portstest.TestTaskRepository(t, func(*testing.T) ports.TaskRepository { return ownerless{memory.NewTasks()} })
}

const everybody domain.UserID = "everybody"

type ownerless struct{ tasks *memory.Tasks }

func (o ownerless) Get(ctx context.Context, _ domain.UserID, id domain.TaskID) (domain.Task, error) {
	return o.tasks.Get(ctx, everybody, id)
}

func (o ownerless) List(ctx context.Context, _ domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	return o.tasks.List(ctx, everybody, query)
}

func (o ownerless) Trash(ctx context.Context, _ domain.UserID, query domain.TrashQuery) (domain.TaskPage, error) {
	return o.tasks.Trash(ctx, everybody, query)
}

func (o ownerless) Changes(ctx context.Context, _ domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	return o.tasks.Changes(ctx, everybody, since, limit)
}

func (o ownerless) State(ctx context.Context, _ domain.UserID) (domain.Counters, error) {
	return o.tasks.State(ctx, everybody)
}

func (o ownerless) Apply(ctx context.Context, _ domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	return o.tasks.Apply(ctx, everybody, batch)
}

func (o ownerless) Erase(ctx context.Context, _ domain.UserID) error { return o.tasks.Erase(ctx, everybody) }
`

// The suite can be had by other modules, without a library of this one, and
// tells them which sentence is broken.
func TestSuiteInAnotherModule(t *testing.T) {
	module := newModule(t)
	if output, err := goTest(t, module, "TestSound"); err != nil {
		t.Errorf("memory fails: %v\n%s", err, output)
	}
	output, err := goTest(t, module, "TestOwnerless")
	if failed := (*exec.ExitError)(nil); !errors.As(err, &failed) {
		t.Fatalf("the tests of an adapter that ignores the owner end with %v:\n%s", err, output)
	}
	for _, sentence := range []string{
		"Get hides another owner's task",
		"List leaves out and does not count another owner's tasks",
		"Apply does not touch another owner's task",
		"Ids number each owner's tasks from 1",
	} {
		if broken := "--- FAIL: TestOwnerless/" + strings.ReplaceAll(sentence, " ", "_"); !strings.Contains(output, broken) {
			t.Errorf("an adapter that ignores the owner is not told %q:\n%s", sentence, output)
		}
	}
}

// newModule makes a module that needs nothing but this one, from this checkout.
func newModule(t *testing.T) string {
	t.Helper()
	here, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.test/elsewhere\n\ngo 1.26.0\n\n" +
			"require github.com/taskward/taskward v0.0.0\n\n" +
			"replace github.com/taskward/taskward => " + strconv.Quote(here) + "\n",
		"elsewhere_test.go": elsewhere,
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// goTest runs one test of the module, and asks nobody for other modules.
func goTest(t *testing.T, module, name string) (output string, err error) {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "test", "-count=1", "-run", "^"+name+"$", "./...")
	command.Dir = module
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOSUMDB=off", "GOWORK=off")
	text, err := command.CombinedOutput()
	return string(text), err
}
