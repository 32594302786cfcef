package bootstrap

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

const (
	oldSecret = "the-old-secret-of-32-bytes-or-more"
	newSecret = "the-new-secret-of-32-bytes-or-more"
)

// TestFollowSecrets rotates a secret in its file: tokens under the new one are
// accepted from the next look on, those under the old one no longer. A file
// that cannot be used changes nothing.
func TestFollowSecrets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "secret")
		put := func(text string) {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			time.Sleep(rotationInterval + time.Second) //nolint:forbidigo // the bubble's clock
			synctest.Wait()
		}
		if err := os.WriteFile(path, []byte(oldSecret+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		config, problems := ReadConfig([]string{"BETTER_AUTH_SECRET_FILE=" + path})
		options, tokenProblems := config.tokens(nil)
		if err := append(problems, tokenProblems...).err(); err != nil {
			t.Fatal(err)
		}
		verifier, err := jwtauth.New(options)
		if err != nil {
			t.Fatal(err)
		}
		defer verifier.Close()
		ctx, cancel := context.WithCancel(t.Context())
		defer synctest.Wait()
		defer cancel()
		go followSecrets(ctx, config, options.Secret.Secrets, slog.New(slog.DiscardHandler))

		want := func(when string, oldAccepted, newAccepted bool) {
			t.Helper()
			for secret, want := range map[string]bool{oldSecret: oldAccepted, newSecret: newAccepted} {
				token, err := jwtauth.SecretIssuer{Secret: secret}.Mint(domain.User{ID: "u"}, time.Hour)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := verifier.Verify(ctx, token); (err == nil) != want {
					t.Errorf("%s: a token under %s: %v", when, secret, err)
				}
			}
		}
		want("at start", true, false)
		put(newSecret)
		want("after the rotation", false, true)
		put("")
		want("after the file was emptied", false, true)
		put("short")
		want("with a secret that is too short", false, true)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		put(oldSecret)
		want("after the way back", true, false)
	})
}
