package jwtauth_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

var errDown = errors.New("connection refused")

// authServer is a key source whose answers a test decides.
type authServer struct {
	mu      sync.Mutex
	keys    []object
	failure error
	hangs   bool // until the fetch is given up
	begun   []time.Time
	ended   int
}

func (s *authServer) KeySet(ctx context.Context) ([]byte, error) {
	s.mu.Lock()
	s.begun = append(s.begun, time.Now())
	hangs := s.hangs
	s.mu.Unlock()
	defer s.set(func() { s.ended++ })
	time.Sleep(100 * time.Millisecond) //nolint:forbidigo // the bubble's clock: a fetch takes its time
	if hangs {
		<-ctx.Done()
		time.Sleep(time.Millisecond) //nolint:forbidigo // the bubble's clock
		return nil, ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	document, err := json.Marshal(object{"keys": s.keys})
	return document, errors.Join(err, s.failure)
}

func (s *authServer) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *authServer) fetches() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.begun)
}

// bubble is a verifier of one auth server in a bubble of time that starts at
// noon, where waiting costs nothing.
type bubble struct {
	*testing.T
	*authServer
	verifier *jwtauth.Verifier
	now      func() time.Time
	log      *bytes.Buffer
}

func inBubble(t *testing.T, test func(b *bubble)) {
	t.Helper()
	privateKeys() // outside: they are shared
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		source := &authServer{keys: []object{publicJWK("EdDSA")}}
		now := func() time.Time { return noon.Add(time.Since(start)) }
		var log bytes.Buffer
		verifier := newVerifier(t, jwtauth.Options{
			Servers: []jwtauth.AuthServer{server(source)}, Clock: now, Log: slog.New(slog.NewTextHandler(&log, nil)),
		})
		test(&bubble{t, source, verifier, now, &log})
	})
}

// pass lets time pass, and all that is due in it happen.
func (b *bubble) pass(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // the bubble's clock
	synctest.Wait()
}

// fresh makes a token that was issued just now.
func (b *bubble) fresh(alg string) *draft {
	return newDraft(alg).set("iat", b.now().Unix()).set("exp", b.now().Unix()+900)
}

// code verifies a token and gives the code of the refusal, empty if there is none.
func (b *bubble) code(token *draft) string {
	b.Helper()
	return code(b.verifier.Verify(b.Context(), token.sign(b)))
}

func (b *bubble) want(token *draft, want string) {
	b.Helper()
	if got := b.code(token); got != want {
		b.Errorf("the code is %q, want %q", got, want)
	}
}

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
	for name, down := range map[string]func(*bubble, bool){
		"refusing": func(b *bubble, down bool) {
			if b.failure = nil; down {
				b.failure = errDown
			}
		},
		"hanging": func(b *bubble, down bool) { b.hangs = down },
	} {
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
				if gap < 4*time.Second || gap > 6*time.Second {
					b.Errorf("a fetch every %v after a minute, want about 5 s", gap)
				}
				b.set(func() { down(b, false) })
				b.pass(10*time.Second + 200*time.Millisecond) // a fetch that hangs, a pause, one that does not
				b.want(b.fresh("EdDSA"), "")
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

func TestFetchIsGivenUpAfterFiveSeconds(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.set(func() { b.hangs = true })
		before := b.now()
		b.want(b.fresh("EdDSA"), "keys_unavailable")
		if took := b.now().Sub(before); took.Truncate(time.Second) != 5*time.Second {
			b.Errorf("it took %v, want 5 s", took)
		}
	})
}

func TestRotationIsPickedUp(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(31 * time.Second)
		b.set(func() { b.keys = append(b.keys, publicJWK("ES256")) })
		b.want(b.fresh("ES256"), "")
		b.want(b.fresh("EdDSA"), "")
		if got := b.fetches(); got != 2 {
			b.Errorf("%d fetches, want 2", got)
		}
	})
}

// TestRotationWithinTheCooldown: a token whose key may be newer than the set
// is not refused but put off, and accepted when the cooldown is over.
func TestRotationWithinTheCooldown(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(10 * time.Second)
		b.set(func() { b.keys = append(b.keys, publicJWK("ES256")) })
		token := b.fresh("ES256")
		_, err := b.verifier.Verify(b.Context(), token.sign(b))
		var failure *domain.Error
		if !errors.As(err, &failure) || failure.Kind != domain.Unavailable || failure.Code != "key_not_fetched" {
			b.Fatalf("the error is %v", err)
		}
		b.pass(failure.RetryAfter)
		b.want(token, "")
	})
}

// TestUnknownKeyThatIsNotNew: the set is younger than the token, so that the
// key is not going to appear.
func TestUnknownKeyThatIsNotNew(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.want(b.fresh("ES256").set("iat", b.now().Unix()-40), "unknown_key")
		b.want(b.fresh("ES256").set("iat", b.now().Unix()-20), "key_not_fetched")
		b.pass(31 * time.Second)
		b.want(b.fresh("ES256"), "unknown_key") // a fetch after it came did not show it
		b.pass(31 * time.Second)
		b.set(func() { b.failure = errors.New("503 Service Unavailable") })
		b.want(b.fresh("ES256"), "key_not_fetched")
		b.want(b.fresh("ES256").set("iat", b.now().Unix()-70), "unknown_key")
	})
}

// TestReusedKeyID: an auth server that lost its database numbers its keys from
// 1 again.
func TestReusedKeyID(t *testing.T) {
	for _, alg := range []string{"ES256", "Ed25519"} {
		t.Run(alg, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				first, second := publicJWK("EdDSA"), publicJWK(alg)
				first["kid"], second["kid"] = "1", "1"
				if alg == "Ed25519" { // another key of the same kind
					another, _, err := ed25519.GenerateKey(rand.Reader)
					if err != nil {
						b.Fatal(err)
					}
					second["x"] = encode(another)
				}
				b.keys = []object{second}
				b.want(b.fresh("EdDSA").head("kid", "1"), map[string]string{"ES256": "key_mismatch", "Ed25519": "invalid_signature"}[alg])
				b.pass(31 * time.Second)
				b.set(func() { b.keys = []object{first} })
				b.want(b.fresh("EdDSA").head("kid", "1"), "")
			})
		})
	}
}

// TestFlood sends junk all the time. The auth server sees one request a
// cooldown, good tokens are accepted, and a rotation is picked up within one.
func TestFlood(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.verifier.Start()
		b.pass(time.Second)
		bad := b.fresh("ES256").head("kid", "key EdDSA").sign(b)
		const seconds, step, clientsAtOnce = 600, 2, 10
		for second := 0; second < seconds; second += step {
			var clients sync.WaitGroup
			for i := range clientsAtOnce {
				junk := b.fresh("EdDSA").head("kid", strconv.Itoa(second*clientsAtOnce+i)).sign(b)
				clients.Go(func() {
					if got := code(b.verifier.Verify(b.Context(), junk)); got != "unknown_key" && got != "key_not_fetched" {
						b.Errorf("junk gets %q", got)
					}
				})
			}
			clients.Go(func() {
				if got := code(b.verifier.Verify(b.Context(), bad)); got != "key_mismatch" {
					b.Errorf("a bad signature gets %q", got)
				}
			})
			b.want(b.fresh("EdDSA"), "")
			clients.Wait()
			b.pass(step * time.Second)
			if second == 310 {
				b.set(func() { b.keys = append(b.keys, publicJWK("ES384")) })
			}
			if second == 342 {
				b.want(b.fresh("ES384"), "")
			}
		}
		for i := range b.begun[1:] {
			if gap := b.begun[i+1].Sub(b.begun[i]); gap < 30*time.Second {
				b.Errorf("two fetches within %v", gap)
			}
		}
		if got := b.fetches(); got < seconds/60 {
			b.Errorf("%d fetches: the flood keeps new keys out", got)
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

// TestGoodTokensDoNotWait for a fetch that somebody's junk asked for.
func TestGoodTokensDoNotWait(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(31 * time.Second)
		b.set(func() { b.hangs = true })
		var clients sync.WaitGroup
		clients.Go(func() { b.code(b.fresh("ES256")) })
		synctest.Wait()
		before := b.now()
		b.want(b.fresh("EdDSA"), "")
		if took := b.now().Sub(before); took != 0 {
			b.Errorf("it took %v", took)
		}
		clients.Wait()
	})
}

// TestHopelessTokensAskForNoKeys: what would be refused with any key does not
// reach the auth server.
func TestHopelessTokensAskForNoKeys(t *testing.T) {
	inBubble(t, func(b *bubble) {
		for want, token := range map[string]*draft{
			"token_expired":    b.fresh("EdDSA").set("exp", b.now().Unix()),
			"wrong_issuer":     b.fresh("EdDSA").set("iss", "https://evil.example.test"),
			"wrong_audience":   b.fresh("EdDSA").set("aud", "client"),
			"missing_subject":  b.fresh("EdDSA").drop("sub"),
			"unsupported_type": b.fresh("EdDSA").head("typ", "logout+jwt"),
		} {
			b.want(token, want)
		}
		if got := b.fetches(); got != 0 {
			b.Errorf("%d fetches, want none", got)
		}
	})
}

func TestTroubleIsLogged(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.keys = append(b.keys, object{"kty": "AKP"})
		b.want(b.fresh("EdDSA"), "")
		if log := b.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, `level=INFO msg="key ignored" reason="key 2: its kty and crv are not supported"`) {
			b.Errorf("the log of a set with a bad key:\n%s", log)
		}
		b.log.Reset()
		b.set(func() { b.failure = errDown })
		b.pass(5*time.Minute + 100*time.Millisecond)
		if log := b.log.String(); strings.Count(log, "\n") != 1 || !strings.Contains(log, `level=WARN msg="key set not fetched" error="connection refused"`) {
			b.Errorf("the log of a failure:\n%s", log)
		}
		b.set(func() { b.failure, b.hangs = nil, true })
		b.pass(time.Second)
		b.log.Reset()
		b.verifier.Close()
		if b.log.Len() > 0 {
			b.Errorf("the log of closing:\n%s", b.log)
		}
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
