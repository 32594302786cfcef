package jwtauth_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := jwtauth.NewGate()
		if want := max(1, runtime.GOMAXPROCS(0)/2); gate.Slots() != want || gate.Queue() != 64*want {
			t.Fatalf("%d checks run and %d wait at a time, want %d and %d", gate.Slots(), gate.Queue(), want, 64*want)
		}
		var inside atomic.Int32
		var order []int
		var mu sync.Mutex
		leave := make(chan struct{})
		var all sync.WaitGroup
		enter := func(ctx context.Context, number int) {
			all.Go(func() {
				err := gate.Do(ctx, func() error {
					inside.Add(1)
					mu.Lock()
					order = append(order, number)
					mu.Unlock()
					<-leave
					inside.Add(-1)
					return errDown
				})
				if !errors.Is(err, errDown) {
					t.Errorf("check %d: its error became %v", number, err)
				}
			})
			synctest.Wait()
		}
		many := gate.Slots() + gate.Queue()
		for number := range many {
			enter(t.Context(), number)
			if got := int(inside.Load()); got > gate.Slots() {
				t.Fatalf("%d checks at a time, want at most %d", got, gate.Slots())
			}
		}
		err := gate.Do(t.Context(), func() error {
			t.Error("one too many was checked")
			return nil
		})
		wantOverload(t, "one too many", err)
		for range many {
			leave <- struct{}{}
			synctest.Wait()
		}
		all.Wait()
		if len(order) != many || !slices.IsSorted(order) {
			t.Errorf("%d were checked, in the order %v", len(order), order)
		}
		enter(t.Context(), many)
		leave <- struct{}{}
		all.Wait()
	})
}

func TestGateIsLeftWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := jwtauth.NewGate()
		leave := make(chan struct{})
		var all sync.WaitGroup
		for range gate.Slots() {
			all.Go(func() {
				if err := gate.Do(t.Context(), func() error { <-leave; return nil }); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for range gate.Queue() {
			all.Go(func() {
				err := gate.Do(ctx, func() error {
					t.Error("who had left was checked")
					return nil
				})
				wantOverload(t, "who left", err)
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("who left got %v", err)
				}
			})
		}
		time.Sleep(2 * time.Second) //nolint:forbidigo // the bubble's clock
		synctest.Wait()
		close(leave)
		all.Wait()
		for range 2 * gate.Queue() { // all have left the queue, too
			if err := gate.Do(t.Context(), func() error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func wantOverload(t *testing.T, who string, err error) {
	t.Helper()
	var failure *domain.Error
	if !errors.As(err, &failure) || failure.Kind != domain.Unavailable || failure.Code != "too_many_verifications" || failure.RetryAfter < time.Second {
		t.Errorf("%s got %v", who, err)
	}
}

// TestCostlyJunkStarvesNobody sends ES512 tokens with bad signatures from many
// clients at once. Tokens that are cheap to check go on being accepted, in
// about the time that they take without the flood.
func TestCostlyJunkStarvesNobody(t *testing.T) {
	options := everything(t)
	options.CacheSize = -1
	verifier := newVerifier(t, options)
	draft := newDraft("ES512")
	junk := draft.write(func(h, c, s string) string { return h + "." + c + "." + encode(flip(decode(s), 9)) }).sign(t)
	if got := code(verifier.Verify(t.Context(), junk)); got != "invalid_signature" {
		t.Fatalf("junk gets %q", got)
	}
	good := []string{newDraft("HS256").sign(t), newDraft("EdDSA").sign(t)}

	var flooding atomic.Bool
	flooding.Store(true)
	var flood sync.WaitGroup
	var refused atomic.Int32
	for range 60 {
		flood.Go(func() {
			for flooding.Load() {
				if got := code(verifier.Verify(t.Context(), junk)); got != "invalid_signature" && got != "too_many_verifications" {
					t.Errorf("junk gets %q", got)
				}
				refused.Add(1)
			}
		})
	}
	for refused.Load() < 60 {
		runtime.Gosched()
	}
	const rounds = 20
	began := time.Now()
	for range rounds {
		for _, token := range good {
			runtime.Gosched() // to the end of the queue, as a request that comes from the network
			if got := code(verifier.Verify(t.Context(), token)); got != "" {
				t.Errorf("a good token gets %q", got)
			}
		}
	}
	each := time.Since(began) / time.Duration(rounds*len(good))
	flooding.Store(false)
	flood.Wait()
	t.Logf("a good token took %v, while %d of the others were refused", each, refused.Load())
	if each > 100*time.Millisecond { // without the gate it is a second, on any machine: sixty others' turns of 10 ms
		t.Errorf("a good token took %v", each)
	}
}
