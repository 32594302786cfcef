package postgres_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

// patience is how long a test waits for what takes a moment on a slow machine.
const patience = 30 * time.Second

func openWakeups(t *testing.T, url string, log io.Writer) *postgres.Wakeups {
	t.Helper()
	wakeups, err := postgres.OpenWakeups(url, memory.NewWakeups(), slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := wakeups.Close(); err != nil {
			t.Error(err)
		}
	})
	return wakeups
}

func TestWakeups(t *testing.T) {
	url := postgrestest.Database(t)
	shared := openWakeups(t, url, io.Discard)
	portstest.TestWakeups(t,
		func(*testing.T) ports.Wakeups { return shared },
		portstest.ClosingWakeups(func(t *testing.T) portstest.ClosableWakeups { return openWakeups(t, url, io.Discard) }),
		portstest.ClosedWakeups(func(t *testing.T) ports.Wakeups {
			wakeups := openWakeups(t, url, io.Discard)
			if err := wakeups.Close(); err != nil {
				t.Fatal(err)
			}
			return wakeups
		}),
		portstest.WakeupsTwice(func(t *testing.T) (one, other ports.Wakeups) {
			return openWakeups(t, url, io.Discard), openWakeups(t, url, io.Discard)
		}),
	)
}

// connected gives the wakeups of two processes that hear each other.
func connected(t *testing.T, url string) (here, there *postgres.Wakeups) {
	t.Helper()
	here, there = openWakeups(t, url, io.Discard), openWakeups(t, url, io.Discard)
	introduce(t, here, there)
	introduce(t, there, here)
	return here, there
}

// introduce waits until one process hears the other, by an owner that nobody
// was told of before.
func introduce(t *testing.T, from, to *postgres.Wakeups) (owner domain.UserID) {
	t.Helper()
	owner = domain.UserID(rand.Text())
	woken, stop := to.Listen(owner)
	defer stop()
	deadline, again := time.After(patience), time.NewTicker(50*time.Millisecond)
	defer again.Stop()
	for {
		from.Wake(t.Context(), owner)
		select {
		case <-woken:
			return owner
		case <-again.C:
		case <-deadline:
			t.Fatal("the processes do not hear each other")
		}
	}
}

func expectWake(t *testing.T, woken <-chan struct{}, within time.Duration) {
	t.Helper()
	select {
	case _, open := <-woken:
		if !open {
			t.Error("the wakeups are closed")
		}
	case <-time.After(within):
		t.Errorf("no wake within %v", within)
	}
}

func TestWakeupsReachOtherProcesses(t *testing.T) {
	here, there := connected(t, postgrestest.Database(t))
	for _, owner := range []domain.UserID{
		"user", "User", "0", `'; NOTIFY x; --`, `"\` + "\n\t$1", "😀", domain.UserID(strings.Repeat("é", domain.MaxUserIDBytes/2)),
	} {
		woken, stop := there.Listen(owner)
		here.Wake(t.Context(), owner)
		expectWake(t, woken, time.Second)
		stop()
		woken, stop = here.Listen(owner)
		there.Wake(t.Context(), owner)
		expectWake(t, woken, time.Second)
		stop()
	}
}

func TestWakeupsOfOneDatabaseAlone(t *testing.T) {
	here, neighbour := connected(t, postgrestest.Database(t))
	elsewhere, there := connected(t, postgrestest.Database(t))
	woken, stop := there.Listen("owner")
	defer stop()
	here.Wake(t.Context(), "owner")
	introduce(t, here, neighbour) // so the wake was sent
	introduce(t, elsewhere, there)
	if len(woken) > 0 {
		t.Error("woken from another database")
	}
}

// What a process hears of its own notifications is no second wake. They come in
// the order in which they were sent, so one that another process sends after it
// has heard them comes after them.
func TestWakeupsDoNotEcho(t *testing.T) {
	here, there := connected(t, postgrestest.Database(t))
	mine, stopMine := here.Listen("owner")
	defer stopMine()
	theirs, stopTheirs := there.Listen("owner")
	defer stopTheirs()
	here.Wake(t.Context(), "owner")
	expectWake(t, mine, time.Second)
	expectWake(t, theirs, patience)
	introduce(t, there, here)
	if len(mine) > 0 {
		t.Error("a process has woken itself twice")
	}
}

// A NOTIFY locks the whole database for a moment, so that many changes must not
// be as many notifications.
func TestWakeupsAreGathered(t *testing.T) {
	url := postgrestest.Database(t)
	here, there := connected(t, url)
	observer := connect(t, url)
	if _, err := observer.Exec(t.Context(), "LISTEN taskward_changes"); err != nil {
		t.Fatal(err)
	}
	const wakes, gathering = 200, 25 * time.Millisecond
	start := time.Now() //nolint:forbidigo // it measures how long the wakes take
	for range wakes {
		here.Wake(t.Context(), "busy")
		<-time.After(time.Millisecond)
	}
	last, told := introduce(t, here, there), 0
	for {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		notification, err := observer.WaitForNotification(ctx)
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if notification.Payload == string(last) {
			break
		}
		told++
	}
	if most := int(time.Since(start)/gathering) + 1; told < 1 || told > most {
		t.Errorf("%d wakes were told %d times, want at most %d", wakes, told, most)
	}
}

func TestWakeupsAreHeardAgainAfterAnOutage(t *testing.T) {
	url := postgrestest.Database(t)
	var log transcript
	here, there := openWakeups(t, url, &log), openWakeups(t, url, &log)
	introduce(t, here, there)
	for range 3 {
		cutOff(t, url)
		introduce(t, here, there)
		introduce(t, there, here)
	}
	if lost := strings.Count(log.String(), "wakeups of other processes are not heard"); lost != 6 {
		t.Errorf("3 outages for two were logged %d times:\n%s", lost, log.String())
	}
	if found := strings.Count(log.String(), "heard again"); found != 6 {
		t.Errorf("the ends of 3 outages for two were logged %d times:\n%s", found, log.String())
	}
}

// cutOff ends all connections on which processes listen, and waits until they
// are gone.
func cutOff(t *testing.T, url string) {
	t.Helper()
	const end = `SELECT count(*) FILTER (WHERE pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'taskward'`
	var ended int
	err := connect(t, url).QueryRow(t.Context(), end).Scan(&ended)
	if err != nil || ended != 2 {
		t.Fatalf("ended %d connections: %v", ended, err)
	}
}

// A firewall that forgets a connection tells neither end.
func TestASilentConnectionIsGivenUp(t *testing.T) {
	t.Parallel()
	database := postgrestest.Database(t)
	through := startTunnel(t, database)
	tunnelled, err := postgres.OpenWakeupsTrying(through.url, memory.NewWakeups(), 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tunnelled.Close() }) // it has nothing to fail at
	there := openWakeups(t, database, io.Discard)
	introduce(t, there, tunnelled)
	through.forget()
	introduce(t, there, tunnelled)
}

func TestWakeupsWorkHereWithoutAServer(t *testing.T) {
	deaf, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = deaf.Close() })
	gone, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	for name, address := range map[string]string{"it refuses connections": gone.Addr().String(), "it does not answer": deaf.Addr().String()} {
		t.Run(name, func(t *testing.T) {
			var log transcript
			wakeups := openWakeups(t, "postgres://user:hunter2@"+address+"/db", &log)
			woken, stop := wakeups.Listen("owner")
			defer stop()
			wakeups.Wake(t.Context(), "owner")
			expectWake(t, woken, time.Second)
			for i := range 10_000 {
				wakeups.Wake(t.Context(), domain.UserID(fmt.Sprint(i)))
			}
			if untold := wakeups.Untold(); untold < 1 || untold > 4096 {
				t.Errorf("%d owners wait to be told of", untold)
			}
			closed := make(chan error)
			go func() { closed <- wakeups.Close() }()
			select {
			case err := <-closed:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(patience):
				t.Fatal("Close waits for the server")
			}
			select {
			case _, open := <-woken:
				if open {
					t.Error("woken after the Close")
				}
			default:
				t.Error("who listens does not learn of the Close")
			}
			if strings.Contains(log.String(), "hunter2") || strings.Contains(log.String(), "owner") {
				t.Errorf("logged %s", log.String())
			}
		})
	}
}

func TestWakeupsDoNotFillTheLog(t *testing.T) {
	var log transcript
	openWakeups(t, "postgres://user:hunter2@127.0.0.1:1/db", &log)
	deadline := time.After(patience)
	for !strings.Contains(log.String(), "failures=4 ") {
		select {
		case <-deadline:
			t.Fatalf("logged %s", log.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	if lines := strings.Count(log.String(), "\n"); lines != 3 || strings.Contains(log.String(), "hunter2") {
		t.Errorf("the 1st, 2nd and 4th failure should be logged, without the password:\n%s", log.String())
	}
}

func TestWakeupsLeaveNoConnection(t *testing.T) {
	url := postgrestest.Database(t)
	here, there := connected(t, url)
	for _, wakeups := range []*postgres.Wakeups{here, there} {
		if err := wakeups.Close(); err != nil {
			t.Error(err)
		}
		wakeups.Wake(t.Context(), "owner")
	}
	observer := connect(t, url)
	deadline := time.After(patience)
	for left := 1; left > 0; { // a server takes a moment to see that a connection has ended
		const others = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
		if err := observer.QueryRow(t.Context(), others).Scan(&left); err != nil {
			t.Fatal(err)
		}
		select {
		case <-deadline:
			t.Fatalf("%d connections are left", left)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestWakeupsNeedAURL(t *testing.T) {
	for _, text := range []string{"", "mysql://user:hunter2@localhost/db", "postgres://user:hunter2@localhost:port/db"} {
		wakeups, err := postgres.OpenWakeups(text, memory.NewWakeups(), nil)
		if err == nil {
			t.Errorf("%q was opened", text)
			_ = wakeups.Close()
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error has the password: %v", err)
		}
	}
}

// A tunnel leads to a server.
type tunnel struct {
	url string

	mu         sync.Mutex
	generation int // of connections; what comes on those of earlier ones gets lost
}

func startTunnel(t *testing.T, database string) *tunnel {
	t.Helper()
	address, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	server := address.Host
	entrance, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address.Host = entrance.Addr().String()
	through := &tunnel{url: address.String()}
	go func() {
		for {
			near, err := entrance.Accept()
			if err != nil {
				return
			}
			far, err := (&net.Dialer{}).DialContext(context.WithoutCancel(t.Context()), "tcp", server)
			if err != nil {
				t.Error(err)
				return
			}
			t.Cleanup(func() { _, _ = near.Close(), far.Close() })
			generation := through.current()
			go through.carry(near, far, generation)
			go through.carry(far, near, generation)
		}
	}()
	t.Cleanup(func() { _ = entrance.Close() })
	return through
}

func (w *tunnel) current() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.generation
}

// forget loses all connections that there are.
func (w *tunnel) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.generation++
}

func (w *tunnel) carry(to io.Writer, from io.Reader, generation int) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if w.current() == generation {
			_, _ = to.Write(buffer[:n]) // or it gets lost
		}
	}
}

// A transcript is a log that is read while it is written.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *transcript) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *transcript) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
