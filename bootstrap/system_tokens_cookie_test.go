package bootstrap_test

import "testing"

// Who has no JWT of the plugin can send that of Better Auth's session cookie, where a setting allows it. It counts as a bearer token
// alone: what browsers send by themselves says nothing.
func TestTokensOfTheSessionCookie(t *testing.T) {
	t.Parallel()
	needBinary(t)
	auth := startBetterAuth(t, "COOKIE_CACHE=on")
	settings := []string{"DATABASE_URL=" + engines[0].database(t), "BETTER_AUTH_URL=" + auth.url, "BETTER_AUTH_SECRET=" + secret, promptly}
	session, other := auth.openSession(t), auth.openSession(t)
	ada, bob := session.person, other.mint(t)
	ada.token = session.cookie(t, "better-auth.session_data")
	if !signedWithSecret(ada.token) {
		t.Fatal("the cookie is not a token under the secret, so that its refusal proves nothing")
	}

	plain := serve(t, settings...)
	plain.as(ada).get(t, "/api/me").expectRefusal(t, "session_cookie")

	accepting := serve(t, append(settings, "TASKWARD_COOKIE_TOKENS=on")...)
	wanted := user{ID: ada.id, Email: ada.email, Name: ada.name}
	if got := accepting.as(ada).get(t, "/api/me").expect(t, 200).user(t); got != wanted {
		t.Errorf("/api/me answers %+v, want %+v", got, wanted)
	}
	accepting.as(ada).create(t, "Water the plants")
	accepting.as(bob).get(t, "/api/"+ada.id+"/tasks").expectProblem(t, 403)
	accepting.as(person{token: withoutLastByte(t, ada.token)}).get(t, "/api/me").expectRefusal(t, "invalid_signature")
	accepting.as(person{token: auth.mailedToken(t, ada.email)}).get(t, "/api/me").expectRefusal(t, "mail_token")

	for _, server := range []*server{plain, accepting} {
		var sent []string
		for _, cookie := range session.cookies {
			sent = append(sent, "Cookie: "+cookie.Name+"="+cookie.Value)
		}
		server.as(person{}).get(t, "/api/me", sent...).expectRefusal(t, "token_missing")
		if got := server.as(bob).get(t, "/api/me", sent...).expect(t, 200).user(t); got.ID != bob.id {
			t.Errorf("beside another's cookies a token speaks for %s, want %s", got.ID, bob.id)
		}
	}
}

// cookie gives the value of one of the session's cookies.
func (s session) cookie(t *testing.T, name string) string {
	t.Helper()
	for _, cookie := range s.cookies {
		if cookie.Name == name {
			return cookie.Value
		}
	}
	t.Fatalf("Better Auth has set no cookie %s", name)
	return ""
}

// expectRefusal wants 401 for this reason.
func (a answer) expectRefusal(t *testing.T, code string) {
	t.Helper()
	if problem := a.expectProblem(t, 401); problem.Code != code {
		t.Errorf("%s: refused as %s, want %s", a.request, problem.Code, code)
	}
}
