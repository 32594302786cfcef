package jwtauth_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

func TestKeySetIsKeptFresh(t *testing.T) {
	inBubble(t, func(b *bubble) {
		if b.verifier.Ready() == nil {
			b.Error("ready before the first set")
		}
		b.verifier.Start()
		b.verifier.Start()
		b.pass(time.Second)
		if err := b.verifier.Ready(); err != nil {
			b.Errorf("not ready after the first set: %v", err)
		}
		b.pass(26 * time.Minute)
		if got := b.fetches(); got != 6 {
			b.Errorf("%d fetches in 26 minutes, want 6", got)
		}
		b.set(func() { b.keys = []object{publicJWK("ES256")} })
		b.pass(5 * time.Minute)
		b.want(b.fresh("ES256"), "")
		if got := b.fetches(); got != 7 {
			b.Errorf("%d fetches in 31 minutes, want 7", got)
		}
	})
}

// TestKeySetIsLoadedWithoutStart: whoever forgets Start gets a slower first
// token and no stale keys.
func TestKeySetIsLoadedWithoutStart(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.set(func() { b.keys = []object{} })
		b.pass(6 * time.Minute)
		if b.code(b.fresh("EdDSA")) == "" {
			b.Error("a key that left the set six minutes ago is still accepted")
		}
	})
}

func TestLastGoodKeySetStays(t *testing.T) {
	for name, fault := range map[string]func(*bubble){
		"an error":    func(b *bubble) { b.failure = errors.New("429 Too Many Requests") },
		"no answer":   func(b *bubble) { b.hangs = true },
		"no key set":  func(b *bubble) { b.keys = nil; b.failure = errors.New("garbage") },
		"a time-out":  func(b *bubble) { b.failure = context.DeadlineExceeded },
		"a canceling": func(b *bubble) { b.failure = context.Canceled },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				b.want(b.fresh("EdDSA"), "")
				b.set(func() { fault(b) })
				for range 20 {
					b.pass(3 * time.Minute)
					b.want(b.fresh("EdDSA"), "")
					if err := b.verifier.Ready(); err != nil {
						b.Errorf("not ready: %v", err)
					}
				}
				b.set(func() { b.failure, b.hangs, b.keys = nil, false, []object{publicJWK("ES256")} })
				b.pass(10 * time.Second)
				b.want(b.fresh("ES256"), "")
				before := b.fetches()
				b.pass(4 * time.Minute)
				if got := b.fetches(); got != before {
					b.Errorf("%d fetches in the 4 minutes after the recovery, want none", got-before)
				}
			})
		})
	}
}

func TestColdStartWithoutTheAuthServer(t *testing.T) {
	const fetch = 110 * time.Millisecond
	for name, test := range map[string]struct {
		down func(*bubble, bool)
		back time.Duration // until it is found to be back
	}{
		"refusing": {func(b *bubble, down bool) {
			if b.failure = nil; down {
				b.failure = errDown
			}
		}, 4*time.Second + fetch},
		"hanging": {func(b *bubble, down bool) { b.hangs = down }, 5*time.Second + fetch},
	} {
		down, back := test.down, test.back
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				b.set(func() { down(b, true) })
				b.verifier.Start()
				for range 60 {
					_, err := b.verifier.Verify(b.Context(), b.fresh("EdDSA").sign(b))
					var failure *domain.Error
					if !errors.As(err, &failure) || failure.Kind != domain.Unavailable || failure.Code != "keys_unavailable" {
						b.Fatalf("the error is %v", err)
					}
					if failure.RetryAfter < time.Second || failure.RetryAfter > 5*time.Second {
						b.Errorf("RetryAfter is %v", failure.RetryAfter)
					}
					b.pass(time.Second)
				}
				if err := b.verifier.Ready(); domain.KindOf(err) != domain.Unavailable || !errors.Is(err, errDown) && !errors.Is(err, context.DeadlineExceeded) {
					b.Errorf("Ready gives %v, want domain.Unavailable and the cause", err)
				}
				gap := b.begun[len(b.begun)-1].Sub(b.begun[len(b.begun)-2])
				if gap < 4*time.Second || gap > 5*time.Second+time.Millisecond {
					b.Errorf("a fetch every %v after a minute, want 4 to 5 s", gap)
				}
				b.set(func() { down(b, false) })
				b.pass(back)
				before := b.fetches()
				b.want(b.fresh("EdDSA"), "")
				if b.fetches() != before {
					b.Error("the set was not there yet")
				}
			})
		})
	}
}

// TestFirstLoadIsRetriedSoon: the auth server often starts beside this service.
func TestFirstLoadIsRetriedSoon(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.set(func() { b.failure = errDown })
		b.verifier.Start()
		b.pass(time.Second)
		if got := b.fetches(); got != 3 { // at 0, 0.25 and 0.75 s
			b.Errorf("%d fetches in the first second, want 3", got)
		}
	})
}

// TestKeySetGrowsTooOld: whoever has taken an auth server off the net must not
// have its old keys trusted for ever.
func TestKeySetGrowsTooOld(t *testing.T) {
	inBubble(t, func(b *bubble) {
		known, lasting := b.fresh("EdDSA").set("exp", b.now().Unix()+9000), b.fresh("HS256").set("exp", b.now().Unix()+9000)
		b.want(known, "")
		b.set(func() { b.failure = errDown })
		b.pass(time.Hour - 200*time.Millisecond)
		b.want(known, "")
		b.want(b.fresh("EdDSA"), "")
		if err := b.verifier.Ready(); err != nil {
			b.Errorf("not ready before the hour is over: %v", err)
		}
		b.pass(200 * time.Millisecond)
		for what, token := range map[string]*draft{"known": known, "new": b.fresh("EdDSA"), "signed with no key": b.fresh("ES256")} {
			_, err := b.verifier.Verify(b.Context(), token.sign(b))
			var failure *domain.Error
			if !errors.As(err, &failure) || failure.Kind != domain.Unavailable || failure.Code != "keys_too_old" || !errors.Is(err, errDown) {
				b.Fatalf("a token that is %s gets %v", what, err)
			}
			if failure.RetryAfter < time.Second || failure.RetryAfter > 5*time.Second {
				b.Errorf("RetryAfter is %v", failure.RetryAfter)
			}
		}
		b.want(lasting, "")
		if err := b.verifier.Ready(); domain.KindOf(err) != domain.Unavailable || !errors.Is(err, errDown) {
			b.Errorf("Ready gives %v", err)
		}
		b.set(func() { b.failure = nil })
		b.pass(5 * time.Second)
		b.want(known, "")
		if err := b.verifier.Ready(); err != nil {
			b.Errorf("not ready after the recovery: %v", err)
		}
	}, func(o *jwtauth.Options) { o.MaxStale = time.Hour })
}

func TestScheduleIsAnOption(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.verifier.Start()
		b.pass(10*time.Minute + time.Second)
		if got := b.fetches(); got != 11 {
			b.Errorf("%d fetches in 10 minutes, want 11", got)
		}
		b.want(b.fresh("ES256"), "key_not_fetched")
		b.pass(2 * time.Second)
		b.set(func() { b.keys = append(b.keys, publicJWK("ES256")) })
		b.want(b.fresh("ES256"), "")
	}, func(o *jwtauth.Options) { o.Refresh, o.Cooldown = time.Minute, 2*time.Second })
}

func TestLoad(t *testing.T) {
	inBubble(t, func(b *bubble) {
		if err := b.verifier.Load(b.Context()); err != nil {
			b.Errorf("Load: %v", err)
		}
		b.want(b.fresh("EdDSA"), "")
		if err := b.verifier.Load(b.Context()); err != nil || b.fetches() != 1 {
			b.Errorf("Load again: %v after %d fetches", err, b.fetches())
		}
	})
	inBubble(t, func(b *bubble) {
		b.set(func() { b.failure = errDown })
		if err := b.verifier.Load(b.Context()); domain.KindOf(err) != domain.Unavailable || !errors.Is(err, errDown) || b.fetches() != 1 {
			b.Errorf("Load: %v after %d fetches", err, b.fetches())
		}
	})
	inBubble(t, func(b *bubble) {
		b.set(func() { b.hangs = true })
		ctx, cancel := context.WithTimeout(b.Context(), time.Second)
		defer cancel()
		before := b.now()
		if err := b.verifier.Load(ctx); domain.KindOf(err) != domain.Unavailable || b.now().Sub(before) != time.Second {
			b.Errorf("Load: %v after %v", err, b.now().Sub(before))
		}
	})
}

// A fetch may have been left hanging by a server that is back since then.
func TestFetchThatHangsIsGivenUpInTime(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.set(func() { b.hangs = true })
		began := b.now()
		b.want(b.fresh("EdDSA"), "keys_unavailable")
		b.set(func() { b.hangs = false })
		b.want(b.fresh("EdDSA"), "")
		if took := b.now().Sub(began); took < 4*time.Second || took > 5*time.Second {
			b.Errorf("it took %v, want 4 to 5 s", took)
		}
	})
}

func TestOneFetchServesAll(t *testing.T) {
	inBubble(t, func(b *bubble) {
		token := b.fresh("EdDSA").sign(b)
		var clients sync.WaitGroup
		for range 50 {
			clients.Go(func() {
				if got := code(b.verifier.Verify(b.Context(), token)); got != "" {
					b.Errorf("the code is %q", got)
				}
			})
		}
		clients.Wait()
		if got := b.fetches(); got != 1 {
			b.Errorf("%d fetches, want 1", got)
		}
	})
}

// TestAClientThatLeaves does not take the fetch with it that others wait for.
func TestAClientThatLeaves(t *testing.T) {
	inBubble(t, func(b *bubble) {
		token := b.fresh("EdDSA").sign(b)
		leaving, leave := context.WithCancel(b.Context())
		var clients sync.WaitGroup
		clients.Go(func() {
			_, err := b.verifier.Verify(leaving, token)
			if domain.KindOf(err) != domain.Unavailable || !errors.Is(err, context.Canceled) {
				b.Errorf("who left got %v", err)
			}
		})
		synctest.Wait()
		clients.Go(func() {
			if got := code(b.verifier.Verify(b.Context(), token)); got != "" {
				b.Errorf("who stayed got %q", got)
			}
		})
		synctest.Wait()
		leave()
		clients.Wait()
		if got := b.fetches(); got != 1 {
			b.Errorf("%d fetches, want 1", got)
		}
	})
}

func TestAClientWaitsNoLongerThanItsContext(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.set(func() { b.hangs = true })
		ctx, cancel := context.WithTimeout(b.Context(), time.Second)
		defer cancel()
		before := b.now()
		if _, err := b.verifier.Verify(ctx, b.fresh("EdDSA").sign(b)); !errors.Is(err, context.DeadlineExceeded) {
			b.Errorf("the error is %v", err)
		}
		if took := b.now().Sub(before); took != time.Second {
			b.Errorf("it took %v, want 1 s", took)
		}
	})
}

func TestTroubleIsLogged(t *testing.T) {
	inBubble(t, func(b *bubble) {
		wantLines := func(when string, want ...string) {
			b.Helper()
			lines := strings.SplitAfter(b.log.String(), "\n")
			b.log.Reset()
			if len(lines) != len(want)+1 {
				b.Errorf("%s: the log has %d lines, want %d:\n%s", when, len(lines)-1, len(want), lines)
				return
			}
			for i, line := range want {
				if !strings.HasSuffix(lines[i], line+"\n") || !strings.Contains(lines[i], "issuer="+origin) {
					b.Errorf("%s: the log says %s, want %s", when, lines[i], line)
				}
			}
		}
		b.set(func() { b.keys = append(b.keys, object{"kty": "AKP"}) })
		b.want(b.fresh("EdDSA"), "")
		wantLines("a bad key", `level=INFO msg="key ignored" issuer=`+origin+` reason="key 2: its kty and crv are not supported"`)
		b.pass(5*time.Minute + 200*time.Millisecond)
		wantLines("the same bad key again")
		b.set(func() { b.failure = errDown })
		b.pass(6 * time.Minute)
		b.set(func() { b.failure = nil })
		b.pass(10 * time.Second)
		warning := func(failures string) string {
			return `level=WARN msg="key set not fetched" issuer=` + origin + ` failures=` + failures + ` error="connection refused"`
		}
		wantLines("an outage", warning("1"), warning("2"), warning("4"), warning("8"), warning("16"),
			`level=INFO msg="key set fetched again" issuer=`+origin+` failures=19`)
		b.set(func() { b.hangs = true })
		b.pass(5*time.Minute - 10*time.Second + time.Second)
		b.verifier.Close()
		wantLines("closing")
	})
}

func TestClose(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(31 * time.Second)
		b.verifier.Close()
		b.verifier.Close()
		b.want(b.fresh("EdDSA"), "")
		b.want(b.fresh("ES256").set("iat", b.now().Unix()-100), "unknown_key")
		b.verifier.Start()
		b.pass(time.Hour)
		if got := b.fetches(); got != 1 {
			b.Errorf("%d fetches, want the one before Close", got)
		}
	})
	t.Run("during a fetch", func(t *testing.T) {
		inBubble(t, func(b *bubble) {
			b.set(func() { b.hangs = true })
			b.verifier.Start()
			b.pass(time.Second)
			before := b.now()
			b.verifier.Close()
			if took := b.now().Sub(before); took > time.Millisecond {
				b.Errorf("it took %v: the fetch goes on", took)
			}
			b.set(func() {
				if b.ended != len(b.begun) {
					b.Error("it did not wait for the end of the fetch")
				}
			})
			b.want(b.fresh("EdDSA"), "keys_unavailable")
		})
	})
}
