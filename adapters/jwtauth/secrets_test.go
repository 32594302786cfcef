package jwtauth_test

import (
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

func TestEachSecretIsTried(t *testing.T) {
	const old = "the secret that was used before this one"
	verifier := newVerifier(t, jwtauth.Options{Secret: &jwtauth.SharedSecret{Secrets: must(jwtauth.NewSecrets(secret, old))}, Clock: atNoon})
	for key, want := range map[string]string{secret: "", old: "", "a secret that nobody ever configured": "invalid_signature"} {
		token := newDraft("HS256")
		token.key = []byte(key)
		if got := code(verifier.Verify(t.Context(), token.sign(t))); got != want {
			t.Errorf("signed with %q: the code is %q, want %q", key, got, want)
		}
	}
}

// TestSecretsAreRotated while the verifier runs: a token is accepted as long
// as its secret is among those that are configured.
func TestSecretsAreRotated(t *testing.T) {
	const first, second, third = "the first secret of this rotation", "the second secret of this rotation", "the third secret of this rotation"
	secrets := must(jwtauth.NewSecrets(first))
	verifier := newVerifier(t, jwtauth.Options{Secret: &jwtauth.SharedSecret{Secrets: secrets}, Clock: atNoon})
	tokens := map[string]string{}
	for _, key := range []string{first, second, third} {
		tokens[key] = newDraft("HS256").keyed([]byte(key)).sign(t)
	}
	want := func(when string, accepted ...string) {
		t.Helper()
		for key, token := range tokens {
			good := strings.Contains(strings.Join(accepted, " "), key)
			if got := code(verifier.Verify(t.Context(), token)); good != (got == "") || !good && got != "invalid_signature" {
				t.Errorf("%s: a token under %s gets %q", when, key, got)
			}
		}
	}
	replace := func(with ...string) {
		t.Helper()
		if err := secrets.Replace(with...); err != nil {
			t.Fatal(err)
		}
	}
	want("at first", first)
	replace(second, first)
	want("with two", first, second)
	replace(third, second)
	want("with the first gone", second, third)
	for name, bad := range map[string][]string{"none": {}, "a short one": {third, "short"}, "the built-in one": {"better-auth-secret-12345678901234567890"}} {
		if err := secrets.Replace(bad...); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	want("after bad ones", second, third)
	replace(first)
	want("with the first back", first)
}

func TestNewSecretsRefusesBadOnes(t *testing.T) {
	for name, bad := range map[string][]string{"none": {}, "a short one behind a good one": {secret, "short"}, "an empty one": {""}} {
		if secrets, err := jwtauth.NewSecrets(bad...); domain.KindOf(err) != domain.Invalid || secrets != nil {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
