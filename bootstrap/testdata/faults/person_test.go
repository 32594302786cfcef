package faults_test

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"time"
)

// secret is what the replicas share with whoever mints tokens.
const secret = "a-secret-of-the-tests-and-of-nobody-else"

// A person owns tasks, and has a token.
type person struct {
	id, token string
}

func newPerson() person {
	id := rand.Text()
	now := time.Now().Unix()
	signed := base64url(`{"alg":"HS256"}`) + "." + base64url(fmt.Sprintf(`{"sub":%q,"iat":%d,"exp":%d}`, id, now, now+7200))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(signed))
	return person{id, signed + "." + base64url(string(mac.Sum(nil)))}
}

// personOf is somebody whose token an auth server has signed with its key.
func personOf(issuer, keyID string, key ed25519.PrivateKey) person {
	id := rand.Text()
	now := time.Now().Unix()
	signed := base64url(fmt.Sprintf(`{"alg":"EdDSA","kid":%q}`, keyID)) + "." +
		base64url(fmt.Sprintf(`{"sub":%q,"iss":%q,"aud":%q,"iat":%d,"exp":%d}`, id, issuer, issuer, now, now+900))
	return person{id, signed + "." + base64url(string(ed25519.Sign(key, []byte(signed))))}
}

func base64url(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
