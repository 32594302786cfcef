package postgres_test

import (
	"errors"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
)

// While all connections are taken, some wait for one and the rest are told to
// come again; whoever waits too long is told so as well.
func TestWaitingIsBounded(t *testing.T) {
	url := migrated(t)
	store := open(t, postgres.Options{URL: url, Prepare: true, PoolSize: 1, Queue: 1, Patience: 100 * time.Millisecond})
	create(t, store)
	unlock := lockOwner(t, url)
	changed := make(chan error, 1)
	go func() {
		_, err := store.Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), domain.ToggleCompleted{Target: domain.Target{ID: 1}}))
		changed <- err
	}()
	untilWaiting(t, connect(t, url), 1)
	const others = 8
	refused := make(chan error, others)
	for range others {
		go func() {
			_, err := store.Get(t.Context(), owner, 1)
			refused <- err
		}()
	}
	for range others {
		var failure *domain.Error
		if err := <-refused; !errors.As(err, &failure) || failure.Code != "overloaded" || failure.RetryAfter != time.Second {
			t.Errorf("with no connection left, error %v", err)
		}
	}
	unlock()
	if err := <-changed; err != nil {
		t.Error(err)
	}
	if task, err := store.Get(t.Context(), owner, 1); err != nil || !task.Completed {
		t.Errorf("afterwards: %+v and error %v", task, err)
	}
}
