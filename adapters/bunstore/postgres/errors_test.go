package postgres_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
)

const owner = domain.UserID("owner")

func create(t *testing.T, store *postgres.Store) domain.Task {
	t.Helper()
	made, err := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), domain.Create{Title: title(t, "private words")}))
	if err != nil {
		t.Fatal(err)
	}
	return made[0]
}

func toggle(ctx context.Context, store *postgres.Store, task domain.Task) error {
	_, err := store.Apply(ctx, owner, domain.NewBatch(time.Unix(2e9, 0), domain.ToggleCompleted{Target: domain.Target{ID: task.ID}}))
	return err
}

func TestUnreachableServerIsUnavailable(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	store := open(t, postgres.Options{URL: "postgres://user:hunter2@" + listener.Addr().String() + "/db", Prepare: true})
	_, getErr := store.Get(t.Context(), owner, 1)
	_, listErr := store.List(t.Context(), owner, domain.TaskQuery{Limit: 1})
	_, trashErr := store.Trash(t.Context(), owner, domain.TrashQuery{Limit: 1})
	_, changesErr := store.Changes(t.Context(), owner, domain.Mark{}, 1)
	_, stateErr := store.State(t.Context(), owner)
	_, ownersErr := store.Owners(t.Context(), "", 1)
	_, emptyErr := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0)))
	_, editErr := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), domain.Edit{Target: domain.Target{ID: 1}}))
	for _, err := range []error{
		getErr, listErr, trashErr, changesErr, stateErr, ownersErr, emptyErr, editErr,
		toggle(t.Context(), store, domain.Task{ID: 1}), store.Erase(t.Context(), owner), store.Ping(t.Context()),
	} {
		if domain.KindOf(err) != domain.Unavailable || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("want an error that is unavailable and without the password, got %v", err)
		}
	}
}

func TestServerErrors(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true})
	before := create(t, store)
	for code, want := range map[string]domain.Kind{
		"53100": domain.Unavailable, // disk full
		"53300": domain.Unavailable, // too many connections
		"55P03": domain.Unavailable, // lock not available
		"57P01": domain.Unavailable, // shutdown
		"58030": domain.Unavailable, // I/O error
		"25006": domain.Unavailable, // read-only transaction
		"40001": domain.Unavailable, // serialization failure that does not go away
		"23505": domain.Internal,    // unique violation
		"42P01": domain.Internal,    // undefined table
	} {
		t.Run(code, func(t *testing.T) {
			refuse(t, url, code, 1_000)
			err := toggle(t.Context(), store, before)
			if domain.KindOf(err) != want || err == nil {
				t.Errorf("want kind %d, got %v", want, err)
			}
			if err != nil && (!strings.Contains(err.Error(), "change tasks") || !strings.Contains(err.Error(), code) || strings.Contains(err.Error(), "private words")) {
				t.Errorf("want an error that says what was attempted and why, and no title, got %v", err)
			}
			if after, err := store.Get(t.Context(), owner, before.ID); err != nil || after != before {
				t.Errorf("want the task as it was, got %+v and error %v", after, err)
			}
		})
	}
}

func TestConflictsAreTriedAgain(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true})
	for _, code := range []string{"40001", "40P01"} {
		t.Run(code, func(t *testing.T) {
			task := create(t, store)
			refuse(t, url, code, 3)
			if err := toggle(t.Context(), store, task); err != nil {
				t.Fatalf("three conflicts were shown: %v", err)
			}
			after, err := store.Get(t.Context(), owner, task.ID)
			if err != nil || !after.Completed || after.Sequence != task.Sequence+1 {
				t.Errorf("want the task toggled once, got %+v and error %v", after, err)
			}
		})
	}
}

func TestConflictsOfOtherChangesAreTriedAgain(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true})
	at := time.Unix(1e9, 0)
	on := domain.Target{ID: create(t, store).ID}
	apply := func(batch domain.Batch) func() error {
		return func() error { _, err := store.Apply(t.Context(), owner, batch); return err }
	}
	edit := domain.Edit{Target: on, Priority: domain.Some(domain.High)}
	for _, step := range []struct {
		name string
		call func() error
		want domain.Sequence
	}{
		{"an edit", apply(domain.NewBatch(at, edit)), 2},
		{"a batch", apply(domain.NewBatch(at, edit, edit)), 4},
		{"a batch with a key", apply(domain.NewBatch(at, edit).Once(domain.Once{Key: "key", Until: at.Add(time.Hour)})), 5},
		{"a delete", apply(domain.NewBatch(at, domain.Delete{Target: on})), 6},
		{"a restore", apply(domain.NewBatch(at, domain.Restore{Target: on})), 7},
		{"an erasure", func() error { return store.Erase(t.Context(), owner) }, 8},
	} {
		refuse(t, url, "40001", 3)
		if err := step.call(); err != nil {
			t.Fatalf("three conflicts over %s were shown: %v", step.name, err)
		}
		if state, err := store.State(t.Context(), owner); err != nil || state.Sequence != step.want {
			t.Errorf("after %s: want sequence %d, got %+v and error %v", step.name, step.want, state, err)
		}
	}
}

// refuse makes the server fail the next changes of a database with the given
// code, and with the title in places where a server may put it.
func refuse(t *testing.T, url, code string, times int) {
	t.Helper()
	connection := connect(t, url)
	for _, statement := range []string{
		`CREATE SEQUENCE IF NOT EXISTS attempts`,
		`ALTER SEQUENCE attempts RESTART`,
		fmt.Sprintf(`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
			IF nextval('attempts') <= %d THEN
				RAISE EXCEPTION 'refused' USING ERRCODE = '%s', DETAIL = 'Failing row contains (private words).', HINT = 'private words';
			END IF;
			RETURN NEW;
		END $$`, times, code),
		`CREATE OR REPLACE TRIGGER refuse BEFORE UPDATE ON taskward.owners FOR EACH ROW EXECUTE FUNCTION refuse()`,
	} {
		if _, err := connection.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
}

func TestContextEndsAChangeThatWaits(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true})
	before := create(t, store)
	observer := connect(t, url)
	for _, batch := range []domain.Batch{
		domain.NewBatch(time.Unix(2e9, 0), domain.Delete{Target: domain.Target{ID: before.ID}}),
		domain.NewBatch(time.Unix(2e9, 0), domain.Create{Title: title(t, "more")}, domain.Delete{Target: domain.Target{ID: before.ID}}),
	} {
		unlock := lockOwner(t, url)
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error)
		go func() {
			_, err := store.Apply(ctx, owner, batch)
			failed <- err
		}()
		untilWaiting(t, observer, 1)
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("want context.Canceled, got %v", err)
		}
		untilWaiting(t, observer, 0) // the server has let go as well
		unlock()
		if after, err := store.Get(t.Context(), owner, before.ID); err != nil || after != before {
			t.Errorf("want the task as it was, got %+v and error %v", after, err)
		}
	}
	deadline, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	defer lockOwner(t, url)()
	if err := toggle(deadline, store, before); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("want context.DeadlineExceeded, got %v", err)
	}
}

func TestStatementTimeoutIsUnavailable(t *testing.T) {
	url := migrated(t)
	task := create(t, open(t, postgres.Options{URL: url, Prepare: true}))
	store := open(t, postgres.Options{URL: url, Prepare: true, StatementTimeout: 20 * time.Millisecond})
	defer lockOwner(t, url)()
	if err := toggle(t.Context(), store, task); domain.KindOf(err) != domain.Unavailable {
		t.Errorf("want domain.Unavailable, got %v", err)
	}
}

func TestLostConnectionIsUnavailable(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true, PoolSize: 4})
	task := create(t, store)
	observer := connect(t, url)
	unlock := lockOwner(t, url)
	failed := make(chan error)
	go func() { failed <- toggle(t.Context(), store, task) }()
	untilWaiting(t, observer, 1)
	if _, err := observer.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'taskward'`); err != nil {
		t.Fatal(err)
	}
	if err := <-failed; domain.KindOf(err) != domain.Unavailable {
		t.Errorf("want domain.Unavailable, got %v", err)
	}
	unlock()
	// No more calls fail than there were connections.
	for range 4 {
		after, err := store.Get(t.Context(), owner, task.ID)
		if err == nil && after == task {
			return
		}
		if domain.KindOf(err) != domain.Unavailable {
			t.Fatalf("want the task or domain.Unavailable, got %+v and error %v", after, err)
		}
	}
	if after, err := store.Get(t.Context(), owner, task.ID); err != nil || after != task {
		t.Errorf("want the task, got %+v and error %v", after, err)
	}
}

// Connections that the server ends while nobody uses them are not missed.
func TestConnectionsCutWhileIdleAreNotMissed(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true, PoolSize: 1})
	on := domain.Target{ID: create(t, store).ID}
	observer := connect(t, url)
	for name, changes := range map[string][]domain.Change{
		"a statement":   {domain.ToggleCompleted{Target: on}},
		"a transaction": {domain.ToggleCompleted{Target: on}, domain.ToggleCompleted{Target: on}},
	} {
		// The second call makes the connection known to work, so that the next one does not try it with a statement.
		for range 2 {
			if _, err := store.Get(t.Context(), owner, on.ID); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := observer.Exec(t.Context(), `SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'taskward'`); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(2e9, 0), changes...)); err != nil {
			t.Errorf("%s over a connection that was cut: %v", name, err)
		}
	}
}

// A server that crashes, or a network that breaks, sends no last word.
func TestSilentLossIsUnavailable(t *testing.T) {
	url := migrated(t)
	line := cuttable(t, url)
	store := open(t, postgres.Options{URL: line.url, Prepare: true})
	task := create(t, store)
	observer := connect(t, url)
	on := domain.Target{ID: task.ID}
	for _, changes := range [][]domain.Change{
		{domain.ToggleCompleted{Target: on}},
		{domain.ToggleCompleted{Target: on}, domain.ToggleCompleted{Target: on}},
	} {
		unlock := lockOwner(t, url)
		failed := make(chan error)
		go func() {
			_, err := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(2e9, 0), changes...))
			failed <- err
		}()
		untilWaiting(t, observer, 1)
		line.cut()
		if err := <-failed; domain.KindOf(err) != domain.Unavailable {
			t.Errorf("want domain.Unavailable, got %v", err)
		}
		unlock()
		untilWaiting(t, observer, 0)
	}
}

func TestBadConnectionIsUnavailable(t *testing.T) {
	if !postgres.IsUnavailable(fmt.Errorf("begin: %w", driver.ErrBadConn)) {
		t.Error("database/sql found no connection that works, and nobody is told")
	}
	if !postgres.IsUnavailable(fmt.Errorf("commit: %w", pgconn.ErrConnClosed)) {
		t.Error("the connection broke under BEGIN or COMMIT, which pgx tells with no more than this, and nobody is told")
	}
}

// line is a way to the server that can be cut.
type line struct {
	url string

	mu   sync.Mutex
	ends []net.Conn
}

func cuttable(t *testing.T, server string) *line {
	t.Helper()
	address, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	host := address.Host
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	address.Host = listener.Addr().String()
	l := &line{url: address.String()}
	go func() {
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", host)
			if err != nil {
				return
			}
			l.mu.Lock()
			l.ends = append(l.ends, here, there)
			l.mu.Unlock()
			go func() { _, _ = io.Copy(here, there) }()
			go func() { _, _ = io.Copy(there, here) }()
		}
	}()
	return l
}

func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, end := range l.ends {
		_ = end.Close()
	}
	l.ends = nil
}

func TestPoolIsBounded(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true, PoolSize: 3})
	task := create(t, store)
	observer := connect(t, url)
	unlock := lockOwner(t, url)
	const many = 12
	done := make(chan error)
	for range many {
		go func() { done <- toggle(t.Context(), store, task) }()
	}
	untilWaiting(t, observer, 3)
	unlock()
	for range many {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	var kept int
	if err := observer.QueryRow(t.Context(), clients).Scan(&kept); err != nil || kept != 3 {
		t.Errorf("want all 3 connections kept, got %d and error %v", kept, err)
	}
}

// clients counts the store's connections to the database.
const clients = `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'taskward'`

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close(context.Background()) })
	return connection
}

// lockOwner lets changes of the owner's tasks wait until unlock is called.
func lockOwner(t *testing.T, url string) (unlock func()) {
	t.Helper()
	tx, err := connect(t, url).Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), `SELECT FROM taskward.owners WHERE user_id = $1 FOR UPDATE`, string(owner)); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Rollback(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

// untilWaiting returns when so many of the store's connections wait for a lock.
func untilWaiting(t *testing.T, observer *pgx.Conn, want int) {
	t.Helper()
	for range 1_000 {
		var count int
		if err := observer.QueryRow(t.Context(), clients+` AND wait_event_type = 'Lock'`).Scan(&count); err != nil {
			t.Fatal(err)
		}
		if count == want {
			return
		}
		if _, err := observer.Exec(t.Context(), `SELECT pg_sleep(0.01)`); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("there are never %d connections that wait", want)
}
