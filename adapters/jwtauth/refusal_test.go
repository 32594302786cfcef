package jwtauth_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"math"
	"math/big"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

// refusedTokens are all the mistakes, by the code that names them. Each token
// is signed with the right key and right in everything else.
var refusedTokens = map[string]map[string]*draft{
	"logout_token": {
		"as it is sent":            newDraft("EdDSA").head("typ", "logout+jwt").set("aud", "client").set("sid", "s").set("events", object{"http://schemas.openid.net/event/backchannel-logout": object{}}),
		"right in everything else": newDraft("EdDSA").head("typ", "logout+jwt"),
		"in upper case":            newDraft("HS256").head("typ", "LOGOUT+JWT"),
	},
	"session_cache_token": {
		"as it is set":             newDraft("EdDSA").head("typ", "better-auth.session-cache+jwt").set("aud", "better-auth:session-cache"),
		"right in everything else": newDraft("EdDSA").head("typ", "better-auth.session-cache+jwt"),
	},
	"unsupported_type": {
		"a typ of another kind":       newDraft("EdDSA").head("typ", "dpop+jwt"),
		"a typ with something before": newDraft("EdDSA").head("typ", "application/logout+jwt"),
		"an empty typ":                newDraft("EdDSA").head("typ", ""),
		"a typ that is null":          newDraft("EdDSA").head("typ", nil),
		"a typ that is an array":      newDraft("EdDSA").head("typ", []string{"JWT"}),
		"a typ with another alphabet": newDraft("EdDSA").head("typ", "at+jwſ"),
	},
	"critical_header": {
		"crit":            newDraft("EdDSA").head("crit", []string{"exp"}),
		"empty crit":      newDraft("EdDSA").head("crit", []string{}),
		"crit null":       newDraft("EdDSA").head("crit", nil),
		"b64":             newDraft("EdDSA").head("b64", true),
		"b64 as it is":    newDraft("EdDSA").head("b64", false).head("crit", []string{"b64"}),
		"b64 on a logout": newDraft("EdDSA").head("b64", false).head("typ", "logout+jwt"),
	},
	"embedded_key_header": {
		"its own key":   newDraft("EdDSA").head("jwk", publicJWK("EdDSA")),
		"its own set":   newDraft("EdDSA").head("jku", "http://127.0.0.1:1/jwks"),
		"a certificate": newDraft("EdDSA").head("x5c", []string{"MII"}),
		"x5u on HS256":  newDraft("HS256").head("x5u", "http://127.0.0.1:1/"),
		"a key of null": newDraft("EdDSA").head("jwk", nil),
	},
	"unsupported_header": {
		"zip":    newDraft("EdDSA").head("zip", "DEF"),
		"nested": newDraft("EdDSA").head("cty", "JWT"),
	},
	"unsigned_token": {
		"none":                newDraft("EdDSA").head("alg", "none"),
		"None":                newDraft("EdDSA").head("alg", "None"),
		"nOnE":                newDraft("EdDSA").head("alg", "nOnE"),
		"none, and unsigned":  newDraft("HS256").head("alg", "none").write(func(h, c, _ string) string { return h + "." + c + "." }),
		"none, and well said": newDraft("HS256").head("alg", "NONE").head("typ", "JWT"),
	},
	"unsupported_algorithm": {
		"none and more":  newDraft("EdDSA").head("alg", "none "),
		"no alg":         newDraft("EdDSA").head("alg", nil),
		"a number":       newDraft("EdDSA").head("alg", 5),
		"an array":       newDraft("EdDSA").head("alg", []string{"EdDSA"}),
		"lower case":     newDraft("EdDSA").head("alg", "eddsa"),
		"white space":    newDraft("EdDSA").head("alg", "EdDSA "),
		"HS512":          newDraft("HS256").head("alg", "HS512"),
		"ES256K":         newDraft("ES256").head("alg", "ES256K"),
		"encryption":     newDraft("RS256").head("alg", "RSA-OAEP"),
		"another member": {header: object{"ALG": "EdDSA", "kid": "key EdDSA"}, claims: newDraft("EdDSA").claims, method: jwt.SigningMethodEdDSA, key: privateKeys()["EdDSA"]},
	},
	"malformed_header": {
		"an array":            newDraft("EdDSA").rawHeader(`[{"alg":"EdDSA"}]`),
		"a flat array":        newDraft("EdDSA").rawHeader(`["alg","EdDSA"]`),
		"null":                newDraft("EdDSA").rawHeader(`null`),
		"no JSON":             newDraft("EdDSA").rawHeader(`alg: EdDSA`),
		"two objects":         newDraft("EdDSA").rawHeader(`{"alg":"EdDSA"}{"alg":"none"}`),
		"trailing comma":      newDraft("EdDSA").rawHeader(`{"alg":"EdDSA",}`),
		"broken UTF-8":        newDraft("EdDSA").rawHeader("{\"alg\":\"EdDSA\",\"kid\":\"\xff\"}"),
		"half a surrogate":    newDraft("EdDSA").rawHeader(`{"alg":"EdDSA","kid":"\ud800"}`),
		"a kid of a number":   newDraft("EdDSA").head("kid", 1),
		"a kid of null":       newDraft("EdDSA").head("kid", nil),
		"a byte order mark":   newDraft("EdDSA").rawHeader("\ufeff{\"alg\":\"EdDSA\"}"),
		"a kid of an object":  newDraft("EdDSA").head("kid", object{"kid": "key EdDSA"}),
		"a comment behind it": newDraft("EdDSA").rawHeader(`{"alg":"EdDSA"} // none`),
	},
	"malformed_claims": {
		"an array":         newDraft("EdDSA").rawClaims(`["` + userID + `"]`),
		"a flat array":     newDraft("HS256").rawClaims(`["sub","` + userID + `","iat",1,"exp",9999999999]`),
		"text":             newDraft("EdDSA").rawClaims(`"` + userID + `"`),
		"another token":    newDraft("EdDSA").rawClaims(`eyJhbGciOiJub25lIn0.e30.`),
		"trailing data":    newDraft("EdDSA").rawClaims(`{"sub":"a"}x`),
		"broken UTF-8":     newDraft("EdDSA").rawClaims("{\"sub\":\"a\xc0\xaf\"}"),
		"half a surrogate": newDraft("EdDSA").rawClaims(`{"sub":"a\udc00"}`),
		"NaN":              newDraft("EdDSA").rawClaims(`{"sub":"a","exp":NaN}`),
		"truncated":        newDraft("EdDSA").rawClaims(`{"sub":"a"`),
		"empty":            newDraft("EdDSA").rawClaims(` `),
	},
	"duplicate_member": {
		"in the header":            newDraft("EdDSA").rawHeader(`{"alg":"EdDSA","alg":"EdDSA"}`),
		"in the header, escaped":   newDraft("EdDSA").rawHeader(`{"alg":"EdDSA","\u0061lg":"none"}`),
		"in the header, nested":    newDraft("EdDSA").rawHeader(`{"alg":"EdDSA","x":{"a":1,"a":2}}`),
		"in the claims":            newDraft("EdDSA").rawClaims(`{"sub":"a","sub":"b","exp":9999999999}`),
		"in the claims, escaped":   newDraft("EdDSA").rawClaims(`{"sub":"a","s\u0075b":"b","exp":9999999999}`),
		"in the claims, nested":    newDraft("EdDSA").rawClaims(`{"sub":"a","x":[{"a":1,"a":2}]}`),
		"in the claims, the same":  newDraft("HS256").rawClaims(`{"sub":"a","sub":"a","exp":9999999999}`),
		"in the claims of a mail":  newDraft("HS256").rawClaims(`{"email":"a@b.c","userId":"a","userId":"b"}`),
		"in claims without an end": newDraft("EdDSA").rawClaims(`{"sub":"a","sub":"b"`),
	},
	"nested_too_deep": {
		"in the header":             newDraft("EdDSA").rawHeader(`{"alg":"EdDSA","x":` + nested(17) + `}`),
		"in the claims":             newDraft("EdDSA").rawClaims(`{"sub":"a","x":` + nested(17) + `}`),
		"in the claims, bottomless": newDraft("EdDSA").rawClaims(strings.Repeat("[", 5000)),
	},
	"malformed_encoding": {
		"padding":             newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + "." + s + "==" }),
		"padding in between":  newDraft("EdDSA").rawHeader(`{"alg":"EdDSA" }`).write(func(h, c, s string) string { return h + "=." + c + "." + s }),
		"standard alphabet":   newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + "+/." + s }),
		"a line break":        newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + "." + s[:4] + "\n" + s[4:] }),
		"a carriage return":   newDraft("EdDSA").write(func(h, c, s string) string { return h + "\r." + c + "." + s }),
		"a space":             newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + ". " + s }),
		"loose trailing bits": newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + "." + loosen(s) }),
		"NUL":                 newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + "." + s + "\x00" }),
	},
	"malformed_token": {
		"nothing":            newDraft("EdDSA").write(func(_, _, _ string) string { return "" }),
		"no signature":       newDraft("EdDSA").write(func(h, c, _ string) string { return h + "." + c }),
		"header alone":       newDraft("EdDSA").write(func(h, _, _ string) string { return h }),
		"four parts":         newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + "." + s + "." }),
		"six parts":          newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + "." + s + "..." + s }),
		"JSON serialisation": newDraft("EdDSA").write(func(h, c, s string) string { return "eyJ" + `{"payload":"` + c + `"}` }),
	},
	"encrypted_token": {
		"five parts": newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + "." + c + "." + c + "." + s }),
	},
	"opaque_token": {
		"a session token":        newDraft("EdDSA").write(func(_, _, _ string) string { return "gV98iOAyOni4VExeBnNCqoT7vIgGtXuZ" }),
		"a signed session token": newDraft("EdDSA").write(func(_, _, s string) string { return "gV98iOAyOni4VExeBnNCqoT7vIgGtXuZ." + s }),
	},
	"token_too_long": {
		"more than 8 KiB":       newDraft("EdDSA").set("x", strings.Repeat("x", 6<<10)),
		"a megabyte of nothing": newDraft("EdDSA").write(func(_, _, _ string) string { return strings.Repeat(".", 1<<20) }),
	},
	"missing_subject": {
		"id alone":                  newDraft("EdDSA").drop("sub"),
		"user_id alone":             newDraft("EdDSA").drop("sub").set("user_id", userID),
		"empty":                     newDraft("EdDSA").set("sub", ""),
		"null":                      newDraft("EdDSA").set("sub", nil),
		"a number":                  newDraft("EdDSA").set("sub", 1),
		"an array":                  newDraft("EdDSA").set("sub", []string{userID}),
		"in upper case":             newDraft("EdDSA").drop("sub").set("SUB", userID),
		"a mail's, and more":        newMail().set("name", "Ada"),
		"a mail's, with empty sub":  newMail().set("sub", ""),
		"a mail's, of nobody":       newMail().drop("userId"),
		"a mail's, without email":   newMail().drop("email"),
		"a mail's, with a key":      keyed(newMail(), "EdDSA"),
		"a cookie's, with a key":    keyed(newCookie(), "EdDSA"),
		"a cookie's, with iss":      newCookie().set("iss", origin),
		"a cookie's, with no user":  newCookie().drop("user"),
		"a cookie's, null for user": newCookie().set("sub", nil),
	},
	"mail_token": {
		"to verify an address":           newMail(),
		"to confirm a change of address": newMail().set("updateTo", "new@example.test").set("requestType", "change-email-confirmation"),
		"without an id":                  newMail().drop("userId").set("updateTo", "new@example.test"),
		"expired":                        newMail().set("exp", noon.Unix()-1),
	},
	"session_cookie": {
		"as it is set": newCookie(),
		"expired":      newCookie().set("exp", noon.Unix()-1),
	},
	"invalid_subject": {
		"too long": newDraft("EdDSA").set("sub", strings.Repeat("x", domain.MaxUserIDBytes+1)),
		"NUL":      newDraft("EdDSA").set("sub", "a\x00b"),
	},
	"user_id_mismatch": {
		"another":       newDraft("EdDSA").set("user_id", "somebody else"),
		"in lower case": newDraft("HS256").set("user_id", strings.ToLower(userID)),
		"null":          newDraft("EdDSA").set("user_id", nil),
		"a number":      newDraft("EdDSA").set("sub", "1").set("user_id", 1),
	},
	"invalid_session_id": {
		"empty":     newDraft("EdDSA").set("sid", ""),
		"null":      newDraft("EdDSA").set("sid", nil),
		"a number":  newDraft("HS256").set("sid", 7),
		"too long":  newDraft("EdDSA").set("sid", strings.Repeat("s", 256)),
		"NUL":       newDraft("EdDSA").set("sid", "a\x00b"),
		"an object": newDraft("EdDSA").set("sid", object{"id": "s"}),
	},
	"invalid_token_id": {
		"empty":    newDraft("EdDSA").set("jti", ""),
		"null":     newDraft("EdDSA").set("jti", nil),
		"a number": newDraft("HS256").set("jti", 7),
		"too long": newDraft("EdDSA").set("jti", strings.Repeat("j", 256)),
		"NUL":      newDraft("EdDSA").set("jti", "a\x00b"),
		"an array": newDraft("EdDSA").set("jti", []string{"j"}),
	},
	"invalid_email": {
		"no address":     newDraft("EdDSA").set("email", "ada"),
		"empty":          newDraft("HS256").set("email", ""),
		"with a name":    newDraft("EdDSA").set("email", "Ada <ada@example.test>"),
		"a number":       newDraft("EdDSA").set("email", 5),
		"two, in a list": newDraft("EdDSA").set("email", []string{"ada@example.test"}),
	},
	"client_token": {
		"client_id":       newDraft("EdDSA").head("typ", "at+jwt").set("client_id", userID).set("azp", userID),
		"client_id alone": newDraft("EdDSA").set("client_id", userID),
		"azp alone":       newDraft("HS256").set("azp", userID),
	},
	"sender_constrained_token": {
		"cnf":       newDraft("EdDSA").set("cnf", object{"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}),
		"empty cnf": newDraft("HS256").set("cnf", nil),
	},
	"wrong_issuer": {
		"none":             newDraft("EdDSA").drop("iss"),
		"another":          newDraft("EdDSA").set("iss", "https://evil.example.test"),
		"a trailing slash": newDraft("EdDSA").set("iss", origin+"/"),
		"upper case":       newDraft("EdDSA").set("iss", strings.ToUpper(origin)),
		"empty":            newDraft("EdDSA").set("iss", ""),
		"an array":         newDraft("EdDSA").set("iss", []string{origin}),
		"null on HS256":    newDraft("HS256").set("iss", nil),
	},
	"wrong_audience": {
		"none":                           newDraft("EdDSA").drop("aud"),
		"an id_token that nothing tells": newIDToken().drop("at_hash"),
		"an access token with a nonce":   newIDToken().drop("at_hash").head("typ", "at+jwt").set("nonce", "n"),
		"a prefix":                       newDraft("EdDSA").set("aud", origin[:len(origin)-1]),
		"an empty array":                 newDraft("EdDSA").set("aud", []string{}),
		"an array of more":               newDraft("EdDSA").set("aud", []any{origin, 5}),
		"an object":                      newDraft("EdDSA").set("aud", object{origin: origin}),
		"null on HS256":                  newDraft("HS256").set("aud", nil),
	},
	"id_token": {
		"as it is issued":          newIDToken(),
		"with typ":                 newIDToken().head("typ", "JWT"),
		"with a nonce alone":       newIDToken().drop("at_hash").set("nonce", "n"),
		"of the hybrid flow":       newIDToken().drop("at_hash").set("c_hash", "RzCCK_NPGGEfVNZpi3ExUA"),
		"of another auth server":   newIDToken().set("iss", "https://accounts.example.test"),
		"of another, for this one": newIDToken().set("iss", "https://accounts.example.test").set("aud", origin),
	},
	"missing_expiry": {
		"none":          newDraft("EdDSA").drop("exp"),
		"none on HS256": newDraft("HS256").drop("exp"),
		"upper case":    newDraft("EdDSA").drop("exp").set("EXP", noon.Unix()+60),
	},
	"invalid_expiry": {
		"milliseconds":       newDraft("EdDSA").set("exp", noon.UnixMilli()+60_000),
		"after 9999":         newDraft("EdDSA").set("exp", int64(253402300800)),
		"text":               newDraft("EdDSA").set("exp", "1795308266"),
		"null":               newDraft("EdDSA").set("exp", nil),
		"an array":           newDraft("EdDSA").set("exp", []int64{noon.Unix() + 60}),
		"negative":           newDraft("EdDSA").set("exp", -1),
		"absurd":             newDraft("EdDSA").set("exp", 1e300),
		"beyond all numbers": newDraft("EdDSA").rawClaims(`{"sub":"a","iss":"` + origin + `","aud":"` + origin + `","iat":1,"exp":1e999}`),
		"true":               newDraft("HS256").set("exp", true),
	},
	"token_expired": {
		"a second ago":       newDraft("EdDSA").set("exp", noon.Unix()-1),
		"this very moment":   newDraft("EdDSA").set("exp", float64(noon.UnixMicro())/1e6),
		"long ago, on HS256": newDraft("HS256").set("exp", 1),
		"in 1970":            newDraft("EdDSA").set("exp", 0),
	},
	"missing_issued_at": {
		"signJWT":       newDraft("EdDSA").drop("iat"),
		"none on HS256": newDraft("HS256").drop("iat"),
	},
	"invalid_issued_at": {
		"milliseconds": newDraft("EdDSA").set("iat", noon.UnixMilli()),
		"text":         newDraft("EdDSA").set("iat", "1"),
		"null":         newDraft("EdDSA").set("iat", nil),
		"largest":      newDraft("EdDSA").set("iat", math.MaxFloat64),
	},
	"issued_in_future": {
		"beyond the leeway": newDraft("EdDSA").set("iat", noon.Unix()+31),
		"on HS256":          newDraft("HS256").set("iat", noon.Unix()+3600),
	},
	"invalid_not_before": {
		"wraps around": newDraft("EdDSA").set("nbf", 1e30),
		"text":         newDraft("EdDSA").set("nbf", "0"),
		"null":         newDraft("HS256").set("nbf", nil),
	},
	"not_yet_valid": {
		"beyond the leeway": newDraft("EdDSA").set("nbf", noon.Unix()+31),
		"on HS256":          newDraft("HS256").set("nbf", noon.Unix()+600),
	},
	"unknown_key": {
		"another kid":    newDraft("EdDSA").head("kid", "1"),
		"an empty kid":   newDraft("EdDSA").head("kid", ""),
		"a path":         newDraft("EdDSA").head("kid", "../../../../dev/null"),
		"SQL":            newDraft("EdDSA").head("kid", "' OR 1=1 --"),
		"a kid too long": newDraft("EdDSA").head("kid", strings.Repeat("k", 4000)),
	},
	"ambiguous_key": {
		"two RSA keys, no kid": newDraft("RS256").withoutKeyID(),
	},
	"key_mismatch": {
		"another curve": newDraft("ES256").head("kid", "key ES384"),
		"another kind":  newDraft("ES256").head("kid", "key RS256"),
	},
	"invalid_signature": {
		"none":          newDraft("EdDSA").write(func(h, c, _ string) string { return h + "." + c + "." }),
		"none on HS256": newDraft("HS256").write(func(h, c, _ string) string { return h + "." + c + "." }),
		"zeros":         newDraft("ES256").write(func(h, c, _ string) string { return h + "." + c + "." + encode(make([]byte, 64)) }),
		"zeros, EdDSA":  newDraft("EdDSA").write(func(h, c, _ string) string { return h + "." + c + "." + encode(make([]byte, 64)) }),
		"a byte more":   newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + "." + encode(append(decode(s), 0)) }),
		"a byte less":   newDraft("RS256").write(func(h, c, s string) string { return h + "." + c + "." + encode(decode(s)[1:]) }),
		"another's claims": newDraft("EdDSA").write(func(h, c, s string) string {
			return h + "." + encode(bytes.Replace(decode(c), []byte(userID), []byte("somebody else"), 2)) + "." + s
		}),
		"another header":                   newDraft("EdDSA").write(func(h, c, s string) string { return encode(append(decode(h), ' ')) + "." + c + "." + s }),
		"another alg of the key":           newDraft("RS512").head("alg", "RS256"),
		"another RSA padding":              newDraft("RS256").head("alg", "PS256").signed(jwt.SigningMethodRS256),
		"another secret":                   newDraft("HS256").keyed([]byte("a secret that nobody ever configured")),
		"an empty secret":                  newDraft("HS256").keyed([]byte{}),
		"the public key as the secret":     newDraft("HS256").keyed(must(privateKeys()["ES256"].Public().(*ecdsa.PublicKey).Bytes())),
		"a salt as long as it can be":      newDraft("PS256").signed(salted(rsa.PSSSaltLengthAuto)),
		"a salt a byte too short":          newDraft("PS256").signed(salted(31)),
		"no salt":                          newDraft("PS256").signed(salted(0)),
		"ASN.1":                            newDraft("ES256").signed(asn1{}),
		"an ECDSA signature a byte longer": newDraft("ES256").write(func(h, c, s string) string { return h + "." + c + "." + encode(longer(decode(s))) }),
		"another key":                      newDraft("ES256").keyed(must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))),
		"an EdDSA s of one order more":     newDraft("EdDSA").write(func(h, c, s string) string { return h + "." + c + "." + encode(malleate(decode(s))) }),
	},
}

func TestVerifyRefuses(t *testing.T) {
	verifier := newVerifier(t, everything(t))
	for want, tokens := range refusedTokens {
		for name, token := range tokens {
			t.Run(want+"/"+name, func(t *testing.T) {
				got, err := verifier.Verify(t.Context(), token.sign(t))
				if code := code(got, err); code != want {
					t.Errorf("the code is %q, want %q (%v)", code, want, err)
				}
				if kind := domain.KindOf(err); kind != domain.Unauthenticated {
					t.Errorf("the kind is %d, want Unauthenticated", kind)
				}
			})
		}
	}
}

// TestVerifyNamesTheMissingHalf is about tokens that nothing was configured for.
func TestVerifyNamesTheMissingHalf(t *testing.T) {
	options := everything(t)
	options.Secret = nil
	if got := code(newVerifier(t, options).Verify(t.Context(), newDraft("HS256").sign(t))); got != "shared_secret_not_configured" {
		t.Errorf("HS256 without a secret: the code is %q", got)
	}
	options = everything(t)
	options.Servers = nil
	verifier := newVerifier(t, options)
	for _, alg := range algs {
		if got := code(verifier.Verify(t.Context(), newDraft(alg).sign(t))); got != "key_set_not_configured" {
			t.Errorf("%s without an auth server: the code is %q", alg, got)
		}
	}
}

// TestEveryCodeIsProvoked holds the table of codes against these tests.
func TestEveryCodeIsProvoked(t *testing.T) {
	source, err := os.ReadFile("refusal.go")
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := map[string]bool{ // TestVerifyNamesTheMissingHalf, TestMaxAge, TestVerifyRefusesCookies
		"shared_secret_not_configured": true, "key_set_not_configured": true,
		"token_lives_too_long": true, "malformed_session_cookie": true,
	}
	table := map[string]bool{}
	for _, match := range regexp.MustCompile(`refusal\("([a-z0-9_]+)", "([A-Z].*\.)"\)|refusal\("([a-z_]+)", "([A-Z].*\?)"\)`).FindAllStringSubmatch(string(source), -1) {
		table[match[1]+match[3]] = true
	}
	for code := range table {
		if refusedTokens[code] == nil && !elsewhere[code] {
			t.Errorf("no test provokes %q", code)
		}
	}
	if len(table) != strings.Count(string(source), "= refusal(") {
		t.Errorf("the table has %d codes with a sentence, want %d", len(table), strings.Count(string(source), "= refusal("))
	}
}

// TestOctKeysOfAKeySetAreNotUsed: an oct key in a key set is no shared secret.
func TestOctKeysOfAKeySetAreNotUsed(t *testing.T) {
	options := jwtauth.Options{Clock: atNoon, Servers: []jwtauth.AuthServer{
		server(static(keySet(t, object{"kty": "oct", "kid": "1", "k": encode([]byte(secret)), "alg": "HS256"}))),
	}}
	verifier := newVerifier(t, options)
	if got := code(verifier.Verify(t.Context(), newDraft("HS256").head("kid", "1").sign(t))); got != "shared_secret_not_configured" {
		t.Errorf("the code is %q", got)
	}
}

func (d *draft) rawHeader(text string) *draft {
	d.raw.header = text
	return d
}

func (d *draft) rawClaims(text string) *draft {
	d.raw.claims = text
	return d
}

func (d *draft) withoutKeyID() *draft {
	delete(d.header, "kid")
	return d
}

func (d *draft) write(compact func(header, claims, signature string) string) *draft {
	d.compact = compact
	return d
}

func (d *draft) keyed(key any) *draft {
	d.key = key
	return d
}

func (d *draft) signed(method jwt.SigningMethod) *draft {
	d.method = method
	return d
}

// salted signs PS256 with a salt of the given length.
func salted(length int) jwt.SigningMethod {
	return &jwt.SigningMethodRSAPSS{
		SigningMethodRSA: jwt.SigningMethodPS256.SigningMethodRSA,
		Options:          &rsa.PSSOptions{SaltLength: length},
	}
}

// asn1 signs ES256 in the form that everything but JOSE uses.
type asn1 struct{ jwt.SigningMethod }

func (asn1) Sign(text string, key any) ([]byte, error) {
	hash := crypto.SHA256.New()
	hash.Write([]byte(text))
	return ecdsa.SignASN1(rand.Reader, key.(*ecdsa.PrivateKey), hash.Sum(nil))
}

// longer puts a zero before each half of an ECDSA signature.
func longer(signature []byte) []byte {
	half := len(signature) / 2
	return append(append(append([]byte{0}, signature[:half]...), 0), signature[half:]...)
}

// malleate adds the order of the group to s, which leaves the equation true.
func malleate(signature []byte) []byte {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	s := bytes.Clone(signature[32:])
	reverse(s)
	sum := new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
	reverse(sum)
	return append(bytes.Clone(signature[:32]), sum...)
}

func reverse(b []byte) {
	for i := range len(b) / 2 {
		b[i], b[len(b)-1-i] = b[len(b)-1-i], b[i]
	}
}

// loosen changes the bits of the last letter that decode to nothing.
func loosen(part string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := strings.IndexByte(alphabet, part[len(part)-1])
	return part[:len(part)-1] + string(alphabet[last|1])
}

func nested(depth int) string { return strings.Repeat("[", depth) + strings.Repeat("]", depth) }

func decode(part string) []byte { return must(base64.RawURLEncoding.DecodeString(part)) }
