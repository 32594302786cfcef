package jwtauth_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/taskward/taskward/adapters/jwtauth"
)

// FuzzVerify: no text is accepted but a token that was signed. HS256 and EdDSA
// have one signature a text, so that an accepted token must be one of ours. An
// explanation comes to the same.
func FuzzVerify(f *testing.F) {
	issued := []string{
		newDraft("EdDSA").sign(f), newDraft("HS256").sign(f), newDraft("EdDSA").withoutKeyID().head("typ", "at+jwt").sign(f),
		newDraft("HS256").set("jti", "j").set("sid", "s").sign(f), newCookie().sign(f),
	}
	for _, token := range issued {
		f.Add(token)
		f.Add(token[:len(token)-1])
		f.Add(token + "=")
	}
	for _, drafts := range refusedTokens {
		for _, draft := range drafts {
			f.Add(draft.sign(f))
		}
	}
	options := everything(f)
	options.Servers[0].Keys = static(keySet(f, publicJWK("EdDSA")))
	verifier := withCookies(f, options)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := verifier.Verify(t.Context(), text)
		steps := verifier.Explain(t.Context(), text)
		last := steps[len(steps)-1].Err
		switch {
		case code(got, err) != code(got, last):
			t.Errorf("explained by %v, answered with %v", last, err)
		case err == nil && !slices.Contains(issued, text):
			t.Errorf("accepted for %q: %s", got.UserID(), text)
		case err != nil && got.IsAuthenticated():
			t.Errorf("refused and let in: %v", err)
		case err != nil && code(got, err) == "no domain.Error":
			t.Errorf("a failure of no kind: %v", err)
		}
	})
}

// FuzzHeader signs any header with the right key. Whatever is accepted names
// the algorithm of that key, and a reader of plain JSON agrees.
func FuzzHeader(f *testing.F) {
	for _, header := range []string{
		`{"alg":"EdDSA"}`, `{"alg":"Ed25519","kid":"key EdDSA","typ":"JWT"}`, `{"alg":"none"}`, `{"alg":"EdDSA","crit":["exp"]}`,
		`{"alg":"EdDSA","alg":"none"}`, `{"ALG":"EdDSA"}`, ` {"\u0061lg":"EdDSA"}`, `[]`, `{"alg":"EdDSA","x":[[[[[]]]]]}`,
	} {
		f.Add(header)
	}
	options := everything(f)
	options.Servers[0].Keys = static(keySet(f, publicJWK("EdDSA")))
	verifier := newVerifier(f, options)
	f.Fuzz(func(t *testing.T, header string) {
		if header == "" {
			return // the draft's own is written instead
		}
		if _, err := verifier.Verify(t.Context(), newDraft("EdDSA").rawHeader(header).sign(t)); err != nil {
			return
		}
		var members map[string]any
		if err := json.Unmarshal([]byte(header), &members); err != nil {
			t.Fatalf("accepted: %s: %v", header, err)
		}
		_, critical := members["crit"]
		if alg := members["alg"]; critical || alg != "EdDSA" && alg != "Ed25519" {
			t.Errorf("accepted: %s", header)
		}
	})
}

// FuzzClaims signs any claims with the right secret. Whatever is accepted has
// a subject and an expiry ahead, and a reader of plain JSON agrees on both.
func FuzzClaims(f *testing.F) {
	f.Add(encodeJSON(f, newDraft("HS256").claims))
	for _, claims := range []string{
		`{"sub":"a","iat":1,"exp":9999999999}`, `{"sub":"a","iat":1.5e0,"exp":99999999990e-1}`, `{"sub":"a","iat":1,"exp":1e999}`,
		`{"sub":"a","SUB":"b","iat":1,"exp":9999999999}`, `{"sub":"a","iat":1,"exp":-1}`, `{"email":"a@b.c","userId":"a","iat":1,"exp":9999999999}`,
		`{"sub":"a","sub":"b"}`, `{"sub":"\ud83d\ude42","iat":0,"exp":253402300799.4}`, `null`, `{"sub":"a","aud":["a",[]]}`,
	} {
		f.Add(claims)
	}
	options := everything(f)
	options.Servers = nil
	verifier := newVerifier(f, options)
	f.Fuzz(func(t *testing.T, claims string) {
		if claims == "" {
			return // the draft's own are written instead
		}
		got, err := verifier.Verify(t.Context(), newDraft("HS256").rawClaims(claims).sign(t))
		if err != nil {
			return
		}
		var members map[string]any
		if err := json.Unmarshal([]byte(claims), &members); err != nil {
			t.Fatalf("accepted: %s: %v", claims, err)
		}
		if members["sub"] != string(got.UserID()) || got.UserID() == "" {
			t.Errorf("%q is taken for the subject of %s", got.UserID(), claims)
		}
		if expiry, ok := members["exp"].(float64); !ok || expiry <= float64(noon.Unix()) || !got.TokenExpiresAt().After(noon) {
			t.Errorf("accepted until %v: %s", got.TokenExpiresAt(), claims)
		}
		if _, err := json.Marshal([]any{got.TokenExpiresAt(), got.User().CreatedAt, got.User().UpdatedAt}); err != nil {
			t.Errorf("times that cannot be written: %v", err)
		}
	})
}

// FuzzCookie signs any claims as a session cookie. Whatever is accepted names
// one user twice, and a reader of plain JSON agrees.
func FuzzCookie(f *testing.F) {
	f.Add(encodeJSON(f, newCookie().claims))
	for _, claims := range []string{
		`{"session":{"id":"s","userId":"a","token":"t","expiresAt":"2100-01-01T00:00:00Z"},"user":{"id":"a"},"updatedAt":1,"iat":1,"exp":9999999999}`,
		`{"session":{"id":"s","userId":"a","token":"t","expiresAt":"2100-01-01T00:00:00Z"},"user":{"id":"b"},"updatedAt":1,"iat":1,"exp":9999999999}`,
		`{"session":{},"user":{},"sub":"a","iat":1,"exp":9999999999}`, `{"session":[],"user":null}`, `{"session":{"userId":"a","userId":"b"},"user":{}}`,
	} {
		f.Add(claims)
	}
	options := everything(f)
	options.Servers = nil
	verifier := withCookies(f, options)
	f.Fuzz(func(t *testing.T, claims string) {
		if claims == "" {
			return // the draft's own are written instead
		}
		got, err := verifier.Verify(t.Context(), newCookie().rawClaims(claims).sign(t))
		if err != nil {
			return
		}
		var members map[string]any
		if err := json.Unmarshal([]byte(claims), &members); err != nil {
			t.Fatalf("accepted: %s: %v", claims, err)
		}
		if _, named := members["sub"]; named {
			return // any other token
		}
		session, isSession := members["session"].(map[string]any)
		user, isUser := members["user"].(map[string]any)
		if !isSession || !isUser || session["userId"] != string(got.UserID()) || user["id"] != string(got.UserID()) || session["id"] != string(got.Session().ID) {
			t.Errorf("%q is taken for the user of %s", got.UserID(), claims)
		}
		if !got.Session().ValidAt(noon) {
			t.Errorf("accepted until %v: %s", got.TokenExpiresAt(), claims)
		}
	})
}

// FuzzKeySet reads any document as a key set. None makes a token good whose
// key nobody published.
func FuzzKeySet(f *testing.F) {
	f.Add(fullKeySet(f))
	f.Add(keySet(f, publicJWK("ES256"), object{"kty": "oct", "k": encode([]byte(secret))}))
	for _, document := range []string{
		`{"keys":[]}`, `{"keys":null}`, `{"keys":[{}]}`, `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}`,
		`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`, `{"keys":[{"kty":"EC","crv":"P-256","x":"","y":""}]}`, `{"keys":[[[[]]]]}`,
	} {
		f.Add(document)
	}
	var tokens []string
	for _, alg := range algs {
		for _, draft := range []*draft{newDraft(alg), newDraft(alg).head("kid", "1"), newDraft(alg).withoutKeyID()} {
			forged := draft.sign(f)
			tokens = append(tokens, forged[:len(forged)-20]+"AAAAAAAAAAAAAAAAAAAA")
		}
	}
	f.Fuzz(func(t *testing.T, document string) {
		verifier := newVerifier(t, jwtauth.Options{Servers: []jwtauth.AuthServer{server(static(document))}, Clock: atNoon})
		for _, token := range tokens {
			if got, err := verifier.Verify(t.Context(), token); err == nil {
				t.Errorf("accepted for %q", got.UserID())
			}
		}
	})
}
