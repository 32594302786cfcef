package jwtauth_test

import (
	"crypto/ed25519"
	"encoding/hex"
	"maps"
	"math/big"
	"strconv"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/jwtauth"
)

// TestKeysThatAreIgnored puts one unusable key before a good one, as nobody's
// set may fail as a whole. A token that names the bad key finds none.
func TestKeysThatAreIgnored(t *testing.T) {
	rsa := func(n, e []byte) object { return object{"kty": "RSA", "n": encode(n), "e": encode(e)} }
	odd := func(bits uint) []byte {
		n := new(big.Int).Lsh(big.NewInt(1), bits-1)
		return n.SetBit(n, 0, 1).Bytes()
	}
	change := func(alg string, members object) object {
		jwk := publicJWK(alg)
		maps.Copy(jwk, members)
		return jwk
	}
	point := decode(publicJWK("ES256")["x"].(string))
	for name, test := range map[string]struct {
		key object
		alg string
	}{
		"nothing":                   {object{}, "EdDSA"},
		"kty unknown":               {object{"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"}, "EdDSA"},
		"kty a number":              {change("EdDSA", object{"kty": 5}), "EdDSA"},
		"kty of another":            {change("ES256", object{"kty": "RSA"}), "ES256"},
		"oct":                       {object{"kty": "oct", "k": encode([]byte(secret))}, "EdDSA"},
		"Ed448":                     {change("EdDSA", object{"crv": "Ed448"}), "EdDSA"},
		"X25519":                    {change("EdDSA", object{"crv": "X25519"}), "EdDSA"},
		"secp256k1":                 {change("ES256", object{"crv": "secp256k1"}), "ES256"},
		"crv of another size":       {change("ES256", object{"crv": "P-384"}), "ES384"},
		"use enc":                   {change("EdDSA", object{"use": "enc"}), "EdDSA"},
		"use null":                  {change("EdDSA", object{"use": nil}), "EdDSA"},
		"key_ops without verify":    {change("EdDSA", object{"key_ops": []string{"sign"}}), "EdDSA"},
		"key_ops empty":             {change("EdDSA", object{"key_ops": []string{}}), "EdDSA"},
		"key_ops of another type":   {change("EdDSA", object{"key_ops": object{"verify": true}}), "EdDSA"},
		"alg for encryption":        {change("RS256", object{"alg": "RSA-OAEP"}), "RS256"},
		"alg unknown":               {change("ES256", object{"alg": "ES521"}), "ES256"},
		"alg null":                  {change("EdDSA", object{"alg": nil}), "EdDSA"},
		"kid a number":              {change("EdDSA", object{"kid": 1}), "EdDSA"},
		"Ed25519 too short":         {change("EdDSA", object{"x": encode(make([]byte, 31))}), "EdDSA"},
		"Ed25519 padded":            {change("EdDSA", object{"x": publicJWK("EdDSA")["x"].(string) + "="}), "EdDSA"},
		"Ed25519 without x":         {object{"kty": "OKP", "crv": "Ed25519"}, "EdDSA"},
		"EC off the curve":          {change("ES256", object{"y": encode(point)}), "ES256"},
		"EC with a leading zero":    {change("ES256", object{"x": encode(append([]byte{0}, point...))}), "ES256"},
		"EC zero":                   {change("ES256", object{"x": encode(make([]byte, 32)), "y": encode(make([]byte, 32))}), "ES256"},
		"EC without y":              {object{"kty": "EC", "crv": "P-256", "x": encode(point)}, "ES256"},
		"RSA of 1024 bits":          {rsa(odd(1024), []byte{1, 0, 1}), "RS256"},
		"RSA of 2047 bits":          {rsa(odd(2047), []byte{1, 0, 1}), "RS256"},
		"RSA of 16384 bits":         {rsa(odd(16384), []byte{1, 0, 1}), "RS256"},
		"RSA with an even modulus":  {rsa(new(big.Int).Lsh(big.NewInt(1), 2047).Bytes(), []byte{1, 0, 1}), "RS256"},
		"RSA with exponent 1":       {rsa(odd(2048), []byte{1}), "RS256"},
		"RSA with an even exponent": {rsa(odd(2048), []byte{1, 0, 0}), "RS256"},
		"RSA with exponent 0":       {rsa(odd(2048), nil), "RS256"},
		"RSA with a huge exponent":  {rsa(odd(2048), odd(2048)), "RS256"},
		"RSA with e over 2³¹":       {change("RS256", object{"e": encode([]byte{1, 0, 0, 0, 1})}), "RS256"},
		"RSA without e":             {object{"kty": "RSA", "n": encode(odd(2048))}, "RS256"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, ok := test.key["kid"]; !ok {
				test.key["kid"] = "bad"
			}
			good := publicJWK("ES512")
			verifier := newVerifier(t, jwtauth.Options{Clock: atNoon, Servers: []jwtauth.AuthServer{server(static(keySet(t, test.key, good)))}})
			if _, err := verifier.Verify(t.Context(), newDraft("ES512").sign(t)); err != nil {
				t.Errorf("the key behind it is not used: %v", err)
			}
			token := newDraft(test.alg).head("kid", test.key["kid"])
			if _, ok := test.key["kid"].(string); !ok {
				token.head("kid", "1")
			}
			if got := code(verifier.Verify(t.Context(), token.sign(t))); got != "unknown_key" {
				t.Errorf("a token that names it gets %q", got)
			}
			if got := code(verifier.Verify(t.Context(), newDraft(test.alg).withoutKeyID().sign(t))); got != "unknown_key" {
				t.Errorf("a token that names no key gets %q", got)
			}
		})
	}
}

func TestKeysAsBetterAuthAndOthersPublishThem(t *testing.T) {
	change := func(alg string, members object) object {
		jwk := publicJWK(alg)
		maps.Copy(jwk, members)
		return jwk
	}
	for name, test := range map[string]struct {
		keys  []object
		token *draft
		want  string
	}{
		"use, key_ops and a certificate": {[]object{change("EdDSA", object{"use": "sig", "key_ops": []string{"verify"}, "x5c": []string{"MII"}})}, newDraft("EdDSA"), ""},
		"an alg that is the same":        {[]object{change("EdDSA", object{"alg": "Ed25519"})}, newDraft("EdDSA"), ""},
		"an alg that the key cannot do":  {[]object{change("EdDSA", object{"alg": "RS256"})}, newDraft("EdDSA"), ""},
		"an alg of another curve":        {[]object{change("ES256", object{"alg": "ES512"})}, newDraft("ES256"), ""},
		"an alg that binds":              {[]object{change("RS256", object{"alg": "RS256"})}, newDraft("RS256"), ""},
		"an alg that forbids":            {[]object{change("RS256", object{"alg": "RS256"})}, newDraft("RS512").head("kid", "key RS256"), "key_mismatch"},
		"an alg that forbids the kin":    {[]object{change("RS256", object{"alg": "PS256"})}, newDraft("RS256"), "key_mismatch"},
		"no kid, one key fits":           {[]object{publicJWK("EdDSA"), publicJWK("ES256")}, newDraft("ES256").withoutKeyID(), ""},
		"no kid, two keys fit":           {[]object{publicJWK("EdDSA"), change("EdDSA", object{"kid": "other"})}, newDraft("EdDSA").withoutKeyID(), "ambiguous_key"},
		"no kid, no key fits":            {[]object{publicJWK("EdDSA")}, newDraft("ES256").withoutKeyID(), "unknown_key"},
		"no kid anywhere":                {[]object{change("EdDSA", object{"kid": "x"})}, newDraft("EdDSA").withoutKeyID(), ""},
		"one kid, two kinds":             {[]object{change("EdDSA", object{"kid": "1"}), change("ES256", object{"kid": "1"})}, newDraft("ES256").head("kid", "1"), ""},
		"one kid, one kind, twice":       {[]object{change("EdDSA", object{"kid": "1"}), change("EdDSA", object{"kid": "1"})}, newDraft("EdDSA").head("kid", "1"), "ambiguous_key"},
		"a serial kid":                   {[]object{change("EdDSA", object{"kid": "1"})}, newDraft("EdDSA").head("kid", "1"), ""},
		"an odd kid":                     {[]object{change("EdDSA", object{"kid": "ü/🙂\n\"' "})}, newDraft("EdDSA").head("kid", "ü/🙂\n\"' "), ""},
		"an empty kid":                   {[]object{change("EdDSA", object{"kid": ""})}, newDraft("EdDSA").head("kid", ""), ""},
		"a set without keys":             {nil, newDraft("EdDSA"), "unknown_key"},
	} {
		t.Run(name, func(t *testing.T) {
			verifier := newVerifier(t, jwtauth.Options{Clock: atNoon, Servers: []jwtauth.AuthServer{server(static(keySet(t, test.keys...)))}})
			if got := code(verifier.Verify(t.Context(), test.token.sign(t))); got != test.want {
				t.Errorf("the code is %q, want %q", got, test.want)
			}
		})
	}
}

func TestKeySetsThatAreNone(t *testing.T) {
	for name, document := range map[string]string{
		"nothing":          "",
		"HTML":             "<html>Bad Gateway</html>",
		"an array":         "[" + encodeJSON(t, publicJWK("EdDSA")) + "]",
		"no keys":          `{"error":"rate limited"}`,
		"keys null":        `{"keys":null}`,
		"keys an object":   `{"keys":{}}`,
		"truncated":        fullKeySet(t)[:200],
		"keys twice":       `{"keys":[],"keys":[]}`,
		"trailing data":    fullKeySet(t) + "x",
		"nested too deep":  `{"keys":` + nested(5000) + `}`,
		"a key with twice": `{"keys":[{"kty":"OKP","kty":"EC"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			verifier := newVerifier(t, jwtauth.Options{Clock: atNoon, Servers: []jwtauth.AuthServer{server(static(document))}})
			if got := code(verifier.Verify(t.Context(), newDraft("EdDSA").sign(t))); got != "keys_unavailable" {
				t.Errorf("the code is %q", got)
			}
			if verifier.Ready() == nil {
				t.Error("the verifier says that it is ready")
			}
		})
	}
}

// TestKeysThatAnybodyCanSignFor forges tokens for each Ed25519 key of small
// order, which crypto/ed25519 takes for good, and expects the key to be ignored.
func TestKeysThatAnybodyCanSignFor(t *testing.T) {
	points := smallOrderPoints()
	if len(points) != 14 {
		t.Fatalf("%d encodings of points of small order, want 14", len(points))
	}
	for _, point := range points {
		t.Run(hex.EncodeToString(point), func(t *testing.T) {
			jwk := object{"kty": "OKP", "crv": "Ed25519", "kid": "1", "x": encode(point)}
			verifier := newVerifier(t, jwtauth.Options{Clock: atNoon, Servers: []jwtauth.AuthServer{server(static(keySet(t, jwk)))}})
			if got := code(verifier.Verify(t.Context(), forge(t, point, points))); got != "unknown_key" {
				t.Errorf("the code is %q", got)
			}
		})
	}
}

// forge finds a token that verifies under the key, without a private one: with
// s = 0 and R of small order, [s]B = R + [k]A holds for some k.
func forge(t *testing.T, key []byte, points [][]byte) string {
	t.Helper()
	for try := range 200 {
		token := newDraft("EdDSA").head("kid", "1").set("try", strconv.Itoa(try)).sign(t)
		text := token[:strings.LastIndexByte(token, '.')]
		for _, r := range points {
			signature := append(append([]byte{}, r...), make([]byte, 32)...)
			if ed25519.Verify(key, []byte(text), signature) {
				return text + "." + encode(signature)
			}
		}
	}
	t.Fatal("no forgery found: is this key of small order?")
	return ""
}

// smallOrderPoints computes every encoding of the points of edwards25519 whose
// order divides 8, which the code has in a list.
func smallOrderPoints() [][]byte {
	number := func(n int64) *big.Int { return big.NewInt(n) }
	p := new(big.Int).Sub(new(big.Int).Lsh(number(1), 255), number(19))
	d := new(big.Int).Mul(number(-121665), new(big.Int).ModInverse(number(121666), p))

	// y is 1 for order 1, -1 for order 2, 0 for order 4. Twice a point of
	// order 8 has y = 0, so x² = -y², and on the curve dy⁴ + 2y² - 1 = 0.
	ys := []*big.Int{number(0), number(1), new(big.Int).Sub(p, number(1)), p, new(big.Int).Add(p, number(1))}
	root := new(big.Int).ModSqrt(new(big.Int).Mod(new(big.Int).Add(d, number(1)), p), p)
	for _, root := range []*big.Int{root, new(big.Int).Neg(root)} {
		square := new(big.Int).Mul(new(big.Int).Sub(root, number(1)), new(big.Int).ModInverse(d, p))
		if y := new(big.Int).ModSqrt(square.Mod(square, p), p); y != nil {
			ys = append(ys, y, new(big.Int).Sub(p, y))
		}
	}
	var points [][]byte
	for _, y := range ys {
		for _, sign := range []byte{0, 0x80} {
			point := y.FillBytes(make([]byte, 32))
			reverse(point)
			point[31] |= sign
			points = append(points, point)
		}
	}
	return points
}
