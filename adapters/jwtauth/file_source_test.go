package jwtauth_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/ports/portstest"
)

func TestFileSource(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jwks.json")
	portstest.TestKeySource(t, portstest.KeyHarness{
		Source: jwtauth.NewFileSource(path),
		Publish: func(_ context.Context, keys ...portstest.PublicKey) error {
			return os.WriteFile(path, []byte(publish(t, keys)), 0o600)
		},
		Fail: func(_ context.Context, failing bool) error {
			if failing {
				return os.Rename(path, path+".gone")
			}
			return os.Rename(path+".gone", path)
		},
	})
}

func TestFileSourceRefusesWhatIsNoFile(t *testing.T) {
	folder := t.TempDir()
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(folder, "large")
	if err := os.WriteFile(large, []byte(strings.Repeat(" ", 512<<10+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"nothing": filepath.Join(folder, "nothing"), "a folder": folder, "a pipe that nobody writes to": pipe,
		"too much": large, "endless": "/dev/zero", "no path": "",
	} {
		if document, err := jwtauth.NewFileSource(path).KeySet(t.Context()); err == nil {
			t.Errorf("%s: %d bytes, no error", name, len(document))
		}
	}
}

// TestVerifierWithKeysFromAFile: the file is read anew, and one that is being
// written does no harm.
func TestVerifierWithKeysFromAFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "jwks.json")
	put := func(document string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "keys_unavailable") // the file is not there yet
		put(keySet(t, publicJWK("EdDSA")))
		b.pass(time.Second)
		b.want(b.fresh("EdDSA"), "")
		both := keySet(t, publicJWK("EdDSA"), publicJWK("ES256"))
		put(both[:100])
		b.pass(6 * time.Minute)
		b.want(b.fresh("EdDSA"), "")
		put(both)
		b.pass(5 * time.Second)
		b.want(b.fresh("ES256"), "")
	}, func(o *jwtauth.Options) { o.Servers = []jwtauth.AuthServer{server(jwtauth.NewFileSource(path))} })
}

// publish writes keys as a JWK set.
func publish(t *testing.T, keys []portstest.PublicKey) string {
	t.Helper()
	var objects []object
	for _, key := range keys {
		jwk := object{}
		for name, value := range key {
			jwk[name] = value
		}
		objects = append(objects, jwk)
	}
	return keySet(t, objects...)
}
