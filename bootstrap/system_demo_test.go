package bootstrap_test

import (
	"crypto/rand"
	"net"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestDemo starts what `task demo` starts, and has people sign up there and do all that they do on the page.
func TestDemo(t *testing.T) {
	t.Parallel()
	needBinary(t)
	demo := startDemo(t)
	t.Run("flows", func(t *testing.T) {
		for name, flow := range pageFlows {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				flow(t, &demoSite{demo: demo, people: map[string]*account{}})
			})
		}
	})
	demo.process.terminate(t)
	demo.process.expectCleanExit(t)
}

// A demo is a running .ci/demo.
type demo struct {
	url     string
	auth    *betterAuth
	process *process
}

func startDemo(t *testing.T) *demo {
	t.Helper()
	address, authAddress := freeAddress(t), freeAddress(t)
	portOf := func(address string) string {
		_, port, err := net.SplitHostPort(address)
		if err != nil {
			t.Fatal(err)
		}
		return port
	}
	settings := []string{
		"DEMO_PORT=" + portOf(address), "DEMO_AUTH_PORT=" + portOf(authAddress),
		"DB_PORT=" + portOf(freeAddress(t)), "DB_HOME=" + t.TempDir() + "/database",
	}
	for _, name := range []string{"GOCACHE", "GOPATH", "GOMODCACHE"} {
		value, err := exec.CommandContext(t.Context(), "go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		settings = append(settings, name+"="+strings.TrimSpace(string(value)))
	}
	auth := "http://" + authAddress
	d := &demo{url: "http://" + address, auth: &betterAuth{url: auth, origin: auth}, process: startProcess(t, settings, "../.ci/demo")}
	t.Cleanup(func() { // before it is killed, which would leave its PostgreSQL running
		if !d.process.hasExited() {
			d.process.terminate(t)
			<-d.process.exited
		}
	})
	eventually(t, "the demo says where it is", func() bool {
		if d.process.hasExited() {
			t.Fatalf("the demo ended; it printed:\n%s", d.process.printed)
		}
		return strings.Contains(d.process.printed.String(), "Sign up at "+d.url+"\n")
	})
	return d
}

// A demoSite is the page of a demo, to which people come whom nobody else has seen there.
type demoSite struct {
	*demo
	mu     sync.Mutex
	people map[string]*account
}

// An account is somebody's at the demo's Better Auth.
type account struct{ name, email, password string }

func (d *demoSite) account(user string) (_ *account, isNew bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if known := d.people[user]; known != nil {
		return known, false
	}
	d.people[user] = &account{name: user, email: strings.ToLower(rand.Text()) + "@example.com", password: rand.Text()}
	return d.people[user], true
}

func (d *demoSite) openPage(t *testing.T, b *browser, user string) taskPage {
	t.Helper()
	page := taskPage{b}
	page.do(t, inZone(pageZone), chromedp.Navigate(d.url+"/"))
	page.await(t, "the page knows who is there", `document.querySelector("#sign-in form")?.checkVisibility() || document.querySelector("#tasks").checkVisibility()`)
	if get(t, b, chromedp.Evaluate[bool](`document.querySelector("#sign-in").checkVisibility()`)) {
		account, isNew := d.account(user)
		page.fill(t, "email", account.email)
		page.fill(t, "password", account.password)
		if isNew {
			page.click(t, "#sign-in summary")
			page.fill(t, "name", account.name)
			page.click(t, `//button[text()="Sign up"]`)
		} else {
			page.press(t, kb.Enter)
		}
	}
	page.await(t, user+" is signed in", `document.querySelector("#who").textContent === "`+user+`"`)
	page.expectFocus(t, "New task")
	return page
}

func (d *demoSite) as(t *testing.T, user string) client {
	t.Helper()
	account, isNew := d.account(user)
	form := map[string]string{"email": account.email, "password": account.password}
	path := "/api/auth/sign-in/email"
	if isNew {
		form["name"], path = account.name, "/api/auth/sign-up/email"
	}
	var answer struct {
		Token string
		User  struct{ ID string }
	}
	cookies := d.auth.call(t, "POST", path, nil, form, &answer)
	signedIn := session{d.auth, cookies, answer.Token, person{id: answer.User.ID, email: account.email, name: account.name}}
	return client{d.url, signedIn.mint(t)}
}

func (d *demoSite) expectPeace(t *testing.T, page taskPage, but ...string) {
	t.Helper()
	page.expectOnlyRequestsTo(t, d.url, d.auth.url)
	page.expectNoComplaints(t, but...)
}
