package bootstrap_test

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

const betterAuthDir = "testdata/betterauth"

// A betterAuth is a running Better Auth: testdata/betterauth/server.mjs.
type betterAuth struct {
	url      string
	database string
	process  *process
}

func startBetterAuth(t *testing.T) *betterAuth {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("there is no Node.js to run Better Auth: apt-get install -y nodejs npm")
	}
	if _, err := os.Stat(filepath.Join(betterAuthDir, "node_modules", "better-auth")); err != nil {
		t.Fatal("Better Auth is not installed: npm ci --prefix bootstrap/" + betterAuthDir)
	}
	auth := &betterAuth{database: postgrestest.Database(t)}
	settings := []string{"DATABASE_URL=" + auth.database, "BETTER_AUTH_SECRET=" + secret}
	auth.process = startProcess(t, settings, node, filepath.Join(betterAuthDir, "server.mjs"))
	eventually(t, "Better Auth gets ready", func() bool {
		if auth.process.hasExited() {
			t.Fatalf("Better Auth ended; it printed:\n%s", auth.process.printed)
		}
		for _, event := range auth.events("ready") {
			auth.url = event.URL
		}
		return auth.url != ""
	})
	return auth
}

// A betterAuthEvent is a line that server.mjs prints.
type betterAuthEvent struct {
	Event, URL, To, Token string
}

// events returns the events of one name so far. Other lines are Better Auth's own log.
func (b *betterAuth) events(name string) []betterAuthEvent {
	var events []betterAuthEvent
	for line := range strings.Lines(b.process.printed.String()) {
		var event betterAuthEvent
		if json.Unmarshal([]byte(line), &event) == nil && event.Event == name {
			events = append(events, event)
		}
	}
	return events
}

// signUp signs a new person up, with e-mail and password, and takes the token that a front end would send.
func (b *betterAuth) signUp(t *testing.T) person {
	t.Helper()
	form := map[string]string{"name": "Ada Lovelace", "email": strings.ToLower(rand.Text()) + "@example.com", "password": rand.Text()}
	var signedUp struct {
		User struct{ ID string }
	}
	session := b.call(t, "POST", "/api/auth/sign-up/email", nil, form, &signedUp)
	var issued struct{ Token string }
	b.call(t, "GET", "/api/auth/token", session, nil, &issued)
	return person{id: signedUp.User.ID, email: form["email"], name: form["name"], token: issued.Token}
}

// mailedToken returns the token in the verification mail that went to the address.
func (b *betterAuth) mailedToken(t *testing.T, address string) string {
	t.Helper()
	var token string
	eventually(t, "a mail has gone to "+address, func() bool {
		for _, mail := range b.events("mail") {
			if mail.To == address {
				token = mail.Token
			}
		}
		return token != ""
	})
	return token
}

// call makes a request that has to succeed, with the session's cookies, decodes the answer into out and returns the cookies it set.
func (b *betterAuth) call(t *testing.T, method, path string, session []*http.Cookie, in, out any) []*http.Cookie {
	t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, b.url+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for _, cookie := range session {
		request.AddCookie(cookie)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }() // it was read to its end
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s", method, path, response.Status, answer)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		t.Fatalf("%s %s: %v in %s", method, path, err, answer)
	}
	return response.Cookies()
}
