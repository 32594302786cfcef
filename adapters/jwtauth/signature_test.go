package jwtauth_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

// TestBadSignatures makes for each algorithm the signatures that implementations
// have been caught accepting: degenerate numbers, numbers out of range, other
// encodings, other hashes, other lengths, and each bit changed.
func TestBadSignatures(t *testing.T) {
	options := everything(t)
	options.CacheSize = -1
	verifier := newVerifier(t, options)
	for _, alg := range slices.Concat([]string{"HS256"}, algs) {
		t.Run(alg, func(t *testing.T) {
			token := newDraft(alg).sign(t)
			dot := strings.LastIndexByte(token, '.')
			text, good := token[:dot], decode(token[dot+1:])
			if got := code(verifier.Verify(t.Context(), token)); got != "" {
				t.Fatalf("the good one gets %q", got)
			}
			for name, signature := range badSignatures(t, alg, text, good) {
				if got := code(verifier.Verify(t.Context(), text+"."+encode(signature))); got != "invalid_signature" {
					t.Errorf("%s: the code is %q", name, got)
				}
			}
		})
	}
}

// TestSignatureTwins: an ECDSA signature has a twin, n-s for s, that anybody
// can make. It is as good as the first, which is why no token may ever be told
// from another, or revoked, by its text.
func TestSignatureTwins(t *testing.T) {
	verifier := newVerifier(t, everything(t))
	for _, alg := range []string{"ES256", "ES384", "ES512"} {
		token := newDraft(alg).sign(t)
		dot := strings.LastIndexByte(token, '.')
		good := decode(token[dot+1:])
		half := len(good) / 2
		s := new(big.Int).Sub(order(alg), new(big.Int).SetBytes(good[half:]))
		twin := token[:dot+1] + encode(slices.Concat(good[:half], s.FillBytes(make([]byte, half))))
		for _, text := range []string{token, twin} {
			if got := code(verifier.Verify(t.Context(), text)); got != "" {
				t.Errorf("%s: the code is %q", alg, got)
			}
		}
	}
}

func badSignatures(t *testing.T, alg, text string, good []byte) map[string][]byte {
	t.Helper()
	bad := map[string][]byte{
		"none":              {},
		"zeros":             make([]byte, len(good)),
		"ones":              bytes.Repeat([]byte{0xff}, len(good)),
		"a byte less":       good[:len(good)-1],
		"half":              good[:len(good)/2],
		"a zero more":       append(bytes.Clone(good), 0),
		"a zero before":     append([]byte{0}, good...),
		"twice":             append(bytes.Clone(good), good...),
		"reversed":          reversed(good),
		"its own text":      []byte(text),
		"another's":         decode(lastPart(newDraft(alg).set("jti", "another").sign(t))),
		"a very long one":   make([]byte, 4096),
		"a single zero":     {0},
		"the base64 of one": []byte(encode(good)),
	}
	for _, bit := range []int{0, 1, 7, 8, len(good) * 4, len(good)*8 - 8, len(good)*8 - 1} {
		bad["bit "+big.NewInt(int64(bit)).String()+" changed"] = flip(good, bit)
	}
	switch alg[:2] {
	case "HS":
		addBadMACs(bad, text, good)
	case "Ed":
		addBadEdDSA(bad, good)
	case "ES":
		addBadECDSA(t, bad, alg, text, good)
	case "RS", "PS":
		addBadRSA(t, bad, alg, text, good)
	}
	return bad
}

func addBadMACs(bad map[string][]byte, text string, good []byte) {
	for name, mac := range map[string][]byte{
		"HS512":                 macOf(jwt.SigningMethodHS512, text, []byte(secret)),
		"the start of HS512":    macOf(jwt.SigningMethodHS512, text, []byte(secret))[:32],
		"no key":                macOf(jwt.SigningMethodHS256, text, nil),
		"the key and a space":   macOf(jwt.SigningMethodHS256, text, []byte(secret+" ")),
		"a truncated key":       macOf(jwt.SigningMethodHS256, text, []byte(secret)[:31]),
		"the hash of the key":   macOf(jwt.SigningMethodHS256, text, sum256(secret)),
		"of the claims alone":   macOf(jwt.SigningMethodHS256, text[strings.IndexByte(text, '.')+1:], []byte(secret)),
		"a plain hash":          sum256(text),
		"a hash behind the key": sum256(secret + text),
		"16 bytes":              good[:16],
	} {
		bad[name] = mac
	}
}

func addBadEdDSA(bad map[string][]byte, good []byte) {
	identity := append([]byte{1}, make([]byte, 31)...)
	public := []byte(privateKeys()["EdDSA"].Public().(ed25519.PublicKey))
	l, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	bad["s + L"] = malleate(good)
	bad["s + 2L"] = malleate(malleate(good))
	bad["s = 0"] = slices.Concat(good[:32], make([]byte, 32))
	bad["s = L"] = slices.Concat(good[:32], reversed(l.FillBytes(make([]byte, 32))))
	bad["s with its top bit set"] = flip(good, 63*8)
	bad["R of order 1, s = 0"] = slices.Concat(identity, make([]byte, 32))
	bad["R of order 1"] = slices.Concat(identity, good[32:])
	bad["R with its sign changed"] = flip(good, 31*8)
	bad["R is the key"] = slices.Concat(public, good[32:])
	bad["R and s swapped"] = slices.Concat(good[32:], good[:32])
	for i, point := range smallOrderPoints() {
		bad["R of small order "+big.NewInt(int64(i)).String()] = slices.Concat(point, good[32:])
	}
}

func addBadECDSA(t *testing.T, bad map[string][]byte, alg, text string, good []byte) {
	t.Helper()
	half := len(good) / 2
	r, s, n := new(big.Int).SetBytes(good[:half]), new(big.Int).SetBytes(good[half:]), order(alg)
	p := privateKeys()[alg].Public().(*ecdsa.PublicKey).Params().P
	one, less := big.NewInt(1), func(x *big.Int) *big.Int { return new(big.Int).Sub(x, big.NewInt(1)) }
	largest := new(big.Int).Sub(new(big.Int).Lsh(one, uint(8*half)), one)
	zero := new(big.Int)
	numbers := map[string]*big.Int{"0": zero, "1": one, "n-1": less(n), "n": n, "n+1": new(big.Int).Add(n, one), "p": p, "p-n": new(big.Int).Sub(p, n), "all ones": largest}
	for a, x := range numbers {
		for b, y := range numbers {
			bad["r = "+a+", s = "+b] = slices.Concat(x.FillBytes(make([]byte, half)), y.FillBytes(make([]byte, half)))
		}
		bad["r = "+a] = slices.Concat(x.FillBytes(make([]byte, half)), good[half:])
		bad["s = "+a] = slices.Concat(good[:half], x.FillBytes(make([]byte, half)))
	}
	bad["swapped"] = slices.Concat(good[half:], good[:half])
	bad["-r"] = slices.Concat(new(big.Int).Sub(n, r).FillBytes(make([]byte, half)), good[half:])
	for name, sum := range map[string]*big.Int{"r + n": new(big.Int).Add(r, n), "s + n": new(big.Int).Add(s, n)} {
		if sum.Cmp(largest) > 0 {
			continue // does not fit
		}
		if name == "r + n" {
			bad[name] = slices.Concat(sum.FillBytes(make([]byte, half)), good[half:])
		} else {
			bad[name] = slices.Concat(good[:half], sum.FillBytes(make([]byte, half)))
		}
	}
	bad["halves of a byte more"] = longer(good)
	bad["halves of a byte less"] = slices.Concat(good[1:half], good[half+1:])
	private := privateKeys()[alg].(*ecdsa.PrivateKey)
	for name, hash := range hashes {
		digest := hash.New()
		digest.Write([]byte(text))
		der, err := ecdsa.SignASN1(rand.Reader, private, digest.Sum(nil))
		if err != nil {
			t.Fatal(err)
		}
		bad["ASN.1 with SHA-"+name] = der
	}
	other := must(ecdsa.GenerateKey(private.Curve, rand.Reader))
	bad["another key's"] = must(newDraft(alg).method.Sign(text, other))
	if alg != "ES256" {
		bad["another curve's"] = must(jwt.SigningMethodES256.Sign(text, must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))))
	}
}

func addBadRSA(t *testing.T, bad map[string][]byte, alg, text string, good []byte) {
	t.Helper()
	private := privateKeys()[alg].(*rsa.PrivateKey)
	n, s := private.N, new(big.Int).SetBytes(good)
	for name, number := range map[string]*big.Int{"1": big.NewInt(1), "n": n, "n-1": new(big.Int).Sub(n, big.NewInt(1)), "n-s": new(big.Int).Sub(n, s)} {
		bad[name] = number.FillBytes(make([]byte, len(good)))
	}
	bad["s + n"] = new(big.Int).Add(s, n).Bytes()
	for _, other := range []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"} {
		if other != alg {
			bad["a signature of "+other] = must(jwt.GetSigningMethod(other).Sign(text, private))
		}
	}
	bad["another key's"] = must(newDraft(alg).method.Sign(text, must(rsa.GenerateKey(rand.Reader, 2048))))
	hash := hashes[alg[2:]]
	digest := hash.New()
	digest.Write([]byte(text))
	hashed := digest.Sum(nil)
	if alg[:2] == "PS" {
		for name, salt := range map[string]int{"no salt": 0, "a salt of a byte less": hash.Size() - 1, "a salt of a byte more": hash.Size() + 1, "the longest salt": rsa.PSSSaltLengthAuto} {
			bad[name] = must(rsa.SignPSS(rand.Reader, private, hash, hashed, &rsa.PSSOptions{SaltLength: salt}))
		}
		return
	}
	bad["a hash without its name"] = must(rsa.SignPKCS1v15(rand.Reader, private, 0, hashed))
	name := digestInfo[alg[2:]]
	for what, info := range map[string][]byte{
		"a name without NULL":         slices.Concat([]byte{0x30, name[1] - 2}, name[2:3], []byte{name[3] - 2}, name[4:15], name[17:]),
		"a hash of another name":      slices.Concat(digestInfo["224"], hashed),
		"a byte behind the hash":      slices.Concat(name, hashed, []byte{0}),
		"a name in a longer encoding": slices.Concat([]byte{0x30, 0x81, name[1]}, name[2:], hashed),
		"a cut hash":                  slices.Concat(name, hashed[:len(hashed)-1]),
	} {
		if what == "a name without NULL" {
			info = slices.Concat(info, hashed)
		}
		bad[what] = encrypt(private, pad(info, len(good)))
	}
	padded := pad(slices.Concat(name, hashed), len(good))
	if !bytes.Equal(encrypt(private, padded), good) {
		t.Fatal("the padding of this test is not that of RFC 8017")
	}
	bad["a block of type 2"] = encrypt(private, slices.Concat([]byte{0, 2}, padded[2:]))
	bad["padding with a hole"] = encrypt(private, slices.Concat(padded[:10], []byte{0}, padded[11:]))
	bad["hash first, garbage behind"] = encrypt(private, slices.Concat([]byte{0, 1}, bytes.Repeat([]byte{0xff}, 8), []byte{0}, name, hashed, make([]byte, len(good)-11-len(name)-len(hashed))))
}

// hashes are those of the algorithms, by the end of their names.
var hashes = map[string]crypto.Hash{"256": crypto.SHA256, "384": crypto.SHA384, "512": crypto.SHA512}

// digestInfo is what stands before a hash in a signature of PKCS #1 v1.5, RFC
// 8017 section 9.2 note 1.
var digestInfo = map[string][]byte{
	"224": []byte("\x30\x2d\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x04\x05\x00\x04\x1c"),
	"256": []byte("\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"),
	"384": []byte("\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"),
	"512": []byte("\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"),
}

// pad is EMSA-PKCS1-v1_5 of RFC 8017 section 9.2.
func pad(info []byte, length int) []byte {
	return slices.Concat([]byte{0, 1}, bytes.Repeat([]byte{0xff}, length-3-len(info)), []byte{0}, info)
}

// encrypt does with a private key what every signature of PKCS #1 ends with.
func encrypt(private *rsa.PrivateKey, block []byte) []byte {
	return new(big.Int).Exp(new(big.Int).SetBytes(block), private.D, private.N).FillBytes(make([]byte, len(block)))
}

func macOf(method *jwt.SigningMethodHMAC, text string, key []byte) []byte {
	mac := hmac.New(method.Hash.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func sum256(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// order is the order of the curve of an alg.
func order(alg string) *big.Int {
	return privateKeys()[alg].Public().(*ecdsa.PublicKey).Params().N
}

// flip changes one bit, counted from the highest of the first byte.
func flip(signature []byte, bit int) []byte {
	changed := bytes.Clone(signature)
	changed[bit/8] ^= 0x80 >> (bit % 8)
	return changed
}

func reversed(signature []byte) []byte {
	turned := bytes.Clone(signature)
	slices.Reverse(turned)
	return turned
}

func lastPart(token string) string { return token[strings.LastIndexByte(token, '.')+1:] }
