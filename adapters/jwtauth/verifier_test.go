package jwtauth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

// TestTokenVerifier runs the port's contract over tokens of each branch.
func TestTokenVerifier(t *testing.T) {
	t.Run("shared secret", func(t *testing.T) {
		clock := newClock()
		issuer := jwtauth.SecretIssuer{Secret: secret, Clock: clock.Now}
		portstest.TestTokenVerifier(t, portstest.TokenHarness{
			Verifier: newVerifier(t, jwtauth.Options{Secret: onlySecret(), Clock: clock.Now}),
			Now:      clock.Now,
			Advance:  clock.advance,
			Mint: func(user domain.User, expiresAt time.Time) string {
				return must(issuer.Mint(user, expiresAt.Sub(clock.Now().Truncate(time.Second))))
			},
			Refused: func() map[string]string {
				return map[string]string{
					"missing_subject": newDraft("HS256").drop("sub").sign(t),
					"opaque_token":    "gV98iOAyOni4VExeBnNCqoT7vIgGtXuZ",
				}
			},
		})
	})
	t.Run("auth server", func(t *testing.T) {
		clock := newClock()
		issuer := must(jwtauth.NewKeyIssuer(must(jwtauth.NewKey()), origin, clock.Now))
		portstest.TestTokenVerifier(t, portstest.TokenHarness{
			Verifier: newVerifier(t, jwtauth.Options{Servers: []jwtauth.AuthServer{server(issuer)}, Clock: clock.Now}),
			Now:      clock.Now,
			Advance:  clock.advance,
			Mint: func(user domain.User, expiresAt time.Time) string {
				return must(issuer.Mint(user, expiresAt.Sub(clock.Now().Truncate(time.Second))))
			},
			Refused: func() map[string]string {
				return map[string]string{
					"wrong_audience": newDraft("EdDSA").set("aud", "https://other.example.test").sign(t),
					"unknown_key":    newDraft("EdDSA").set("exp", clock.Now().Unix()+60).sign(t),
				}
			},
		})
	})
}

func TestVerifyAccepts(t *testing.T) {
	ada := domain.User{
		ID: userID, Email: must(domain.ParseEmail("ada@example.test")), Name: "Ada",
		CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 678000000, time.UTC),
		UpdatedAt: time.Date(2026, 1, 3, 3, 4, 5, 678000000, time.UTC),
	}
	expiry := noon.Truncate(time.Second).Add(15 * time.Minute)
	tokens := map[string]*draft{
		"HS256":                          newDraft("HS256"),
		"typ JWT":                        newDraft("EdDSA").head("typ", "JWT"),
		"typ in lower case":              newDraft("EdDSA").head("typ", "jwt"),
		"typ in upper case":              newDraft("EdDSA").head("typ", "AT+JWT"),
		"an OAuth access token":          newDraft("EdDSA").head("typ", "at+jwt").set("client_id", "client").set("azp", "client"),
		"aud as an array":                newDraft("EdDSA").set("aud", []string{"https://other.example.test", origin}),
		"another name of the server":     newDraft("EdDSA").set("iss", origin+"/api/auth"),
		"fractional times":               newDraft("EdDSA").set("iat", float64(noon.UnixMicro())/1e6),
		"iat ahead within the leeway":    newDraft("EdDSA").set("iat", noon.Unix()+30),
		"nbf ahead within the leeway":    newDraft("EdDSA").set("nbf", noon.Unix()+30),
		"user_id and sub the same":       newDraft("EdDSA").set("user_id", userID),
		"a jti":                          newDraft("EdDSA").set("jti", "e0033654-1191-4995-9cd7-f31582693fc0"),
		"members of one name, two cases": newDraft("EdDSA").set("SUB", "somebody else").set("Exp", 1),
		"claims nested as deep as usual": newDraft("EdDSA").set("extra", []any{object{"a": []any{object{"b": "[[[[[[[[[[[[[[[[[[[["}}}}),
		"brackets in quotes":             newDraft("EdDSA").set("extra", `\"`+strings.Repeat("[{", 50)),
		"an ID token for this service":   newDraft("EdDSA").set("at_hash", "RzCCK_NPGGEfVNZpi3ExUA").set("nonce", "n"),
		"an HS256 token with a kid":      newDraft("HS256").head("kid", "key EdDSA"),
	}
	for _, alg := range algs {
		tokens[alg] = newDraft(alg)
	}
	verifier := newVerifier(t, everything(t))
	for name, token := range tokens {
		t.Run(name, func(t *testing.T) {
			got, err := verifier.Verify(t.Context(), token.sign(t))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(ada, got.User(), cmp.Comparer(func(a, b domain.Email) bool { return a == b })); diff != "" {
				t.Errorf("the user (-want +got):\n%s", diff)
			}
			if !got.TokenExpiresAt().Equal(expiry) {
				t.Errorf("the token expires at %v, want %v", got.TokenExpiresAt(), expiry)
			}
		})
	}
}

func TestVerifyReadsTheSession(t *testing.T) {
	options := everything(t)
	options.WithoutIssuedAt = true
	verifier := newVerifier(t, options)
	second := noon.Truncate(time.Second)
	for name, test := range map[string]struct {
		token *draft
		want  domain.Session
	}{
		"stock": {newDraft("EdDSA"), domain.Session{UserID: userID, IssuedAt: second, ExpiresAt: second.Add(15 * time.Minute)}},
		"all that can be told": {
			newDraft("HS256").set("jti", "25d81cfe-0397-4f18-b814-9fb636382870").set("sid", "SVqiI20qAkrEP4Qi7WGu3XMiwe3U1J4F").
				set("iat", float64(noon.UnixMicro())/1e6).set("exp", float64(noon.UnixMicro())/1e6+60),
			domain.Session{
				UserID: userID, ID: "SVqiI20qAkrEP4Qi7WGu3XMiwe3U1J4F", TokenID: "25d81cfe-0397-4f18-b814-9fb636382870",
				IssuedAt: noon, ExpiresAt: noon.Add(time.Minute),
			},
		},
		"no time of issue": {newDraft("EdDSA").drop("iat"), domain.Session{UserID: userID, ExpiresAt: second.Add(15 * time.Minute)}},
		"the longest ids": {
			newDraft("EdDSA").set("jti", strings.Repeat("j", 255)).set("sid", strings.Repeat("s", 255)),
			domain.Session{
				UserID: userID, ID: domain.SessionID(strings.Repeat("s", 255)), TokenID: domain.TokenID(strings.Repeat("j", 255)),
				IssuedAt: second, ExpiresAt: second.Add(15 * time.Minute),
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			token := test.token.sign(t)
			for _, time := range []string{"first", "second"} { // verified, and remembered
				got, err := verifier.Verify(t.Context(), token)
				if err != nil {
					t.Fatal(err)
				}
				if got.Session() != test.want {
					t.Errorf("the %s time, the session is %+v, want %+v", time, got.Session(), test.want)
				}
			}
		})
	}
}

// TestVerifyReadsTheUser is about what a token says beside its subject.
func TestVerifyReadsTheUser(t *testing.T) {
	verifier := newVerifier(t, everything(t))
	for name, test := range map[string]struct {
		token *draft
		want  domain.User
	}{
		"sub, iat and exp alone": {
			newDraft("HS256").drop("email").drop("name").drop("createdAt").drop("updatedAt").drop("iss").drop("aud"),
			domain.User{ID: userID},
		},
		"members of another type": {
			newDraft("EdDSA").set("name", 5).set("email", nil).set("createdAt", 5).set("updatedAt", "yesterday"),
			domain.User{ID: userID},
		},
		"times that no RFC 3339 can write in UTC": {
			newDraft("EdDSA").drop("email").set("name", "").set("createdAt", "9999-12-31T23:59:59-23:59").set("updatedAt", "0000-01-01T00:00:00+23:59"),
			domain.User{ID: userID},
		},
		"an id and names of any alphabet": {
			newDraft("EdDSA").set("sub", "a/b?c \"ü🙂\"").set("name", "Ада \U0001F642").set("email", "ü@example.test").drop("createdAt").drop("updatedAt"),
			domain.User{ID: "a/b?c \"ü🙂\"", Name: "Ада \U0001F642", Email: must(domain.ParseEmail("ü@example.test"))},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := verifier.Verify(t.Context(), test.token.sign(t))
			if err != nil {
				t.Fatal(err)
			}
			if got.User() != test.want {
				t.Errorf("the user is %+v, want %+v", got.User(), test.want)
			}
		})
	}
}

// TestSecretPathExpectations is about iss and aud of HS256 tokens, which many
// applications leave out.
func TestSecretPathExpectations(t *testing.T) {
	demanded := func(values ...string) jwtauth.Expected { return jwtauth.Expected{Values: values, Demanded: true} }
	checked := func(values ...string) jwtauth.Expected { return jwtauth.Expected{Values: values} }
	for name, test := range map[string]struct {
		issuers, audiences jwtauth.Expected
		token              *draft
		want               string
	}{
		"nothing expected, nothing said":   {jwtauth.Expected{}, jwtauth.Expected{}, newDraft("HS256").drop("iss").drop("aud"), ""},
		"nothing expected, something said": {jwtauth.Expected{}, jwtauth.Expected{}, newDraft("HS256").set("iss", "x").set("aud", "x"), ""},
		"if said, not said":                {checked(origin), checked(origin), newDraft("HS256").drop("iss").drop("aud"), ""},
		"if said, right":                   {checked("x", origin), checked("x", origin), newDraft("HS256"), ""},
		"if said, wrong issuer":            {checked(origin), checked(origin), newDraft("HS256").set("iss", origin+"/"), "wrong_issuer"},
		"if said, wrong audience":          {checked(origin), checked(origin), newDraft("HS256").set("aud", []string{"x"}), "wrong_audience"},
		"if said, empty audience":          {checked(origin), checked(origin), newDraft("HS256").set("aud", []string{}), "wrong_audience"},
		"demanded, right":                  {demanded(origin), demanded(origin), newDraft("HS256"), ""},
		"demanded, no issuer":              {demanded(origin), demanded(origin), newDraft("HS256").drop("iss"), "wrong_issuer"},
		"demanded, no audience":            {demanded(origin), demanded(origin), newDraft("HS256").drop("aud"), "wrong_audience"},
		"demanded, wrong issuer":           {demanded(origin), demanded(origin), newDraft("HS256").set("iss", "x"), "wrong_issuer"},
		"demanded, wrong audience":         {demanded(origin), demanded(origin), newDraft("HS256").set("aud", "x"), "wrong_audience"},
	} {
		t.Run(name, func(t *testing.T) {
			verifier := newVerifier(t, jwtauth.Options{
				Secret: &jwtauth.SharedSecret{Secrets: must(jwtauth.NewSecrets(secret)), Issuers: test.issuers, Audiences: test.audiences},
				Clock:  atNoon,
			})
			if got := code(verifier.Verify(t.Context(), test.token.sign(t))); got != test.want {
				t.Errorf("the code is %q, want %q", got, test.want)
			}
		})
	}
}

// TestAnIssuerHasItsOwnKeys: with several auth servers, the keys of one say
// nothing about the tokens of another, though their kids are the same.
func TestAnIssuerHasItsOwnKeys(t *testing.T) {
	const other = "https://other.example.test"
	mine, theirs := publicJWK("EdDSA"), publicJWK("ES256")
	mine["kid"], theirs["kid"] = "1", "1"
	options := jwtauth.Options{Clock: atNoon, Servers: []jwtauth.AuthServer{
		{Issuers: []string{origin}, Audiences: []string{"tasks"}, Keys: static(keySet(t, mine))},
		{Issuers: []string{other}, Audiences: []string{"other tasks"}, Keys: static(keySet(t, theirs))},
	}}
	verifier := newVerifier(t, options)
	for name, test := range map[string]struct {
		token *draft
		want  string
	}{
		"first":                          {newDraft("EdDSA").head("kid", "1").set("aud", "tasks"), ""},
		"second":                         {newDraft("ES256").head("kid", "1").set("aud", "other tasks").set("iss", other), ""},
		"first, for the second":          {newDraft("EdDSA").head("kid", "1").set("aud", "other tasks"), "wrong_audience"},
		"first, signed by the second":    {newDraft("ES256").head("kid", "1").set("aud", "tasks"), "key_mismatch"},
		"nobody's, signed by the second": {newDraft("ES256").head("kid", "1").set("iss", "https://third.example.test"), "wrong_issuer"},
	} {
		if got := code(verifier.Verify(t.Context(), test.token.sign(t))); got != test.want {
			t.Errorf("%s: the code is %q, want %q", name, got, test.want)
		}
	}
}

func TestNewTakesACooldownLongerThanTheUsualRefresh(t *testing.T) {
	newVerifier(t, jwtauth.Options{Secret: onlySecret(), Cooldown: time.Hour})
}

func TestNewTakesAnIssuerThatIsNamedTwice(t *testing.T) {
	newVerifier(t, jwtauth.Options{Servers: []jwtauth.AuthServer{
		{Issuers: []string{origin, origin}, Audiences: []string{origin}, Keys: static("")},
	}})
}

func TestNewRefusesOptionsThatAcceptTooMuch(t *testing.T) {
	good := jwtauth.AuthServer{Issuers: []string{origin}, Audiences: []string{origin}, Keys: static("")}
	for name, test := range map[string]struct {
		options jwtauth.Options
		fields  []string
	}{
		"nothing": {jwtauth.Options{}, []string{"tokens"}},
		"negative times": {
			jwtauth.Options{Secret: onlySecret(), Leeway: -1, MaxAge: -1, Refresh: -1, Cooldown: -2, MaxStale: -1},
			[]string{"leeway", "max age", "refresh", "cooldown", "max stale"},
		},
		"a refresh within the cooldown":        {jwtauth.Options{Secret: onlySecret(), Refresh: 29 * time.Second}, []string{"refresh"}},
		"sets that age before a long cooldown": {jwtauth.Options{Secret: onlySecret(), Cooldown: time.Hour, MaxStale: time.Hour - 1}, []string{"max stale"}},
		"sets that age before the refresh":     {jwtauth.Options{Secret: onlySecret(), MaxStale: 5*time.Minute - 1}, []string{"max stale"}},
		"an age that nothing tells":            {jwtauth.Options{Secret: onlySecret(), MaxAge: time.Hour, WithoutIssuedAt: true}, []string{"max age"}},
		"no secret":                            {jwtauth.Options{Secret: &jwtauth.SharedSecret{}}, []string{"secret"}},
		"an empty secret":                      {jwtauth.Options{Secret: &jwtauth.SharedSecret{Secrets: &jwtauth.Secrets{}}}, []string{"secret"}},
		"demands without a value": {
			jwtauth.Options{Secret: &jwtauth.SharedSecret{
				Secrets: must(jwtauth.NewSecrets(secret)),
				Issuers: jwtauth.Expected{Demanded: true}, Audiences: jwtauth.Expected{Demanded: true, Values: []string{""}},
			}},
			[]string{"secret issuers", "secret audiences"},
		},
		"a server without anything": {
			jwtauth.Options{Servers: []jwtauth.AuthServer{good, {}}},
			[]string{"auth server 2 issuers", "auth server 2 audiences", "auth server 2 keys"},
		},
		"a server with empty values": {
			jwtauth.Options{Servers: []jwtauth.AuthServer{{Issuers: []string{origin, ""}, Audiences: []string{""}, Keys: static("")}}},
			[]string{"auth server 1 issuers", "auth server 1 audiences"},
		},
		"two servers of one issuer": {
			jwtauth.Options{Servers: []jwtauth.AuthServer{good, good}},
			[]string{"auth server 2 issuers"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := jwtauth.New(test.options)
			var failure *domain.Error
			if !errors.As(err, &failure) || failure.Kind != domain.Invalid {
				t.Fatalf("the error is %v, want domain.Invalid", err)
			}
			var fields []string
			for _, violation := range failure.Violations {
				fields = append(fields, violation.Field)
			}
			if diff := cmp.Diff(test.fields, fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
		})
	}
}

// static is a key source that always gives the same.
type static string

func (s static) KeySet(context.Context) ([]byte, error) { return []byte(s), nil }

// server has two names, as one whose tokens carry its origin or its base path.
func server(keys ports.KeySource) jwtauth.AuthServer {
	return jwtauth.AuthServer{Issuers: []string{origin, origin + "/api/auth"}, Audiences: []string{origin}, Keys: keys}
}

func onlySecret() *jwtauth.SharedSecret {
	return &jwtauth.SharedSecret{Secrets: must(jwtauth.NewSecrets(secret))}
}

// everything accepts tokens of each algorithm, at noon.
func everything(t testing.TB) jwtauth.Options {
	t.Helper()
	return jwtauth.Options{Secret: onlySecret(), Servers: []jwtauth.AuthServer{server(static(fullKeySet(t)))}, Clock: atNoon}
}

func newVerifier(t testing.TB, options jwtauth.Options) *jwtauth.Verifier {
	t.Helper()
	verifier, err := jwtauth.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(verifier.Close)
	return verifier
}

// code gives the code of a refusal, and nothing if there was none.
func code(got domain.AuthenticatedUserContext, err error) string {
	var failure *domain.Error
	switch {
	case err == nil && got.IsAuthenticated():
		return ""
	case !errors.As(err, &failure):
		return "no domain.Error"
	case failure.Kind == domain.Unavailable && failure.RetryAfter < time.Second:
		return failure.Code + " without RetryAfter"
	case got.IsAuthenticated():
		return failure.Code + " with an authenticated context"
	}
	return failure.Code
}
