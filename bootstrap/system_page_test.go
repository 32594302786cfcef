package bootstrap_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// What people do on the task page they do here, with real clicks and keys.

// A taskPage is the page of somebody who has signed in.
type taskPage struct{ *browser }

// A pageSite is where the page is, and how people come to it.
type pageSite interface {
	// openPage opens the page in a tab, and signs somebody in. Whoever is signed in already in the same browser is that somebody.
	openPage(t *testing.T, b *browser, user string) taskPage
	// as is somebody's program beside the page.
	as(t *testing.T, user string) client
	// expectPeace wants a page to have asked nobody but the site, and complained of nothing but that.
	expectPeace(t *testing.T, page taskPage, but ...string)
}

// pageFlows are what people do, on any site.
var pageFlows = map[string]func(t *testing.T, site pageSite){
	"Tasks":    pageTasks,
	"Order":    pageOrder,
	"Filters":  pageFilters,
	"More":     pageMore,
	"Two tabs": pageInTwoTabs,
	"Conflict": pageConflict,
	"Offline":  pageOffline,
	"Trash":    pageTrash,
}

func TestPage(t *testing.T) {
	for name, flow := range pageFlows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			needBinary(t)
			flow(t, servePage(t))
		})
	}
}

// servePage starts a `taskward dev` without tasks.
func servePage(t *testing.T) *devServer {
	t.Helper()
	server := startDev(t, freeAddress(t), filepath.Join(t.TempDir(), "tasks.db"))
	for _, name := range []string{"alice", "bob"} {
		client := server.as(t, name)
		client.delete(t, client.tasks()+"?confirm=all").expect(t, 204)
	}
	return server
}

// openPage opens the page in a tab, and signs in.
func (d *devServer) openPage(t *testing.T, b *browser, user string) taskPage {
	t.Helper()
	page := taskPage{b}
	page.do(t, inZone(pageZone), chromedp.Navigate(d.url+"/"))
	page.click(t, fmt.Sprintf(`//button[text()=%q]`, user))
	page.do(t, chromedp.WaitVisible(chromedp.CSS("#tasks")))
	page.expectFocus(t, "New task")
	return page
}

func (d *devServer) expectPeace(t *testing.T, page taskPage, but ...string) {
	t.Helper()
	page.expectOnlyRequestsTo(t, d.url)
	page.expectNoComplaints(t, but...)
}

// pageZone is where the people are who use the page.
const pageZone = "Europe/Berlin"

// inZone has a page believe that it is in a time zone.
func inZone(name string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, page *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, page, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name})
		return chromedp.Void{}, err
	}
}

// click clicks on what is at a path, XPath or CSS.
func (p taskPage) click(t *testing.T, at string) {
	t.Helper()
	p.do(t, chromedp.Click(at, chromedp.NodeVisible))
}

// press presses keys, whatever has the focus. Each is one event, as it is from a keyboard, so that a key which the page takes for
// something else writes nothing.
func (p taskPage) press(t *testing.T, keys string, modifiers ...chromedp.Modifier) {
	t.Helper()
	for _, key := range keys {
		var text string
		for _, event := range kb.Encode(key) {
			if event.Type == kb.KeyChar && len(modifiers) == 0 {
				text = event.Text
			}
		}
		for _, event := range kb.Encode(key) {
			if event.Type == kb.KeyChar {
				continue
			}
			if event.Type == kb.KeyDown {
				event.Text = text
			}
			for _, modifier := range modifiers {
				event.Modifiers |= int64(modifier)
			}
			if _, err := chromedp.Call(p.page, input.DispatchKeyEvent, *event); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// add makes a task, as people do.
func (p taskPage) add(t *testing.T, titles ...string) {
	t.Helper()
	for _, title := range titles {
		confidences.note("title", title)
		p.do(t, chromedp.SendKeys(chromedp.CSS("#new-title"), title+kb.Enter))
		p.await(t, title+" is added", fmt.Sprintf(`document.querySelector("#list .title")?.textContent === %q && document.querySelector("#new-title").value === ""`, title))
	}
}

// control is a part of a task's row, by its name.
func control(name string) string { return fmt.Sprintf(`#list [aria-label=%q]`, name) }

// await waits for an expression to be true.
func (p taskPage) await(t *testing.T, what, expression string) {
	t.Helper()
	eventually(t, what, func() bool { return get(t, p.browser, chromedp.Evaluate[bool]("Boolean("+expression+")")) })
}

// expectTitles waits for exactly these tasks to be shown, in this order.
func (p taskPage) expectTitles(t *testing.T, want ...string) {
	t.Helper()
	var shown []string
	defer func() {
		if t.Failed() {
			t.Logf("shown are %q", shown)
		}
	}()
	eventually(t, fmt.Sprintf("the page shows %q", want), func() bool {
		shown = get(t, p.browser, chromedp.Evaluate[[]string](`[...document.querySelectorAll("#list .title")].map((title) => title.textContent)`))
		return slices.Equal(shown, want)
	})
}

// expectFocus waits for the focus to be on what has a name.
func (p taskPage) expectFocus(t *testing.T, name string) {
	t.Helper()
	p.await(t, "the focus is on "+name, fmt.Sprintf(`document.activeElement.ariaLabel === %q`, name))
}

// expectHeard waits for something to be said to those who cannot see.
func (p taskPage) expectHeard(t *testing.T, words string) {
	t.Helper()
	p.await(t, fmt.Sprintf("%q is read out", words), fmt.Sprintf(`[...document.querySelectorAll("[role=status], [role=alert]")].some((region) => region.textContent.includes(%q))`, words))
}

// choose picks an option of a select, with the arrow keys.
func (p taskPage) choose(t *testing.T, name, option string) {
	t.Helper()
	at := fmt.Sprintf("#filter [name=%s]", name)
	p.do(t, chromedp.Focus(chromedp.CSS(at)))
	steps := get(t, p.browser, chromedp.Evaluate[int](fmt.Sprintf(`((select) => [...select.options].findIndex((option) => option.text === %q) - select.selectedIndex)(document.querySelector(%q))`, option, at)))
	key := kb.ArrowDown
	if steps < 0 {
		key, steps = kb.ArrowUp, -steps
	}
	p.press(t, strings.Repeat(key, steps))
}

func pageTasks(t *testing.T, site pageSite) {
	t.Helper()
	alice := site.as(t, "alice")
	page := site.openPage(t, startBrowser(t), "alice")

	page.expectNothing(t)
	page.add(t, "Water the plants", "Buy milk", "Überweisung prüfen")
	page.expectTitles(t, "Überweisung prüfen", "Buy milk", "Water the plants")

	// Edit in place, with a mouse and with keys.
	page.click(t, control("Edit Buy milk"))
	page.do(t, selectAll, chromedp.KeyEvent("Buy oat milk"))
	page.do(t, chromedp.SendKeys(chromedp.CSS(".editor [name=description]"), "two litres"))
	page.do(t, chromedp.SendKeys(chromedp.CSS(".editor [name=tags]"), "shop, home"))
	page.do(t, chromedp.SendKeys(chromedp.CSS(".editor [name=day]"), "12242031"))
	page.do(t, chromedp.SendKeys(chromedp.CSS(".editor [name=time]"), "0530PM"))
	page.do(t, chromedp.SendKeys(chromedp.CSS(".editor [name=priority]"), "high"))
	confidences.note("title", "Buy oat milk")
	page.click(t, `//form[@class="editor"]//button[text()="Save"]`)
	page.expectTitles(t, "Überweisung prüfen", "Buy oat milk", "Water the plants")
	page.expectHeard(t, "Saved Buy oat milk")
	page.expectFocus(t, "Complete Buy oat milk")
	page.expectTask(t, alice, "Buy oat milk", map[string]any{
		"title": "Buy oat milk", "description": "two litres", "tags": []any{"shop", "home"}, "priority": "high",
		"due_date": "2031-12-24T17:30:00+01:00", "due_zone": pageZone, "completed": false,
	})
	page.await(t, "the row tells all that", `/high priority.*Due Dec 24, 2031, 5:30.PM.*shop.*home/.test(document.querySelectorAll("#list li")[1].querySelector(".marks").textContent)`)

	page.press(t, kb.Enter)
	page.press(t, "Buy nothing")
	page.press(t, kb.Escape)
	page.expectFocus(t, "Complete Buy oat milk")
	page.expectTitles(t, "Überweisung prüfen", "Buy oat milk", "Water the plants")

	// Complete with a click, and take it back with a key.
	page.click(t, control("Complete Buy oat milk"))
	page.expectHeard(t, "Buy oat milk is completed")
	page.expectTask(t, alice, "Buy oat milk", map[string]any{"completed": true})
	page.expectFocus(t, "Complete Buy oat milk")
	page.press(t, " ")
	page.expectHeard(t, "Buy oat milk is pending")
	page.expectTask(t, alice, "Buy oat milk", map[string]any{"completed": false})

	// Wrong input is told in the service's own words.
	page.press(t, "n")
	page.expectFocus(t, "New task")
	page.press(t, " "+kb.Enter)
	page.expectHeard(t, "title must not be blank")
	alice.create(t, "Call mum")
	page.expectTitles(t, "Call mum", "Überweisung prüfen", "Buy oat milk", "Water the plants")
	page.expectHeard(t, "title must not be blank")

	site.expectPeace(t, page, "422")
}

func pageOrder(t *testing.T, site pageSite) {
	t.Helper()
	alice := site.as(t, "alice")
	page := site.openPage(t, startBrowser(t), "alice")
	page.add(t, "one", "two", "three", "four")
	page.expectTitles(t, "four", "three", "two", "one")

	page.do(t, chromedp.Focus(chromedp.CSS(control("Complete one"))))
	page.press(t, kb.ArrowUp, chromedp.ModifierAlt)
	page.expectTitles(t, "four", "three", "one", "two")
	page.expectHeard(t, "one is number 3 of 4")
	page.expectFocus(t, "Complete one")
	page.press(t, kb.ArrowDown, chromedp.ModifierAlt)
	page.expectTitles(t, "four", "three", "two", "one")
	page.expectHeard(t, "one is number 4 of 4")
	page.press(t, kb.ArrowDown, chromedp.ModifierAlt)
	page.expectHeard(t, "It cannot be moved further")
	page.press(t, kb.ArrowUp)
	page.expectFocus(t, "Complete two")

	page.click(t, control("Move three up"))
	page.expectTitles(t, "three", "four", "two", "one")
	page.expectFocus(t, "Move three up")
	page.click(t, control("Move three down"))
	page.expectTitles(t, "four", "three", "two", "one")

	page.drag(t, "four", "one")
	page.expectTitles(t, "three", "two", "one", "four")
	page.drag(t, "four", "three")
	page.expectTitles(t, "four", "three", "two", "one")
	page.drag(t, "one", "three")
	page.expectTitles(t, "four", "one", "three", "two")

	var kept []string
	for _, task := range alice.get(t, alice.tasks()+"?sort=position&order=desc").expect(t, 200).tasks(t) {
		kept = append(kept, task.Title)
	}
	if diff := cmp.Diff([]string{"four", "one", "three", "two"}, kept); diff != "" {
		t.Errorf("the order that is kept (-want +got):\n%s", diff)
	}
	page.choose(t, "sort", "Title")
	page.expectTitles(t, "four", "one", "three", "two")
	page.await(t, "no row can be moved", `document.querySelectorAll("#list [data-do=up], #list .grip").length === 0`)
	page.choose(t, "sort", "Newest")
	page.expectTitles(t, "four", "three", "two", "one")

	site.expectPeace(t, page)
}

// drag takes a task to where another stands, with the mouse.
func (p taskPage) drag(t *testing.T, from, to string) {
	t.Helper()
	type point struct{ X, Y, Height float64 }
	middle := func(title, part string) point {
		return get(t, p.browser, chromedp.Evaluate[point](fmt.Sprintf(`(({ x, y, width, height }) => ({ X: x + width / 2, Y: y + height / 2, Height: height }))(
			[...document.querySelectorAll("#list li")].find((row) => row.querySelector(".title").textContent === %q).querySelector(%q).getBoundingClientRect())`, title, part)))
	}
	start, end := middle(from, ".grip"), middle(to, ".about")
	target := end.Y - end.Height/2
	if start.Y < end.Y {
		target = end.Y + end.Height/2
	}
	p.do(t,
		chromedp.MouseEvent(chromedp.MouseMoved, start.X, start.Y),
		chromedp.MouseEvent(chromedp.MousePressed, start.X, start.Y, chromedp.ButtonLeft, chromedp.ClickCount(1)),
		chromedp.MouseEvent(chromedp.MouseMoved, start.X, (start.Y+target)/2, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseMoved, start.X, target, chromedp.ButtonLeft),
		chromedp.MouseEvent(chromedp.MouseReleased, start.X, target, chromedp.ButtonLeft, chromedp.ClickCount(1)),
	)
}

func pageFilters(t *testing.T, site pageSite) {
	t.Helper()
	alice := site.as(t, "alice")
	here, err := time.LoadLocation(pageZone)
	if err != nil {
		t.Fatal(err)
	}
	today := time.Now().In(here).Format(time.DateOnly)
	for _, task := range []map[string]any{
		{"title": "Old bill", "due_date": "2020-01-01", "tags": []string{"home", "money"}, "priority": "high"},
		{"title": "Paper", "due_date": today, "tags": []string{"home"}},
		{"title": "Über alles", "priority": "low", "completed": true},
	} {
		body, err := json.Marshal(task)
		if err != nil {
			t.Fatal(err)
		}
		alice.post(t, alice.tasks(), string(body)).expect(t, 201)
	}
	page := site.openPage(t, startBrowser(t), "alice")
	page.expectTitles(t, "Über alles", "Paper", "Old bill")

	page.press(t, kb.Tab) // out of the field for new tasks
	page.press(t, "/")
	page.await(t, "the focus is on the search", `document.activeElement.id === "search"`)
	page.press(t, "uber")
	page.expectTitles(t, "Über alles")
	page.expectHeard(t, "1 tasks")
	page.press(t, kb.Escape)
	page.expectTitles(t, "Über alles", "Paper", "Old bill")
	page.expectFocus(t, "Complete Über alles")

	page.choose(t, "status", "Completed")
	page.expectTitles(t, "Über alles")
	page.choose(t, "status", "Pending")
	page.expectTitles(t, "Paper", "Old bill")
	page.choose(t, "due", "Before today")
	page.expectTitles(t, "Old bill")
	page.await(t, "it says so", `document.querySelector("#list .due").textContent.startsWith("Overdue: Jan 1, 2020")`)
	page.choose(t, "due", "Today")
	page.expectTitles(t, "Paper")
	page.choose(t, "due", "Any time")
	page.choose(t, "status", "All")
	page.choose(t, "priority", "Low")
	page.expectTitles(t, "Über alles")
	page.choose(t, "priority", "Any")
	page.expectTitles(t, "Über alles", "Paper", "Old bill")

	page.click(t, control("Only tasks with the tag home"))
	page.expectTitles(t, "Paper", "Old bill")
	page.click(t, control("Only tasks with the tag money"))
	page.expectTitles(t, "Old bill")
	page.click(t, `#tags [aria-label="No longer only the tag money"]`)
	page.expectTitles(t, "Paper", "Old bill")
	page.click(t, `#tags [aria-label="No longer only the tag home"]`)
	page.choose(t, "sort", "Due")
	page.expectTitles(t, "Old bill", "Paper", "Über alles")

	site.expectPeace(t, page)
}

// There are more tasks than fit on a page: the Link header leads on.
func pageMore(t *testing.T, site pageSite) {
	t.Helper()
	alice := site.as(t, "alice")
	var operations []map[string]any
	for i := range 60 {
		operations = append(operations, map[string]any{"op": "create", "title": fmt.Sprintf("Task %02d", i)})
	}
	body, err := json.Marshal(map[string]any{"operations": operations})
	if err != nil {
		t.Fatal(err)
	}
	alice.post(t, alice.tasks()+"/batch", string(body)).expect(t, 200)
	page := site.openPage(t, startBrowser(t), "alice")
	rows := `document.querySelectorAll("#list li").length`
	page.await(t, "a page is shown", rows+" === 50")
	page.click(t, "#more")
	page.await(t, "all are shown", rows+` === 60 && document.querySelector("#more").hidden`)
	page.expectFocus(t, "Complete Task 09")
	page.click(t, control("Complete Task 05"))
	page.expectHeard(t, "Task 05 is completed")
	page.await(t, "all are shown still", rows+" === 60")
	site.expectPeace(t, page)
}

func (p taskPage) expectNothing(t *testing.T) {
	t.Helper()
	p.await(t, "the page says that there is nothing", `!document.querySelector("#nothing").hidden`)
}

// expectTask waits for a task of this title to be kept with these members.
func (p taskPage) expectTask(t *testing.T, client client, title string, want map[string]any) {
	t.Helper()
	var diff string
	defer func() {
		if t.Failed() {
			t.Logf("%s (-want +kept):\n%s", title, diff)
		}
	}()
	eventually(t, title+" is kept as it was made", func() bool {
		var kept []map[string]any
		if err := json.Unmarshal([]byte(client.get(t, client.tasks()).expect(t, 200).body), &kept); err != nil {
			t.Fatal(err)
		}
		got := map[string]any{}
		for _, task := range kept {
			if task["title"] == title {
				for name := range want {
					got[name] = task[name]
				}
			}
		}
		diff = cmp.Diff(want, got)
		return diff == ""
	})
}
