package jwtauth_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/taskward/taskward/adapters/jwtauth"
)

func TestStatus(t *testing.T) {
	inBubble(t, func(b *bubble) {
		want := func(when string, want jwtauth.ServerStatus) {
			b.Helper()
			want.Issuers = []string{origin, origin + "/api/auth"}
			got := b.verifier.Status()
			if diff := cmp.Diff([]jwtauth.ServerStatus{want}, got, cmpopts.EquateErrors()); diff != "" {
				b.Errorf("%s (-want +got):\n%s", when, diff)
			}
		}
		want("at first", jwtauth.ServerStatus{})
		b.set(func() { b.failure = errDown })
		b.verifier.Start()
		b.pass(500 * time.Millisecond)
		want("after two failures", jwtauth.ServerStatus{Failures: 2, Failure: errDown, Fetches: jwtauth.Fetches{Failed: 2}})
		nameless := publicJWK("EdDSA")
		delete(nameless, "kid")
		b.set(func() { b.failure, b.keys = nil, []object{publicJWK("RS256"), {"kty": "AKP"}, nameless} })
		b.pass(500 * time.Millisecond)
		loaded := jwtauth.ServerStatus{
			LoadedAt: noon.Add(750 * time.Millisecond),
			Keys:     []jwtauth.KeyStatus{{ID: "key RS256", Algs: []string{"RS256"}}, {ID: "", Algs: []string{"Ed25519", "EdDSA"}}},
			Ignored:  []string{"key 2: its kty and crv are not supported"},
			Fetches:  jwtauth.Fetches{Succeeded: 1, Failed: 2},
		}
		want("with a set", loaded)
		b.set(func() { b.failure = errDown })
		b.pass(5 * time.Minute)
		loaded.Failures, loaded.Failure, loaded.Fetches.Failed = 1, errDown, 3
		want("with an old set", loaded)
		b.pass(5 * time.Minute)
		loaded.TooOld, loaded.Failures = true, b.verifier.Status()[0].Failures
		loaded.Fetches.Failed = b.verifier.Status()[0].Fetches.Failed
		want("with a set too old", loaded)
		if loaded.Fetches.Failed < 4 {
			b.Errorf("%d fetches failed in all", loaded.Fetches.Failed)
		}
		if !errors.Is(b.verifier.Ready(), errDown) {
			b.Error("ready with a set too old")
		}
	}, func(o *jwtauth.Options) { o.MaxStale = 6 * time.Minute })
}

func TestStatusWithoutServers(t *testing.T) {
	if got := newVerifier(t, jwtauth.Options{Secret: onlySecret()}).Status(); len(got) != 0 {
		t.Errorf("the status is %+v", got)
	}
}
