package bootstrap

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// TestDevAuthKeepsItsKey mints with one start and verifies with the next.
func TestDevAuthKeepsItsKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key.pem")
	before, first, err := openDevAuth(path)
	if err != nil || !first {
		t.Fatalf("the first start: first %v, error %v", first, err)
	}
	after, first, err := openDevAuth(path)
	if err != nil || first {
		t.Fatalf("the second start: first %v, error %v", first, err)
	}
	token, err := before.Mint(devUsers[0], time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := after.Verify(t.Context(), token)
	if err != nil || actor.UserID() != "alice" {
		t.Errorf("the token speaks for %q, error %v", actor.UserID(), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file: %v, error %v; nobody else may read it", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := openDevAuth(path); err == nil {
		t.Error("a broken key is taken")
	}
}

// TestDevAuthPublishesItsKey verifies a token of dev as another service would.
func TestDevAuthPublishesItsKey(t *testing.T) {
	auth, _, err := openDevAuth(filepath.Join(t.TempDir(), "key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	config := combinations(t)["SQLite and a secret"]
	ctx, cancel := context.WithCancel(t.Context())
	app, err := New(ctx, config, slog.New(slog.DiscardHandler),
		Use(func(context.Context) (ports.TokenVerifier, error) { return auth, nil }))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- app.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})

	keys, err := jwtauth.NewURLSource("http://"+app.Address().String()+"/api/auth/jwks", jwtauth.URLOptions{})
	if err != nil {
		t.Fatal(err)
	}
	other, err := jwtauth.New(jwtauth.Options{Servers: []jwtauth.AuthServer{
		{Issuers: []string{devIssuer}, Audiences: []string{devIssuer}, Keys: keys},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	token, err := auth.Mint(devUsers[1], time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if actor, err := other.Verify(t.Context(), token); err != nil || actor.UserID() != domain.UserID("bob") {
		t.Errorf("the token speaks for %q, error %v", actor.UserID(), err)
	}
}

// TestNoKeysToPublish holds the route back where this process is no issuer.
func TestNoKeysToPublish(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	app, err := New(ctx, combinations(t)["SQLite and a secret"], slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- app.Run(ctx) }()
	if status := get(t, "http://"+app.Address().String()+"/api/auth/jwks"); status != http.StatusNotFound {
		t.Errorf("GET /api/auth/jwks answered %d", status)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
