package bootstrap_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// The algorithms that Better Auth signs with: those that its settings know by type, and those that they take all the same.
var betterAuthAlgs = []string{"EdDSA", "ES256", "ES512", "PS256", "RS256", "Ed25519", "ES384", "PS384", "PS512", "RS384", "RS512"}

// Whatever a stock Better Auth signs with, its URL is all that Taskward needs.
func TestTokensOfEveryAlg(t *testing.T) {
	t.Parallel()
	needBinary(t)
	for _, alg := range betterAuthAlgs {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			auth := startBetterAuth(t, "JWT_ALG="+alg)
			ada := auth.signUp(t)
			header := headerOf(t, ada.token)
			if header.Alg != alg {
				t.Fatalf("Better Auth signs with %s, want %s", header.Alg, alg)
			}
			settings := []string{"DATABASE_URL=" + auth.database, "BETTER_AUTH_URL=" + auth.url, promptly}
			serve(t, settings...).as(ada).get(t, "/api/me/tasks").expect(t, 200)

			findings, code := consult(t, settings, ada.token)
			if code != 0 || strings.Contains(findings, "FAIL") {
				t.Errorf("taskward doctor is not content (exit code %d):\n%s", code, findings)
			}
			for _, named := range []string{header.Kid, alg} {
				if !strings.Contains(findings, named) {
					t.Errorf("taskward doctor does not name %s:\n%s", named, findings)
				}
			}
			findings, code = consult(t, settings, withoutLastByte(t, ada.token))
			if code == 0 || !strings.Contains(findings, "FAIL token") {
				t.Errorf("taskward doctor is content with a token that was changed (exit code %d):\n%s", code, findings)
			}

			// Rows of before Better Auth 1.7 lack both columns. Keys that come from the table need no auth server at all.
			query(t, auth.database, `UPDATE jwks SET alg = NULL, crv = NULL`)
			auth.stop(t)
			serve(t, append(settings, "TASKWARD_JWKS_TABLE=on")...).as(ada).get(t, "/api/me/tasks").expect(t, 200)
		})
	}
}

// A tokenHeader is what a token says of its key.
type tokenHeader struct{ Alg, Kid string }

func headerOf(t *testing.T, token string) tokenHeader {
	t.Helper()
	encoded, _, _ := strings.Cut(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatalf("%v in %s", err, token)
	}
	var header tokenHeader
	if err := json.Unmarshal(text, &header); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return header
}

// withoutLastByte cuts the last byte off the token's signature.
func withoutLastByte(t *testing.T, token string) string {
	t.Helper()
	signed := token[:strings.LastIndexByte(token, '.')+1]
	signature, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(token, signed))
	if err != nil {
		t.Fatal(err)
	}
	return signed + base64url(signature[:len(signature)-1])
}

// consult runs `taskward doctor -` on a token, and returns what it finds and its exit code.
func consult(t *testing.T, settings []string, token string) (findings string, code int) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	command := exec.CommandContext(ctx, path, "doctor", "-")
	command.Env, command.Stdin = settings, strings.NewReader(token)
	output, err := command.CombinedOutput()
	if err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	confidences.noteToken(token)
	expectDiscretion(t, command.Args[1:], string(output), "")
	return string(output), command.ProcessState.ExitCode()
}
