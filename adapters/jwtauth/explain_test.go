package jwtauth_test

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

func TestExplainAnAcceptedToken(t *testing.T) {
	verifier := newVerifier(t, everything(t))
	want := []jwtauth.Step{
		{Name: "form", Detail: "582 bytes, parts: 3"},
		{Name: "header", Detail: `alg "EdDSA", kid "key EdDSA", no typ`},
		{Name: "claims", Detail: `sub "` + userID + `", no user_id, email "ada@example.test", no client_id, no azp, and "aud", "createdAt", "emailVerified", "exp", "iat", "id", "image", "iss", "name", "updatedAt"`},
		{Name: "issuer", Detail: `iss is "https://auth.example.test", as expected`},
		{Name: "audience", Detail: `aud is "https://auth.example.test", as expected`},
		{Name: "times", Detail: "the clock shows 2026-02-03T12:04:05Z, issued 679ms ago, expires in 14m59.321s"},
		{Name: "signature", Detail: `the token names the key "key EdDSA"; the key set of 0s ago has "key EdDSA" (Ed25519 EdDSA), "key Ed25519" (Ed25519 EdDSA), ` +
			`"key ES256" (ES256), "key ES384" (ES384), "key ES512" (ES512), "key RS256" (PS256 PS384 PS512 RS256 RS384 RS512), ` +
			`"key RS384" (PS256 PS384 PS512 RS256 RS384 RS512), "key RS512" (PS256 PS384 PS512 RS256 RS384 RS512), ` +
			`"key PS256" (PS256 PS384 PS512 RS256 RS384 RS512), "key PS384" (PS256 PS384 PS512 RS256 RS384 RS512), "key PS512" (PS256 PS384 PS512 RS256 RS384 RS512)`},
	}
	if diff := cmp.Diff(want, verifier.Explain(t.Context(), newDraft("EdDSA").sign(t))); diff != "" {
		t.Errorf("steps (-want +got):\n%s", diff)
	}
}

// TestExplainNamesTheMistake is about the last step of tokens that are refused.
func TestExplainNamesTheMistake(t *testing.T) {
	options := everything(t)
	options.Secret.Issuers = jwtauth.Expected{Values: []string{origin, "https://www.example.test"}}
	for name, test := range map[string]struct {
		token             *draft
		step, code, tells string
	}{
		"a session token":    {newDraft("EdDSA").write(func(_, _, _ string) string { return sessionToken }), "form", "opaque_token", "32 bytes, parts: 1"},
		"alg none":           {newDraft("EdDSA").head("alg", "none").head("typ", "JWT"), "header", "unsigned_token", `alg "none", kid "key EdDSA", typ "JWT"`},
		"a foreign key":      {newDraft("EdDSA").head("jku", "http://evil.example.test"), "header", "embedded_key_header", `alg "EdDSA", kid "key EdDSA", no typ, and "jku"`},
		"a header twice":     {newDraft("EdDSA").rawHeader(`{"alg":"EdDSA","alg":"none"}`), "header", "duplicate_member", "no JSON object that can be read in one way"},
		"a kid of a number":  {newDraft("EdDSA").head("kid", 1), "header", "malformed_header", `alg "EdDSA", kid of another type than text, no typ`},
		"terminal codes":     {newDraft("EdDSA").head("typ", "\x1b[31m\u202e"), "header", "unsupported_type", `alg "EdDSA", kid "key EdDSA", typ "\x1b[31m\u202e"`},
		"a mail token":       {newDraft("HS256").rawClaims(`{"email":"ada@example.test","userId":"u1","iat":1,"exp":2}`), "claims", "mail_token", `no sub, no user_id, email "ada@example.test", no client_id, no azp, and "exp", "iat", "userId"`},
		"a trailing slash":   {newDraft("EdDSA").set("iss", origin+"/"), "issuer", "wrong_issuer", `iss is "https://auth.example.test/", but "https://auth.example.test" or "https://auth.example.test/api/auth" is expected: trailing slash`},
		"no issuer":          {newDraft("EdDSA").drop("iss"), "issuer", "wrong_issuer", `there is no iss; where there is one, "https://auth.example.test" or "https://auth.example.test/api/auth" is expected`},
		"another issuer":     {newDraft("HS256").set("iss", "https://evil.example"), "issuer", "wrong_issuer", `iss is "https://evil.example", but "https://auth.example.test" or "https://www.example.test" is expected`},
		"an ID token":        {newIDToken(), "audience", "id_token", `aud is "UKUQRQbQQsiikTgJrfCqIGNYmqXQQosH", but "https://auth.example.test" is expected`},
		"another audience":   {newDraft("EdDSA").set("aud", []string{"UKUQRQbQQsiikTgJ", "http://auth.example.test"}), "audience", "wrong_audience", `aud is "UKUQRQbQQsiikTgJ", "http://auth.example.test", but "https://auth.example.test" is expected: http and https`},
		"an expired one":     {newDraft("EdDSA").set("exp", noon.Unix()-60).set("nbf", noon.Unix()-70), "times", "token_expired", "the clock shows 2026-02-03T12:04:05Z, issued 679ms ago, valid since 1m10.679s, expired 1m0.679s ago"},
		"one of the future":  {newDraft("EdDSA").set("iat", noon.Unix()+45), "times", "issued_in_future", "the clock shows 2026-02-03T12:04:05Z, issued 44.321s ahead of it, expires in 14m59.321s"},
		"one for later":      {newDraft("EdDSA").set("nbf", noon.Unix()+45), "times", "not_yet_valid", "the clock shows 2026-02-03T12:04:05Z, issued 679ms ago, not valid before 44.321s from then, expires in 14m59.321s"},
		"an unknown key":     {newDraft("EdDSA").head("kid", "x").set("iat", noon.Unix()-100), "signature", "unknown_key", `the token names the key "x"; the key set of 0s ago has "key EdDSA" (Ed25519 EdDSA), "key RS256" (RS256)`},
		"no key named":       {newDraft("ES256").withoutKeyID(), "signature", "unknown_key", `the token names no key; the key set of 0s ago has "key EdDSA" (Ed25519 EdDSA), "key RS256" (RS256)`},
		"another secret":     {newDraft("HS256").keyed([]byte("a secret that nobody ever configured")), "signature", "invalid_signature", "secrets tried: 1"},
		"a forged cookie":    {newCookie().keyed([]byte("a secret that nobody ever configured")), "signature", "invalid_signature", "secrets tried: 1"},
		"a cookie of nobody": {newCookie().in("user", "id", "x"), "claims", "user_id_mismatch", `no sub, no user_id, no email, no client_id, no azp, and "exp", "iat", "session", "updatedAt", "user", "version"`},
	} {
		t.Run(name, func(t *testing.T) {
			options.Servers = []jwtauth.AuthServer{server(static(keySet(t, publicJWK("EdDSA"), publicJWK("RS256"))))}
			steps := withCookies(t, options).Explain(t.Context(), test.token.sign(t))
			last := steps[len(steps)-1]
			if last.Name != test.step || last.Detail != test.tells {
				t.Errorf("the last step is %s: %s\nwant %s: %s", last.Name, last.Detail, test.step, test.tells)
			}
			if got := code(domain.AuthenticatedUserContext{}, last.Err); got != test.code {
				t.Errorf("the code is %q, want %q", got, test.code)
			}
		})
	}
}

// TestExplainNamesTheMissingHalf is about tokens that nothing was configured for.
func TestExplainNamesTheMissingHalf(t *testing.T) {
	for alg, want := range map[string]string{
		"HS256": "the alg wants a shared secret, and there is none",
		"EdDSA": "the alg wants the keys of an auth server, and there is none",
	} {
		options := everything(t)
		if alg == "HS256" {
			options.Secret = nil
		} else {
			options.Servers = nil
		}
		steps := newVerifier(t, options).Explain(t.Context(), newDraft(alg).sign(t))
		if last := steps[len(steps)-1]; last.Name != "issuer" || last.Detail != want || last.Err == nil {
			t.Errorf("%s: the last step is %+v", alg, last)
		}
	}
}

func TestExplainWhyThereAreNoKeys(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.set(func() { b.failure = errDown })
		tell := func(want, wantCode string) {
			b.Helper()
			steps := b.verifier.Explain(b.Context(), b.fresh("EdDSA").sign(b))
			last := steps[len(steps)-1]
			if got := code(domain.AuthenticatedUserContext{}, last.Err); last.Detail != want || got != wantCode {
				b.Errorf("%s: %s\nwant %s: %s", got, last.Detail, wantCode, want)
			}
		}
		tell(`the token names the key "key EdDSA"; no key set was loaded yet; the last fetch failed: connection refused`, "keys_unavailable")
		b.set(func() { b.failure, b.keys = nil, []object{} })
		b.pass(5 * time.Second)
		tell(`the token names the key "key EdDSA"; the key set of 4.85s ago has no key that can be used`, "key_not_fetched")
	})
}

// TestExplainAgreesWithVerify on every token of these tests, and repeats
// nothing that could be used in the token's place.
func TestExplainAgreesWithVerify(t *testing.T) {
	tokens := map[string]*draft{"a cookie": newCookie(), "HS256": newDraft("HS256").set("jti", "a jti that is nobody's business").set("sid", sessionToken)}
	for _, alg := range algs {
		tokens[alg] = newDraft(alg)
	}
	for want, refused := range refusedTokens {
		for name, token := range refused {
			tokens[want+"/"+name] = token
		}
	}
	for what, verifier := range map[string]jwtauth.ByShape{"plain": {JWT: newVerifier(t, everything(t))}, "with cookies": withCookies(t, everything(t))} {
		for name, draft := range maps.All(tokens) {
			token := draft.sign(t)
			want := code(verifier.Verify(t.Context(), token))
			steps := verifier.Explain(t.Context(), token)
			for i, step := range steps {
				if (step.Err != nil) != (want != "" && i == len(steps)-1) || step.Name == "" || step.Detail == "" {
					t.Errorf("%s, %s: step %d of %d is %+v; the code is %q", what, name, i+1, len(steps), step, want)
				}
			}
			var failure *domain.Error
			if last := steps[len(steps)-1]; want != "" && (!errors.As(last.Err, &failure) || failure.Code != want) {
				t.Errorf("%s, %s: explained by %v, refused as %q", what, name, last.Err, want)
			}
			wantNoSecrets(t, name, steps, token)
		}
	}
}

func wantNoSecrets(t *testing.T, name string, steps []jwtauth.Step, token string) {
	t.Helper()
	secrets := append(strings.Split(token, "."), secret, sessionToken, "a jti that is nobody's business")
	for _, step := range steps {
		for _, part := range secrets {
			if len(part) >= 16 && strings.Contains(step.Detail, part) {
				t.Errorf("%s: step %s gives away %q", name, step.Name, part)
			}
		}
	}
}
