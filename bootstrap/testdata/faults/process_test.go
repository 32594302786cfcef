package faults_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// A process is a running program, and all that it has printed.
type process struct {
	command *exec.Cmd
	printed *transcript
	exited  chan struct{}
}

// startProcess runs a program with no settings but those given. It ends with the test at the latest, which shows the gist of what
// it printed if the test failed.
func startProcess(t *testing.T, settings []string, name string, args ...string) *process {
	t.Helper()
	p := &process{
		command: exec.CommandContext(context.WithoutCancel(t.Context()), name, args...),
		printed: &transcript{},
		exited:  make(chan struct{}),
	}
	p.command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, settings...)
	p.command.Stdout, p.command.Stderr = p.printed, p.printed
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() {
		// The kernel takes the end of the thread that started the process for the end of its parent, so keep that thread.
		runtime.LockOSThread()
		defer close(p.exited)
		err := p.command.Start()
		started <- err
		if err == nil {
			_ = p.command.Wait() // the outcome is in ProcessState
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%s %s printed:\n%s", filepath.Base(name), strings.Join(args, " "), p.printed.gist())
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

// kill ends it with SIGKILL, if it has not ended.
func (p *process) kill() {
	_ = p.command.Process.Kill() // fails if it has exited
	<-p.exited
}

// terminate asks it to end, as an orchestrator does.
func (p *process) terminate(t *testing.T) {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatalf("SIGTERM: %v", err)
	}
}

// expectEnd waits until it has ended in order.
func (p *process) expectEnd(t *testing.T) {
	t.Helper()
	<-p.exited
	if code := p.command.ProcessState.ExitCode(); code != 0 {
		t.Errorf("exit code %d after SIGTERM", code)
	}
}

// goroutines ends it, for SIGQUIT has a Go program tell of each of them.
func (p *process) goroutines(t *testing.T) int {
	t.Helper()
	if err := p.command.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatalf("SIGQUIT: %v", err)
	}
	<-p.exited
	count := 0
	for line := range strings.Lines(p.printed.String()) {
		if strings.HasPrefix(line, "goroutine ") && strings.HasSuffix(line, ":\n") {
			count++
		}
	}
	return count
}

// resources are what a process has taken of the machine.
type resources struct {
	descriptors, threads, kilobytes int
}

func (p *process) resources(t *testing.T) resources {
	t.Helper()
	home := filepath.Join("/proc", strconv.Itoa(p.command.Process.Pid))
	descriptors, err := os.ReadDir(filepath.Join(home, "fd"))
	if err != nil {
		t.Fatal(err)
	}
	status, err := os.ReadFile(filepath.Join(home, "status"))
	if err != nil {
		t.Fatal(err)
	}
	number := func(name string) int {
		for line := range strings.Lines(string(status)) {
			if rest, ok := strings.CutPrefix(line, name+":"); ok {
				if value, err := strconv.Atoi(strings.Fields(rest)[0]); err == nil {
					return value
				}
			}
		}
		t.Fatalf("no %s in the status of a process:\n%s", name, status)
		return 0
	}
	return resources{len(descriptors), number("Threads"), number("VmRSS")}
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

// gist are the first errors, which are not to be, and the end.
func (tr *transcript) gist() string {
	const length = 2000
	text := tr.String()
	var gist strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, `"level":"ERROR"`) && gist.Len() < length {
			gist.WriteString(line)
		}
	}
	return gist.String() + "…\n" + text[max(0, len(text)-length):]
}
