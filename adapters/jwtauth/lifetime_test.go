package jwtauth_test

import (
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
)

func TestExpiryHasNoLeeway(t *testing.T) {
	clock := newClock()
	verifier := newVerifier(t, jwtauth.Options{Secret: onlySecret(), Clock: clock.Now})
	expiry := float64(noon.Unix()) + 900.25
	token := newDraft("HS256").set("exp", expiry).sign(t)
	clock.set(time.UnixMicro(int64(expiry*1e6) - 1))
	if _, err := verifier.Verify(t.Context(), token); err != nil {
		t.Errorf("a microsecond before its expiry: %v", err)
	}
	clock.set(time.UnixMicro(int64(expiry * 1e6)))
	if got := code(verifier.Verify(t.Context(), token)); got != "token_expired" {
		t.Errorf("at its expiry the code is %q", got)
	}
}

func TestIssuedAtMayBeWaived(t *testing.T) {
	options := everything(t)
	options.WithoutIssuedAt = true
	verifier := newVerifier(t, options)
	for _, alg := range []string{"EdDSA", "HS256"} {
		if _, err := verifier.Verify(t.Context(), newDraft(alg).drop("iat").sign(t)); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
		if got := code(verifier.Verify(t.Context(), newDraft(alg).set("iat", noon.Unix()+31).sign(t))); got != "issued_in_future" {
			t.Errorf("%s: a token from the future gets %q", alg, got)
		}
	}
}

func TestMaxAge(t *testing.T) {
	for name, test := range map[string]struct {
		token *draft
		want  string
	}{
		"as long as allowed":      {newDraft("EdDSA").set("iat", noon.Unix()-10).set("exp", noon.Unix()+890), ""},
		"a second longer":         {newDraft("EdDSA").set("iat", noon.Unix()-10).set("exp", noon.Unix()+891), "token_lives_too_long"},
		"a microsecond longer":    {newDraft("HS256").set("iat", noon.Unix()).set("exp", float64(noon.Unix())+900.000001), "token_lives_too_long"},
		"issued long ago":         {newDraft("EdDSA").set("iat", noon.Unix()-899).set("exp", noon.Unix()+60), "token_lives_too_long"},
		"issued long ago, ending": {newDraft("EdDSA").set("iat", noon.Unix()-898).set("exp", noon.Unix()+2), ""},
		"for ten years":           {newDraft("HS256").set("exp", noon.AddDate(10, 0, 0).Unix()), "token_lives_too_long"},
		"without iat":             {newDraft("HS256").drop("iat"), "missing_issued_at"},
		"expired as well":         {newDraft("HS256").set("iat", 1).set("exp", noon.Unix()-1), "token_expired"},
	} {
		options := everything(t)
		options.MaxAge = 15 * time.Minute
		if got := code(newVerifier(t, options).Verify(t.Context(), test.token.sign(t))); got != test.want {
			t.Errorf("%s: the code is %q, want %q", name, got, test.want)
		}
	}
	if got := code(newVerifier(t, everything(t)).Verify(t.Context(), newDraft("EdDSA").set("exp", noon.AddDate(10, 0, 0).Unix()).sign(t))); got != "" {
		t.Errorf("without the option a token for ten years gets %q", got)
	}
}

func TestLeeway(t *testing.T) {
	options := everything(t)
	options.Leeway = 5 * time.Second
	verifier := newVerifier(t, options)
	now := float64(noon.UnixMicro()) / 1e6
	for name, test := range map[string]struct {
		token *draft
		want  string
	}{
		"iat within": {newDraft("EdDSA").set("iat", now+5), ""},
		"iat beyond": {newDraft("EdDSA").set("iat", now+5.000001), "issued_in_future"},
		"nbf within": {newDraft("EdDSA").set("nbf", now+5), ""},
		"nbf beyond": {newDraft("EdDSA").set("nbf", now+5.000001), "not_yet_valid"},
	} {
		if got := code(verifier.Verify(t.Context(), test.token.sign(t))); got != test.want {
			t.Errorf("%s: the code is %q, want %q", name, got, test.want)
		}
	}
}
