package postgres

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

const (
	// wakeupChannel is a database's, as our tables are.
	wakeupChannel = "taskward_changes"
	// gatherTime is the least time between two notifications that a process
	// sends: each takes a lock on the whole database while it commits.
	gatherTime = 25 * time.Millisecond
	// signOfLife is how long a process says nothing before it tries whether the
	// connection still is one.
	signOfLife = 30 * time.Second
	// exchangeTimeout is what one exchange with the server may take.
	exchangeTimeout = 5 * time.Second

	firstReconnect   = 100 * time.Millisecond
	slowestReconnect = 5 * time.Second
)

// Wakeups is a ports.Wakeups for all processes that work on one database. It
// wakes within this process at once and tells the others by NOTIFY, on the one
// connection on which it also hears of theirs. What is lost while there is no
// connection is not made up for: who listens looks now and then anyway.
type Wakeups struct {
	local      localWakeups
	config     *pgx.ConnConfig
	signOfLife time.Duration
	log        *slog.Logger
	untold     outbox
	end        context.CancelFunc
	running    sync.WaitGroup
}

// localWakeups are a ports.Wakeups within this process.
type localWakeups interface {
	ports.Wakeups
	io.Closer
}

// OpenWakeups makes wakeups within this process reach the others that work on
// the database at url, which is as [Options] has it and must lead past poolers
// that hand a connection to another client after each transaction. It connects
// when it can, and logs to logger when it cannot, unless that is nil. Its Close
// closes the local ones as well.
func OpenWakeups(url string, local localWakeups, logger *slog.Logger) (*Wakeups, error) {
	return openWakeups(url, local, logger, signOfLife)
}

func openWakeups(url string, local localWakeups, logger *slog.Logger, signOfLife time.Duration) (*Wakeups, error) {
	config, err := Options{URL: url, Prepare: true}.connection()
	if err != nil {
		return nil, err
	}
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	life, end := context.WithCancel(context.Background())
	w := &Wakeups{local: local, config: config, signOfLife: signOfLife, log: logger, end: end}
	w.running.Go(func() { w.keepConversing(life) })
	return w, nil
}

// Wake implements ports.Wakeups.
func (w *Wakeups) Wake(ctx context.Context, owner domain.UserID) {
	w.local.Wake(ctx, owner)
	w.untold.put(string(owner))
}

// Listen implements ports.Wakeups.
func (w *Wakeups) Listen(owner domain.UserID) (woken <-chan struct{}, stop func()) {
	return w.local.Listen(owner)
}

// Close ends the connection, and what all listeners listen to.
func (w *Wakeups) Close() error {
	w.end()
	w.running.Wait()
	return w.local.Close()
}

func (w *Wakeups) keepConversing(life context.Context) {
	failures := 0
	for life.Err() == nil {
		err := w.converse(life, func() {
			if failures > 0 {
				w.log.InfoContext(life, "wakeups of other processes are heard again", "failures", failures)
			}
			failures = 0
		})
		if life.Err() == nil && failures&(failures+1) == 0 { // the 1st, 2nd, 4th, 8th …: an outage does not fill the log
			w.log.WarnContext(life, "wakeups of other processes are not heard", "failures", failures+1, "error", err)
		}
		select {
		case <-time.After(min(firstReconnect<<min(failures, 8), slowestReconnect)):
		case <-life.Done():
		}
		failures++
	}
}

// converse tells and hears on one connection until that fails.
func (w *Wakeups) converse(life context.Context, connected func()) error {
	connection, err := w.connect(life)
	if err != nil {
		return err
	}
	defer hangUp(life, connection)
	if err := w.tell(life, connection); err != nil {
		return err
	}
	connected()
	for {
		err := w.hear(life, connection, gatherTime)
		if err == nil {
			err = w.hearUntilThereIsMoreToTell(life, connection)
		}
		if err == nil {
			err = w.tell(life, connection)
		}
		if err != nil {
			return err
		}
	}
}

func (w *Wakeups) connect(life context.Context) (*pgx.Conn, error) {
	connection, err := pgx.ConnectConfig(life, w.config)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(life, exchangeTimeout)
	defer cancel()
	if _, err := connection.Exec(ctx, "LISTEN "+wakeupChannel); err != nil {
		hangUp(life, connection)
		return nil, err
	}
	return connection, nil
}

func hangUp(life context.Context, connection *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(life), exchangeTimeout)
	defer cancel()
	_ = connection.Close(ctx) // it may be broken already
}

// tell sends what there is to tell, in one transaction; if that is nothing, a
// sign of life.
func (w *Wakeups) tell(life context.Context, connection *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(life, exchangeTimeout)
	defer cancel()
	_, err := connection.Exec(ctx, "SELECT pg_notify($1, owner) FROM unnest($2::text[]) AS owner", wakeupChannel, w.untold.take())
	return err
}

func (w *Wakeups) hearUntilThereIsMoreToTell(life context.Context, connection *pgx.Conn) error {
	telling, more := context.WithCancel(life)
	defer more()
	w.untold.whenFilled(more)
	return w.hear(telling, connection, w.signOfLife)
}

// hear wakes here whom others have woken, for a while.
func (w *Wakeups) hear(ctx context.Context, connection *pgx.Conn, while time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, while)
	defer cancel()
	for {
		notification, err := connection.WaitForNotification(ctx)
		switch {
		case err != nil && ctx.Err() != nil:
			return nil // the time is over; the connection lives on
		case err != nil:
			return err
		case notification.PID != connection.PgConn().PID():
			w.local.Wake(ctx, domain.UserID(notification.Payload))
		}
	}
}
