package jwtauth

import (
	"crypto/rsa"

	"github.com/golang-jwt/jwt/v5"
)

// algorithm is a way to sign, bound to the one kind of key that it works with.
type algorithm struct {
	shape  shape
	method jwt.SigningMethod
	costly bool // a check takes milliseconds: crypto/elliptic has assembly for P-256 alone
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
	"HS256":   {secretShape, jwt.SigningMethodHS256, false},
	"EdDSA":   {ed25519Shape, jwt.SigningMethodEdDSA, false},
	"Ed25519": {ed25519Shape, jwt.SigningMethodEdDSA, false},
	"ES256":   {p256Shape, jwt.SigningMethodES256, false},
	"ES384":   {p384Shape, jwt.SigningMethodES384, true},
	"ES512":   {p521Shape, jwt.SigningMethodES512, true},
	"RS256":   {rsaShape, jwt.SigningMethodRS256, false},
	"RS384":   {rsaShape, jwt.SigningMethodRS384, false},
	"RS512":   {rsaShape, jwt.SigningMethodRS512, false},
	"PS256":   {rsaShape, strictPSS(jwt.SigningMethodPS256), false},
	"PS384":   {rsaShape, strictPSS(jwt.SigningMethodPS384), false},
	"PS512":   {rsaShape, strictPSS(jwt.SigningMethodPS512), false},
}

// strictPSS demands a salt as long as the hash (RFC 7518 section 3.5), where
// golang-jwt takes a salt of any length.
func strictPSS(method *jwt.SigningMethodRSAPSS) jwt.SigningMethod {
	return &jwt.SigningMethodRSAPSS{
		SigningMethodRSA: method.SigningMethodRSA,
		Options:          &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash},
	}
}
