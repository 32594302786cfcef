package bootstrap_test

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What one does in a tab is seen in the other within a second, and by nobody else.
func pageInTwoTabs(t *testing.T, site pageSite) {
	t.Helper()
	first := site.openPage(t, startBrowser(t), "alice")
	second := site.openPage(t, first.anotherTab(t), "alice")
	bob := site.openPage(t, startBrowser(t), "bob")

	fastest := time.Hour // of several, for whoever else is busy on the machine
	for _, title := range []string{"Buy milk", "Buy bread", "Buy salt"} {
		before := time.Now()
		first.add(t, title)
		second.await(t, title+" is there, too", fmt.Sprintf(`document.querySelector("#list .title")?.textContent === %q`, title))
		fastest = min(fastest, time.Since(before))
		second.expectHeard(t, "Changed elsewhere: "+title)
	}
	if fastest > time.Second {
		t.Errorf("a task took %v to get to the other tab", fastest)
	}
	second.click(t, control("Complete Buy bread"))
	first.await(t, "it is completed here, too", `document.querySelector("[aria-label='Complete Buy bread']").checked`)
	second.do(t, chromedp.Focus(chromedp.CSS(control("Complete Buy bread"))))
	second.press(t, kb.Delete)
	first.expectTitles(t, "Buy salt", "Buy milk")
	first.expectHeard(t, "Deleted elsewhere: Buy bread")

	// Bob has a stream of his own, on which this came after all that.
	bob.add(t, "Only bob's")
	bob.expectTitles(t, "Only bob's")
	first.expectTitles(t, "Buy salt", "Buy milk")
	if heard := get(t, bob.browser, chromedp.Evaluate[string](`document.querySelector("#live").textContent`)); heard != "Added Only bob's" {
		t.Errorf("bob heard %q", heard)
	}
	for _, page := range []taskPage{first, second, bob} {
		site.expectPeace(t, page)
	}
}

// Two edit the same task: the one who is later sees both versions, and chooses.
func pageConflict(t *testing.T, site pageSite) {
	t.Helper()
	alice := site.as(t, "alice")
	first := site.openPage(t, startBrowser(t), "alice")
	first.add(t, "Buy milk")
	second := site.openPage(t, first.anotherTab(t), "alice")

	for _, test := range []struct{ mine, theirs, choose, kept string }{
		{"Buy oat milk", "Buy soy milk", `//button[text()="Keep mine"]`, "Buy oat milk"},
		{"Buy rice milk", "Buy almond milk", `//button[text()="Take theirs"]`, "Buy almond milk"},
	} {
		first.click(t, "#list .title")
		first.do(t, selectAll)
		first.press(t, test.mine)
		second.click(t, "#list .title")
		second.do(t, selectAll)
		second.press(t, test.theirs+kb.Enter)
		second.expectTitles(t, test.theirs)
		confidences.note("title", test.mine)
		confidences.note("title", test.theirs)

		first.press(t, kb.Enter)
		first.await(t, "both versions are shown", fmt.Sprintf(`document.querySelector("#conflict").open && document.querySelector("#conflict-fields").innerText === "Title\t%s\t%s"`, test.mine, test.theirs))
		first.click(t, test.choose)
		first.expectTitles(t, test.kept)
		second.expectTitles(t, test.kept)
		first.expectTask(t, alice, test.kept, map[string]any{"title": test.kept})
	}

	// Nor is what somebody else has changed deleted unseen.
	release := second.holdList(t)
	first.click(t, "#list .title")
	first.do(t, selectAll)
	first.press(t, "Buy everything"+kb.Enter)
	confidences.note("title", "Buy everything")
	first.expectTitles(t, "Buy everything")
	second.click(t, control("Delete Buy almond milk"))
	second.await(t, "it is asked whether to go on", `document.querySelector("#conflict").open && document.querySelector("#conflict-text").textContent.includes("Buy everything")`)
	second.press(t, kb.Escape)
	release()
	second.expectTitles(t, "Buy everything")
	first.expectTitles(t, "Buy everything")

	site.expectPeace(t, first, "412")
	site.expectPeace(t, second, "412")
}

// holdList has the page wait for what is in the list, as on a slow line, until it is released.
func (p taskPage) holdList(t *testing.T) (release func()) {
	t.Helper()
	held := make(chan struct{})
	p.intercept(t, `*/api/me/tasks\?*`, func() *fetch.FulfillRequestParams {
		<-held
		return nil
	})
	return func() { close(held) }
}

// The page says that it cannot reach the service, keeps what was written, and has everything when it can again.
func pageOffline(t *testing.T, site pageSite) {
	t.Helper()
	alice := site.as(t, "alice")
	page := site.openPage(t, startBrowser(t), "alice")
	page.add(t, "Before")
	banner := `document.querySelector("#banner").textContent`
	page.await(t, "nothing is said", banner+` === ""`)

	page.offline(t, true)
	page.await(t, "it is said", banner+`.startsWith("You are offline")`)
	page.do(t, chromedp.SendKeys(chromedp.CSS("#new-title"), "Meanwhile here"))
	page.press(t, kb.Enter)
	page.expectHeard(t, "Taskward cannot be reached. Try again.")
	alice.create(t, "Meanwhile elsewhere")

	page.offline(t, false)
	page.await(t, "it is not said any more", banner+` === ""`)
	page.expectTitles(t, "Meanwhile elsewhere", "Before")
	confidences.note("title", "Meanwhile here")
	page.press(t, kb.Enter)
	page.expectTitles(t, "Meanwhile here", "Meanwhile elsewhere", "Before")
	page.await(t, "the error is gone", `document.querySelector("#error").textContent === ""`)

	site.expectPeace(t, page, "ERR_INTERNET_DISCONNECTED")
}

// offline takes the network from a page, or gives it back.
func (p taskPage) offline(t *testing.T, yes bool) {
	t.Helper()
	conditions := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{
		{Offline: yes, DownloadThroughput: -1, UploadThroughput: -1},
	}}
	p.do(t, func(ctx context.Context, page *chromedp.Target) (chromedp.Void, error) {
		if _, err := cdp.Call(ctx, page, network.EmulateNetworkConditionsByRule, conditions); err != nil {
			return chromedp.Void{}, err
		}
		_, err := cdp.Call(ctx, page, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: yes, DownloadThroughput: -1, UploadThroughput: -1})
		return chromedp.Void{}, err
	})
}

func pageTrash(t *testing.T, site pageSite) {
	t.Helper()
	page := site.openPage(t, startBrowser(t), "alice")
	page.add(t, "one", "two", "three")

	page.click(t, control("Delete two"))
	page.expectTitles(t, "three", "one")
	page.expectHeard(t, "Moved “two” to the trash.")
	page.click(t, `//button[text()="Undo"]`)
	page.expectTitles(t, "three", "two", "one")
	page.expectHeard(t, "Restored two")

	page.do(t, chromedp.Focus(chromedp.CSS(control("Complete three"))))
	page.press(t, kb.Delete)
	page.expectTitles(t, "two", "one")
	page.expectFocus(t, "Complete two")
	page.press(t, "u")
	page.expectTitles(t, "three", "two", "one")

	for _, title := range []string{"one", "two", "three"} {
		page.click(t, control("Delete "+title))
		page.await(t, title+" is gone", fmt.Sprintf(`!document.querySelector("#list [aria-label='Delete %s']")`, title))
	}
	page.expectNothing(t)
	page.click(t, "#open-trash")
	deleted := `[...document.querySelectorAll("#deleted .about")].map((title) => title.textContent).join()`
	page.await(t, "the trash has them", deleted+` === "three,two,one"`)
	page.click(t, `#deleted [aria-label="Restore two"]`)
	page.await(t, "it is no longer there", deleted+` === "three,one"`)
	page.expectFocus(t, "Restore one")
	page.click(t, `#deleted [aria-label="Remove for good: one"]`)
	page.await(t, "it is asked once more", deleted+` === "three,one"`)
	page.click(t, `//button[text()="Really remove for good?"]`)
	page.await(t, "it is gone", deleted+` === "three"`)
	page.press(t, kb.Escape)
	page.expectTitles(t, "two")
	page.await(t, "the focus is where it was", `document.activeElement.id === "open-trash"`)

	site.expectPeace(t, page)
}

// A tab stays signed in when it is loaded again, and holds no token anywhere but in memory. Who signs out leaves nothing.
func TestPageSession(t *testing.T) {
	t.Parallel()
	needBinary(t)
	server := servePage(t)
	page := server.openPage(t, startBrowser(t), "alice")
	page.add(t, "Buy milk")
	page.do(t, chromedp.Reload())
	page.expectTitles(t, "Buy milk")
	page.expectFocus(t, "New task")
	if stored := get(t, page.browser, chromedp.Evaluate[string](`JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie])`)); stored != `[{"taskward.user":"alice"},{},""]` {
		t.Errorf("the page stores %s", stored)
	}

	page.press(t, kb.Tab)
	page.press(t, "?")
	page.await(t, "the keys are shown", `document.querySelector("#help").open`)
	page.press(t, kb.Escape)
	page.await(t, "the keys are shown no longer", `!document.querySelector("#help").open`)

	// A token that is refused is renewed, once, and the request made again.
	var refused atomic.Int64
	page.intercept(t, `*/api/me/tasks\?*`, func() *fetch.FulfillRequestParams {
		if refused.Add(1) > 1 {
			return nil
		}
		return &fetch.FulfillRequestParams{ResponseCode: 401, Body: []byte(`{"detail":"Not this one."}`)}
	})
	signIns := page.count("/page/sign-in")
	page.choose(t, "sort", "Title")
	page.await(t, "the list is there", `document.querySelectorAll("#list .grip").length === 0 && document.querySelector("#error").textContent === ""`)
	page.expectTitles(t, "Buy milk")
	if got := page.count("/page/sign-in") - signIns; refused.Load() < 2 || got != 1 {
		t.Errorf("the list was asked for %d times, and a token %d times", refused.Load(), got)
	}

	page.click(t, "#sign-out")
	page.do(t, chromedp.WaitVisible(chromedp.CSS("#sign-in")))
	page.await(t, "nothing is left", `document.querySelectorAll("#list li").length === 0 && sessionStorage.length === 0`)
	page.do(t, chromedp.Reload(), chromedp.WaitVisible(chromedp.CSS("#sign-in")))

	page.expectOnlyRequestsTo(t, server.url)
	page.expectNoComplaints(t, "401")
}

// intercept has answer give the answer to requests of a pattern; where it gives none the request goes on.
func (p taskPage) intercept(t *testing.T, pattern string, answer func() *fetch.FulfillRequestParams) {
	t.Helper()
	ctx := p.page
	err := chromedp.Listen(ctx, func(event any) {
		paused, ok := event.(*fetch.EventRequestPaused)
		if !ok {
			return
		}
		go func() { // an error means that the test is over
			if params := answer(); params != nil {
				params.RequestID = paused.RequestID
				_, _ = chromedp.Call(ctx, fetch.FulfillRequest, *params)
				return
			}
			_, _ = chromedp.Call(ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: paused.RequestID})
		}()
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: pattern}}}); err != nil {
		t.Fatal(err)
	}
}

// count is how many requests for a path there have been.
func (b *browser) count(path string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	count := 0
	for _, url := range b.requests {
		if strings.HasSuffix(url, path) {
			count++
		}
	}
	return count
}
