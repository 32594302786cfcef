package bootstrap_test

import (
	"bytes"
	"encoding/json"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The page in its states: by day and by night, on a desk and on a phone, with nothing for axe to find, and as pictures in the folder
// that TEST_ARTIFACTS names.
func TestPageLooks(t *testing.T) {
	t.Parallel()
	needBinary(t)
	server := servePage(t)
	alice := server.as(t, "alice")
	for _, body := range []string{
		`{"title":"A_very_long_word_that_has_no_place_to_break_but_has_to_fit_on_a_phone_nevertheless","priority":"low"}`,
		`{"title":"Read the guide behind this page","description":"Its modules are the integration guide.","completed":true}`,
		`{"title":"Renew the passport","due_date":"2026-03-02","priority":"high"}`,
		`{"title":"Call Ada about the engine","due_date":"2031-05-09T15:30:00+01:00","due_zone":"Europe/London","tags":["work"]}`,
		`{"title":"Water the plants","tags":["home","garden"],"due_date":"2031-04-20"}`,
	} {
		alice.post(t, alice.tasks(), body).expect(t, 201)
	}
	b := startBrowser(t)
	auditor := taskPage{b}
	b.do(t, chromedp.Navigate(server.url+"/"), chromedp.WaitVisible(chromedp.CSS("#sign-in button")))
	auditor.expectAccessible(t, "sign-in")
	page := server.openPage(t, b, "alice")
	page.await(t, "the tasks are there", `document.querySelectorAll("#list li").length === 5`)

	states := []struct {
		name        string
		open, close func()
	}{
		{"list", func() {}, func() {}},
		{"editor", func() { page.click(t, control("Edit Water the plants")) }, func() { page.press(t, kb.Escape) }},
		{"keys", func() { page.click(t, "#open-help") }, func() { page.press(t, kb.Escape) }},
		{"trash", func() {
			page.click(t, control("Delete Renew the passport"))
			page.expectHeard(t, "Moved")
			page.click(t, "#open-trash")
			page.do(t, chromedp.WaitVisible(chromedp.CSS("#deleted li")))
		}, func() {
			page.press(t, kb.Escape)
			page.press(t, "u")
			page.expectHeard(t, "Restored")
		}},
		{"conflict", func() {
			page.click(t, control("Edit Water the plants"))
			page.do(t, selectAll)
			page.press(t, "Water all plants")
			task := alice.get(t, alice.tasks()+"?search=Water").expect(t, 200).tasks(t)[0]
			alice.patch(t, alice.task(task.ID), `{"description":"All but the cactus"}`).expect(t, 200)
			page.press(t, kb.Enter)
			page.do(t, chromedp.WaitVisible(chromedp.CSS("#conflict")))
		}, func() {
			page.press(t, kb.Escape)
			page.do(t, chromedp.WaitVisible(chromedp.CSS(control("Edit Water the plants"))))
		}},
		{"error", func() {
			page.do(t, chromedp.Focus(chromedp.CSS("#new-title")))
			page.press(t, " "+kb.Enter)
			page.expectHeard(t, "must not be blank")
		}, func() {
			page.press(t, kb.Escape)
			page.click(t, `[aria-label="Close this message"]`)
		}},
		{"filtered", func() { page.click(t, control("Only tasks with the tag home")) }, func() { page.click(t, `[aria-label="No longer only the tag home"]`) }},
	}
	looks := []struct {
		name          string
		scheme        string
		width, height int64
		options       []chromedp.EmulateViewportOption
	}{
		{"light", "light", 1000, 760, nil},
		{"dark", "dark", 1000, 760, nil},
		{"phone-dark", "dark", 360, 740, []chromedp.EmulateViewportOption{chromedp.EmulateMobile, chromedp.EmulateScale(2)}},
	}
	for _, look := range looks {
		page.do(t, preferColours(look.scheme), chromedp.EmulateViewport(look.width, look.height, look.options...))
		for _, state := range states {
			state.open()
			name := state.name + "-" + look.name
			page.expectAccessible(t, name)
			page.keepPicture(t, name, look.scheme)
			if needed := get(t, page.browser, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`)); needed > look.width {
				t.Errorf("%s is %d pixels wide, the window %d", name, needed, look.width)
			}
			state.close()
		}
	}
	page.expectOnlyRequestsTo(t, server.url)
	page.expectNoComplaints(t, "412", "422")
}

// expectAccessible wants axe to find nothing that keeps somebody out.
func (p taskPage) expectAccessible(t *testing.T, state string) {
	t.Helper()
	if !get(t, p.browser, chromedp.Evaluate[bool](`"axe" in window`)) {
		axe, err := os.ReadFile(filepath.Join("testdata", "client", "node_modules", "axe-core", "axe.min.js"))
		if err != nil {
			t.Fatal("axe is not installed: npm ci --prefix bootstrap/testdata/client")
		}
		p.do(t, chromedp.Evaluate[chromedp.Void](string(axe)+"; undefined"))
	}
	type finding struct{ ID, Help, Where string }
	type report struct {
		Passes   int
		Findings []finding
	}
	found := get(t, p.browser, chromedp.Evaluate[report](`axe.run(document).then(({ passes, violations }) => ({
		Passes: passes.length,
		Findings: violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => ({ ID: id, Help: help, Where: target.join(" ") + ": " + failureSummary }))),
	}))`, chromedp.EvalAwaitPromise))
	for _, finding := range found.Findings {
		t.Errorf("%s: %s, %s: %s", state, finding.ID, finding.Help, finding.Where)
	}
	if found.Passes < 10 {
		t.Errorf("%s: axe looked at %d things only: the test is blind", state, found.Passes)
	}
}

// keepPicture takes a picture of the window, which has to be as bright as its colours say.
func (p taskPage) keepPicture(t *testing.T, name, scheme string) {
	t.Helper()
	taken := get(t, p.browser, chromedp.CaptureScreenshot())
	picture, err := png.Decode(bytes.NewReader(taken))
	if err != nil {
		t.Fatal(err)
	}
	if bright := brightness(picture); bright > 0.4 == (scheme == "dark") {
		t.Errorf("%s has a brightness of %.2f", name, bright)
	}
	if err := os.WriteFile(filepath.Join(artifacts(t), name+".png"), taken, 0o600); err != nil {
		t.Fatal(err)
	}
}

// artifacts is the folder for what tests leave for people to look at.
func artifacts(t *testing.T) string {
	t.Helper()
	folder := os.Getenv("TEST_ARTIFACTS")
	if folder == "" {
		return t.TempDir()
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // G301: CI collects it
		t.Fatal(err)
	}
	return folder
}

// The README shows two of the pictures.
func TestReadmePictures(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	pictures := regexp.MustCompile(`(?:src="|\]\()([^")]+\.png)`).FindAllSubmatch(readme, -1)
	if len(pictures) != 2 {
		t.Errorf("the README shows %d pictures, want 2", len(pictures))
	}
	const most = 150 << 10
	for _, picture := range pictures {
		content, err := fs.ReadFile(os.DirFS(".."), string(picture[1]))
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := png.DecodeConfig(bytes.NewReader(content)); err != nil || len(content) > most {
			t.Errorf("%s has %d bytes, want at most %d; error %v", picture[1], len(content), most, err)
		}
	}
}

// What the page says in its Content-Security-Policy holds in a browser: a script of another's does not run.
func TestPagePolicyHolds(t *testing.T) {
	t.Parallel()
	needBinary(t)
	server := servePage(t)
	page := server.openPage(t, startBrowser(t), "alice")
	const title = `<img src=x onerror="document.title='taken'">`
	encoded, err := json.Marshal(map[string]any{"title": title, "description": title, "tags": []string{title[:40]}})
	if err != nil {
		t.Fatal(err)
	}
	alice := server.as(t, "alice")
	alice.post(t, alice.tasks(), string(encoded)).expect(t, 201)
	page.expectTitles(t, title)
	page.await(t, "nothing of it became an element", `document.querySelector("#list img") === null && document.title === "Taskward"`)
	if ran := get(t, page.browser, chromedp.Evaluate[bool](`(() => {
		const script = document.createElement("script");
		script.textContent = "window.taken = true";
		document.body.append(script);
		return Boolean(window.taken);
	})()`)); ran {
		t.Error("a script within the page ran")
	}
	page.expectOnlyRequestsTo(t, server.url)
	page.expectNoComplaints(t, "Content Security Policy")
}
