package jwtauth_test

import (
	"bytes"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports/portstest"
)

// newCookie gives the session_data cookie that Better Auth sets at noon.
func newCookie() *draft {
	d := newDraft("HS256")
	d.claims = object{
		"session": object{
			"id": "uIRVa0Yqw85ro6QSe3sEAvX3zfixFCry", "userId": userID, "token": sessionToken, "expiresAt": "2026-02-10T12:04:05.678Z",
			"createdAt": "2026-02-03T12:04:05.678Z", "updatedAt": "2026-02-03T12:04:05.678Z", "ipAddress": "", "userAgent": "node",
		},
		"user": object{
			"id": userID, "name": "Ada", "email": "ada@example.test", "emailVerified": false, "image": nil,
			"createdAt": "2026-01-02T03:04:05.678Z", "updatedAt": "2026-01-03T03:04:05.678Z",
		},
		"updatedAt": noon.UnixMilli(), "version": "1", "iat": noon.Unix(), "exp": noon.Unix() + 300,
	}
	return d
}

const sessionToken = "UGoiAkqMfu0hPdCo8fiPLkvsTPVILToo"

// in changes a member of an object among the claims. A nil value drops it.
func (d *draft) in(claim, member string, value any) *draft {
	changed := maps.Clone(d.claims[claim].(object))
	if changed[member] = value; value == nil {
		delete(changed, member)
	}
	return d.set(claim, changed)
}

func newCookieVerifier(t testing.TB, clock func() time.Time) *jwtauth.CookieVerifier {
	t.Helper()
	verifier, err := jwtauth.NewCookieVerifier(jwtauth.CookieOptions{Secrets: onlySecret().Secrets, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

// withCookies accepts cookies beside what the options accept, at noon.
func withCookies(t testing.TB, options jwtauth.Options) jwtauth.ByShape {
	t.Helper()
	return jwtauth.ByShape{JWT: newVerifier(t, options), Cookie: newCookieVerifier(t, atNoon)}
}

// TestCookieVerifier runs the port's contract over cookies.
func TestCookieVerifier(t *testing.T) {
	clock := newClock()
	portstest.TestTokenVerifier(t, portstest.TokenHarness{
		Verifier: newCookieVerifier(t, clock.Now),
		Now:      clock.Now,
		Advance:  clock.advance,
		Mint: func(user domain.User, expiresAt time.Time) string {
			cookie := newCookie().in("session", "userId", string(user.ID)).in("user", "id", string(user.ID)).in("user", "email", user.Email.String())
			if user.Email == (domain.Email{}) {
				cookie.in("user", "email", nil)
			}
			return cookie.set("iat", clock.Now().Unix()).set("exp", expiresAt.Unix()).sign(t)
		},
		Refused: func() map[string]string {
			return map[string]string{
				"malformed_session_cookie": newDraft("HS256").sign(t),
				"user_id_mismatch":         newCookie().in("user", "id", "somebody else").sign(t),
				"opaque_token":             sessionToken,
			}
		},
	})
}

// TestCookieVerifierTakesNothingElse: it is no second verifier of what others
// refuse, or accept.
func TestCookieVerifierTakesNothingElse(t *testing.T) {
	verifier := newCookieVerifier(t, atNoon)
	tokens := map[string]*draft{
		"HS256": newDraft("HS256"), "with a sub": newCookie().set("sub", userID), "with iss": newCookie().set("iss", origin), "with aud": newCookie().set("aud", origin),
		"without a session": newCookie().drop("session"), "without a user": newCookie().drop("user"),
	}
	for _, alg := range algs {
		tokens[alg] = newDraft(alg)
		tokens["a cookie signed with "+alg] = keyed(newCookie(), alg)
	}
	for name, token := range tokens {
		if got := code(verifier.Verify(t.Context(), token.sign(t))); got != "malformed_session_cookie" {
			t.Errorf("%s: the code is %q", name, got)
		}
	}
	for want, refused := range refusedTokens {
		for name, token := range refused {
			if got := code(verifier.Verify(t.Context(), token.sign(t))); got == "" && want != "session_cookie" {
				t.Errorf("%s/%s is accepted", want, name)
			}
		}
	}
}

// TestCookiesEndWithTheirSecret, though they were accepted before.
func TestCookiesEndWithTheirSecret(t *testing.T) {
	secrets := onlySecret().Secrets
	verifier := must(jwtauth.NewCookieVerifier(jwtauth.CookieOptions{Secrets: secrets, Clock: atNoon}))
	cookie := newCookie().sign(t)
	if got := code(verifier.Verify(t.Context(), cookie)); got != "" {
		t.Fatalf("the code is %q", got)
	}
	if err := secrets.Replace("the next secret of tests, 32 bytes or more"); err != nil {
		t.Fatal(err)
	}
	if got := code(verifier.Verify(t.Context(), cookie)); got != "invalid_signature" {
		t.Errorf("the code is %q", got)
	}
}

func TestNewCookieVerifierRefuses(t *testing.T) {
	_, err := jwtauth.NewCookieVerifier(jwtauth.CookieOptions{Leeway: -1, MaxAge: -1})
	var failure *domain.Error
	if !errors.As(err, &failure) || failure.Kind != domain.Invalid || len(failure.Violations) != 3 {
		t.Errorf("the error is %v, want domain.Invalid over the secret, the leeway and the age", err)
	}
}

func TestCookiesOfTooLongALife(t *testing.T) {
	verifier := must(jwtauth.NewCookieVerifier(jwtauth.CookieOptions{Secrets: onlySecret().Secrets, MaxAge: 5 * time.Minute, Clock: atNoon}))
	if got := code(verifier.Verify(t.Context(), newCookie().sign(t))); got != "" {
		t.Errorf("of five minutes: the code is %q", got)
	}
	if got := code(verifier.Verify(t.Context(), newCookie().set("exp", noon.Unix()+301).sign(t))); got != "token_lives_too_long" {
		t.Errorf("of a second more: the code is %q", got)
	}
}

func TestVerifyAcceptsCookies(t *testing.T) {
	second := noon.Truncate(time.Second)
	for name, test := range map[string]struct {
		cookie    *draft
		expiresAt time.Time
	}{
		"as Better Auth sets it":      {newCookie(), second.Add(5 * time.Minute)},
		"with typ":                    {newCookie().head("typ", "JWT"), second.Add(5 * time.Minute)},
		"without what may be missing": {newCookie().drop("version").in("session", "userAgent", nil), second.Add(5 * time.Minute)},
		"of a session that ends soon": {newCookie().in("session", "expiresAt", "2026-02-03T12:05:00Z"), time.Date(2026, 2, 3, 12, 5, 0, 0, time.UTC)},
	} {
		t.Run(name, func(t *testing.T) {
			options := everything(t)
			options.Secret.Issuers = jwtauth.Expected{Values: []string{origin}, Demanded: true} // of other tokens
			options.Secret.Audiences = options.Secret.Issuers
			got, err := withCookies(t, options).Verify(t.Context(), test.cookie.sign(t))
			if err != nil {
				t.Fatal(err)
			}
			user := domain.User{
				ID: userID, Email: must(domain.ParseEmail("ada@example.test")), Name: "Ada",
				CreatedAt: time.Date(2026, 1, 2, 3, 4, 5, 678000000, time.UTC),
				UpdatedAt: time.Date(2026, 1, 3, 3, 4, 5, 678000000, time.UTC),
			}
			session := domain.Session{UserID: userID, ID: "uIRVa0Yqw85ro6QSe3sEAvX3zfixFCry", IssuedAt: second, ExpiresAt: test.expiresAt}
			if got.User() != user {
				t.Errorf("the user is %+v, want %+v", got.User(), user)
			}
			if got.Session() != session {
				t.Errorf("the session is %+v, want %+v", got.Session(), session)
			}
		})
	}
}

func TestVerifyRefusesCookies(t *testing.T) {
	verifier := withCookies(t, everything(t))
	for want, cookies := range map[string]map[string]*draft{
		"malformed_session_cookie": {
			"session a text":           newCookie().set("session", "s"),
			"session null":             newCookie().set("session", nil),
			"session an array":         newCookie().set("session", []object{}),
			"session empty":            newCookie().set("session", object{}),
			"user a text":              newCookie().set("user", userID),
			"user null":                newCookie().set("user", nil),
			"no session id":            newCookie().in("session", "id", nil),
			"a session id of a number": newCookie().in("session", "id", 1),
			"a session id too long":    newCookie().in("session", "id", strings.Repeat("s", 256)),
			"no session token":         newCookie().in("session", "token", nil),
			"an empty session token":   newCookie().in("session", "token", ""),
			"no end of the session":    newCookie().in("session", "expiresAt", nil),
			"an end in seconds":        newCookie().in("session", "expiresAt", noon.Unix()+60),
			"an end that is no time":   newCookie().in("session", "expiresAt", "tomorrow"),
			"no updatedAt":             newCookie().drop("updatedAt"),
			"updatedAt a text":         newCookie().set("updatedAt", "2026-02-03T12:04:05.678Z"),
		},
		"user_id_mismatch": {
			"a session of another":  newCookie().in("session", "userId", "somebody else"),
			"a session of nobody":   newCookie().in("session", "userId", nil),
			"another case":          newCookie().in("session", "userId", strings.ToLower(userID)),
			"a session of a number": newCookie().in("session", "userId", 1).in("user", "id", "1"),
		},
		"invalid_subject": {
			"nobody":    newCookie().in("user", "id", nil).in("session", "userId", nil),
			"no id":     newCookie().in("user", "id", ""),
			"a number":  newCookie().in("user", "id", 1),
			"too long":  newCookie().in("user", "id", strings.Repeat("x", domain.MaxUserIDBytes+1)),
			"an object": newCookie().in("user", "id", object{"id": userID}),
		},
		"invalid_email":     {"no address": newCookie().in("user", "email", "ada")},
		"missing_expiry":    {"no exp": newCookie().drop("exp")},
		"invalid_expiry":    {"exp in ms": newCookie().set("exp", noon.UnixMilli()+300)},
		"missing_issued_at": {"no iat": newCookie().drop("iat")},
		"issued_in_future":  {"tomorrow's": newCookie().set("iat", noon.Unix()+86400).set("exp", noon.Unix()+86700)},
		"token_expired": {
			"the cookie":  newCookie().set("exp", noon.Unix()),
			"the session": newCookie().in("session", "expiresAt", "2026-02-03T12:04:05.678901Z"),
		},
		"missing_subject": { // what has not the form of a cookie is read as any other token
			"session alone":            newCookie().drop("user"),
			"user alone":               newCookie().drop("session"),
			"with iss":                 newCookie().set("iss", origin),
			"with aud":                 newCookie().set("aud", origin),
			"signed with a key":        keyed(newCookie(), "EdDSA"),
			"user_id alone":            newCookie().drop("session").set("user_id", userID),
			"a session in upper case":  newCookie().drop("session").set("SESSION", newCookie().claims["session"]),
			"a token with both inside": newCookie().drop("session").drop("user").set("data", newCookie().claims),
		},
		"mail_token": {"an e-mail token": newMail()},
		"session_cache_token": {
			"the one that is signed with a key": keyed(newCookie(), "EdDSA").head("typ", "better-auth.session-cache+jwt").
				set("sub", userID).set("iss", origin).set("aud", "better-auth:session-cache").set("sid", sessionToken),
		},
		"duplicate_member": {
			"the session twice":  newCookie().rawClaims(`{"session":{},"session":{},"user":{}}`),
			"the user id twice":  newCookie().rawClaims(`{"session":{},"user":{"id":"a","id":"b"}}`),
			"a nested one twice": newCookie().rawClaims(`{"session":{"userId":"a","userId":"b"},"user":{}}`),
		},
		"invalid_signature": {
			"another secret": newCookie().keyed([]byte("a secret that nobody ever configured")),
			"another's session": newCookie().write(func(h, c, s string) string {
				return h + "." + encode(bytes.ReplaceAll(decode(c), []byte(userID), []byte("somebody else"))) + "." + s
			}),
		},
	} {
		for name, cookie := range cookies {
			t.Run(want+"/"+name, func(t *testing.T) {
				if got := code(verifier.Verify(t.Context(), cookie.sign(t))); got != want {
					t.Errorf("the code is %q, want %q", got, want)
				}
			})
		}
	}
}

// TestCookiesAreAnOption: without it they are refused, and with it everything
// else is accepted or refused as ever.
func TestCookiesAreAnOption(t *testing.T) {
	if got := code(newVerifier(t, everything(t)).Verify(t.Context(), newCookie().sign(t))); got != "session_cookie" {
		t.Errorf("a cookie gets %q", got)
	}
	verifier := withCookies(t, everything(t))
	for want, tokens := range refusedTokens {
		for name, token := range tokens {
			if got := code(verifier.Verify(t.Context(), token.sign(t))); got != want && want != "session_cookie" {
				t.Errorf("%s: the code is %q, want %q", name, got, want)
			}
		}
	}
	withSession := newDraft("HS256").drop("iss").drop("aud").set("session", newCookie().claims["session"]).set("user", object{"id": "somebody else"})
	got, err := verifier.Verify(t.Context(), withSession.sign(t))
	if err != nil || got.UserID() != userID || got.Session().ID != "" {
		t.Errorf("a token with a sub and a session speaks for %q in session %q, error %v", got.UserID(), got.Session().ID, err)
	}
	options := everything(t)
	options.Secret = nil
	if got := code(newVerifier(t, options).Verify(t.Context(), newCookie().sign(t))); got != "session_cookie" {
		t.Errorf("without a secret a cookie gets %q", got)
	}
}

// keyed has a draft signed with the key of an alg.
func keyed(d *draft, alg string) *draft {
	other := newDraft(alg)
	d.header, d.key, d.method = other.header, other.key, other.method
	return d
}
