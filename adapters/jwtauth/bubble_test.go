package jwtauth_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
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

func inBubble(t *testing.T, test func(b *bubble), change ...func(*jwtauth.Options)) {
	t.Helper()
	privateKeys() // outside: they are shared
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		b := &bubble{T: t, authServer: &authServer{keys: []object{publicJWK("EdDSA")}}, log: &bytes.Buffer{}}
		b.now = func() time.Time { return noon.Add(time.Since(start)) }
		options := jwtauth.Options{
			Servers: []jwtauth.AuthServer{server(b.authServer)}, Secret: onlySecret(),
			Clock: b.now, Log: slog.New(slog.NewTextHandler(b.log, nil)),
		}
		for _, change := range change {
			change(&options)
		}
		b.verifier = newVerifier(t, options)
		test(b)
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
