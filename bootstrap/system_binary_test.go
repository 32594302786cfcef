package bootstrap_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long a test waits for what takes a moment on a slow machine.
const patience = time.Minute

// needBinary skips the test under -short, and otherwise fails it if Taskward does not build.
func needBinary(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short leaves out the system tests: they build the binary and start servers")
	}
	if _, err := binary(); err != nil {
		t.Fatal(err)
	}
}

// binary builds Taskward for the first test that asks, with the race detector if the tests have it, and returns its path.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "taskward-system-")
	if err != nil {
		return "", err
	}
	binaryDir = dir
	path := filepath.Join(dir, "taskward")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", path)
	if underRaceDetector() {
		build.Args = append(build.Args, "-race")
	}
	build.Args = append(build.Args, "./cmd/taskward")
	if output, err := build.CombinedOutput(); err != nil {
		return "", errors.New("go build ./cmd/taskward: " + string(output))
	}
	return path, nil
})

var binaryDir string

func removeBinary() error {
	if binaryDir == "" {
		return nil
	}
	return os.RemoveAll(binaryDir)
}

func underRaceDetector() bool {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return false
	}
	for _, setting := range info.Settings {
		if setting.Key == "-race" {
			return setting.Value == "true"
		}
	}
	return false
}

// A process is a running program, and all that it has printed.
type process struct {
	command *exec.Cmd
	printed *transcript
	output  *transcript // of printed, what went to standard output
	errors  *transcript // and to standard error
	exited  chan struct{}
}

// startProcess runs a program with no settings but those given. It ends with the test at the latest, which shows what it printed
// if the test failed. What Taskward prints is held to what it may print.
func startProcess(t *testing.T, settings []string, name string, args ...string) *process {
	t.Helper()
	command := exec.CommandContext(context.WithoutCancel(t.Context()), name, args...)
	command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, settings...)
	return startCommand(t, command)
}

// startCommand is startProcess for a command that needs more than settings.
func startCommand(t *testing.T, command *exec.Cmd) *process {
	t.Helper()
	p := &process{
		command: command,
		printed: &transcript{},
		output:  &transcript{},
		errors:  &transcript{},
		exited:  make(chan struct{}),
	}
	p.command.Stdout, p.command.Stderr = io.MultiWriter(p.printed, p.output), io.MultiWriter(p.printed, p.errors)
	name, args := command.Path, command.Args[1:]
	confidences.noteSettings(command.Env)
	expectNothingInArguments(t, name, args)
	// The pipe closes when the test process dies, whatever kills it.
	if _, err := p.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.command.Wait() // expectCleanExit reads the outcome from ProcessState
		close(p.exited)
	}()
	t.Cleanup(func() {
		_ = p.command.Process.Kill() // fails if it has exited, as it should
		<-p.exited
		if filepath.Base(name) == "taskward" {
			expectDiscretion(t, args, p.printed.String(), p.errors.String())
		}
		if t.Failed() {
			t.Logf("%s %s printed:\n%s", filepath.Base(name), strings.Join(args, " "), p.printed)
		}
	})
	return p
}

func (p *process) hasExited() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

func (p *process) terminate(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("SIGTERM: %v; it printed:\n%s", err, p.printed)
	}
}

// stop ends a server as an orchestrator does.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.terminate(t)
	p.expectCleanExit(t)
}

// expectCleanExit waits for the process to end, with exit code 0. A data race, where the detector is on, makes it 66.
func (p *process) expectCleanExit(t *testing.T) {
	t.Helper()
	select {
	case <-p.exited:
	case <-time.After(patience):
		t.Fatalf("still running after %v", patience)
	}
	if code := p.command.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d; it printed:\n%s", code, p.printed)
	}
}

// A server is a `taskward serve`, which can be stopped and started again.
type server struct {
	url      string
	settings []string
	process  *process
}

// serve starts a server that is ready to answer. It stops with the test, and has to do so in order.
func serve(t *testing.T, settings ...string) *server {
	t.Helper()
	s := launch(t, settings...)
	s.await(t)
	return s
}

// launch is serve for those who [server.await] readiness later.
func launch(t *testing.T, settings ...string) *server {
	t.Helper()
	return launchAt(t, freeAddress(t), settings...)
}

func launchAt(t *testing.T, address string, settings ...string) *server {
	t.Helper()
	s := &server{url: "http://" + address, settings: append(settings, "TASKWARD_ADDR="+address)}
	s.start(t)
	return s
}

func (s *server) start(t *testing.T) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := startProcess(t, s.settings, path, "serve")
	s.process = p
	t.Cleanup(func() {
		if !p.hasExited() {
			p.stop(t)
		}
	})
}

func (s *server) await(t *testing.T) {
	t.Helper()
	eventually(t, s.url+" gets ready", func() bool {
		if s.process.hasExited() {
			t.Fatalf("taskward serve ended; it printed:\n%s", s.process.printed)
		}
		answer, err := s.as(person{}).send(t.Context(), "GET", "/readyz", "")
		return err == nil && answer.status == 200
	})
}

func (s *server) restart(t *testing.T) {
	t.Helper()
	s.process.stop(t)
	s.start(t)
	s.await(t)
}

// run runs Taskward to its end and returns what it printed.
func run(t *testing.T, settings []string, args ...string) string {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := startProcess(t, settings, path, args...)
	p.expectCleanExit(t)
	return p.printed.String()
}

// freeAddress finds a port below those that Linux hands out to outgoing connections: one of them could take it while a server restarts.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+rand.N(12000))
		if listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", address); err == nil {
			if err := listener.Close(); err != nil {
				t.Fatal(err)
			}
			return address
		}
	}
	t.Fatal("no port is free")
	return ""
}

// eventually waits until what is told holds, and fails the test if it does not within [patience].
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("after %v it is still not so that %s", patience, what)
		case <-ticker.C:
		}
	}
}

// A transcript is a buffer that is read while a process writes it.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (tr *transcript) Write(text []byte) (int, error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.text.Write(text)
}

func (tr *transcript) String() string {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return tr.text.String()
}
