package service

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"example.com/bench/internal/generator"
	"example.com/bench/internal/usage"
)

// Spec says how a server is started. Its address comes as an environment
// variable, of one kind or the other.
type Spec struct {
	Name            string // as results have it
	Program         string
	Arguments       []string
	Environment     []string
	AddressVariable string // for host:port
	PortVariable    string // for the port alone
}

// place is the environment variable that says where to listen.
func (s Spec) place(address string) string {
	if s.PortVariable == "" {
		return s.AddressVariable + "=" + address
	}
	_, port, _ := net.SplitHostPort(address) // it has one
	return s.PortVariable + "=" + port
}

// Process is a running server.
type Process struct {
	Name    string
	Address string        // host:port
	Ready   time.Duration // from its start to its first answer with 200
	command *exec.Cmd
	log     string
}

// patience is how long a server may take to start.
const patience = 30 * time.Second

// Start starts a server and sends it the request until it answers that with
// 200. What the server logs goes to a file in the directory.
func Start(ctx context.Context, spec Spec, directory string, request generator.Request) (*Process, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	file, err := os.CreateTemp(directory, "log-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // the process has its own
	p := &Process{Name: spec.Name, Address: address, log: file.Name()}
	p.command = exec.CommandContext(context.WithoutCancel(ctx), spec.Program, spec.Arguments...)
	p.command.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + directory, spec.place(address)}, spec.Environment...)
	p.command.Stdout, p.command.Stderr = file, file
	begin := time.Now()
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	if err := p.await(ctx, request); err != nil {
		said, _ := os.ReadFile(p.log)
		return nil, errors.Join(fmt.Errorf("%s: %w; it logged:\n%s", spec.Name, err, said), p.Stop())
	}
	p.Ready = time.Since(begin)
	return p, nil
}

// await sends the request every millisecond.
func (p *Process) await(ctx context.Context, request generator.Request) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for {
		err := p.try(ctx, request)
		if err == nil {
			return nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		}
	}
}

func (p *Process) try(ctx context.Context, request generator.Request) (err error) {
	client, err := generator.Dial(ctx, p.Address)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Close()) }()
	_, err = client.Right(&request)
	return err
}

// CPU is what the server and its workers have used.
func (p *Process) CPU() (time.Duration, error) { return usage.OfFamily(p.command.Process.Pid) }

// Memory is how many bytes of the server are in memory.
func (p *Process) Memory() (int64, error) { return usage.Memory(p.command.Process.Pid) }

// ForgetLog empties the log, which would fill the disk in the long run.
func (p *Process) ForgetLog() error { return os.Truncate(p.log, 0) }

// Stop ends the server.
func (p *Process) Stop() error {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	if err := p.command.Wait(); err != nil {
		return fmt.Errorf("%s ended: %w", filepath.Base(p.command.Path), err)
	}
	return nil
}

// freeAddress finds a port below those that Linux gives to outgoing
// connections, one of which could take it before the server does.
func freeAddress(ctx context.Context) (string, error) {
	var failure error
	for range 100 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+rand.N(12000))
		listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
		if err == nil {
			return address, listener.Close()
		}
		failure = err
	}
	return "", fmt.Errorf("no port is free: %w", failure)
}
