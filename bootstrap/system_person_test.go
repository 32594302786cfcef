package bootstrap_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"
)

// A person is somebody with a token, as they would hold it in their browser. What a token does not tell is empty.
type person struct {
	id, email, name, token string
}

// secret is what Better Auth, Next routes and Taskward share.
const secret = "a-secret-of-the-tests-and-of-nobody-else"

// nextRoute invents a person whose token a Next route has minted: HS256 under the shared secret, claims sub, iat and exp.
func nextRoute(t *testing.T) person {
	t.Helper()
	return personWithID(t, rand.Text())
}

func personWithID(t *testing.T, id string) person {
	t.Helper()
	return person{id: id, token: mintToken(t, secret, map[string]any{"sub": id})}
}

// mintToken signs claims with HS256, for an hour from now unless they say otherwise. One that is nil is left out.
func mintToken(t *testing.T, secret string, claims map[string]any) string {
	t.Helper()
	now := time.Now().Unix()
	all := map[string]any{"iat": now, "exp": now + 3600}
	maps.Copy(all, claims)
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	text, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	signed := base64url([]byte(`{"alg":"HS256"}`)) + "." + base64url(text)
	token := signed + "." + signature(secret, signed)
	confidences.noteToken(token)
	return token
}

// commandedToken is a person whose token `taskward token` has printed.
func commandedToken(t *testing.T, id string) person {
	t.Helper()
	token := run(t, []string{"BETTER_AUTH_SECRET=" + secret}, "token", "--user", id)
	return person{id: id, token: strings.TrimSpace(token)}
}

// signedWithSecret tells whether a token is HS256 under the secret. It is written by hand, apart from what verifies tokens in Taskward.
func signedWithSecret(token string) bool {
	i := strings.LastIndexByte(token, '.')
	return i >= 0 && hmac.Equal([]byte(token[i+1:]), []byte(signature(secret, token[:i])))
}

func signature(secret, signed string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return base64url(mac.Sum(nil))
}

func base64url(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
