package jwtauth

import (
	"crypto/rsa"

	"github.com/golang-jwt/jwt/v5"
)

// algorithm is a way to sign, bound to the one kind of key that it works with.
type algorithm struct {
	shape  shape
	method jwt.SigningMethod
}

// shape is what kty and crv of a JWK say of a key.
type shape string

const (
	secretShape  shape = "oct"
	ed25519Shape shape = "OKP Ed25519"
	p256Shape    shape = "EC P-256"
	p384Shape    shape = "EC P-384"
	p521Shape    shape = "EC P-521"
	rsaShape     shape = "RSA"
)

// algorithms holds every alg that is accepted, under its name of RFC 7518
// section 3.1, RFC 8037 section 3.1 (EdDSA) or RFC 9864 section 2.2 (Ed25519,
// another name of the same).
var algorithms = map[string]algorithm{
	"HS256":   {secretShape, jwt.SigningMethodHS256},
	"EdDSA":   {ed25519Shape, jwt.SigningMethodEdDSA},
	"Ed25519": {ed25519Shape, jwt.SigningMethodEdDSA},
	"ES256":   {p256Shape, jwt.SigningMethodES256},
	"ES384":   {p384Shape, jwt.SigningMethodES384},
	"ES512":   {p521Shape, jwt.SigningMethodES512},
	"RS256":   {rsaShape, jwt.SigningMethodRS256},
	"RS384":   {rsaShape, jwt.SigningMethodRS384},
	"RS512":   {rsaShape, jwt.SigningMethodRS512},
	"PS256":   {rsaShape, strictPSS(jwt.SigningMethodPS256)},
	"PS384":   {rsaShape, strictPSS(jwt.SigningMethodPS384)},
	"PS512":   {rsaShape, strictPSS(jwt.SigningMethodPS512)},
}

// strictPSS demands a salt as long as the hash (RFC 7518 section 3.5), where
// golang-jwt takes a salt of any length.
func strictPSS(method *jwt.SigningMethodRSAPSS) jwt.SigningMethod {
	return &jwt.SigningMethodRSAPSS{
		SigningMethodRSA: method.SigningMethodRSA,
		Options:          &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash},
	}
}
