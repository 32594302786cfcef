package jwtauth_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

var ada = domain.User{
	ID: userID, Email: must(domain.ParseEmail("ada@example.test")), Name: "Ada",
	CreatedAt: noon.Add(-time.Hour), UpdatedAt: noon.Add(-time.Minute),
}

// TestKeyIssuerMintsWhatBetterAuthMints: the same members as at /api/auth/token.
func TestKeyIssuerMintsWhatBetterAuthMints(t *testing.T) {
	issuer := must(jwtauth.NewKeyIssuer(must(jwtauth.NewKey()), origin, atNoon))
	header, claims := open(t, must(issuer.Mint(ada, 15*time.Minute)))
	if len(header) != 2 || header["alg"] != "EdDSA" || header["kid"] == "" {
		t.Errorf("the header is %v", header)
	}
	want := object{
		"iat": float64(noon.Unix()), "exp": float64(noon.Unix() + 900), "iss": origin, "aud": origin, "sub": userID, "id": userID,
		"email": "ada@example.test", "emailVerified": false, "name": "Ada", "image": nil,
		"createdAt": "2026-02-03T11:04:05.678901Z", "updatedAt": "2026-02-03T12:03:05.678901Z",
	}
	if diff := cmp.Diff(want, claims); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestKeyIssuerLeavesOutWhatIsNotKnown(t *testing.T) {
	issuer := must(jwtauth.NewKeyIssuer(must(jwtauth.NewKey()), origin, atNoon))
	_, claims := open(t, must(issuer.Mint(domain.User{ID: "u1"}, time.Minute)))
	for _, name := range []string{"email", "createdAt", "updatedAt"} {
		if value, there := claims[name]; there {
			t.Errorf("%s is %v", name, value)
		}
	}
}

func TestKeyIssuerKeepsItsKey(t *testing.T) {
	key, other := must(jwtauth.NewKey()), must(jwtauth.NewKey())
	before := must(jwtauth.NewKeyIssuer(key, origin, atNoon))
	after := must(jwtauth.NewKeyIssuer(key, origin, atNoon))
	stranger := must(jwtauth.NewKeyIssuer(other, origin, atNoon))
	verifier := newVerifier(t, jwtauth.Options{Servers: []jwtauth.AuthServer{server(after)}, Clock: atNoon})
	got, err := verifier.Verify(t.Context(), must(before.Mint(ada, time.Minute)))
	if err != nil || got.User() != ada {
		t.Errorf("the user is %+v, error %v", got.User(), err)
	}
	if got := code(verifier.Verify(t.Context(), must(stranger.Mint(ada, time.Minute)))); got != "unknown_key" {
		t.Errorf("another key's token gets %q", got)
	}
}

func TestKeyIssuerKeySet(t *testing.T) {
	issuer := must(jwtauth.NewKeyIssuer(must(jwtauth.NewKey()), origin, atNoon))
	var set struct {
		Keys []map[string]string `json:"keys"`
	}
	if err := json.Unmarshal(must(issuer.KeySet(t.Context())), &set); err != nil {
		t.Fatal(err)
	}
	if len(set.Keys) != 1 {
		t.Fatalf("%d keys, want 1", len(set.Keys))
	}
	jwk := set.Keys[0]
	if len(jwk) != 5 || jwk["kty"] != "OKP" || jwk["crv"] != "Ed25519" || jwk["alg"] != "EdDSA" || len(jwk["x"]) != 43 || len(jwk["kid"]) != 43 {
		t.Errorf("the key is %v: want the public half and nothing else", jwk)
	}
}

func TestNewKeyIssuerRefusesOtherKeys(t *testing.T) {
	for name, key := range map[string]string{
		"nothing":   "",
		"no PEM":    "key",
		"no PKCS8":  "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"an EC key": "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg" + "\n-----END PRIVATE KEY-----\n",
	} {
		if _, err := jwtauth.NewKeyIssuer([]byte(key), origin, nil); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestSecretIssuerMintsWhatARouteMints(t *testing.T) {
	for name, test := range map[string]struct {
		issuer jwtauth.SecretIssuer
		user   domain.User
		want   object
	}{
		"an id alone": {
			jwtauth.SecretIssuer{Secret: secret, Clock: atNoon},
			domain.User{ID: "u1"},
			object{"sub": "u1", "iat": float64(noon.Unix()), "exp": float64(noon.Unix() + 60)},
		},
		"all": {
			jwtauth.SecretIssuer{Secret: secret, Clock: atNoon, Issuer: origin, Audience: "tasks"},
			ada,
			object{"sub": userID, "iat": float64(noon.Unix()), "exp": float64(noon.Unix() + 60), "email": "ada@example.test", "iss": origin, "aud": "tasks"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			header, claims := open(t, must(test.issuer.Mint(test.user, time.Minute)))
			if header["alg"] != "HS256" {
				t.Errorf("the header is %v", header)
			}
			if diff := cmp.Diff(test.want, claims); diff != "" {
				t.Errorf("claims (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMintingRefusesWhatNobodyAccepts(t *testing.T) {
	keyIssuer := must(jwtauth.NewKeyIssuer(must(jwtauth.NewKey()), origin, nil))
	for name, mint := range map[string]func() (string, error){
		"no life":            func() (string, error) { return keyIssuer.Mint(ada, 0) },
		"a life in the past": func() (string, error) { return jwtauth.SecretIssuer{Secret: secret}.Mint(ada, -time.Hour) },
		"a short secret":     func() (string, error) { return jwtauth.SecretIssuer{Secret: "short"}.Mint(ada, time.Hour) },
	} {
		if _, err := mint(); domain.KindOf(err) != domain.Invalid {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// open reads a token without checking it.
func open(t *testing.T, token string) (header, claims object) {
	t.Helper()
	parts := strings.Split(token, ".")
	for part, into := range map[string]*object{parts[0]: &header, parts[1]: &claims} {
		if err := json.Unmarshal(decode(part), into); err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}
