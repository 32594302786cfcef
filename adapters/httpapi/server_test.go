package httpapi_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/httpapi"
)

// network is a listener and what dials it, all in memory, so that time in a
// synctest bubble is only what the server makes of it.
type network struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func newNetwork() *network {
	return &network{connections: make(chan net.Conn), closed: make(chan struct{})}
}

func (n *network) Accept() (net.Conn, error) {
	select {
	case connection := <-n.connections:
		return connection, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error {
	n.once.Do(func() { close(n.closed) })
	return nil
}

func (n *network) Addr() net.Addr { return &net.TCPAddr{} }

func (n *network) dial(context.Context, string, string) (net.Conn, error) {
	near, far := net.Pipe()
	select {
	case n.connections <- far:
		return near, nil
	case <-n.closed:
		return nil, net.ErrClosed
	}
}

// hosted is a service behind a server.
type hosted struct {
	*service
	*network
	*httpapi.Server
	client *http.Client
	served chan error // what Serve returned
}

func host(t *testing.T, choices ...func(*setup)) *hosted {
	t.Helper()
	s := serve(t, choices...)
	n := newNetwork()
	h := &hosted{service: s, network: n, Server: httpapi.NewServer(s.API), served: make(chan error, 1)}
	h.client = &http.Client{Transport: &http.Transport{DialContext: n.dial}}
	go func() { h.served <- h.Serve(n) }()
	return h
}

// get asks as u for a path and returns the status and whether the server
// wants the connection closed.
func (h *hosted) get(t *testing.T, path string) (status int, last bool, err error) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://taskward"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	as("u")(request)
	response, err := h.client.Do(request)
	if err != nil {
		return 0, false, err
	}
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, response.Close, errors.Join(err, response.Body.Close())
}

// end shuts the server down and waits for everything it started.
func (h *hosted) end(t *testing.T) {
	t.Helper()
	h.client.CloseIdleConnections()
	if err := h.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-h.served; err != nil {
		t.Error(err)
	}
}

func TestShutdownDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		h := host(t, func(s *setup) { s.options.DrainDelay = 5 * time.Second }, getting(func(context.Context) error {
			<-release
			return nil
		}))
		if status, last, err := h.get(t, "/readyz"); status != 200 || last || err != nil {
			t.Errorf("before: %d %t %v", status, last, err)
		}
		slow, down := make(chan int, 1), make(chan error, 1)
		go func() {
			status, _, err := h.get(t, "/api/u/tasks/1") // is under way while all of this happens
			if err != nil {
				t.Error(err)
			}
			slow <- status
		}()
		synctest.Wait()
		start := time.Now()
		go func() { down <- h.Shutdown(t.Context()) }()
		synctest.Wait()

		if status, _, err := h.get(t, "/readyz"); status != 503 || err != nil {
			t.Errorf("readiness while draining: %d %v", status, err)
		}
		if !strings.Contains(h.log.String(), `"code":"draining"`) {
			t.Error("readiness does not say that it is draining")
		}
		for _, path := range []string{"/livez", "/health", "/api/u/tasks", "/api/me"} {
			if status, last, err := h.get(t, path); status != 200 || !last || err != nil {
				t.Errorf("%s while draining: %d, closes %t, %v", path, status, last, err)
			}
		}
		select {
		case err := <-h.served:
			t.Errorf("the listener was closed before the delay was over: %v", err)
		default:
		}

		if err := <-h.served; err != nil {
			t.Error(err)
		}
		if took := time.Since(start); took != 5*time.Second {
			t.Errorf("the listener was closed after %v", took)
		}
		if _, _, err := h.get(t, "/livez"); err == nil {
			t.Error("a connection was taken after the delay")
		}
		select {
		case err := <-down:
			t.Errorf("Shutdown did not wait for the request under way: %v", err)
		default:
		}

		close(release)
		if status := <-slow; status != 200 {
			t.Errorf("the request under way was answered %d", status)
		}
		if err := <-down; err != nil {
			t.Error(err)
		}
		h.client.CloseIdleConnections()
	})
}

func TestShutdownCutsOffWhatDoesNotEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		h := host(t, func(s *setup) { s.options.Deadline = time.Hour }, getting(func(ctx context.Context) error {
			<-ctx.Done()
			ended <- ctx.Err()
			return ctx.Err()
		}))
		go func() { _, _, _ = h.get(t, "/api/u/tasks/1") }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		if err := h.Shutdown(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Shutdown: %v", err)
		}
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("took %v", took)
		}
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the request under way got %v", err)
		}
		if err := <-h.served; err != nil {
			t.Error(err)
		}
		h.client.CloseIdleConnections()
	})
}

func TestShutdownDoesNotDelayBeyondItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := host(t, func(s *setup) { s.options.DrainDelay = time.Hour })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if err := h.Shutdown(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
			t.Error(err)
		}
		if took := time.Since(start); took != time.Second {
			t.Errorf("took %v", took)
		}
		if err := <-h.served; err != nil {
			t.Error(err)
		}
	})
}

func TestAServerThatCannotListenSaysSo(t *testing.T) {
	h := &hosted{Server: httpapi.NewServer(serve(t).API)}
	n := newNetwork()
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if err := h.Serve(n); !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve: %v", err)
	}
}

func TestConnectionsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := host(t, func(s *setup) { s.options.Connections = 2 })
		var idle []net.Conn
		for range 2 {
			connection, err := h.dial(t.Context(), "", "")
			if err != nil {
				t.Fatal(err)
			}
			idle = append(idle, connection)
		}
		answered := make(chan int, 1)
		go func() {
			status, _, err := h.get(t, "/livez")
			if err != nil {
				t.Error(err)
			}
			answered <- status
		}()
		synctest.Wait()
		select {
		case status := <-answered:
			t.Errorf("a third connection was answered %d", status)
		default:
		}
		if err := idle[0].Close(); err != nil {
			t.Error(err)
		}
		if status := <-answered; status != 200 {
			t.Errorf("the third connection was answered %d when the first had ended", status)
		}
		if err := idle[1].Close(); err != nil {
			t.Error(err)
		}
		h.end(t)
	})
}

// TestClientsThatAreSlow sends so much of a request and then nothing, and
// looks how long the server waits and what it answers.
func TestClientsThatAreSlow(t *testing.T) {
	head := "POST /api/u/tasks HTTP/1.1\r\nHost: taskward\r\nAuthorization: Bearer " + tokenOf("u") + "\r\n"
	for name, test := range map[string]struct {
		sent   string
		wait   time.Duration
		answer string
	}{
		"nothing":                {"", 10 * time.Second, ""},
		"half a header":          {head, 10 * time.Second, ""},
		"half a body":            {head + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{", 30 * time.Second, "408"},
		"nothing after a answer": {"GET /livez HTTP/1.1\r\nHost: taskward\r\n\r\n", 120 * time.Second, "200"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := host(t, func(s *setup) { s.options.Deadline = time.Hour })
				connection, err := h.dial(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				start := time.Now()
				go func() {
					if _, err := io.WriteString(connection, test.sent); err != nil {
						t.Error(err)
					}
				}()
				answer, err := io.ReadAll(connection) // to the end: the server closes the connection
				if err != nil {
					t.Error(err)
				}
				if took := time.Since(start).Round(time.Second); took != test.wait {
					t.Errorf("the server waited %v, want %v", took, test.wait)
				}
				if _, status, _ := strings.Cut(string(answer), " "); !strings.HasPrefix(status, test.answer) || (test.answer == "") != (len(answer) == 0) {
					t.Errorf("answered %q", answer)
				}
				h.end(t)
			})
		})
	}
}

func TestAClientThatDoesNotReadIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := host(t)
		connection, err := h.dial(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(connection, "GET /openapi.json HTTP/1.1\r\nHost: taskward\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		<-time.After(59 * time.Second)
		synctest.Wait()
		if len(h.log.String()) > 0 {
			t.Error("the server gave up too early")
		}
		<-time.After(2 * time.Second)
		synctest.Wait()
		if len(h.log.lines(t)) != 1 {
			t.Error("the server did not give up")
		}
		if err := connection.Close(); err != nil {
			t.Error(err)
		}
		h.end(t)
	})
}

func TestHeadersAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := host(t)
		for size, want := range map[int]int{30 << 10: 200, 33 << 10: 431} {
			connection, err := h.dial(t.Context(), "", "")
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				// A refused header is not read to its end, so writing it may fail.
				_, _ = io.WriteString(connection, "GET /livez HTTP/1.1\r\nHost: taskward\r\nConnection: close\r\nX: "+strings.Repeat("x", size)+"\r\n\r\n")
			}()
			response, err := http.ReadResponse(bufio.NewReader(connection), nil)
			if err != nil {
				t.Fatal(err)
			}
			if response.StatusCode != want {
				t.Errorf("a header of %d bytes: %d, want %d", size, response.StatusCode, want)
			}
			if err := errors.Join(response.Body.Close(), connection.Close()); err != nil {
				t.Error(err)
			}
		}
		h.end(t)
	})
}

// TestServeOnTCP is the one test over a real connection: everything together.
func TestServeOnTCP(t *testing.T) {
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t)
	h := &hosted{service: s, Server: httpapi.NewServer(s.API), served: make(chan error, 1), client: &http.Client{}}
	go func() { h.served <- h.Serve(listener) }()
	if ids := fetch(t, "http://"+listener.Addr().String(), "GET", "/api/me/tasks").ids(); len(ids) > 0 {
		t.Errorf("listed %v", ids)
	}
	http.DefaultClient.CloseIdleConnections()
	h.end(t)
}
