package bootstrap_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
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

// A betterAuth is a Better Auth, testdata/betterauth/server.mjs, which can be stopped and started again.
type betterAuth struct {
	url      string
	origin   string // what browsers take it for
	database string
	settings []string
	process  *process
}

// startBetterAuth starts one with a database of its own. Settings are those of server.mjs.
func startBetterAuth(t *testing.T, settings ...string) *betterAuth {
	t.Helper()
	return startBetterAuthOn(t, withPassword(t, postgrestest.Database(t)), settings...)
}

func startBetterAuthOn(t *testing.T, database string, settings ...string) *betterAuth {
	t.Helper()
	auth := &betterAuth{database: database, settings: append(settings, "DATABASE_URL="+database, "BETTER_AUTH_SECRET="+secret)}
	auth.start(t)
	return auth
}

func (b *betterAuth) start(t *testing.T) {
	t.Helper()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("there is no Node.js to run Better Auth: apt-get install -y nodejs npm")
	}
	if _, err := os.Stat(filepath.Join(betterAuthDir, "node_modules", "better-auth")); err != nil {
		t.Fatal("Better Auth is not installed: npm ci --prefix bootstrap/" + betterAuthDir)
	}
	b.process = startProcess(t, b.settings, node, filepath.Join(betterAuthDir, "server.mjs"))
	eventually(t, "Better Auth gets ready", func() bool {
		if b.process.hasExited() {
			t.Fatalf("Better Auth ended; it printed:\n%s", b.process.printed)
		}
		ready := b.events("ready")
		for _, event := range ready {
			b.url, b.origin = event.URL, event.Origin
		}
		return len(ready) > 0
	})
}

// stop takes it off the net.
func (b *betterAuth) stop(t *testing.T) {
	t.Helper()
	b.process.terminate(t)
	<-b.process.exited
}

// A betterAuthEvent is a line that server.mjs prints.
type betterAuthEvent struct {
	Event, URL, Origin, To, Token string
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

// A session is somebody's at Better Auth, as their browser holds it.
type session struct {
	auth    *betterAuth
	cookies []*http.Cookie
	opaque  string // the session token, which is no JWT
	person  person // without a token
}

// signUp signs a new person up, with e-mail and password, and takes the token that a front end would send.
func (b *betterAuth) signUp(t *testing.T) person {
	t.Helper()
	return b.openSession(t).mint(t)
}

// openSession signs a new person up.
func (b *betterAuth) openSession(t *testing.T) session {
	t.Helper()
	form := map[string]string{"name": "Ada Lovelace", "email": strings.ToLower(rand.Text()) + "@example.com", "password": rand.Text()}
	var signedUp struct {
		Token string
		User  struct{ ID string }
	}
	cookies := b.call(t, "POST", "/api/auth/sign-up/email", nil, form, &signedUp)
	confidences.noteToken(signedUp.Token)
	for _, cookie := range cookies {
		confidences.noteToken(cookie.Value)
	}
	return session{b, cookies, signedUp.Token, person{id: signedUp.User.ID, email: form["email"], name: form["name"]}}
}

// mint takes a new token, and gives the person with it.
func (s session) mint(t *testing.T) person {
	t.Helper()
	person, err := s.tryMint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return person
}

// tryMint is mint for any goroutine.
func (s session) tryMint(ctx context.Context) (person, error) {
	var issued struct{ Token string }
	_, err := s.auth.send(ctx, "GET", "/api/auth/token", s.cookies, nil, &issued)
	person := s.person
	person.token = issued.Token
	confidences.noteToken(issued.Token)
	return person, err
}

// signOut ends the session.
func (s session) signOut(t *testing.T) {
	t.Helper()
	var answer struct{ Success bool }
	s.auth.call(t, "POST", "/api/auth/sign-out", s.cookies, struct{}{}, &answer)
	if !answer.Success {
		t.Error("Better Auth did not sign out")
	}
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
	cookies, err := b.send(t.Context(), method, path, session, in, out)
	if err != nil {
		t.Fatal(err)
	}
	return cookies
}

// send is call for any goroutine.
func (b *betterAuth) send(ctx context.Context, method, path string, session []*http.Cookie, in, out any) ([]*http.Cookie, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, b.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", b.origin) // as a browser says of the site's own pages
	for _, cookie := range session {
		request.AddCookie(cookie)
	}
	response, err := connections.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }() // it was read to its end
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s %s: %s %s", method, path, response.Status, answer)
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return nil, fmt.Errorf("%s %s: %w in %s", method, path, err, answer)
	}
	return response.Cookies(), nil
}
