package betterauth_test

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports/portstest"
)

func TestSessionVerifier(t *testing.T) {
	t.Parallel()
	address := postgrestest.Database(t)
	for mode, address := range map[string]string{"prepared": address, "unprepared": with(t, address, "default_query_exec_mode", "exec")} {
		t.Run(mode, func(t *testing.T) {
			db := connect(t, address)
			execute(t, db, `DROP TABLE IF EXISTS session, jwks, "user"; `+ownTables)
			now := noon
			clock := func() time.Time { return now }
			mint := func(user domain.User, expiresAt time.Time) string {
				token := (rand.Text() + rand.Text())[:32]
				execute(t, db, `INSERT INTO "user" (id, name, email, "emailVerified") VALUES ($1, '', $2, true) ON CONFLICT (id) DO NOTHING`,
					string(user.ID), user.Email.String())
				execute(t, db, `INSERT INTO session (id, token, "userId", "expiresAt", "createdAt", "updatedAt") VALUES ($1, $2, $3, $4, $5, $5)`,
					rand.Text(), token, string(user.ID), expiresAt, now)
				return token
			}
			portstest.TestTokenVerifier(t, portstest.TokenHarness{
				Verifier: betterauth.NewSessionVerifier(db, betterauth.Names{}, clock),
				Now:      clock,
				Advance:  func(d time.Duration) { now = now.Add(d) },
				Mint:     mint,
				Refused: func() map[string]string {
					user := userOf(t, "somebody", "somebody@example.test", "", noon, noon)
					return map[string]string{
						"unknown_session":         rand.Text() + "abcdef",
						"session_expired":         mint(user, now),
						"malformed_session_token": mint(user, now.Add(time.Hour)) + " ",
						"signed_session_token":    mint(user, now.Add(time.Hour)) + ".sBqKSn6Ii13w1t0tOdCuqcoTZe7trx4jnpFQnd7+hgU=",
					}
				},
			})
		})
	}
}

// TestSessionTokenShapes asks a database to which nothing can be sent, so
// that what passes for a token is unavailable.
func TestSessionTokenShapes(t *testing.T) {
	t.Parallel()
	verifier := betterauth.NewSessionVerifier(closed(t), betterauth.Names{}, nil)
	token := "ppyaIe78FmVqlTlNwxU0MurIw9uFaexV"
	signature := "sqBKSn6Ii13w1t0tOdCuqcoTZe7trx4jnpFQnd7+hgU="
	for text, code := range map[string]string{
		token:                                  "unavailable",
		"0123456789abcdef":                     "unavailable",
		strings.Repeat("a", 256):               "unavailable",
		"90a4d4ee-7a77-4e4f-9e14-0d6ebc3c17ab": "unavailable",
		token + "." + signature:                "signed_session_token",
		token + "." + strings.TrimSuffix(signature, "="):                             "signed_session_token",
		token + "." + strings.NewReplacer("+", "%2B", "=", "%3D").Replace(signature): "signed_session_token",
		strings.Repeat("a", 256) + "." + strings.Repeat("%2B", 43) + "%3D":           "signed_session_token",
		"":                           "malformed_session_token",
		"0123456789abcde":            "malformed_session_token",
		strings.Repeat("a", 257):     "malformed_session_token",
		strings.Repeat("a", 1<<20):   "malformed_session_token",
		" " + token:                  "malformed_session_token",
		token + "\n":                 "malformed_session_token",
		token + "\x00":               "malformed_session_token",
		token + "\xff":               "malformed_session_token",
		token + "é":                  "malformed_session_token",
		token + "'":                  "malformed_session_token",
		token + "%":                  "malformed_session_token",
		token + "=":                  "malformed_session_token",
		token + ".":                  "malformed_session_token",
		token + "." + signature[:42]: "malformed_session_token",
		token + "." + signature + "." + signature: "malformed_session_token",
		"." + signature: "malformed_session_token",
		"eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJvNWcxYzNlT2Y0cVVyM1RrUGNCZE5YVW9jdVQyNjV2byJ9." + signature: "malformed_session_token",
	} {
		got, err := verifier.Verify(t.Context(), text)
		if codeOf(err) != code || got.IsAuthenticated() {
			t.Errorf("Verify(%.60q) gave %+v and error %v, want code %s", text, got, err, code)
		}
	}
}

// TestSessionsOfOddUsers reads what other hands may have put into the tables.
func TestSessionsOfOddUsers(t *testing.T) {
	t.Parallel()
	db := database(t,
		`CREATE TABLE "user" (id text, email text, name text, "createdAt" timestamptz, "updatedAt" timestamptz)`,
		`CREATE TABLE session (id text, token text, "userId" text, "createdAt" timestamptz, "expiresAt" timestamptz)`,
	)
	const token = "ppyaIe78FmVqlTlNwxU0MurIw9uFaexV"
	verifier := betterauth.NewSessionVerifier(db, betterauth.Names{}, atNoon)
	for name, test := range map[string]struct {
		user, session string
		createdAt     *time.Time
		expiresAt     any
		code          string
	}{
		"as ever":                  {"u1", "s1", &noon, noon.Add(time.Hour), ""},
		"without a start":          {"u1", "s1", nil, noon.Add(time.Hour), ""},
		"with too long an id":      {"u1", strings.Repeat("s", domain.MaxSessionIDBytes+1), &noon, noon.Add(time.Hour), ""},
		"of too long a user id":    {strings.Repeat("u", domain.MaxUserIDBytes+1), "s1", &noon, noon.Add(time.Hour), "invalid_subject"},
		"of an empty user id":      {"", "s1", &noon, noon.Add(time.Hour), "invalid_subject"},
		"without an end":           {"u1", "s1", &noon, nil, "session_expired"},
		"that ends after all time": {"u1", "s1", &noon, "10000-01-01", "session_expired"},
	} {
		t.Run(name, func(t *testing.T) {
			execute(t, db, `TRUNCATE "user", session`)
			execute(t, db, `INSERT INTO "user" VALUES ($1)`, test.user)
			execute(t, db, `INSERT INTO session VALUES ($1, $2, $3, $4, $5::timestamptz)`, test.session, token, test.user, test.createdAt, test.expiresAt)
			got, err := verifier.Verify(t.Context(), token)
			if codeOf(err) != test.code {
				t.Fatalf("Verify gave %+v and error %v, want code %q", got, err, test.code)
			}
			if err != nil {
				return
			}
			want := domain.Session{UserID: domain.UserID(test.user), ExpiresAt: noon.Add(time.Hour)}
			if test.createdAt != nil {
				want.IssuedAt = noon
			}
			if len(test.session) <= domain.MaxSessionIDBytes {
				want.ID = domain.SessionID(test.session)
			}
			if got.Session() != want || got.User() != (domain.User{ID: "u1"}) {
				t.Errorf("Verify gave %+v, want session %+v", got, want)
			}
		})
	}
}

// codeOf gives the code of an error of the domain's, empty for any other.
func codeOf(err error) string {
	var failure *domain.Error
	if !errors.As(err, &failure) {
		return ""
	}
	return failure.Code
}
