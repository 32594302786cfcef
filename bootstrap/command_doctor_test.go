package bootstrap_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/bootstrap"
)

// TestDoctorDecidesAsTheService asks both about each token, with each way to accept tokens: what the one refuses, and for what, so does
// the other. The doctor is asked first, which must not change what the service then decides.
func TestDoctorDecidesAsTheService(t *testing.T) {
	t.Parallel()
	const hs256 = "BETTER_AUTH_SECRET=" + secret
	for name, test := range map[string]struct {
		settings []string
		accepted int // so many of the tokens
	}{
		"secret":                           {[]string{hs256}, 9},
		"jti":                              {[]string{hs256, "TASKWARD_REVOCATION=jti"}, 6},
		"jti, iat not required":            {[]string{hs256, "TASKWARD_REVOCATION=jti", "TASKWARD_REQUIRE_IAT=off"}, 6},
		"session":                          {[]string{hs256, "TASKWARD_REVOCATION=session"}, 3},
		"single use":                       {[]string{hs256, "TASKWARD_REPLAY=single-use"}, 6},
		"jti, single use":                  {[]string{hs256, "TASKWARD_REVOCATION=jti", "TASKWARD_REPLAY=single-use"}, 5},
		"session, single use":              {[]string{hs256, "TASKWARD_REVOCATION=session", "TASKWARD_REPLAY=single-use"}, 1},
		"session tokens":                   {[]string{hs256, "TASKWARD_SESSION_TOKENS=on"}, 10},
		"session tokens, jti":              {[]string{hs256, "TASKWARD_SESSION_TOKENS=on", "TASKWARD_REVOCATION=jti"}, 6},
		"session tokens alone":             {[]string{"TASKWARD_SESSION_TOKENS=on"}, 1},
		"session tokens alone, session":    {[]string{"TASKWARD_SESSION_TOKENS=on", "TASKWARD_REVOCATION=session"}, 1},
		"session tokens alone, single use": {[]string{"TASKWARD_SESSION_TOKENS=on", "TASKWARD_REPLAY=single-use"}, 0},
		"cookies":                          {[]string{hs256, "TASKWARD_COOKIE_TOKENS=on"}, 11},
		"cookies, session":                 {[]string{hs256, "TASKWARD_COOKIE_TOKENS=on", "TASKWARD_REVOCATION=session"}, 4},
		"all kinds, session":               {[]string{hs256, "TASKWARD_COOKIE_TOKENS=on", "TASKWARD_SESSION_TOKENS=on", "TASKWARD_REVOCATION=session"}, 5},
		"SQLite, jti":                      {[]string{hs256, "TASKWARD_REVOCATION=jti", inFile(t)}, 6},
		"SQLite, single use":               {[]string{hs256, "TASKWARD_REPLAY=single-use", inFile(t)}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			database := postgrestest.Database(t)
			settings := append([]string{"DATABASE_URL=" + database}, test.settings...) // the last of two counts
			service := startService(t, append(settings, promptly, "TASKWARD_ADDR=127.0.0.1:0"))
			tokens := doctoredTokens(t, database)
			if slices.Contains(settings, "TASKWARD_REVOCATION=jti") {
				service.ask(t, http.MethodDelete, "/api/me/session", tokens["revoked"])
			}
			service.ask(t, http.MethodGet, "/api/me", tokens["used"])
			accepted := 0
			for name, token := range tokens {
				foretold := doctorOn(t, settings, token)
				decided := service.ask(t, http.MethodGet, "/api/me", token)
				if foretold != decided {
					t.Errorf("%s: the doctor says %q, the service %q", name, foretold, decided)
				}
				if decided == "" {
					accepted++
				}
			}
			if accepted != test.accepted {
				t.Errorf("%d tokens are accepted, want %d", accepted, test.accepted)
			}
		})
	}
}

func inFile(t *testing.T) string {
	t.Helper()
	return "DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "tasks.db")
}

// doctoredTokens are tokens of each kind, and with each thing that a setting may ask for or not. Sessions are in the database.
func doctoredTokens(t *testing.T, database string) map[string]string {
	t.Helper()
	opaque, over := rand.Text(), rand.Text()
	query(t, database, `CREATE TABLE "user" (id text, email text, name text, "createdAt" timestamptz, "updatedAt" timestamptz)`)
	query(t, database, `INSERT INTO "user" VALUES ('ada', 'ada@example.com', 'Ada', now(), now()), ('bob', 'bob@example.com', 'Bob', now(), now())`)
	query(t, database, `CREATE TABLE session (id text, token text, "userId" text, "createdAt" timestamptz, "expiresAt" timestamptz)`)
	query(t, database, `INSERT INTO session VALUES ('live', $1, 'ada', now(), now() + interval '1 hour'), ('over', $2, 'ada', now(), now()),
		('bob''s', '', 'bob', now(), now() + interval '1 hour')`, opaque, over)
	with := func(claims map[string]any) string {
		all := map[string]any{"sub": "ada", "jti": rand.Text(), "sid": "live"}
		maps.Copy(all, claims)
		return mintToken(t, secret, all)
	}
	cookie := func(session string) string {
		return mintToken(t, secret, map[string]any{
			"session":   map[string]any{"id": session, "userId": "ada", "token": "t", "expiresAt": time.Now().Add(time.Hour)},
			"user":      map[string]any{"id": "ada"},
			"updatedAt": 1,
		})
	}
	return map[string]string{
		"whole":                    with(nil),
		"used":                     with(map[string]any{"aud": "used"}),
		"no jti":                   with(map[string]any{"jti": nil}),
		"no sid":                   with(map[string]any{"sid": nil}),
		"no jti and no sid":        with(map[string]any{"jti": nil, "sid": nil}),
		"no iat":                   with(map[string]any{"iat": nil, "sid": nil}),
		"revoked":                  with(map[string]any{"sid": nil, "aud": "revoked"}),
		"a session that ended":     with(map[string]any{"sid": "ended"}),
		"a session that is over":   with(map[string]any{"sid": "over"}),
		"another's session":        with(map[string]any{"sid": "bob's"}),
		"expired":                  with(map[string]any{"exp": 1}),
		"another secret":           mintToken(t, "a secret that nobody has configured", map[string]any{"sub": "ada", "jti": rand.Text()}),
		"a mail's":                 mintToken(t, secret, map[string]any{"email": "ada@example.com", "userId": "ada"}),
		"with a key pair":          base64url([]byte(`{"alg":"EdDSA"}`)) + "." + base64url([]byte(`{"sub":"ada","exp":9999999999}`)) + ".AAAA",
		"a cookie":                 cookie("live"),
		"a cookie, session over":   cookie("over"),
		"a forged cookie":          withoutLastByte(t, cookie("live")),
		"a session token":          opaque,
		"a session token, over":    over,
		"a session token, unknown": rand.Text(),
		"a session token, signed":  opaque + ".sBqKSn6Ii13w1t0tOdCuqcoTZe7trx4jnpFQnd7+hgU=",
		"a session token, cut":     opaque[:10],
		"four parts":               "header.claims.signature.more",
	}
}

// doctored finds the code for which a token is refused.
var doctored = regexp.MustCompile(`(?m)^FAIL token, [a-z ]+: ([a-z_]+): `)

// doctorOn gives the code for which the doctor says that a token is refused, empty if it says that it is not.
func doctorOn(t *testing.T, settings []string, token string) string {
	t.Helper()
	var out, errs bytes.Buffer
	code := bootstrap.Main(t.Context(), bootstrap.Process{
		Args: []string{"doctor", "-"}, Environ: settings, Stdin: strings.NewReader(token), Stdout: &out, Stderr: &errs,
	})
	found := doctored.FindAllStringSubmatch(out.String(), -1)
	switch {
	case strings.Contains(out.String(), token):
		t.Errorf("the token is repeated:\n%s", &out)
	case code == 0 && len(found) == 0 && strings.Contains(out.String(), "ok   token, "):
		return ""
	case code == 1 && len(found) == 1:
		return found[0][1]
	}
	t.Errorf("exit code %d:\n%s%s", code, &out, &errs)
	return "nothing that can be understood"
}

// A service runs inside the test: building the binary and starting it for each of many settings would take minutes.
type service struct{ address string }

func startService(t *testing.T, environ []string, use ...bootstrap.Module) service {
	t.Helper()
	config, problems := bootstrap.ReadConfig(environ)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	app, err := bootstrap.New(ctx, config, slog.New(slog.DiscardHandler), use...)
	if err != nil {
		stop()
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- app.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return service{"http://" + app.Address().String()}
}

// ask gives the code for which the service refuses a request, empty if it does not.
func (s service) ask(t *testing.T, method, path, token string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, s.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it was read as far as it counts
	if response.StatusCode < 300 {
		return ""
	}
	var problem struct{ Code string }
	if err := json.NewDecoder(response.Body).Decode(&problem); err != nil {
		t.Fatal(err)
	}
	return problem.Code
}
