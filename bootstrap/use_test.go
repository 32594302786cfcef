package bootstrap_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/bootstrap"
	"github.com/taskward/taskward/ports"
)

// TestUseErrors holds each mistake with adapters to one line, beside the log,
// that names the port, the place at which it was made, and the cause.
func TestUseErrors(t *testing.T) {
	tasks := func(adapter ports.TaskRepository, err error) func(context.Context) (ports.TaskRepository, error) {
		return func(context.Context) (ports.TaskRepository, error) { return adapter, err }
	}
	good := tasks(memory.NewTasks(), nil)
	var none *memory.Tasks
	const port, otherPort = "ports.TaskRepository", "ports.Revocations"
	for name, test := range map[string]struct {
		use  []bootstrap.Module
		want []string
	}{
		"two of one port": {
			[]bootstrap.Module{bootstrap.Use(good), bootstrap.Use(good)}, // one line, named twice
			[]string{port, "is served twice", lineAbove() + " and at ", lineAbove()},
		},
		"no port": {
			[]bootstrap.Module{bootstrap.Use(func(context.Context) (*memory.Tasks, error) { return none, nil })},
			[]string{"*memory.Tasks", lineAbove(), "nothing asks for"},
		},
		"a value": {
			[]bootstrap.Module{bootstrap.Use(func(context.Context) (int, error) { return 1, nil })},
			[]string{"int", lineAbove(), "nothing asks for"},
		},
		"a port that the settings have no use for": {
			[]bootstrap.Module{bootstrap.Use(func(context.Context) (ports.Revocations, error) { return memory.NewRevocations(), nil })},
			[]string{otherPort, lineAbove(), "with these settings nothing asks for"},
		},
		"none": {
			[]bootstrap.Module{bootstrap.Use(tasks(nil, nil))},
			[]string{port, lineAbove(), "there is no adapter"},
		},
		"a nil pointer": {
			[]bootstrap.Module{bootstrap.Use(tasks(none, nil))},
			[]string{port, lineAbove(), "there is no adapter"},
		},
		"a nil constructor": {
			[]bootstrap.Module{bootstrap.Use[ports.TaskRepository](nil)},
			[]string{port, lineAbove(), "panicked: ", "nil pointer"},
		},
		"not even a module": {
			[]bootstrap.Module{bootstrap.Use(good), {}},
			[]string{"module 2 ", "serves no port"}, // it was made nowhere
		},
		"one that fails to open": {
			[]bootstrap.Module{bootstrap.Use(tasks(nil, errors.New("the disk is on fire")))},
			[]string{port, lineAbove(), "the disk is on fire"},
		},
		"one that fails to open and says much": {
			[]bootstrap.Module{bootstrap.Use(tasks(nil, errors.Join(errors.New("not opened:\n\ton fire"), errors.New("and wet"))))},
			[]string{port, lineAbove(), "not opened: on fire; and wet"},
		},
		"one that panics": {
			[]bootstrap.Module{bootstrap.Use(func(context.Context) (ports.TaskRepository, error) { panic("oh\nno") })},
			[]string{port, lineAbove(), "panicked: oh; no"},
		},
		"one that fails to close": {
			[]bootstrap.Module{bootstrap.Use(tasks(unclosable{memory.NewTasks()}, nil))},
			[]string{port, lineAbove(), "the last page is lost"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			said := complaints(t, []string{goodSecret, "DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "tasks.db")}, test.use...)
			if len(said) != 1 {
				t.Fatalf("%d lines beside the log, want 1:\n%s", len(said), strings.Join(said, "\n"))
			}
			for _, want := range test.want {
				if !strings.Contains(said[0], want) {
					t.Errorf("%q is not said: %s", want, said[0])
				}
			}
		})
	}
}

// TestShippedAdapterErrors holds shipped adapters to the same.
func TestShippedAdapterErrors(t *testing.T) {
	for name, environ := range map[string][]string{
		"SQLite":     {"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "no", "such", "folder", "tasks.db")},
		"PostgreSQL": {"DATABASE_URL=postgres://user:secret@127.0.0.1:9/tasks"}, // where nobody listens
	} {
		t.Run(name, func(t *testing.T) {
			said := complaints(t, append(environ, goodSecret))
			if len(said) != 1 || !strings.Contains(said[0], "ports.TaskRepository") || !strings.Contains(said[0], "modules.go:") {
				t.Errorf("want one line with port and place:\n%s", strings.Join(said, "\n"))
			}
		})
	}
}

// unclosable is a store that cannot be closed.
type unclosable struct{ *memory.Tasks }

func (unclosable) Close() error { return errors.New("the last page is lost") }

// lineAbove is the line above the one that asks, as errors name it.
func lineAbove() string {
	_, file, line, _ := runtime.Caller(1)
	return fmt.Sprintf("%s:%d", file, line-1)
}

// complaints runs a service, that fails or is stopped as soon as it listens,
// and gives what it writes to stderr beside the log.
func complaints(t *testing.T, environ []string, use ...bootstrap.Module) []string {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var lines []string
	code := bootstrap.Main(ctx, bootstrap.Process{
		Args: []string{"serve"}, Environ: append(environ, "TASKWARD_ADDR=127.0.0.1:0", "TASKWARD_DRAIN_DELAY=1ns"),
		Stdin: strings.NewReader(""), Stdout: t.Output(),
		Stderr: writer(func(text []byte) {
			for line := range strings.Lines(string(text)) {
				var logged struct{ Msg string }
				if json.Unmarshal([]byte(line), &logged) != nil {
					lines = append(lines, strings.TrimSuffix(line, "\n"))
				}
				if logged.Msg == "listening" {
					stop()
				}
			}
		}),
	}, use...)
	if code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	return lines
}

// writer is an io.Writer that takes all.
type writer func([]byte)

func (w writer) Write(text []byte) (int, error) {
	w(text)
	return len(text), nil
}
