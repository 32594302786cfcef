package betterauth_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/domain"
)

// What Better Auth itself says of what it wrote: the output of testdata/tables.mjs.
type betterAuth struct {
	People []struct {
		User struct {
			ID, Email, Name      string
			CreatedAt, UpdatedAt time.Time
		}
		Session struct {
			ID, Token            string
			CreatedAt, ExpiresAt time.Time
		}
		Cookie string
	}
	Keys struct{ Keys []map[string]string }
}

// runBetterAuth has the real Better Auth make its tables and write into them.
func runBetterAuth(t *testing.T, database string, settings ...string) betterAuth {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("there is no Node.js to run Better Auth: apt-get install -y nodejs npm")
	}
	const packages = "../../bootstrap/testdata/betterauth"
	if _, err := os.Stat(filepath.Join(packages, "node_modules", "better-auth")); err != nil {
		t.Fatal("Better Auth is not installed: npm ci --prefix bootstrap/testdata/betterauth")
	}
	script, err := os.Open("testdata/tables.mjs")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = script.Close() }() // it was only read
	var trouble bytes.Buffer
	command := exec.CommandContext(t.Context(), node, "--input-type=module", "-")
	command.Dir = packages // what the script imports is looked for from here
	command.Env = append(os.Environ(), append(settings, "DATABASE_URL="+database)...)
	command.Stdin, command.Stderr = script, &trouble
	output, err := command.Output()
	if err != nil {
		t.Fatalf("Better Auth: %v\n%s%s", err, output, &trouble)
	}
	var said betterAuth
	if err := json.Unmarshal(output[bytes.LastIndexByte(bytes.TrimSpace(output), '\n')+1:], &said); err != nil {
		t.Fatalf("Better Auth printed no JSON at its end: %v\n%s", err, output)
	}
	if len(said.People) != 2 || len(said.Keys.Keys) != 1 {
		t.Fatalf("Better Auth wrote %d people and %d keys", len(said.People), len(said.Keys.Keys))
	}
	return said
}

// TestRealTables reads what the real Better Auth wrote, in each of the shapes
// that it gives to its tables, and holds it against what Better Auth says.
func TestRealTables(t *testing.T) {
	for name, test := range map[string]struct {
		settings []string
		names    string
	}{
		"text ids":    {nil, ""},
		"UUIDs":       {[]string{"IDS=uuid"}, ""},
		"serial ids":  {[]string{"IDS=serial"}, ""},
		"other names": {[]string{"NAMES=snake_case"}, "user=public.app_users, session=app_sessions, jwks=app_keys, snake_case"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := postgrestest.Database(t)
			said := runBetterAuth(t, address, test.settings...)
			names := parseNames(t, test.names)
			for mode, address := range map[string]string{
				"prepared": address, "unprepared": with(t, address, "default_query_exec_mode", "exec"),
			} {
				t.Run(mode, func(t *testing.T) {
					db := connect(t, address)
					checkKeys(t, db, names, said)
					checkUsers(t, db, names, said)
					checkSessions(t, db, names, said)
				})
			}
			db := connect(t, address)
			checkSignOut(t, db, names, said)
		})
	}
}

func checkKeys(t *testing.T, db *sql.DB, names betterauth.Names, said betterAuth) {
	t.Helper()
	document, err := newKeyTable(t, db, names, betterauth.KeyTableOptions{}).KeySet(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var set struct{ Keys []map[string]string }
	if err := json.Unmarshal(document, &set); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(said.Keys.Keys, set.Keys); diff != "" {
		t.Errorf("keys (-Better Auth's own endpoint +table):\n%s", diff)
	}
}

func checkUsers(t *testing.T, db *sql.DB, names betterauth.Names, said betterAuth) {
	t.Helper()
	users := betterauth.NewUsers(db, names)
	for _, person := range said.People {
		want := userOf(t, person.User.ID, person.User.Email, person.User.Name, person.User.CreatedAt, person.User.UpdatedAt)
		if got, err := users.Get(t.Context(), want.ID); err != nil || got != want {
			t.Errorf("Get gave\n\t%+v and error %v, want\n\t%+v", got, err, want)
		}
		for _, id := range otherSpellings(person.User.ID) {
			if got, err := users.Get(t.Context(), domain.UserID(id)); !errors.Is(err, domain.ErrUserNotFound) {
				t.Errorf("Get(%q) gave %+v and error %v", id, got, err)
			}
		}
	}
}

// otherSpellings gives ids that are not this one, though PostgreSQL may read
// them as the same UUID or number, or not at all.
func otherSpellings(id string) []string {
	return []string{
		"", id + " ", " " + id, "0" + id, "+" + id, "{" + id + "}", id + "0", id + "\x00", "\xff", "nobody", "-1", "99999999999999999999",
		strings.ToUpper(id) + "!", swapCase(id), strings.ReplaceAll(id, "-", "") + ".0",
	}
}

// swapCase changes the case of all letters, and at least something.
func swapCase(text string) string {
	swapped := strings.Map(func(r rune) rune {
		if up := []rune(strings.ToUpper(string(r)))[0]; up != r {
			return up
		}
		return []rune(strings.ToLower(string(r)))[0]
	}, text)
	if swapped == text {
		return text + ".0"
	}
	return swapped
}

func checkSessions(t *testing.T, db *sql.DB, names betterauth.Names, said betterAuth) {
	t.Helper()
	verifier := betterauth.NewSessionVerifier(db, names, nil)
	sessions := newSessions(t, db, names, betterauth.SessionsOptions{})
	for i, person := range said.People {
		user, other := domain.UserID(person.User.ID), domain.UserID(said.People[1-i].User.ID)
		session := domain.SessionID(person.Session.ID)
		want, err := domain.Authenticate(
			userOf(t, person.User.ID, person.User.Email, person.User.Name, person.User.CreatedAt, person.User.UpdatedAt),
			domain.Session{UserID: user, ID: session, IssuedAt: person.Session.CreatedAt, ExpiresAt: person.Session.ExpiresAt},
		)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := verifier.Verify(t.Context(), person.Session.Token); err != nil || got != want {
			t.Errorf("Verify gave\n\t%+v and error %v, want\n\t%+v", got, err, want)
		}
		decoded, err := url.QueryUnescape(person.Cookie)
		if err != nil {
			t.Fatal(err)
		}
		for _, cookie := range []string{person.Cookie, decoded} {
			wantRefusal(t, verifier, cookie, "signed_session_token")
		}
		wantLive(t, sessions, user, session, true)
		wantLive(t, sessions, other, session, false)
		for _, id := range otherSpellings(person.Session.ID) {
			wantLive(t, sessions, user, domain.SessionID(id), false)
		}
	}
}

func checkSignOut(t *testing.T, db *sql.DB, names betterauth.Names, said betterAuth) {
	t.Helper()
	gone, here := said.People[0], said.People[1]
	execute(t, db, `DELETE FROM `+names.Quoted("session")+` WHERE token = $1`, gone.Session.Token)
	verifier := betterauth.NewSessionVerifier(db, names, nil)
	sessions := newSessions(t, db, names, betterauth.SessionsOptions{})
	wantRefusal(t, verifier, gone.Session.Token, "unknown_session")
	wantLive(t, sessions, domain.UserID(gone.User.ID), domain.SessionID(gone.Session.ID), false)
	wantLive(t, sessions, domain.UserID(here.User.ID), domain.SessionID(here.Session.ID), true)
}

func userOf(t *testing.T, id, email, name string, createdAt, updatedAt time.Time) domain.User {
	t.Helper()
	address, err := domain.ParseEmail(email)
	if err != nil {
		t.Fatal(err)
	}
	return domain.User{ID: domain.UserID(id), Email: address, Name: name, CreatedAt: domain.Moment(createdAt), UpdatedAt: domain.Moment(updatedAt)}
}

func wantRefusal(t *testing.T, verifier *betterauth.SessionVerifier, token, code string) {
	t.Helper()
	got, err := verifier.Verify(t.Context(), token)
	var refusal *domain.Error
	if !errors.As(err, &refusal) || refusal.Kind != domain.Unauthenticated || refusal.Code != code || got.IsAuthenticated() {
		t.Errorf("Verify gave %+v and error %v, want code %s", got, err, code)
	}
}

func wantLive(t *testing.T, sessions *betterauth.Sessions, user domain.UserID, session domain.SessionID, want bool) {
	t.Helper()
	if live, err := sessions.Live(t.Context(), user, session); err != nil || live != want {
		t.Errorf("Live(%q, %q) is %v with error %v, want %v", user, session, live, err, want)
	}
}

// TestOwnTables holds the tables of the other tests against those that the
// real Better Auth makes.
func TestOwnTables(t *testing.T) {
	t.Parallel()
	address := postgrestest.Database(t)
	runBetterAuth(t, address)
	if diff := cmp.Diff(columnsOf(t, connect(t, address)), columnsOf(t, database(t, ownTables))); diff != "" {
		t.Errorf("columns (-Better Auth's +ours):\n%s", diff)
	}
}

func columnsOf(t *testing.T, db *sql.DB) map[string]string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `
		SELECT table_name || '.' || column_name, data_type || ' ' || is_nullable FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name IN ('user', 'session', 'jwks')`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }() // Err tells
	columns := map[string]string{}
	for rows.Next() {
		var name, kind string
		if err := rows.Scan(&name, &kind); err != nil {
			t.Fatal(err)
		}
		columns[name] = kind
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return columns
}
