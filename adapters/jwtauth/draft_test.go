package jwtauth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const (
	origin = "https://auth.example.test"
	secret = "a secret of tests, 32 bytes or more"
	userID = "DXfnvs3liSL7HG3NOS4OjM9kTgD5OVhk"
)

var noon = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)

func atNoon() time.Time { return noon }

// object is a JSON object to be changed and written.
type object map[string]any

// draft is a token before it is signed. A test changes of it what it is about.
type draft struct {
	header  object
	claims  object
	raw     struct{ header, claims string } // written instead of the objects if not empty
	key     any
	method  jwt.SigningMethod
	compact func(header, claims, signature string) string
}

// newDraft gives the token that Better Auth's /token would give at noon, but
// for the algorithm.
func newDraft(alg string) *draft {
	d := &draft{
		header: object{"alg": alg, "kid": "key " + alg},
		claims: object{
			"iat": noon.Unix(), "name": "Ada", "email": "ada@example.test", "emailVerified": false, "image": nil,
			"createdAt": "2026-01-02T03:04:05.678Z", "updatedAt": "2026-01-03T03:04:05.678Z",
			"id": userID, "sub": userID, "exp": noon.Unix() + 900, "iss": origin, "aud": origin,
		},
		method: jwt.GetSigningMethod(alg),
		key:    privateKeys()[alg],
	}
	switch alg {
	case "Ed25519":
		d.method = jwt.SigningMethodEdDSA
	case "HS256":
		d.key = []byte(secret)
		delete(d.header, "kid")
	}
	return d
}

// newMail gives the token in a mail that asks at noon to verify an address.
func newMail() *draft {
	d := newDraft("HS256")
	d.claims = object{"email": "ada@example.test", "userId": userID, "iat": noon.Unix(), "exp": noon.Unix() + 3600}
	return d
}

// newIDToken gives the ID token that Better Auth, as an OpenID Connect
// provider, issues to one of its clients at noon.
func newIDToken() *draft {
	d := newDraft("EdDSA")
	d.claims = object{
		"auth_time": noon.Unix(), "acr": "0", "at_hash": "RzCCK_NPGGEfVNZpi3ExUA", "sub": userID,
		"iss": origin + "/api/auth", "aud": "UKUQRQbQQsiikTgJrfCqIGNYmqXQQosH", "iat": noon.Unix(), "exp": noon.Unix() + 36000,
	}
	return d
}

func (d *draft) set(name string, value any) *draft {
	d.claims[name] = value
	return d
}

func (d *draft) drop(name string) *draft {
	delete(d.claims, name)
	return d
}

func (d *draft) head(name string, value any) *draft {
	d.header[name] = value
	return d
}

func (d *draft) sign(t testing.TB) string {
	t.Helper()
	header, claims := d.raw.header, d.raw.claims
	if header == "" {
		header = encodeJSON(t, d.header)
	}
	if claims == "" {
		claims = encodeJSON(t, d.claims)
	}
	header, claims = encode([]byte(header)), encode([]byte(claims))
	signature, err := d.method.Sign(header+"."+claims, d.key)
	if err != nil {
		t.Fatal(err)
	}
	if d.compact != nil {
		return d.compact(header, claims, encode(signature))
	}
	return header + "." + claims + "." + encode(signature)
}

// algs are all names of algorithms that a key pair can have.
var algs = []string{"EdDSA", "Ed25519", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}

// privateKeys has one signing key for each of [algs].
var privateKeys = sync.OnceValue(func() map[string]crypto.Signer {
	rsaKey, otherRSAKey := must(rsa.GenerateKey(rand.Reader, 2048)), must(rsa.GenerateKey(rand.Reader, 2048))
	ed25519Key := ed25519.NewKeyFromSeed([]byte(secret)[:ed25519.SeedSize]) // always the same: tokens of a corpus stay good
	return map[string]crypto.Signer{
		"EdDSA":   ed25519Key,
		"Ed25519": ed25519Key,
		"ES256":   must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)),
		"ES384":   must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader)),
		"ES512":   must(ecdsa.GenerateKey(elliptic.P521(), rand.Reader)),
		"RS256":   rsaKey, "RS384": rsaKey, "RS512": rsaKey,
		"PS256": otherRSAKey, "PS384": otherRSAKey, "PS512": otherRSAKey,
	}
})

// publicJWK gives the JWK as Better Auth publishes it, under the kid that
// newDraft gives to tokens of this alg.
func publicJWK(alg string) object {
	jwk := object{"kid": "key " + alg, "alg": alg}
	switch key := privateKeys()[alg].Public().(type) {
	case ed25519.PublicKey:
		maps.Copy(jwk, object{"kty": "OKP", "crv": "Ed25519", "x": encode(key)})
	case *ecdsa.PublicKey:
		point, err := key.Bytes()
		if err != nil {
			panic(err)
		}
		half := len(point) / 2
		maps.Copy(jwk, object{"kty": "EC", "crv": key.Params().Name, "x": encode(point[1 : 1+half]), "y": encode(point[1+half:])})
	case *rsa.PublicKey:
		maps.Copy(jwk, object{"kty": "RSA", "n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes())})
	}
	return jwk
}

// keySet writes a JWK set.
func keySet(t testing.TB, keys ...object) string {
	t.Helper()
	if keys == nil {
		keys = []object{}
	}
	return encodeJSON(t, object{"keys": keys})
}

// fullKeySet has a key for each alg, without its alg.
func fullKeySet(t testing.TB) string {
	t.Helper()
	var keys []object
	for _, alg := range algs {
		jwk := publicJWK(alg)
		delete(jwk, "alg")
		keys = append(keys, jwk)
	}
	return keySet(t, keys...)
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func encodeJSON(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
