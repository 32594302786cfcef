package bootstrap_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Behind a real Better Auth, which is at another origin: people sign up, in and out on the page, and it has a new token before the old
// one expires.
func TestPageBehindBetterAuth(t *testing.T) {
	t.Parallel()
	needBinary(t)
	address := freeAddress(t)
	const life = 6 * time.Second
	auth := startBetterAuth(t, "TRUSTED_ORIGIN=http://"+address, "JWT_LIFE="+life.String())
	server := launchAt(t, address, "DATABASE_URL="+engines[0].database(t), "BETTER_AUTH_URL="+auth.url, "TASKWARD_PAGE=on")
	server.await(t)
	const email, password = "ada@example.com", "a password of the page's"

	page := taskPage{startBrowser(t)}
	page.do(t, chromedp.Navigate(server.url+"/"), chromedp.WaitVisible(chromedp.CSS("#sign-in form")))
	page.expectAccessible(t, "sign-in at Better Auth")
	page.fill(t, "email", email)
	page.fill(t, "password", password)
	page.click(t, "#sign-in summary")
	page.fill(t, "name", "Ada Lovelace")
	page.expectAccessible(t, "sign-up at Better Auth")
	page.click(t, `//button[text()="Sign up"]`)
	page.await(t, "she is signed in", `document.querySelector("#who").textContent === "Ada Lovelace"`)
	page.expectFocus(t, "New task")
	page.add(t, "Buy milk")

	first := page.awaitToken(t)
	if second := page.awaitToken(t); second.Sub(first) >= life {
		t.Errorf("a token that holds %v was renewed after %v", life, second.Sub(first))
	}
	eventually(t, "the stream goes on with it", func() bool { return page.count("/api/me/events?since=now") > 1 })
	page.add(t, "Buy bread")
	page.await(t, "it can be reached", `document.querySelector("#banner").textContent === ""`)

	page.do(t, chromedp.Reload())
	page.expectTitles(t, "Buy bread", "Buy milk")
	page.click(t, "#sign-out")
	page.do(t, chromedp.WaitVisible(chromedp.CSS("#sign-in form")))
	page.expectTitles(t)
	page.do(t, chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#sign-in form")))

	page.fill(t, "email", email)
	page.fill(t, "password", "another password")
	page.press(t, kb.Enter)
	page.expectHeard(t, "Invalid email or password")
	page.do(t, chromedp.Focus(chromedp.CSS(`#sign-in [name="password"]`)), selectAll)
	page.press(t, password+kb.Enter)
	page.expectTitles(t, "Buy bread", "Buy milk")
	if stored := get(t, page.browser, chromedp.Evaluate[int](`sessionStorage.length + localStorage.length`)); stored != 0 {
		t.Errorf("the page stores %d things", stored)
	}
	page.expectOnlyRequestsTo(t, server.url, auth.url)
	page.expectNoComplaints(t, "401")
}

// awaitToken waits for the page to ask for another token, and tells when it did.
func (p taskPage) awaitToken(t *testing.T) time.Time {
	t.Helper()
	before := p.count("/api/auth/token")
	eventually(t, "there is a new token", func() bool { return p.count("/api/auth/token") > before })
	return time.Now()
}

// fill writes into a field of the sign-in.
func (p taskPage) fill(t *testing.T, name, text string) {
	t.Helper()
	p.do(t, chromedp.SendKeys(chromedp.CSS(`#sign-in [name="`+name+`"]`), text))
}
