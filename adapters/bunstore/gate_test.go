package bunstore_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// occupy fills the gate's only place until the function that it gives is called.
func occupy(t *testing.T, gate *bunstore.Gate) (leave func()) {
	t.Helper()
	left, all := make(chan struct{}), sync.WaitGroup{}
	all.Go(func() {
		if err := gate.Pass(t.Context(), func() error { <-left; return nil }); err != nil {
			t.Error(err)
		}
	})
	synctest.Wait()
	return func() {
		close(left)
		all.Wait()
	}
}

func TestGateKeepsTheOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := bunstore.NewGate(1, 100, time.Second)
		leave := occupy(t, gate)
		var order []int
		var all sync.WaitGroup
		for member := range 100 {
			all.Go(func() {
				if err := gate.Pass(t.Context(), func() error { order = append(order, member); return nil }); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		leave()
		all.Wait()
		if len(order) != 100 || !slices.IsSorted(order) {
			t.Errorf("they came in as %v", order)
		}
	})
}

func TestGateIsNoWiderThanItsPool(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := bunstore.NewGate(3, 100, time.Minute)
		var mu sync.Mutex
		inside, most := 0, 0
		step := func(by int) {
			mu.Lock()
			defer mu.Unlock()
			inside += by
			most = max(most, inside)
		}
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				err := gate.Pass(t.Context(), func() error {
					step(1)
					<-time.After(time.Second)
					step(-1)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if most != 3 {
			t.Errorf("%d were inside at a time, want 3", most)
		}
	})
}

func TestGateTurnsAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := bunstore.NewGate(1, 2, time.Second)
		leave := occupy(t, gate)
		come := func(ctx context.Context) (told chan error) {
			told = make(chan error, 1)
			go func() { told <- gate.Pass(ctx, func() error { t.Error("came in"); return nil }) }()
			synctest.Wait()
			return told
		}
		wantOverload := func(err error) {
			t.Helper()
			var failure *domain.Error
			if !errors.As(err, &failure) || failure.Kind != domain.Unavailable || failure.Code != "overloaded" || failure.RetryAfter != time.Second {
				t.Errorf("got error %v, want overloaded", err)
			}
		}
		impatient, giveUp := context.WithCancel(t.Context())
		first, second := come(t.Context()), come(impatient)
		wantOverload(<-come(t.Context())) // two wait already
		giveUp()
		if err := <-second; !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want the context's", err)
		}
		third := come(t.Context()) // in the place of who has given up
		if use := gate.Use("", new(sql.DB)); use.Size != 1 || use.Waiting != 2 || use.Waited != 4 || use.Refused != 1 {
			t.Errorf("with two who wait, one turned away and one gone the gate stands at %+v", use)
		}
		start := time.Now() //nolint:forbidigo // the bubble's
		wantOverload(<-first)
		wantOverload(<-third)
		if took := time.Since(start); took != time.Second {
			t.Errorf("they were turned away after %v", took)
		}
		if use := gate.Use("", new(sql.DB)); use.Waiting != 0 || use.Waited != 4 || use.Refused != 3 {
			t.Errorf("with all turned away the gate stands at %+v", use)
		}
		leave()
		if err := gate.Pass(t.Context(), func() error { return errors.ErrUnsupported }); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("got error %v, want that of the work", err)
		}
		occupy(t, gate)() // it was left after an error
	})
}

func BenchmarkGate(b *testing.B) {
	gate := bunstore.NewGate(8, 1024, time.Second)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			_ = gate.Pass(b.Context(), func() error { return nil })
		}
	})
}
