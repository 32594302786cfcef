package jwtauth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/taskward/taskward/domain"
)

// key is what a signature is checked with: a public key or a shared secret.
type key struct {
	id          domain.Optional[string] // kid
	shape       shape
	only        domain.Optional[algorithm] // the one that the key is meant for, if it says so
	material    any                        // as golang-jwt wants it for the shape
	fingerprint fingerprint
}

// fingerprint tells keys apart by what they are, whatever they are called.
type fingerprint [sha256.Size]byte

// fits reports whether the key may check a signature of this algorithm.
func (k *key) fits(a algorithm) bool { return k.shape == a.shape && k.only.Or(a) == a }

// check returns nil if the token is signed with the key.
func (k *key) check(t token) error {
	if t.header.algorithm.method.Verify(t.signed, t.signature, k.material) != nil {
		return errInvalidSignature
	}
	return nil
}

// parseKey reads a JWK (RFC 7517) of a public key for signatures. An error
// says why Taskward cannot use it.
func parseKey(members object) (*key, error) {
	shape, public, err := parsePublicKey(members)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, fmt.Errorf("it cannot be written: %w", err)
	}
	k := &key{shape: shape, material: public, fingerprint: sha256.Sum256(der)}
	if use, _ := members.text("use"); members.has("use") && use != "sig" {
		return nil, errors.New("its use is not sig")
	}
	if operations, _ := members.texts("key_ops"); members.has("key_ops") && !slices.Contains(operations, "verify") {
		return nil, errors.New("its key_ops lack verify")
	}
	if members.has("kid") {
		id, ok := members.text("kid")
		if !ok {
			return nil, errors.New("its kid is no string")
		}
		k.id = domain.Some(id)
	}
	if members.has("alg") {
		name, _ := members.text("alg")
		only, ok := algorithms[name]
		if !ok {
			return nil, errors.New("its alg is not accepted")
		}
		// Better Auth publishes old keys under the alg that is configured now.
		// What the key is decides; an alg that it cannot have says nothing.
		if only.shape == shape {
			k.only = domain.Some(only)
		}
	}
	return k, nil
}

func parsePublicKey(members object) (shape, crypto.PublicKey, error) {
	kind, _ := members.text("kty")
	curve, _ := members.text("crv")
	switch shape := shape(kind + " " + curve); {
	case kind == string(rsaShape):
		public, err := parseRSA(members)
		return rsaShape, public, err
	case shape == ed25519Shape:
		public, err := parseEd25519(members)
		return shape, public, err
	case shape == p256Shape:
		public, err := parseEC(members, elliptic.P256())
		return shape, public, err
	case shape == p384Shape:
		public, err := parseEC(members, elliptic.P384())
		return shape, public, err
	case shape == p521Shape:
		public, err := parseEC(members, elliptic.P521())
		return shape, public, err
	}
	return "", nil, errors.New("its kty and crv are not supported")
}

// Sizes of RSA moduli in bits. RFC 7518 section 3.3 sets the least; the most
// bounds what one signature can cost.
const (
	minRSABits = 2048
	maxRSABits = 8192
)

func parseRSA(members object) (*rsa.PublicKey, error) {
	modulus, n := members.bytes("n")
	exponent, e := members.bytes("e")
	if !n || !e {
		return nil, errors.New("its n or e is malformed")
	}
	public := &rsa.PublicKey{N: new(big.Int).SetBytes(modulus)}
	if bits := public.N.BitLen(); bits < minRSABits || bits > maxRSABits || public.N.Bit(0) == 0 {
		return nil, errors.New("its modulus is not an odd number of 2048 to 8192 bits")
	}
	power := new(big.Int).SetBytes(exponent)
	if power.BitLen() > 31 || power.Bit(0) == 0 || power.Int64() < 3 {
		return nil, errors.New("its exponent is not an odd number from 3 to 2³¹")
	}
	public.E = int(power.Int64())
	return public, nil
}

func parseEC(members object, curve elliptic.Curve) (*ecdsa.PublicKey, error) {
	x, okX := members.bytes("x")
	y, okY := members.bytes("y")
	if !okX || !okY || len(x) != len(y) { // and the two of full length, as RFC 7518 section 6.2.1.2 has it
		return nil, errors.New("its x or y is malformed")
	}
	public, err := ecdsa.ParseUncompressedPublicKey(curve, slices.Concat([]byte{4}, x, y))
	if err != nil {
		return nil, errors.New("it is not a point on its curve")
	}
	return public, nil
}

func parseEd25519(members object) (ed25519.PublicKey, error) {
	public, ok := members.bytes("x")
	if !ok || len(public) != ed25519.PublicKeySize {
		return nil, errors.New("its x is malformed")
	}
	y := slices.Clone(public)
	y[31] &= 0x7f // the sign of x: a point of small order has a twin under each
	if slices.Contains(smallOrder, hex.EncodeToString(y)) {
		return nil, errors.New("it is a point of small order, for which anybody can sign")
	}
	return public, nil
}

// smallOrder lists the points of edwards25519 whose order divides 8, by their y
// (little-endian, as RFC 8032 section 5.1.2 writes it) in every encoding that
// decoders accept: 0, 1, the two of order 8, p-1, p and p+1.
var smallOrder = []string{
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
}

// bytes gives a member that is base64url, and false for anything else or none.
func (o object) bytes(name string) ([]byte, bool) {
	text, ok := o.text(name)
	if !ok {
		return nil, false
	}
	decoded, err := decodePart(text)
	return decoded, err == nil
}
