package bootstrap_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
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
	now := time.Now().Unix()
	claims, err := json.Marshal(map[string]any{"sub": id, "iat": now, "exp": now + 3600})
	if err != nil {
		t.Fatal(err)
	}
	signed := base64url([]byte(`{"alg":"HS256"}`)) + "." + base64url(claims)
	return person{id: id, token: signed + "." + signature(signed)}
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
	return i >= 0 && hmac.Equal([]byte(token[i+1:]), []byte(signature(token[:i])))
}

func signature(signed string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return base64url(mac.Sum(nil))
}

func base64url(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }
