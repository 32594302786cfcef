package bootstrap_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// The reference page is read as people read it: in a browser, with clicks and keys.
func TestReferencePage(t *testing.T) {
	t.Parallel()
	needBinary(t)
	server := serve(t, "DATABASE_URL="+engines[0].database(t), "BETTER_AUTH_SECRET="+secret)
	ada := server.as(nextRoute(t))
	page := openReferencePage(t, server)

	page.expectOperations(t, server.operations(t))
	page.expectColours(t)

	page.authorize(t, ada.person.token)
	made := page.tryOut(t, "createTask", "201", ada.person.id, `{"title":"Buy milk","description":"und Käse"}`)
	listed := page.tryOut(t, "listTasks", "200", ada.person.id, "")

	kept := ada.get(t, ada.tasks()).expect(t, 200)
	expectSameJSON(t, "the page's list", kept.body, listed)
	expectSameJSON(t, "the page's task, as a list", kept.body, "["+made+"]")
	if tasks := kept.tasks(t); len(tasks) != 1 || tasks[0].Title != "Buy milk" {
		t.Errorf("the page made %+v", tasks)
	}

	page.expectOnlyRequestsTo(t, server.url)
	page.expectNoComplaints(t)
}

// An operation is a method on a path, as openapi.yaml names it.
type operation struct{ tag, id, method, path string }

// element is the operation's place on the reference page.
func (o operation) element() string { return "#operations-" + o.tag + "-" + o.id }

// operations are all that the server describes.
func (s *server) operations(t *testing.T) []operation {
	t.Helper()
	var document struct {
		Paths map[string]map[string]json.RawMessage
	}
	description := s.as(person{}).get(t, "/openapi.json").expect(t, 200)
	if err := json.Unmarshal([]byte(description.body), &document); err != nil {
		t.Fatal(err)
	}
	var operations []operation
	for path, item := range document.Paths {
		for method, content := range item {
			if method == "parameters" {
				continue
			}
			var described struct {
				OperationID string
				Tags        []string
			}
			if err := json.Unmarshal(content, &described); err != nil || len(described.Tags) != 1 {
				t.Fatalf("%s %s: %v, tags %v", method, path, err, described.Tags)
			}
			operations = append(operations, operation{described.Tags[0], described.OperationID, strings.ToUpper(method), path})
		}
	}
	return operations
}

// expectOperations wants to find exactly these operations, and to be able to read each of them on a phone.
func (b *browser) expectOperations(t *testing.T, operations []operation) {
	t.Helper()
	const width, height = 390, 844
	b.do(t, chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch))
	described := map[string]string{}
	for _, operation := range operations {
		described[operation.element()] = operation.method + " " + operation.path
	}
	shown := get(t, b, chromedp.Evaluate[map[string]string](`Object.fromEntries(Array.from(document.querySelectorAll(".opblock"), (block) => [
		"#" + block.id,
		block.querySelector(".opblock-summary-method").textContent + " " + block.querySelector(".opblock-summary-path").dataset.path,
	]))`))
	if diff := cmp.Diff(described, shown); diff != "" {
		t.Errorf("operations (-described +shown):\n%s", diff)
	}
	for element := range shown {
		toggle := chromedp.Click(chromedp.CSS(element + " .opblock-summary-control"))
		b.do(t, toggle, chromedp.WaitVisible(chromedp.CSS(element+" .responses-wrapper")))
		if needed := get(t, b, chromedp.Evaluate[int](`document.documentElement.scrollWidth`)); needed > width {
			t.Errorf("%s is %d pixels wide, the phone %d", element, needed, width)
		}
		b.do(t, toggle, chromedp.WaitNotPresent(chromedp.CSS(element+" .responses-wrapper")))
	}
	b.do(t, chromedp.EmulateReset())
}

// expectColours wants the page to be light or dark, as the reader likes it.
func (b *browser) expectColours(t *testing.T) {
	t.Helper()
	if light := b.brightness(t, "light"); light < 0.8 {
		t.Errorf("the light page has a brightness of %.2f", light)
	}
	if dark := b.brightness(t, "dark"); dark > 0.25 {
		t.Errorf("the dark page has a brightness of %.2f", dark)
	}
}

// brightness is how bright the window is on the whole, from 0 to 1.
func (b *browser) brightness(t *testing.T, scheme string) float64 {
	t.Helper()
	b.do(t, preferColours(scheme))
	picture, err := png.Decode(bytes.NewReader(get(t, b, chromedp.CaptureScreenshot())))
	if err != nil {
		t.Fatal(err)
	}
	return brightness(picture)
}

func brightness(picture image.Image) float64 {
	const step = 5 // pixels: to look at each takes seconds under the race detector
	var sum, most float64
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += step {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += step {
			red, green, blue, _ := picture.At(x, y).RGBA()
			sum += float64(red + green + blue)
			most += 3 * 0xFFFF
		}
	}
	return sum / most
}

// authorize pastes a token, as the page asks for it.
func (b *browser) authorize(t *testing.T, token string) {
	t.Helper()
	b.do(t,
		chromedp.Click(chromedp.CSS(".auth-wrapper .authorize")),
		chromedp.SendKeys(chromedp.CSS(".dialog-ux .auth-container input"), token),
		chromedp.Click(chromedp.CSS(".dialog-ux .auth-btn-wrapper .authorize")),
		chromedp.Click(chromedp.CSS(".dialog-ux .auth-btn-wrapper .btn-done")),
		chromedp.WaitNotPresent(chromedp.CSS(".dialog-ux")),
	)
}

// tryOut fills in an operation of a user's tasks, executes it, and returns the answer that the page shows.
func (b *browser) tryOut(t *testing.T, id, status, user, body string) (answer string) {
	t.Helper()
	at := operation{tag: "tasks", id: id}.element()
	b.do(t,
		chromedp.Click(chromedp.CSS(at+" .opblock-summary-control")),
		chromedp.Click(chromedp.CSS(at+" .try-out__btn")),
		chromedp.SendKeys(chromedp.CSS(at+` [data-param-name="user_id"] input`), user),
	)
	if body != "" {
		b.do(t, chromedp.Click(chromedp.CSS(at+" .body-param__text")), selectAll, chromedp.KeyEvent(body))
	}
	b.do(t, chromedp.Click(chromedp.CSS(at+" .execute")))
	shown := get(t, b, chromedp.Text(chromedp.CSS(at+" .live-responses-table tbody .response-col_status")))
	answer = get(t, b, chromedp.Text(chromedp.CSS(at+" .live-responses-table .response-col_description .highlight-code code")))
	if !strings.HasPrefix(shown, status) {
		t.Errorf("the page shows %s for %s, want %s: %s", shown, id, status, answer)
	}
	return answer
}

func expectSameJSON(t *testing.T, what, want, got string) {
	t.Helper()
	var wanted, gotten any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(got), &gotten); err != nil {
		t.Fatalf("%s: %v: %s", what, err, got)
	}
	if diff := cmp.Diff(wanted, gotten); diff != "" {
		t.Errorf("%s (-real +shown):\n%s", what, diff)
	}
}
