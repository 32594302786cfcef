package bootstrap_test

import (
	"context"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// A browser is a page of a headless Chromium, and notes all that the page asks for and complains about.
type browser struct {
	page       context.Context
	mu         sync.Mutex
	requests   []string
	complaints []string
}

// openReferencePage opens /docs of the server.
func openReferencePage(t *testing.T, s *server) *browser {
	t.Helper()
	b := startBrowser(t)
	b.do(t, chromedp.Navigate(s.url+"/docs"), chromedp.WaitVisible(chromedp.CSS(".opblock")))
	return b
}

func startBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("there is no Chromium to read pages with: apt-get install -y chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-quic", true),
		chromedp.WindowSize(1200, 1000),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // root has none
	}
	ctx, end := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(end) // waits for the process
	return openTab(t, ctx)
}

// anotherTab opens one in the same Chromium.
func (b *browser) anotherTab(t *testing.T) *browser {
	t.Helper()
	return openTab(t, b.page)
}

func openTab(t *testing.T, in context.Context) *browser {
	t.Helper()
	ctx, closePage := chromedp.NewContext(in)
	t.Cleanup(closePage)
	b := &browser{page: ctx}
	if err := chromedp.Listen(ctx, b.note); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// do does things that have no result.
func (b *browser) do(t *testing.T, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for _, action := range actions {
		get(t, b, action)
	}
}

// get does something that has a result, and fails the test if that takes longer than [patience].
func get[T any](t *testing.T, b *browser, action chromedp.Action[T]) T {
	t.Helper()
	ctx, cancel := context.WithTimeout(b.page, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, action)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// note takes an event down.
func (b *browser) note(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch event := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, event.Request.URL)
		bearer, _ := event.Request.Headers["Authorization"].(string)
		confidences.noteToken(strings.TrimPrefix(bearer, "Bearer "))
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, event.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		for _, value := range event.Args {
			b.complaints = append(b.complaints, event.Type.String()+": "+string(value.Value))
		}
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, event.Entry.Text+" "+event.Entry.URL)
	}
}

// expectOnlyRequestsTo wants nothing to have been asked of anybody else.
func (b *browser) expectOnlyRequestsTo(t *testing.T, origins ...string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, url := range b.requests {
		if !strings.HasPrefix(url, "data:") && !slices.ContainsFunc(origins, func(origin string) bool { return strings.HasPrefix(url, origin+"/") }) {
			t.Errorf("the page asked for %s", url)
		}
	}
	if len(b.requests) == 0 {
		t.Error("the page asked for nothing: the test is blind")
	}
}

// expectNoComplaints wants the console to be empty but for what browsers themselves say about answers that the test provokes, of
// which each has to be there.
func (b *browser) expectNoComplaints(t *testing.T, but ...string) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	seen := map[string]bool{}
	for _, complaint := range b.complaints {
		known := slices.IndexFunc(but, func(provoked string) bool { return strings.Contains(complaint, provoked) })
		if known < 0 {
			t.Errorf("on the console: %s", complaint)
			continue
		}
		seen[but[known]] = true
	}
	for _, provoked := range but {
		if !seen[provoked] {
			t.Errorf("%q is not on the console: the test is blind", provoked)
		}
	}
}

// preferColours makes the reader one who likes the page light, or dark.
func preferColours(scheme string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, page *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, page, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		return chromedp.Void{}, err
	}
}

// selectAll is Ctrl and A, so that what is typed next takes the place of what is there.
var selectAll = chromedp.KeyEvent("a", chromedp.KeyModifiers(chromedp.ModifierCtrl), func(key *input.DispatchKeyEventParams) {
	key.Commands = []string{"selectAll"}
})
